"""Source lines with a mark under what a finding means."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from apim_policy.report.style import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from apim_policy.report.style import Style
    from apim_policy.text.lines import LineIndex
    from apim_policy.text.span import Span

TAB = 4
"""Columns between tab stops."""

_LONGEST = 160
"""Characters of a line that are shown; of a longer line, those around the mark."""
_CONTEXT = 40
"""Characters shown before the mark in a line that is cut."""
_CUT = "..."
_MOST_LINES = 6
"""A mark over more lines is shown with the lines in its middle left out."""


def last_line(lines: LineIndex, span: Span) -> int:
    """The line, from 0, that holds the last character of a span."""
    return lines.line_of(max(span.start, span.end - 1))


def excerpt(
    lines: LineIndex, span: Span, gutter: int, style: Style, mark: Callable[[str], str], character: str = "^"
) -> Iterator[str]:
    """The lines that a span touches, each behind its number in a gutter of ``gutter`` digits, with the span marked.

    ``mark`` colours the mark, which is made of ``character``.
    """
    first, last = lines.line_of(span.start), last_line(lines, span)
    if first == last:
        yield from _one_line(lines, first, span, gutter, style, mark, character)
    else:
        yield from _many_lines(lines, first, last, span, gutter, style, mark, character)


def _one_line(
    lines: LineIndex,
    line: int,
    span: Span,
    gutter: int,
    style: Style,
    mark: Callable[[str], str],
    character: str,
) -> Iterator[str]:
    shown, columns, offset = _display(lines, line, span.start)
    left = columns[min(max(span.start - offset, 0), len(columns) - 1)]
    right = columns[min(max(span.end - offset, 0), len(columns) - 1)]
    yield _row(str(line + 1), gutter, shown, style)
    yield _row("", gutter, " " * left + mark(character * max(1, right - left)), style)


def _many_lines(
    lines: LineIndex,
    first: int,
    last: int,
    span: Span,
    gutter: int,
    style: Style,
    mark: Callable[[str], str],
    character: str,
) -> Iterator[str]:
    rows: list[int | None] = list(range(first, last + 1))
    if len(rows) > _MOST_LINES:
        rows[_MOST_LINES // 2 : -(_MOST_LINES // 2)] = [None]
    for line in rows:
        if line is None:
            yield f"{style.gutter('...')}{' ' * gutter}{mark('|')}"
            continue
        shown, columns, offset = _display(
            lines, line, span.start if line == first else lines.line_start(line)
        )
        at_start = line == first and not shown[: columns[span.start - offset]].strip()
        edge = mark("/") if at_start else " " if line == first else mark("|")
        yield _row(str(line + 1), gutter, f"{edge} {shown}", style)
        if line == first and not at_start:
            yield _row("", gutter, " " + mark("_" * (columns[span.start - offset] + 1) + character), style)
        if line == last:
            right = columns[min(span.end - offset, len(columns) - 1)]
            yield _row("", gutter, mark("|" + "_" * right + character), style)


def _row(number: str, gutter: int, content: str, style: Style) -> str:
    return f"{style.gutter(f'{number:>{gutter}} |')} {content}".rstrip()


def _display(lines: LineIndex, line: int, focus: int) -> tuple[str, list[int], int]:
    """A line as it is shown, the column of each of its characters and of its end, and the offset of the first one.

    Tabs are expanded and characters that would steer the terminal replaced. Of a long line only the part around the
    offset ``focus`` is shown.
    """
    start, end = lines.line_start(line), lines.line_end(line)
    before, after = "", ""
    if end - start > _LONGEST:
        if focus - start > _LONGEST - _CONTEXT:
            start, before = min(focus, end) - _CONTEXT, _CUT
        if end - start > _LONGEST:
            end, after = start + _LONGEST, _CUT
    text = "\t".join(map(printable, lines.text[start:end].split("\t")))
    column = len(before)
    if text.isascii() and "\t" not in text:
        return before + text + after, list(range(column, column + len(text) + 1)), start
    pieces: list[str] = []
    columns = []
    for character in text:
        columns.append(column)
        if character == "\t":
            width = TAB - (column - len(before)) % TAB
            pieces.append(" " * width)
        else:
            width = _width(character)
            pieces.append(character)
        column += width
    columns.append(column)
    return before + "".join(pieces) + after, columns, start


def _width(character: str) -> int:
    """Columns that a terminal gives a character."""
    if character.isascii():
        return 1
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
