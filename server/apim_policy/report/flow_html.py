"""The pictures of headers as one page: layers as columns, headers as lines, and a wall at the boundary.

The page needs nothing but itself: no network, no script. The picture is a table, so that a keyboard and a screen reader
walk it as an eye does; in a narrow window each header stands on its own, its layers from top to bottom.
"""

from __future__ import annotations

import os
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from apim_policy import __version__
from apim_policy.flow.picture import EventKind, LayerKind, Presence
from apim_policy.report import flow_words as words
from apim_policy.report.findings import number_of, shown
from apim_policy.report.flow_icons import icon, symbols
from apim_policy.report.style import printable
from apim_policy.workspace.model import McpKind
from apim_policy.workspace.settings import McpHeaderForwarding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from apim_policy.flow.picture import Event, Header, Layer, Picture, Way

    Links = Callable[[Path, int | None], str]
    """The address of a file, and of a line of it counted from 0."""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLES = Path(__file__).with_name("flow_page.css")
_NARROW = Path(__file__).with_name("flow_page_narrow.css")
_NAME_WIDTH, _WALL_WIDTH, _EDGE_WIDTH, _NAMED_WIDTH, _EVENT_WIDTH = 180, 112, 80, 100, 60
"""Columns of the picture, in pixels at the least."""
_STEP = 100
_MOST_FILES = 4
_LEGEND_EVENTS = (
    (EventKind.SET, "set"),
    (EventKind.CHANGED, "changed"),
    (EventKind.READ, "read"),
    (EventKind.DELETED, "deleted"),
    (EventKind.STOPPED, "stopped"),
    (EventKind.RELAYED, "relayed"),
    (EventKind.FORWARDED, "forwarded"),
)
_LEGEND_LINES = (
    (Presence.SET, "set by a policy"),
    (Presence.POSSIBLE, "may be set"),
    (Presence.CLIENT, "from the client, if it sends it"),
    (Presence.UNKNOWN, "not known"),
)


def relative_links(folder: Path) -> Links:
    """Addresses that lead from a page in ``folder`` to the files beside it."""

    def link(path: Path, line: int | None) -> str:
        anchor = "" if line is None else f"#L{line + 1}"
        try:
            relative = os.path.relpath(path, folder).replace(os.sep, "/")
        except ValueError:  # another drive
            return path.as_uri() + anchor
        # Without the first two characters, a name with a colon would be taken for a scheme.
        return f"./{quote(relative, errors='surrogateescape')}{anchor}"

    return link


def render(pictures: Sequence[Picture], folder: Path, links: Links) -> str:
    """The whole page; paths are shown relative to ``folder``."""
    return _Page(pictures, folder, links).render()


