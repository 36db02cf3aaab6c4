"""The picture of headers for an editor: the same as ``apim-policy flow``, of what is open as it is now."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from apim_policy.flow.drawing import pictures
from apim_policy.lsp.protocol import InvalidParamsError
from apim_policy.lsp.uris import to_path
from apim_policy.report import flow_html, flow_json, flow_mermaid, flow_text
from apim_policy.report.style import PLAIN
from apim_policy.workspace.model import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from apim_policy.flow.picture import Picture
    from apim_policy.lsp.server import PolicyServer
    from apim_policy.lsp.session import Session
    from apim_policy.workspace.model import DocumentInfo
    from apim_policy.workspace.workspace import Workspace

HEADER_FLOW = "apim-policy/headerFlow"


def register(server: PolicyServer) -> None:
    """Let the server answer this request."""
    server.answer(HEADER_FLOW, partial(header_flow, server))


async def header_flow(server: PolicyServer, params: Any) -> dict[str, object] | None:
    """The picture of the MCP servers that a document has to do with, of the one named, or of all.

    Takes ``uri`` and ``server``, both optional, and ``format``: html, json, mermaid or text. Answers with ``format``,
    the names of the ``servers`` and the ``text``; null where there is no such server.
    """
    uri, name, form = _parameters(params)
    session = server.session
    path = None
    if uri is not None:
        document = await server.document(uri, indexed=True)
        path = document.path if document is not None else to_path(uri)
        if path is None:
            return None
    places = [path] if path is not None else [folder / "policy.xml" for folder in session.projects.folders]
    for place in places:
        await session.ready(place)
    found = [picture for place in places for picture in _pictures(session, place, name, whole=path is None)]
    if not found:
        return None
    base = session.projects.folder_of(places[0]) or session.projects.of(places[0]).root
    text = _RENDERERS[form](session, found, base)
    return {"format": form, "servers": [picture.name for picture in found], "text": text}


def _parameters(params: Any) -> tuple[str | None, str | None, str]:
    given = params if isinstance(params, dict) else {"format": params}
    uri, name, form = given.get("uri"), given.get("server"), given.get("format", "html")
    known = isinstance(form, str) and form in _RENDERERS
    if not known or not all(item is None or isinstance(item, str) for item in (uri, name)):
        raise InvalidParamsError(
            f'{HEADER_FLOW} takes an object with "format", one of {", ".join(_RENDERERS)}, and perhaps with the '
            'strings "uri" and "server"'
        )
    return uri, name, form


def _pictures(session: Session, path: Path, name: str | None, *, whole: bool) -> list[Picture]:
    workspace = session.projects.of(path).workspace
    if name is not None:
        return [picture for picture in pictures(workspace) if picture.name.lower() == name.lower()]
    return pictures(workspace, None if whole else _concerned(workspace, workspace.info(path)))


def _concerned(workspace: Workspace, info: DocumentInfo) -> Sequence[DocumentInfo]:
    """The MCP servers that a document has to do with: all of its service where it is neither theirs nor an API's."""
    around = workspace.around(info.path)
    if info.scope is Scope.MCP:
        return [info, *(other for other in info.also if other.mcp is not None)]
    if info.scope in (Scope.API, Scope.OPERATION):
        return around.servers_calling(info.api, info.operation) if info.api is not None else ()
    return around.mcp_servers()


def _html(session: Session, found: Sequence[Picture], base: Path) -> str:
    def link(path: Path, line: int | None) -> str:
        return session.convert.uri(path) + ("" if line is None else f"#L{line + 1}")

    return flow_html.render(found, base, link)


_RENDERERS: dict[str, Callable[[Session, Sequence[Picture], Path], str]] = {
    "html": _html,
    "json": lambda _, found, base: flow_json.render(found, base),
    "mermaid": lambda _, found, base: flow_mermaid.render(found, base),
    "text": lambda _, found, base: flow_text.render(found, base, PLAIN),
}
