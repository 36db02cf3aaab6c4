"""The pictures of headers as a Mermaid flowchart: a box for each layer, a line for each header.

Mermaid takes ``#`` and a number for a character (https://mermaid.js.org/syntax/flowchart.html), so that nothing that
stands in a file can end a label or begin markup. A colon counts among what could: after the word ``style`` it makes
Mermaid 11 drop the end of such a number.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from apim_policy.flow.picture import EventKind, LayerKind, Presence
from apim_policy.report import flow_words as words
from apim_policy.report.findings import shown
from apim_policy.report.style import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from apim_policy.flow.picture import Event, Header, Layer, Picture, Way

_HARMLESS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .-_,/")
_SHAPES = {
    EventKind.READ: ('(["', '"])'),
    EventKind.STOPPED: ('{{"', '"}}'),
    EventKind.RELAYED: ('[/"', '"/]'),
}
_BOX = ('["', '"]')
_CLASSES = (
    "classDef set fill:#2563eb,color:#fff,stroke:#1d4ed8",
    "classDef changed fill:#7c3aed,color:#fff,stroke:#6d28d9",
    "classDef read fill:#fff,color:#334155,stroke:#334155",
    "classDef deleted fill:#a84e06,color:#fff,stroke:#8a3f04",
    "classDef stopped fill:#94a3b8,color:#0f172a,stroke:#64748b",
    "classDef relayed fill:#f59e0b,color:#1f1300,stroke:#b45f06",
    "classDef forwarded fill:#0c7a50,color:#fff,stroke:#0a6241",
    "classDef client fill:#fff,color:#5b667d,stroke:#8a94a8,stroke-dasharray:4 3",
    "classDef problem fill:#d3271b,color:#fff,stroke:#a81d13",
    "classDef way fill:#fff,color:#172033,stroke:#e3e7ef",
    "classDef first fill:#f5f2ff,color:#5b21b6,stroke:#ddd6fe",
    "classDef second fill:#eff7ff,color:#1e40af,stroke:#bfdbfe",
    "classDef wall fill:#dfe4ed,color:#172033,stroke:#94a3b8",
)


def render(pictures: Sequence[Picture], folder: Path) -> str:
    """One flowchart of all servers, paths relative to ``folder``; ends with a line end."""
    lines = ["flowchart LR"]
    if not pictures:
        lines.append(f'    none["{_text(words.NO_SERVERS)}"]')
    for number, picture in enumerate(pictures):
        for position, way in enumerate(picture.ways):
            lines += _way(picture, way, f"s{number}w{position}", folder)
    if pictures:
        lines += [f"    {line}" for line in _CLASSES]
    return "".join(f"{line}\n" for line in lines)


def _way(picture: Picture, way: Way, prefix: str, folder: Path) -> Iterator[str]:
    title = f"{words.tools_of(picture, way)} to {words.target_of(picture, way)}"
    yield f'    subgraph {prefix}["{_text(picture.name)}: {_text(title)}"]'
    yield "    direction LR"
    lanes = [_lane(header, way, f"{prefix}h{number}", folder) for number, header in enumerate(way.headers)]
    drawn = []
    for index, layer in enumerate(way.layers):
        nodes = [node for lane in lanes for position, node in lane.nodes if position == index]
        if nodes:
            yield f'        subgraph {prefix}l{index}["{_text(_title(layer))}"]'
            yield from (f"            {node}" for node in nodes)
            yield "        end"
            drawn.append(index)
    # What has no lines between its nodes would stand anywhere.
    yield from (f"        {prefix}l{left} ~~~ {prefix}l{right}" for left, right in pairwise(drawn))
    for lane in lanes:
        yield from (f"        {edge}" for edge in lane.edges)
    yield "    end"
    yield f"    class {prefix} way"
    kinds = [layer.kind for layer in way.layers]
    wall = kinds.index(LayerKind.BOUNDARY) if LayerKind.BOUNDARY in kinds else len(kinds)
    for index in drawn:
        side = "wall" if index == wall else "first" if index < wall else "second"
        yield f"    class {prefix}l{index} {side}"


class _Lane:
    def __init__(self) -> None:
        self.nodes: list[tuple[int, str]] = []
        self.edges: list[str] = []


def _lane(header: Header, way: Way, prefix: str, folder: Path) -> _Lane:
    lane = _Lane()
    name = words.header_name(header)
    stations: list[tuple[str, Event | None, Presence]] = []
    if header.entering[0] is not Presence.ABSENT:
        lane.nodes.append((0, f'{prefix}c(["{_text(name)}"]):::client'))
        stations.append((f"{prefix}c", None, header.entering[0]))
    for number, happened in enumerate(header.events):
        identity = f"{prefix}e{number}"
        opening, closing = _SHAPES.get(happened.kind, _BOX)
        label = f"{_text(name)}<br/>{happened.kind.value}"
        if happened.place is not None:
            label += f"<br/>{_text(shown(happened.place.path, folder))}:{happened.place.start.line + 1}"
        style = "problem" if happened.problem else happened.kind.value
        lane.nodes.append((happened.layer, f"{identity}{opening}{label}{closing}:::{style}"))
        if happened.section in (None, "inbound", "backend") and header.name is not None:
            stations.append((identity, happened, happened.after))
    for (start, _, after), (end, event, _) in pairwise(stations):
        if after is Presence.ABSENT:
            continue
        stops = event is not None and event.kind is EventKind.STOPPED
        line = "--" if after is Presence.SET else "-.-"
        arrow = f"{line}{'x' if stops else '>'}"
        lane.edges.append(f"{start} {arrow} {end}")
    return lane


def _title(layer: Layer) -> str:
    if layer.kind is LayerKind.BOUNDARY:
        return "header boundary"
    return " ".join(filter(None, (words.layer_kind(layer), layer.name, words.layer_part(layer))))


def _text(text: str) -> str:
    shown_text = printable(text)
    return "".join(
        char if char in _HARMLESS and not _begins_item(shown_text, index) else f"#{ord(char)};"
        for index, char in enumerate(shown_text)
    )


def _begins_item(text: str, index: int) -> bool:
    """Whether Mermaid might take a sign for the beginning of a list's item, which labels cannot hold."""
    return text[index] in ".-" and text[index + 1 : index + 2] == " "
