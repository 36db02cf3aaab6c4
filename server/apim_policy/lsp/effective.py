"""The effective policy of a document, for an editor to show beside it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from apim_policy.flow.effective import effective
from apim_policy.lsp.protocol import InvalidParamsError
from apim_policy.report.effective import lines_of, lines_of_parts, text_of
from apim_policy.workspace.files import UnreadableFileError

if TYPE_CHECKING:
    from apim_policy.flow.effective import Part
    from apim_policy.lsp.server import PolicyServer

EFFECTIVE_POLICY = "apim-policy/effectivePolicy"


def register(server: PolicyServer) -> None:
    """Let the server answer this request."""
    server.answer(EFFECTIVE_POLICY, partial(effective_policy, server))


async def effective_policy(server: PolicyServer, params: Any) -> dict[str, Any] | None:
    """The text, and for each of its parts the lines and the place that they come from; null for no policy document.

    Lines and columns count as in the protocol: those of the text from its start, of an origin in the client's units.
    """
    uri = params.get("uri") if isinstance(params, dict) else None
    if not isinstance(uri, str):
        raise InvalidParamsError(f'{EFFECTIVE_POLICY} takes an object with a string "uri"')
    session = server.session
    path = session.policy_path(uri)
    if path is None:
        return None
    await session.ready(path)
    try:
        found = effective(session.projects.of(path).workspace.around(path), path)
    except UnreadableFileError:
        return None
    if found is None:
        return None
    lines = lines_of(found, session.base(path))
    spans = lines_of_parts(found, lines)
    return {
        "text": text_of(lines),
        "complete": found.complete,
        "parts": [_part(server, part, *where) for part, where in zip(found.parts, spans, strict=True)],
    }


def _part(server: PolicyServer, part: Part, first: int, end: int) -> dict[str, Any]:
    convert = server.session.convert
    frame = part.frame
    origin = convert.range(frame.document.lines, part.span)
    return {
        "kind": part.kind.value,
        "section": part.section or None,
        "range": {"start": {"line": first, "character": 0}, "end": {"line": end, "character": 0}},
        "of": frame.what,
        "message": part.text if part.told else None,
        "origin": {
            "uri": convert.uri(frame.path),
            "range": {
                "start": {"line": origin.start.line, "character": origin.start.character},
                "end": {"line": origin.end.line, "character": origin.end.character},
            },
        },
    }
