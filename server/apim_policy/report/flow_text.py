"""The pictures of headers for a terminal: a grid of layers and headers, and what happens to each header beneath."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from apim_policy.flow.picture import EventKind, LayerKind, Outcome, Presence
from apim_policy.report import flow_words as words
from apim_policy.report.findings import shown
from apim_policy.report.style import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from apim_policy.flow.picture import Event, Header, Layer, Picture, Way
    from apim_policy.report.style import Style

_WIDTH = 100
_LONGEST_NAME = 28
_SHORTEST_NAME = 14
_MOST_SYMBOLS = 7
_NARROWEST, _ROOMY = 5, 10
"""Columns of the grid, in characters."""
_WALL = "║"
_LINES = {
    Presence.ABSENT: " ",
    Presence.CLIENT: "╌",
    Presence.POSSIBLE: "╍",
    Presence.SET: "━",
    Presence.UNKNOWN: "┈",
}
_SYMBOLS = {
    EventKind.SET: "●",
    EventKind.CHANGED: "◆",
    EventKind.READ: "○",
    EventKind.DELETED: "×",
    EventKind.STOPPED: "×",
    EventKind.RELAYED: "»",
    EventKind.FORWARDED: "►",
}
_COLOURS = {
    EventKind.SET: "1;36",
    EventKind.CHANGED: "1;35",
    EventKind.READ: "1",
    EventKind.DELETED: "33",
    EventKind.STOPPED: "1",
    EventKind.RELAYED: "1;33",
    EventKind.FORWARDED: "32",
}
_LINE_COLOURS = {Presence.SET: "36", Presence.POSSIBLE: "36", Presence.CLIENT: "2", Presence.UNKNOWN: "2"}
_OUTCOME_COLOURS = {Outcome.LOST: "1;31", Outcome.RELAYED: "33", Outcome.FORWARDED: "32"}
_TITLES = {LayerKind.GLOBAL: "all", LayerKind.MCP: "server", LayerKind.OPERATION: "op."}
_LEGEND = (
    "● set   ◆ changed   ○ read   × deleted or stopped   » relayed   ► forwarded   ║ boundary",
    "━ set by a policy   ╍ may be set   ╌ from the client, if it sends it   ┈ not known",
)
_ASCII = str.maketrans("║╌╍━┈●◆○×»►→·", "|-~=.*#ox>>>-")


def render(pictures: Sequence[Picture], folder: Path, style: Style, *, ascii_only: bool = False) -> str:
    """All pictures, paths relative to ``folder``; ends with a line end.

    ``ascii_only`` draws with letters and signs that every console has.
    """
    if not pictures:
        return f"{words.NO_SERVERS}\n"
    lines = [line for picture in pictures for line in (*_picture(picture, folder, style), "")]
    text = "".join(f"{line}\n" for line in (*lines, *map(style.dim, _LEGEND)))
    return text.translate(_ASCII) if ascii_only else text


def _picture(picture: Picture, folder: Path, style: Style) -> Iterator[str]:
    file = "without a policy" if picture.info.missing else printable(shown(picture.info.path, folder))
    name, kind = printable(picture.name), words.kind_of(picture)
    together = len(f"{name}  {kind}, {file}") <= _WIDTH
    yield f"{style.bold(name)}  {kind}{f', {style.dim(file)}' if together else ''}"
    if not together:
        yield f"  {style.dim(file)}"
    colour = "1;31" if picture.lost else "32"
    yield from (f"  {style.paint(line, colour)}" for line in _wrapped(words.summary(picture), _WIDTH - 2))
    yield from (f"  {line}" for line in _wrapped(words.boundary(picture), _WIDTH - 2))
    told: set[tuple[str, ...]] = set()
    for way in picture.ways:
        yield ""
        yield from _way(picture, way, folder, style, told)


def _way(picture: Picture, way: Way, folder: Path, style: Style, told: set[tuple[str, ...]]) -> Iterator[str]:
    tools, target = words.tools_of(picture, way), words.target_of(picture, way)
    yield from (f"  {style.paint(line, '1;4')}" for line in _wrapped(f"{tools} → {target}", _WIDTH - 2))
    notes = [words.unseen(item) for item in way.unseen]
    if ended := words.ends(way):
        notes.append(ended)
    for note in notes:
        yield from (f"  {style.dim(line)}" for line in _wrapped(note, _WIDTH - 2))
    if way.headers:
        yield ""
        yield from _Grid(way, style).lines()
    known = []
    for header in way.headers:
        lines = tuple(_header(header, way, folder, style))
        if lines in told:
            known.append(_name(header))
            continue
        told.add(lines)
        yield ""
        yield from lines
    if known:
        yield ""
        yield from (f"  {line}" for line in _wrapped(f"As above: {', '.join(known)}.", _WIDTH - 2))


class _Grid:
    """Layers as columns, headers as lines."""

    def __init__(self, way: Way, style: Style) -> None:
        self._way = way
        self._style = style
        titles = [_title(layer) for layer in way.layers]
        self._widths = [self._width(index, title) for index, title in enumerate(titles)]
        room = _WIDTH - 4 - sum(self._widths)
        longest = max(len(_name(header)) for header in way.headers)
        self._name = min(longest, _LONGEST_NAME, max(room, _SHORTEST_NAME))
        self._titles = titles
        self._fit()

    def _width(self, index: int, title: str) -> int:
        if self._way.layers[index].kind is LayerKind.BOUNDARY:
            return 3
        most = max((len(words.before_sending(header, index)) for header in self._way.headers), default=0)
        return max(len(title), 2 * min(most, _MOST_SYMBOLS) - 1) + 2

    def _fit(self) -> None:
        """Take room from the widest columns while the grid is too wide, and share what is left among the narrow ones."""
        while sum(self._widths) + self._name + 4 > _WIDTH and max(self._widths) > _NARROWEST:
            self._widths[self._widths.index(max(self._widths))] -= 1
        columns = [i for i, layer in enumerate(self._way.layers) if layer.kind is not LayerKind.BOUNDARY]
        while True:
            narrow = min(columns, key=lambda index: self._widths[index])
            if self._widths[narrow] >= _ROOMY or sum(self._widths) + self._name + 4 >= _WIDTH:
                return
            self._widths[narrow] += 1

    def lines(self) -> Iterator[str]:
        """The grid, its titles first."""
        head = "".join(
            _fitted(title, width - 1).center(width)
            for title, width in zip(self._titles, self._widths, strict=True)
        )
        yield f"  {'':{self._name}}  {self._style.dim(head.rstrip())}"
        for header in self._way.headers:
            name = _fitted(_name(header), self._name).ljust(self._name)
            colour = _OUTCOME_COLOURS.get(header.outcome, "")
            cells = "".join(self._cell(header, index) for index in range(len(self._widths)))
            yield f"  {self._style.paint(name, colour) if colour else name}  {cells}".rstrip()

    def _cell(self, header: Header, index: int) -> str:
        width = self._widths[index]
        events = words.before_sending(header, index)
        entering = header.entering[index]
        kind = self._way.layers[index].kind
        if kind is LayerKind.BOUNDARY:
            return self._boundary(events, entering)
        if kind is LayerKind.CLIENT:
            half = width // 2
            return " " * half + self._line(entering, width - half)
        if kind is LayerKind.BACKEND:
            arrow = self._symbol(events[0]) if events else " "
            return self._line(entering if events else Presence.ABSENT, width // 2) + arrow
        most = (width - 1) // 2
        hidden = len(events) > most
        if hidden:
            events = [*events[: most - 1], events[-1]]
        stops = [round((number + 0.5) * width / len(events) - 0.5) for number in range(len(events))]
        cell, done, state = "", 0, entering
        for event, stop in zip(events, stops, strict=True):
            cell += self._line(state, stop - done) + self._symbol(event)
            done, state = stop + 1, event.after if header.name else Presence.ABSENT
        return cell + self._line(state, width - done)

    def _boundary(self, events: Sequence[Event], entering: Presence) -> str:
        wall = self._style.gutter(_WALL)
        if not events:
            return f" {wall} "
        event = events[0]
        if event.kind is EventKind.FORWARDED:
            return self._line(entering, 1) + self._symbol(event) + self._line(event.after, 1)
        return self._symbol(event) + wall + " "

    def _symbol(self, event: Event) -> str:
        return self._style.paint(_SYMBOLS[event.kind], "1;31" if event.problem else _COLOURS[event.kind])

    def _line(self, presence: Presence, width: int) -> str:
        colour = _LINE_COLOURS.get(presence)
        line = _LINES[presence] * width
        return self._style.paint(line, colour) if colour else line


def _header(header: Header, way: Way, folder: Path, style: Style) -> Iterator[str]:
    name = printable(_name(header))
    colour = _OUTCOME_COLOURS.get(header.outcome)
    sentence = printable(words.outcome(header, way))
    for number, line in enumerate(_wrapped(f"{name} {sentence}", _WIDTH - 2)):
        painted = style.bold(name) + line[len(name) :] if number == 0 and line.startswith(name) else line
        yield f"  {style.paint(line, colour) if colour and header.outcome is Outcome.LOST else painted}"
    listed = [event for event in header.events if event.place is not None]
    rows = [
        (
            _label(way.layers[event.layer]),
            event.kind.value,
            printable(
                f"{shown(event.place.path, folder)}:{event.place.start.line + 1}:{event.place.start.column + 1}"
            ),
            printable(words.how(event)),
            event,
        )
        for event in listed
        if event.place is not None
    ]
    first = max((len(row[0]) for row in rows), default=0)
    for label, kind, where, how, event in rows:
        code = "1;31" if event.problem else _COLOURS[event.kind]
        head = f"    {style.dim(label.ljust(first))}  {style.paint(kind.ljust(9), code)}  "
        indent = first + 17
        if indent + len(where) + 2 + len(how) <= _WIDTH or not how:
            yield f"{head}{where}  {style.dim(how)}".rstrip()
        else:
            yield head + where
            wrapped = _wrapped(how, max(_WIDTH - indent - 2, 30))
            yield from (" " * (indent + 2) + style.dim(line) for line in wrapped)


def _wrapped(text: str, width: int) -> list[str]:
    """Lines that a terminal holds; names, which have hyphens, stay whole."""
    return textwrap.wrap(printable(text), width, break_on_hyphens=False)


def _name(header: Header) -> str:
    return printable(header.name) if header.name is not None else "(any)"


def _title(layer: Layer) -> str:
    return "" if layer.kind is LayerKind.BOUNDARY else _TITLES.get(layer.kind) or words.layer_kind(layer)


def _label(layer: Layer) -> str:
    name = {LayerKind.GLOBAL: "all APIs", LayerKind.MCP: "MCP server"}.get(layer.kind) or words.layer_kind(
        layer
    )
    return f"{name}, {words.layer_part(layer)}" if layer.part else name


def _fitted(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: max(width - 1, 0)]}…"
