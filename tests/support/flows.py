"""Pictures of headers: of small workspaces, and made up from any texts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from apim_policy.flow.drawing import pictures
from apim_policy.flow.picture import (
    Certainty,
    Event,
    EventKind,
    Header,
    Layer,
    LayerKind,
    Outcome,
    Picture,
    Place,
    Presence,
    Unseen,
    ValueKind,
    ValueSource,
    Way,
)
from apim_policy.text.lines import Position
from apim_policy.text.span import Span
from apim_policy.workspace.model import Confidence, DocumentInfo, McpKind, McpServer, Scope, Tool
from apim_policy.workspace.settings import McpHeaderForwarding
from support.workspaces import open_workspace, write_files

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path("/folder")


def drawn(root: Path, files: Mapping[str, str]) -> list[Picture]:
    """The pictures of all MCP servers of a workspace of these files."""
    return pictures(open_workspace(write_files(root, files)))


def way_of(root: Path, files: Mapping[str, str]) -> Way:
    """The only way of the only MCP server."""
    (picture,) = drawn(root, files)
    (way,) = picture.ways
    return way


def told(way: Way, name: str) -> list[str]:
    """What happens to a header: ``set mcp``, ``read api?`` where it depends, ``stopped boundary!`` where it is lost."""
    (header,) = [header for header in way.headers if header.name == name]
    return [
        f"{event.kind.value} {way.layers[event.layer].kind.value}"
        + ("?" if event.certainty is Certainty.POSSIBLE else "")
        + ("!" if event.problem else "")
        for event in header.events
    ]


def outcome(way: Way, name: str) -> str:
    """What becomes of a header."""
    (found,) = [header.outcome.value for header in way.headers if header.name == name]
    return found


def specimen(text: str) -> Picture:
    """A picture in which every name that a workspace can give is ``text``."""
    path = FOLDER / text.replace("/", "_").replace("\0", "_") / "policy.xml"
    place = Place(path, Span(0, 1), Position(2, 4), Position(2, 5))
    layers = (
        Layer(LayerKind.CLIENT),
        Layer(LayerKind.MCP, text, (path,)),
        Layer(LayerKind.BOUNDARY),
        Layer(LayerKind.API, text, (path,)),
        Layer(LayerKind.BACKEND),
    )
    source = ValueSource(ValueKind.NAMED_VALUE, (text,))
    events = (
        Event(EventKind.SET, 1, Certainty.CERTAIN, Presence.SET, place, text, "inbound", text, source),
        Event(EventKind.STOPPED, 2, Certainty.ASSUMED, Presence.ABSENT, place, problem=True),
        Event(
            EventKind.READ, 3, Certainty.CERTAIN, Presence.ABSENT, place, text, "inbound", text, problem=True
        ),
        Event(EventKind.READ, 3, Certainty.POSSIBLE, Presence.ABSENT, place, text, "outbound"),
    )
    entering = (Presence.CLIENT, Presence.CLIENT, Presence.SET, Presence.ABSENT, Presence.ABSENT)
    header = Header(text, Outcome.LOST, entering, events)
    unseen = Unseen(LayerKind.API, text, place)
    server = McpServer(text, McpKind.REST_BACKED, False, (text,), (Tool(text, text, text),))
    info = DocumentInfo(path, Scope.MCP, Confidence.STATED, api=text, mcp=server)
    way = Way((text,), text, text, layers, (header,), (unseen,))
    return Picture(info, server, McpHeaderForwarding.UNKNOWN, (way,))
