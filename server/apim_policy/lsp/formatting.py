"""Formatting: a document, some of its lines, and an end tag that is being typed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from lsprotocol import types

from apim_policy.formatting.layout import format_document
from apim_policy.formatting.shape import Unformattable, reason
from apim_policy.ide.closing import closing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apim_policy.lsp.documents import OpenDocument
    from apim_policy.lsp.server import PolicyServer
    from apim_policy.text.edits import TextEdit

_WIDEST = 16


def register(server: PolicyServer) -> None:
    """Let the server answer these requests."""
    server.answer(types.TEXT_DOCUMENT_FORMATTING, partial(formatting, server))
    server.answer(types.TEXT_DOCUMENT_RANGE_FORMATTING, partial(formatting, server))
    server.answer(types.TEXT_DOCUMENT_ON_TYPE_FORMATTING, partial(on_type_formatting, server))


async def formatting(
    server: PolicyServer, params: types.DocumentFormattingParams | types.DocumentRangeFormattingParams
) -> list[types.TextEdit] | None:
    """The edits that lay a document out, or the lines of a range; null where it is left as it is, which the log says."""
    document = await server.document(params.text_document.uri, exact=True)
    tree = server.session.tree(document) if document is not None else None
    if document is None or tree is None:
        return None
    within = None
    if isinstance(params, types.DocumentRangeFormattingParams):
        within = server.session.convert.span(document.lines, params.range)
    found = format_document(tree, within, _unit(params.options))
    if isinstance(found, Unformattable):
        message = f"{document.uri} was not formatted: {reason(tree, found)}."
        server.window_log_message(types.LogMessageParams(types.MessageType.Info, message))
        return None
    return _edits(server, document, found)


async def on_type_formatting(
    server: PolicyServer, params: types.DocumentOnTypeFormattingParams
) -> list[types.TextEdit] | None:
    """The rest of an end tag, and its place."""
    document = await server.document(params.text_document.uri, exact=True)
    tree = server.session.tree(document) if document is not None else None
    if document is None or tree is None:
        return None
    offset = server.session.convert.offset(document.lines, params.position)
    return _edits(server, document, closing(tree, offset, params.ch))


def _unit(options: types.FormattingOptions) -> str:
    """One step of indentation as the client's settings have it, for a document that shows none of its own."""
    return " " * min(max(options.tab_size, 1), _WIDEST) if options.insert_spaces else "\t"


def _edits(server: PolicyServer, document: OpenDocument, edits: Sequence[TextEdit]) -> list[types.TextEdit]:
    convert = server.session.convert
    return [types.TextEdit(convert.range(document.lines, edit.span), edit.new_text) for edit in edits]
