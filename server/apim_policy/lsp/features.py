"""The requests of a client about one document."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from apim_policy.ide.expressions.hover import expression_hover
from apim_policy.ide.folding import folds
from apim_policy.ide.hover import Hover, document_markup, root_span, rule_hover
from apim_policy.ide.hover_schema import schema_hover
from apim_policy.ide.hover_variables import variable_hover
from apim_policy.ide.symbols import outline
from apim_policy.lsp.completion import completion, resolve
from apim_policy.lsp.protocol import InvalidParamsError
from apim_policy.workspace.files import UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from apim_policy.ide.references import Reference
    from apim_policy.lsp.documents import OpenDocument
    from apim_policy.lsp.server import PolicyServer
    from apim_policy.syntax.tree import Document

DOCUMENT_INFO = "apim-policy/documentInfo"


def register(server: PolicyServer) -> None:
    """Let the server answer these requests."""
    for method, feature in _FEATURES.items():
        server.answer(method, partial(feature, server))


async def hover(server: PolicyServer, params: types.HoverParams) -> types.Hover | None:
    """What a document was taken for, on its root; the rule, on a code in a suppression; else what is known of a name.

    Of policies by the schema; of variables where they are set and read; in expressions of members, types and locals.
    """
    policy = await _policy(server, params.text_document.uri, exact=True, indexed=True)
    if policy is None:
        return None
    document, tree = policy
    session = server.session
    offset = session.convert.offset(document.lines, params.position)
    found = rule_hover(tree, offset)
    span = root_span(tree, offset)
    if found is None and span is None:
        found = (
            schema_hover(tree, offset)
            or _variable(server, document, tree, offset)
            or expression_hover(tree, offset)
        )
    elif found is None and span is not None:
        info = session.info(document.path)
        found = Hover(span, document_markup(info, session.callers(info), session.place))
    return session.convert.hover(document.lines, found) if found else None


def _variable(server: PolicyServer, document: OpenDocument, tree: Document, offset: int) -> Hover | None:
    session = server.session

    def line_of(reference: Reference) -> int | None:
        try:
            return session.convert.lines(reference.path).line_of(reference.use.span.start)
        except UnreadableFileError:
            return None

    workspace = session.projects.of(document.path).workspace
    return variable_hover(workspace, document.path, tree, offset, line_of, session.place)


async def document_symbols(
    server: PolicyServer, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | list[types.SymbolInformation] | None:
    """The outline."""
    policy = await _policy(server, params.text_document.uri)
    if policy is None:
        return None
    document, tree = policy
    return server.session.convert.symbols(document.lines, document.uri, outline(tree))


async def folding_ranges(
    server: PolicyServer, params: types.FoldingRangeParams
) -> list[types.FoldingRange] | None:
    """What may be folded."""
    policy = await _policy(server, params.text_document.uri)
    if policy is None:
        return None
    document, tree = policy
    return server.session.convert.folding_ranges(document.lines, folds(tree))


async def _policy(
    server: PolicyServer, uri: str, *, exact: bool = False, indexed: bool = False
) -> tuple[OpenDocument, Document] | None:
    document = await server.document(uri, exact=exact, indexed=indexed)
    tree = server.session.tree(document) if document else None
    return (document, tree) if document and tree else None


async def diagnostic(
    server: PolicyServer, params: types.DocumentDiagnosticParams
) -> types.RelatedFullDocumentDiagnosticReport | types.RelatedUnchangedDocumentDiagnosticReport:
    """The findings, for a client that asks for them."""
    document = await server.document(params.text_document.uri, indexed=True)
    if document is None:
        return types.RelatedFullDocumentDiagnosticReport(items=[])
    told = server.publisher.answer(document)
    related: dict[str, Any] | None = None
    if server.client.related_documents:
        related = {
            other.uri: types.FullDocumentDiagnosticReport(items=now.diagnostics or [], result_id=now.identity)
            for other, now in server.publisher.differing(document)
        }
    if params.previous_result_id == told.identity:
        return types.RelatedUnchangedDocumentDiagnosticReport(
            result_id=told.identity, related_documents=related or None
        )
    return types.RelatedFullDocumentDiagnosticReport(
        items=told.diagnostics or [], result_id=told.identity, related_documents=related or None
    )


async def document_info(server: PolicyServer, params: Any) -> dict[str, object] | None:
    """What a document was taken for, as ``apim-policy scopes`` writes it; null for what is no policy document."""
    uri = params.get("uri") if isinstance(params, dict) else None
    if not isinstance(uri, str):
        raise InvalidParamsError(f'{DOCUMENT_INFO} takes an object with a string "uri"')
    return await server.session.described(uri)


_FEATURES: dict[str, Callable[[PolicyServer, Any], Awaitable[Any]]] = {
    types.TEXT_DOCUMENT_HOVER: hover,
    types.TEXT_DOCUMENT_COMPLETION: completion,
    types.COMPLETION_ITEM_RESOLVE: resolve,
    types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: document_symbols,
    types.TEXT_DOCUMENT_FOLDING_RANGE: folding_ranges,
    types.TEXT_DOCUMENT_DIAGNOSTIC: diagnostic,
    DOCUMENT_INFO: document_info,
}