class _Page:
    def __init__(self, pictures: Sequence[Picture], folder: Path, links: Links) -> None:
        self._pictures = pictures
        self._folder = folder
        self._links = links
        self._widths = sorted({_width(way) for picture in pictures for way in picture.ways})

    def render(self) -> str:
        names = [picture.name for picture in self._pictures]
        title = f"Header flow of {names[0]}" if len(names) == 1 else "Header flow"
        narrow = _NARROW.read_text("utf-8")
        styles = _STYLES.read_text("utf-8") + "".join(
            f"@container (max-width: {width - 1}px) {{\n{narrow.replace('.FIT', f'.fit-{width}')}}}\n"
            for width in self._widths
        )
        body = "".join(self._body(names))
        return (
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="color-scheme" content="light dark">\n'
            f"<title>{_text(title)}</title>\n<style>\n{styles}</style>\n</head>\n<body>\n"
            f"{symbols()}\n{body}</body>\n</html>\n"
        )

    def _shown(self, path: Path) -> str:
        return shown(path, self._folder)

    def _body(self, names: Sequence[str]) -> Iterator[str]:
        yield '<header class="top"><div><h1>Header flow</h1>\n'
        yield "<p>Request headers from the client of an MCP server to the backend of its tools.</p></div>\n"
        if len(names) > 1:
            yield '<nav aria-label="MCP servers"><ul>\n'
            for number, picture in enumerate(self._pictures):
                lost = f" <b>{len(picture.lost)} lost</b>" if picture.lost else ""
                # Servers that only their folders name often share a name.
                same = names.count(picture.name) > 1
                where = f" <small>{_text(self._shown(picture.info.path))}</small>" if same else ""
                yield f'<li><a href="#server-{number}">{_text(picture.name)}{where}{lost}</a></li>\n'
            yield "</ul></nav>\n"
        yield "</header>\n<main>\n"
        if not names:
            yield f'<p class="none">{_text(words.NO_SERVERS)}</p>\n'
        for number, picture in enumerate(self._pictures):
            yield from self._server(picture, f"server-{number}")
        yield "</main>\n"
        if names:
            yield from _legend()
        yield f"<footer>apim-policy {_text(__version__)}</footer>\n"

    def _server(self, picture: Picture, anchor: str) -> Iterator[str]:
        yield f'<article id="{anchor}" aria-labelledby="{anchor}-name">\n'
        yield f'<h2 id="{anchor}-name">{_text(picture.name)}</h2>\n'
        path = picture.info.path
        where = f'<a href="{_attribute(self._links(path, None))}">{_text(self._shown(path))}</a>'
        yield f'<p class="is">{_text(words.kind_of(picture))}, {"without a policy" if picture.info.missing else where}</p>\n'
        state = "lost" if picture.lost else "kept"
        yield f'<p class="verdict {state}">{icon("stopped" if picture.lost else "fine")}'
        if picture.lost:
            names = " ".join(f"<code>{_text(name)}</code>" for name in picture.lost)
            yield f"<span><strong>{_text(words.lost_title(picture))}</strong> {names}</span></p>\n"
        else:
            yield f"<strong>{_text(words.summary(picture))}</strong></p>\n"
        yield f'<p class="about">{_text(words.boundary(picture))}</p>\n'
        for number, way in enumerate(picture.ways):
            yield from self._way(picture, way, f"{anchor}-{number}")
        yield "</article>\n"

    def _way(self, picture: Picture, way: Way, anchor: str) -> Iterator[str]:
        yield f'<section class="way" aria-labelledby="{anchor}">\n<h3 id="{anchor}">'
        tools = way.tools or (words.tools_of(picture, way),)
        yield "".join(f'<span class="tool">{_text(tool)}</span> ' for tool in tools)
        yield f'<span class="to">to</span> <span class="target">{_text(words.target_of(picture, way))}</span></h3>\n'
        notes = [words.unseen(item) for item in way.unseen]
        notes += [ended] if (ended := words.ends(way)) else []
        yield "".join(f'<p class="note">{_text(note)}</p>\n' for note in notes)
        if way.headers:
            yield f'<div class="picture"><table class="fit-{_width(way)} {_wall(picture)}">\n'
            yield from self._head(picture, way)
            yield "<tbody>\n"
            for header in way.headers:
                yield from self._lane(header, way)
            yield "</tbody></table></div>\n"
            yield from self._steps(way)
        else:
            yield '<p class="note">No policy here sets or reads a request header.</p>\n'
        yield "</section>\n"

    def _head(self, picture: Picture, way: Way) -> Iterator[str]:
        caption = f"{words.tools_of(picture, way)} to {words.target_of(picture, way)}"
        yield f'<caption class="sr">Headers of the calls of {_text(caption)}, layer by layer</caption>\n<thead>\n'
        wall = next((i for i, layer in enumerate(way.layers) if layer.kind is LayerKind.BOUNDARY), None)
        if wall is not None:
            after = len(way.layers) - wall - 1
            yield f'<tr class="legs"><td></td><th scope="colgroup" colspan="{wall}">Call of the MCP server</th>'
            yield f'<td class="wall"></td><th scope="colgroup" colspan="{after}">Call of the API</th></tr>\n'
        yield '<tr class="layers"><th scope="col" class="name">Header</th>'
        for index, layer in enumerate(way.layers):
            yield self._layer(picture, way, layer, index)
        yield "</tr>\n</thead>\n"

    def _layer(self, picture: Picture, way: Way, layer: Layer, index: int) -> str:
        size = min(max(len(words.before_sending(header, index)) for header in way.headers), 6)
        outside = layer.kind is LayerKind.BACKEND and picture.server.kind is McpKind.PASSTHROUGH
        parts = [f'<span class="kind">{_text(words.layer_kind(layer))}</span>']
        if layer.name is not None:
            parts.append(f'<span class="of">{_text(layer.name)}</span>')
        elif outside:
            parts.append('<span class="of">MCP server outside</span>')
        if layer.part is not None:
            parts.append(f'<span class="part">{_text(words.layer_part(layer))}</span>')
        for path in layer.paths[:_MOST_FILES]:
            name = _text(self._shown(path))
            parts.append(
                f'<a class="file" href="{_attribute(self._links(path, None))}" title="{name}">{_text(path.name)}</a>'
            )
        return f'<th scope="col" class="{_css(layer)} w{size}">{"".join(parts)}</th>'

    def _lane(self, header: Header, way: Way) -> Iterator[str]:
        yield f'<tr class="lane {header.outcome.value}"><th scope="row"><span class="header">{_text(words.header_name(header))}</span>'
        yield f'<span class="fate">{_text(words.outcome(header, way))}</span></th>'
        for index, layer in enumerate(way.layers):
            yield self._cell(header, layer, index, way)
        yield "</tr>\n"

    def _cell(self, header: Header, layer: Layer, index: int, way: Way) -> str:
        drawn = words.before_sending(header, index)
        entering = header.entering[index]
        late = [event for event in header.in_layer(index) if event not in drawn]
        last = index == len(way.layers) - 1
        missed = _missed(header, way, index)
        state = entering if header.name is not None else Presence.ABSENT
        track = []
        if layer.kind is LayerKind.CLIENT:
            track.append('<i class="line absent"></i>')
            if state is not Presence.ABSENT:
                track.append(
                    '<span class="origin" aria-hidden="true"></span><span class="sr">may be sent</span>'
                )
        else:
            track.append(_line(state, missing=missed > 0))
        for event in drawn:
            missed -= event.problem and event.kind is EventKind.READ
            track.append(self._event(event))
            state = event.after if header.name is not None else Presence.ABSENT
            track.append(
                _line(
                    Presence.ABSENT if last and layer.kind is LayerKind.BACKEND else state, missing=missed > 0
                )
            )
        if not drawn:
            track.append(_line(state, missing=missed > 0))
        below = f'<span class="late">{"".join(map(self._event, late))}</span>' if late else ""
        classes = [_css(layer)]
        if not drawn and not late and state is Presence.ABSENT and not missed:
            classes.append("empty")
        if layer.kind is LayerKind.BOUNDARY:
            classes += [event.kind.value for event in drawn]
            classes += ["missed"] if any(event.problem for event in _looks(header)) else []
        label = " ".join(filter(None, (words.layer_kind(layer), layer.name, words.layer_part(layer))))
        return (
            f'<td class="{" ".join(classes)}" data-layer="{_text(label)}">'
            f'<span class="track">{"".join(track)}</span>{below}</td>'
        )

    def _event(self, event: Event) -> str:
        kind = event.kind.value
        classes = ["event", kind, event.certainty.value, *(["problem"] if event.problem else [])]
        caption = f'{icon(kind)}<span class="what">{kind}</span>'
        how = words.how(event)
        if event.place is None:
            tip = f'<span class="tip" role="note">{_text(how)}</span>' if how else ""
            return f'<span class="{" ".join(classes)}">{caption}{tip}</span>'
        line = event.place.start.line
        where = f"{self._shown(event.place.path)}:{line + 1}"
        section = f" in {event.section}" if event.section not in (None, "inbound", "backend") else ""
        return (
            f'<a class="{" ".join(classes)}" href="{_attribute(self._links(event.place.path, line))}">{caption}'
            f'<span class="where">line {line + 1}{_text(section)}</span>'
            f'<span class="tip" role="note"><b>{_text(where)}</b>{_text(how)}</span></a>'
        )

    def _steps(self, way: Way) -> Iterator[str]:
        number = sum(len(header.events) for header in way.headers)
        yield f"<details><summary>{number_of(number, 'step')}, as a list</summary>\n"
        yield '<table class="steps"><thead><tr><th scope="col">Header</th><th scope="col">Layer</th>'
        yield '<th scope="col">What</th><th scope="col">Where</th><th scope="col">How</th></tr></thead>\n<tbody>\n'
        for header in way.headers:
            for position, event in enumerate(header.events):
                name = f'<th scope="rowgroup" rowspan="{len(header.events)}">{_text(words.header_name(header))}</th>'
                layer = way.layers[event.layer]
                label = ", ".join(
                    filter(None, (words.layer_kind(layer), layer.name, words.layer_part(layer)))
                )
                yield f"<tr{' class=problem' if event.problem else ''}>{'' if position else name}"
                yield f"<td>{_text(label)}</td><td>{event.kind.value}</td><td>{self._where(event)}</td>"
                yield f"<td>{_text(words.how(event))}</td></tr>\n"
        yield "</tbody></table></details>\n"

    def _where(self, event: Event) -> str:
        if event.place is None:
            return ""
        start = event.place.start
        where = f"{self._shown(event.place.path)}:{start.line + 1}:{start.column + 1}"
        return f'<a href="{_attribute(self._links(event.place.path, start.line))}">{_text(where)}</a>'


