"""Links from a document to the fragments that it includes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from lsprotocol import types

from apim_policy.ide.links import links

if TYPE_CHECKING:
    from apim_policy.lsp.server import PolicyServer


def register(server: PolicyServer) -> None:
    """Let the server answer this request."""
    server.answer(types.TEXT_DOCUMENT_DOCUMENT_LINK, partial(document_link, server))


async def document_link(
    server: PolicyServer, params: types.DocumentLinkParams
) -> list[types.DocumentLink] | None:
    """The ids of fragments that are known, each leading to the fragment's file."""
    document = await server.document(params.text_document.uri, indexed=True)
    tree = server.session.tree(document) if document is not None else None
    if document is None or tree is None:
        return None
    convert = server.session.convert
    workspace = server.session.projects.of(document.path).workspace
    return [
        types.DocumentLink(
            range=convert.range(document.lines, link.span),
            target=convert.uri(link.path),
            tooltip=link.title if server.client.link_tooltips else None,
        )
        for link in links(workspace, document.path, tree)
    ] or None
