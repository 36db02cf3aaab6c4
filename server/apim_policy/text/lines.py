"""Lines of a text, and positions in the units that clients count in."""

from __future__ import annotations

import re
from bisect import bisect_right
from enum import Enum
from typing import NamedTuple

from apim_policy.text.span import Span

# Only these end a line, for editors as for the service; str.splitlines also splits at U+2028, VT and others.
_LINE_END = re.compile(r"\r\n|\n|\r")


class Position(NamedTuple):
    """A place in a text: ``line`` and ``column`` from 0, ``column`` in the unit that was asked for."""

    line: int
    column: int


class Unit(Enum):
    """What a column counts."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"
    """Unicode code points, which are the characters of a Python string."""


class LineIndex:
    """The line starts of one text, for conversion between offsets and positions."""

    __slots__ = ("_ascii", "_content_ends", "_starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        starts = [0]
        ends = []
        for match in _LINE_END.finditer(text):
            ends.append(match.start())
            starts.append(match.end())
        ends.append(len(text))
        self._starts = starts
        self._content_ends = ends
        self._ascii = text.isascii()

    @property
    def line_count(self) -> int:
        """Number of lines; a text that ends with a line end has an empty last line."""
        return len(self._starts)

    def line_start(self, line: int) -> int:
        """Offset of the first character of ``line``."""
        return self._starts[line]

    def line_end(self, line: int) -> int:
        """Offset just after the last character of ``line``, before its line end."""
        return self._content_ends[line]

    def line_text(self, line: int) -> str:
        """The characters of ``line`` without its line end."""
        return self.text[self._starts[line] : self._content_ends[line]]

    def line_of(self, offset: int) -> int:
        """The line that holds ``offset``; a line end belongs to the line that it ends."""
        return bisect_right(self._starts, offset) - 1

    def to_remove(self, span: Span) -> Span:
        """What to delete so that no blank line and no trailing space remains of ``span``.

        Its lines whole where nothing else stands on them; with the space before it where it ends its line.
        """
        first, last = self.line_of(span.start), self.line_of(span.end)
        before = self.text[self._starts[first] : span.start]
        after = self.text[span.end : self._content_ends[last]]
        if after.strip():
            return span
        if before.strip():
            return Span(self._starts[first] + len(before.rstrip()), span.end)
        if last + 1 < len(self._starts):
            return Span(self._starts[first], self._starts[last + 1])
        return Span(self._starts[first], self._content_ends[last])

    def position(self, offset: int, unit: Unit = Unit.UTF32) -> Position:
        """The position of ``offset``, which is clamped to the text."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self._starts, offset) - 1
        start = self._starts[line]
        if unit is Unit.UTF32 or self._ascii:
            return Position(line, offset - start)
        before = self.text[start:offset]
        if before.isascii():
            return Position(line, offset - start)
        return Position(line, _width(before, unit))

    def offset(self, line: int, column: int, unit: Unit = Unit.UTF32) -> int:
        """The offset of a position.

        As the Language Server Protocol asks: a column past the end of the line means the end of the line, before its
        line end. A line past the last one means the end of the text. A column in the middle of a character means its
        start.
        """
        if line < 0:
            return 0
        if line >= len(self._starts):
            return len(self.text)
        start, end = self._starts[line], self._content_ends[line]
        if column <= 0:
            return start
        if unit is Unit.UTF32 or self._ascii:
            return min(start + column, end)
        content = self.text[start:end]
        if content.isascii():
            return min(start + column, end)
        taken = 0
        for index, char in enumerate(content):
            taken += _width(char, unit)
            if taken > column:
                return start + index
        return end


def _width(text: str, unit: Unit) -> int:
    # A lone surrogate is no character of any encoding, yet clients send one in the middle of a paste.
    if unit is Unit.UTF8:
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
