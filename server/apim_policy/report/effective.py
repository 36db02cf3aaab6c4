"""The effective policy as one document, in which comments say where each part comes from."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from apim_policy.flow.effective import PartKind
from apim_policy.flow.scopes import described
from apim_policy.report.excerpt import TAB
from apim_policy.report.findings import shown
from apim_policy.report.json_report import document, list_of
from apim_policy.report.scopes import as_object
from apim_policy.report.style import printable
from apim_policy.workspace.model import Confidence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from apim_policy.flow.effective import Effective, Frame, Part
    from apim_policy.report.style import Style
    from apim_policy.syntax.tree import Element
    from apim_policy.text.span import Span

_INDENT = "    "
_DEEPEST = 30
"""Elements around a part that still move it to the right."""
_LINE_END = re.compile(r"\r\n|\r|\n")
_DOUBTS = {
    Confidence.STATED: "",
    Confidence.ASSUMED: ", as its path suggests",
    Confidence.NONE: ", which nothing says more about",
}
_WARNED = frozenset({PartKind.MISSING, PartKind.LOOP})


class Line(NamedTuple):
    """A line of the text."""

    text: str
    part: int | None
    """The part that it belongs to, by its position; None for the comment that heads all and those that name origins."""
    origin: bool = False
    """Whether it is a comment that names the origin of the parts that follow."""


def lines_of(found: Effective, folder: Path) -> list[Line]:
    """The document, line by line; files are shown relative to ``folder``."""
    return list(_Layout(found, folder).lines())


def text_of(lines: list[Line]) -> str:
    """The document; ends with a line end."""
    return "".join(f"{line.text}\n" for line in lines)


def render(found: Effective, folder: Path, style: Style) -> str:
    """The document for a terminal or a file."""
    shades = []
    for line in lines_of(found, folder):
        # Tabs are laid out, so that whatever else steers a terminal can be made visible.
        text = printable(line.text.expandtabs(TAB))
        part = found.parts[line.part] if line.part is not None else None
        if part is None or part.told:
            text = style.paint(text, "33") if part and part.kind in _WARNED else style.dim(text)
        elif part.kind is not PartKind.POLICY:
            text = style.paint(text, "34")
        elif part.text.startswith("<!--"):
            text = style.dim(text)
        shades.append(f"{text}\n")
    return "".join(shades)


def render_json(found: Effective, folder: Path) -> str:
    """What the document was taken for, its text and its parts as JSON; the shape is kept stable.

    Lines and columns count from 1.
    """
    lines = lines_of(found, folder)
    members = {**as_object(found.info, folder), "complete": found.complete, "text": text_of(lines)}
    encoded = {name: json.dumps(value) for name, value in members.items()}
    return document({**encoded, "parts": list_of(list(_parts(found, lines, folder)))})


def lines_of_parts(found: Effective, lines: list[Line]) -> list[tuple[int, int]]:
    """For each part its first line, from 0, and the one after its last."""
    ranges = [(0, 0)] * len(found.parts)
    for number, line in enumerate(lines):
        if line.part is not None:
            first = ranges[line.part][0] if ranges[line.part][1] else number
            ranges[line.part] = (first, number + 1)
    return ranges


def _parts(found: Effective, lines: list[Line], folder: Path) -> Iterator[dict[str, Any]]:
    for part, (first, end) in zip(found.parts, lines_of_parts(found, lines), strict=True):
        yield {
            "kind": part.kind.value,
            "section": part.section or None,
            "lines": {"start": first + 1, "end": end + 1},
            "of": part.frame.what,
            "file": shown(part.frame.path, folder),
            "range": _range(part.frame, part.span),
            "message": part.text if part.told else None,
            "through": [
                {"file": shown(outer.path, folder), "range": _range(outer, element.span)}
                for outer, element in _ways(part.frame)
            ],
        }


def _ways(frame: Frame) -> Iterator[tuple[Frame, Element]]:
    """What brings a frame in, from the inside outwards: the frame around it, and what stands for it there."""
    for inner in frame.chain():
        if inner.parent is not None and inner.element is not None:
            yield inner.parent, inner.element


def _range(frame: Frame, span: Span) -> dict[str, dict[str, int]] | None:
    if span.start == span.end:
        return None
    lines = frame.document.lines
    start, end = lines.position(span.start), lines.position(span.end)
    return {
        "start": {"line": start.line + 1, "column": start.column + 1},
        "end": {"line": end.line + 1, "column": end.column + 1},
    }


class _Layout:
    def __init__(self, found: Effective, folder: Path) -> None:
        self._found = found
        self._folder = folder
        self._last: Frame | None = None
        self._met: set[Frame] = set()

    def lines(self) -> Iterator[Line]:
        info = self._found.info
        yield Line(_comment(f"Effective policy: {self._found.what}{_DOUBTS[info.confidence]}"), None)
        for other in info.also:
            yield Line(
                _comment(f"The same file is also: {described(other)}; more may stand around that"), None
            )
        for number, part in enumerate(self._found.parts):
            indent = _INDENT * min(part.depth, _DEEPEST)
            if part.told:
                yield Line(indent + _comment(f"{self._place(part)}: {part.text}"), number)
                self._last = None
                continue
            outside = not part.section or part.depth < 2
            if part.kind is not PartKind.CLOSE and not outside and part.frame is not self._last:
                yield Line(indent + _comment(self._origin(part)), None, origin=True)
                self._last = part.frame
            if outside and part.kind is PartKind.OPEN:
                self._last = None
            for text in _shifted(part, indent):
                yield Line(text, number)

    def _origin(self, part: Part) -> str:
        frame = part.frame
        words = f"{self._place(part)}: {frame.what}"
        if frame not in self._met and frame.parent is not None and frame.element is not None:
            self._met.add(frame)
            at = self._at(frame.parent, frame.element.span)
            words += f", {'included' if frame.is_fragment else 'brought in'} at {at}"
        return words

    def _place(self, part: Part) -> str:
        return self._at(part.frame, part.span)

    def _at(self, frame: Frame, span: Span) -> str:
        return f"{shown(frame.path, self._folder)}:{frame.document.lines.line_of(span.start) + 1}"


def _comment(text: str) -> str:
    """A comment that no file name can end."""
    return f"<!-- {text.replace('--', '- -')} -->"


def _shifted(part: Part, indent: str) -> Iterator[str]:
    """The lines of a part, moved to where it stands now."""
    first, *rest = _LINE_END.split(part.text.strip())
    yield indent + first
    if not rest:
        return
    source = part.frame.document.text
    start = source.rfind("\n", 0, part.span.start) + 1
    before = source[start : part.span.start]
    width = len(before.expandtabs(TAB)) if before.isspace() else 0
    for line in rest:
        text = line.lstrip(" \t")
        inside = len(line[: len(line) - len(text)].expandtabs(TAB))
        yield f"{indent}{' ' * max(inside - width, 0)}{text}" if text else ""
