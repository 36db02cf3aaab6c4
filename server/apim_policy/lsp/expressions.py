"""Signature help: what the call at the caret takes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from lsprotocol import types

from apim_policy.ide.expressions.cards import explained
from apim_policy.ide.expressions.cursor import caret_at
from apim_policy.ide.expressions.signatures import signatures, spelled, takes
from apim_policy.text.lines import LineIndex

if TYPE_CHECKING:
    from apim_policy.csharp.types import Member
    from apim_policy.lsp.client import Client
    from apim_policy.lsp.server import PolicyServer
    from apim_policy.text.span import Span


def register(server: PolicyServer) -> None:
    """Let the server answer these requests."""
    server.answer(types.TEXT_DOCUMENT_SIGNATURE_HELP, partial(signature_help, server))


async def signature_help(
    server: PolicyServer, params: types.SignatureHelpParams
) -> types.SignatureHelp | None:
    """The overloads of the method, constructor or indexer whose arguments the caret is among."""
    document = await server.document(params.text_document.uri, exact=True)
    tree = server.session.tree(document) if document is not None else None
    if document is None or tree is None:
        return None
    caret = caret_at(tree, server.session.convert.offset(document.lines, params.position))
    found = signatures(caret) if caret is not None else None
    if found is None:
        return None
    active = _chosen(params.context, found.members, found.argument, found.active)
    return types.SignatureHelp(
        signatures=[_signature(server.client, member, found.argument) for member in found.members],
        active_signature=active,
        active_parameter=takes(found.members[active], found.argument),
    )


def _chosen(
    context: types.SignatureHelpContext | None, members: tuple[Member, ...], argument: int, active: int
) -> int:
    """The overload that the author chose before, as long as it takes what is written; else the first that does."""
    before = context.active_signature_help if context is not None and context.is_retrigger else None
    number = before.active_signature if before is not None else None
    if before is None or number is None or not 0 <= number < len(members):
        return active
    same = [signature.label for signature in before.signatures] == [member.signature for member in members]
    return number if same and takes(members[number], argument) is not None else active


def _signature(client: Client, member: Member, argument: int) -> types.SignatureInformation:
    label, spans = spelled(member)
    markup = explained(member)
    documentation: types.MarkupContent | str | None = None
    if markup is not None:
        documentation = (
            types.MarkupContent(types.MarkupKind.Markdown, markup.markdown())
            if client.signature_markdown
            else markup.plain()
        )
    return types.SignatureInformation(
        label=label,
        documentation=documentation,
        parameters=[types.ParameterInformation(_label(client, label, span)) for span in spans],
        active_parameter=takes(member, argument) if client.active_parameters else None,
    )


def _label(client: Client, label: str, span: Span) -> str | tuple[int, int]:
    if not client.signature_offsets:
        return label[span.start : span.end]
    # These offsets are in the unit of the client too.
    index = LineIndex(label)
    return index.position(span.start, client.unit).column, index.position(span.end, client.unit).column