def _wall(picture: Picture) -> str:
    if picture.server.kind is McpKind.PASSTHROUGH:
        return "through"
    return "open" if picture.forwarding is McpHeaderForwarding.AUTOMATIC else "closed"


def _legend() -> Iterator[str]:
    yield '<aside class="legend" aria-label="Legend"><ul>\n'
    for kind, label in _LEGEND_EVENTS:
        yield f'<li><span class="event {kind.value}">{icon(kind.value)}</span>{label}</li>\n'
    for presence, label in _LEGEND_LINES:
        yield f"<li>{_line(presence)}{label}</li>\n"
    yield "</ul></aside>\n"


def _line(presence: Presence, *, missing: bool = False) -> str:
    """A stretch of a header's line; ``missing`` where the header is gone, and something further on looks for it."""
    return f'<i class="line {"missing" if missing and presence is Presence.ABSENT else presence.value}"></i>'


def _missed(header: Header, way: Way, index: int) -> int:
    """How many looks in a layer and in those after it find nothing, once the header has stopped."""
    if all(layer.kind is not LayerKind.BOUNDARY for layer in way.layers[:index]):
        return 0
    return sum(event.problem and event.layer >= index for event in _looks(header))


def _looks(header: Header) -> list[Event]:
    return [
        event
        for event in header.events
        if event.kind is EventKind.READ and event.section in ("inbound", "backend")
    ]


def _width(way: Way) -> int:
    """What the picture of a way needs, in pixels, in steps that several pictures share."""
    total = _NAME_WIDTH
    for index, layer in enumerate(way.layers):
        most = max((len(words.before_sending(header, index)) for header in way.headers), default=0)
        if layer.kind is LayerKind.BOUNDARY:
            total += _WALL_WIDTH
        else:
            least = _EDGE_WIDTH if layer.name is None else _NAMED_WIDTH
            total += max(least, _EVENT_WIDTH * min(most, 6) + 12)
    return -(-total // _STEP) * _STEP


def _css(layer: Layer) -> str:
    return "wall" if layer.kind is LayerKind.BOUNDARY else f"layer {layer.kind.value}"


def _text(text: str) -> str:
    """Text from anywhere as it may stand in markup and in quotes."""
    return escape(printable(text))


def _attribute(address: str) -> str:
    return escape(address)
