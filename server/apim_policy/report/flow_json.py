"""The pictures of headers as JSON, version 1. Lines and columns count from 1, columns in code points; ends are exclusive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apim_policy.report.findings import shown
from apim_policy.report.json_report import objects

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from apim_policy.flow.picture import Event, Header, Layer, Picture, Place, Unseen, Way


def render(pictures: Sequence[Picture], folder: Path) -> str:
    """The servers, each on a line of its own; the shape is kept stable."""
    return objects("servers", [as_object(picture, folder) for picture in pictures])


def as_object(picture: Picture, folder: Path) -> dict[str, Any]:
    """One MCP server."""
    return {
        "name": picture.name,
        "file": None if picture.info.missing else shown(picture.info.path, folder),
        "confidence": picture.info.confidence.value,
        "kind": picture.server.kind.value,
        "kind_assumed": picture.server.kind_assumed,
        "mcp_header_forwarding": picture.forwarding.value,
        "lost": picture.lost,
        "ways": [_way(way, folder) for way in picture.ways],
    }


def _way(way: Way, folder: Path) -> dict[str, Any]:
    return {
        "tools": list(way.tools),
        "api": way.api,
        "operation": way.operation,
        "layers": [_layer(layer, folder) for layer in way.layers],
        "headers": [_header(header, folder) for header in way.headers],
        "unseen": [_unseen(item, folder) for item in way.unseen],
        "ends": way.ends.value if way.ends else None,
    }


def _layer(layer: Layer, folder: Path) -> dict[str, Any]:
    return {
        "kind": layer.kind.value,
        "name": layer.name,
        "part": layer.part.value if layer.part else None,
        "files": [shown(path, folder) for path in layer.paths],
    }


def _header(header: Header, folder: Path) -> dict[str, Any]:
    return {
        "name": header.name,
        "outcome": header.outcome.value,
        "entering": [presence.value for presence in header.entering],
        "events": [_event(event, folder) for event in header.events],
    }


def _event(event: Event, folder: Path) -> dict[str, Any]:
    source = event.source
    return {
        "kind": event.kind.value,
        "layer": event.layer,
        "certainty": event.certainty.value,
        "after": event.after.value,
        "problem": event.problem,
        **_place(event.place, folder),
        "policy": event.policy,
        "section": event.section,
        "fragment": event.fragment,
        "source": {"kind": source.kind.value, "names": list(source.names)} if source else None,
    }


def _unseen(item: Unseen, folder: Path) -> dict[str, Any]:
    return {"layer": item.kind.value, "fragment": item.fragment, **_place(item.place, folder)}


def _place(place: Place | None, folder: Path) -> dict[str, Any]:
    if place is None:
        return {"file": None, "range": None}
    return {
        "file": shown(place.path, folder),
        "range": {
            "start": {"line": place.start.line + 1, "column": place.start.column + 1},
            "end": {"line": place.end.line + 1, "column": place.end.column + 1},
        },
    }
