"""From where a variable is read to where it is set and back, and its renaming.

The same for fragments, named values, backends and their kind, which are described in one place and called by name in many.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from apim_policy.ide import references as ide
from apim_policy.ide import resources
from apim_policy.lsp.protocol import ContentModifiedError, RequestFailedError
from apim_policy.workspace.files import UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence

    from apim_policy.flow.resources import ResourceUse
    from apim_policy.flow.variables import VariableUse
    from apim_policy.ide.references import Reference
    from apim_policy.ide.resources import ResourceReference
    from apim_policy.lsp.documents import OpenDocument
    from apim_policy.lsp.server import PolicyServer
    from apim_policy.syntax.tree import Document
    from apim_policy.text.span import Span


def register(server: PolicyServer) -> None:
    """Let the server answer these requests."""
    for method, feature in _FEATURES.items():
        server.answer(method, partial(feature, server))


async def definition(
    server: PolicyServer, params: types.DefinitionParams
) -> list[types.Location] | list[types.LocationLink] | None:
    """Where a variable is set, or a resource described."""
    place = await _place(server, params.text_document.uri, params.position)
    if place is None:
        return None
    document, tree, offset = place
    workspace = server.session.projects.of(document.path).workspace
    touched: VariableUse | ResourceUse | None = ide.variable_at(tree, offset)
    found: Sequence[Reference | ResourceReference] = []
    if touched is not None:
        found = ide.definitions(workspace, document.path, tree, offset)
    elif (touched := resources.resource_at(workspace, document.path, tree, offset)) is not None:
        found = resources.definitions(workspace, document.path, touched)
    if touched is None or not server.client.definition_links:
        return list(_locations(server, found)) or None
    origin = server.session.convert.range(document.lines, touched.span)
    return [
        types.LocationLink(
            target_uri=location.uri,
            target_range=_range(server, reference, reference.use.access) or location.range,
            target_selection_range=location.range,
            origin_selection_range=origin,
        )
        for reference, location in _located(server, found)
    ] or None


async def references(server: PolicyServer, params: types.ReferenceParams) -> list[types.Location] | None:
    """All uses of a variable or a resource; where it is set or described only if that is asked for."""
    place = await _place(server, params.text_document.uri, params.position)
    if place is None:
        return None
    document, tree, offset = place
    workspace = server.session.projects.of(document.path).workspace
    found: Sequence[Reference | ResourceReference]
    found = ide.references(workspace, document.path, tree, offset)
    if not found:
        touched = resources.resource_at(workspace, document.path, tree, offset)
        found = resources.references(workspace, document.path, touched) if touched is not None else []
    wanted = (item for item in found if params.context.include_declaration or not item.use.sets)
    return list(_locations(server, wanted)) or None


async def document_highlight(
    server: PolicyServer, params: types.DocumentHighlightParams
) -> list[types.DocumentHighlight] | None:
    """The uses of a variable or a resource in the document."""
    place = await _place(server, params.text_document.uri, params.position, indexed=False)
    if place is None:
        return None
    document, tree, offset = place
    convert = server.session.convert
    found: Sequence[VariableUse | ResourceUse] = ide.highlights(tree, offset)
    if not found:
        touched = resources.named_at(tree, offset)
        found = resources.highlights(tree, touched) if touched is not None else []
    return [
        types.DocumentHighlight(
            convert.range(document.lines, use.span),
            types.DocumentHighlightKind.Write if use.sets else types.DocumentHighlightKind.Read,
        )
        for use in found
    ] or None


async def prepare_rename(
    server: PolicyServer, params: types.PrepareRenameParams
) -> types.PrepareRenamePlaceholder | None:
    """The name that would be changed."""
    place = await _place(server, params.text_document.uri, params.position, indexed=False)
    if place is None:
        return None
    document, tree, offset = place
    try:
        found = ide.renamable(tree, offset)
    except ide.RenameError as error:
        raise RequestFailedError(str(error)) from None
    if found is None or found.name is None:
        _refuse(tree, offset)
        return None
    return types.PrepareRenamePlaceholder(
        server.session.convert.range(document.lines, found.span), found.name
    )


async def rename(server: PolicyServer, params: types.RenameParams) -> types.WorkspaceEdit | None:
    """The change of a variable's name wherever it is set and read."""
    place = await _place(server, params.text_document.uri, params.position)
    if place is None:
        return None
    document, tree, offset = place
    workspace = server.session.projects.of(document.path).workspace
    try:
        fix = ide.rename(workspace, document.path, tree, offset, params.new_name)
        if fix is None:
            _refuse(tree, offset)
            return None
        return server.session.convert.workspace_edit(fix)
    except ide.RenameError as error:
        raise RequestFailedError(str(error)) from None
    except UnreadableFileError as error:
        raise ContentModifiedError(str(error)) from None


def _refuse(tree: Document, offset: int) -> None:
    """Raise RequestFailedError where the caret touches a resource, which gets no other name by an edit of policies."""
    touched = resources.named_at(tree, offset)
    if touched is not None:
        raise RequestFailedError(resources.refusal(touched))


async def _place(
    server: PolicyServer, uri: str, position: types.Position, *, indexed: bool = True
) -> tuple[OpenDocument, Document, int] | None:
    """The document that a request is about, its tree, and the offset of the caret; None where it is no policy."""
    document = await server.document(uri, exact=True, indexed=indexed)
    tree = server.session.tree(document) if document is not None else None
    if document is None or tree is None:
        return None
    return document, tree, server.session.convert.offset(document.lines, position)


def _locations(
    server: PolicyServer, found: Iterable[Reference | ResourceReference]
) -> Iterator[types.Location]:
    for _, location in _located(server, found):
        yield location


def _located(
    server: PolicyServer, found: Iterable[Reference | ResourceReference]
) -> Iterator[tuple[Reference | ResourceReference, types.Location]]:
    for reference in found:
        where = _range(server, reference, reference.use.span)
        if where is not None:
            yield reference, types.Location(server.session.convert.uri(reference.path), where)


def _range(server: PolicyServer, reference: Reference | ResourceReference, span: Span) -> types.Range | None:
    """A range in the file of a reference; None where the file went away."""
    convert = server.session.convert
    try:
        return convert.range(convert.lines(reference.path), span)
    except UnreadableFileError:
        return None


_FEATURES: dict[str, Callable[[PolicyServer, Any], Awaitable[Any]]] = {
    types.TEXT_DOCUMENT_DEFINITION: definition,
    types.TEXT_DOCUMENT_REFERENCES: references,
    types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT: document_highlight,
    types.TEXT_DOCUMENT_PREPARE_RENAME: prepare_rename,
    types.TEXT_DOCUMENT_RENAME: rename,
}
