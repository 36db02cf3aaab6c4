from __future__ import annotations

import pytest

from apim_policy.text.lines import LineIndex, Position, Unit
from apim_policy.text.span import Span


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("one", ["one"]),
        ("one\n", ["one", ""]),
        ("one\ntwo\r\nthree\rfour", ["one", "two", "three", "four"]),
        ("\r\r\n\n", ["", "", "", ""]),
        ("a\u2028b\u2029c\x0bd\x0ce\x85f\x1cg", ["a\u2028b\u2029c\x0bd\x0ce\x85f\x1cg"]),
    ],
    ids=["empty", "no end", "end", "three kinds of end", "empty lines", "what ends no line"],
)
def test_lines_end_as_editors_have_it(text: str, lines: list[str]) -> None:
    index = LineIndex(text)
    assert [index.line_text(line) for line in range(index.line_count)] == lines


def test_a_line_end_belongs_to_the_line_that_it_ends() -> None:
    index = LineIndex("ab\r\ncd")
    assert [index.line_of(offset) for offset in range(7)] == [0, 0, 0, 0, 1, 1, 1]
    assert (index.line_start(1), index.line_end(0)) == (4, 2)


# Each character is as wide as the units that encode it; the caret stands before the "x".
WIDTHS = [
    ("plain", "abcx", 3, 3, 3),
    ("two bytes", "éx", 2, 1, 1),
    ("three bytes", "€x", 3, 1, 1),
    ("outside the basic plane", "😀x", 4, 2, 1),
    ("with a mark", "\ufeffx", 3, 1, 1),
    ("half a pair", "\ud83dx", 3, 1, 1),
    ("line separator", "\u2028x", 3, 1, 1),
]


@pytest.mark.parametrize(
    ("text", "utf8", "utf16", "utf32"), [case[1:] for case in WIDTHS], ids=[case[0] for case in WIDTHS]
)
def test_columns_count_the_units_that_the_client_asked_for(
    text: str, utf8: int, utf16: int, utf32: int
) -> None:
    index = LineIndex(f"é😀\n{text}")
    offset = index.text.index("x")
    for unit, column in ((Unit.UTF8, utf8), (Unit.UTF16, utf16), (Unit.UTF32, utf32)):
        assert index.position(offset, unit) == Position(1, column)
        assert index.offset(1, column, unit) == offset


@pytest.mark.parametrize(
    ("line", "column", "unit", "before"),
    [
        (0, 99, Unit.UTF16, "\r\n"),
        (0, -1, Unit.UTF16, "a😀"),
        (-1, 5, Unit.UTF16, "a😀"),
        (0, 2, Unit.UTF16, "😀b"),
        (0, 2, Unit.UTF8, "😀b"),
        (0, 4, Unit.UTF8, "😀b"),
        (0, 5, Unit.UTF8, "b\r\n"),
        (9, 0, Unit.UTF16, ""),
        (1, 99, Unit.UTF32, ""),
    ],
)
def test_a_position_that_is_none_means_the_nearest_place_before(
    line: int, column: int, unit: Unit, before: str
) -> None:
    index = LineIndex("a😀b\r\nc")
    offset = index.offset(line, column, unit)
    assert index.text[offset:].startswith(before)
    assert before or offset == len(index.text)


def test_an_offset_outside_the_text_is_clamped() -> None:
    index = LineIndex("ab\ncd")
    assert index.position(-3) == Position(0, 0)
    assert index.position(99) == Position(1, 2)


@pytest.mark.parametrize(
    ("text", "token", "left"),
    [
        ("<a>\n    <b />\n</a>\n", "<b />", "<a>\n</a>\n"),
        ("<a>\r\n    <b />  \r\n</a>", "<b />", "<a>\r\n</a>"),
        ("<a>\n    <b>\n    </b>\n</a>\n", "<b>\n    </b>", "<a>\n</a>\n"),
        ("<a> <b /></a>", "<b />", "<a> </a>"),
        ("<a>  <b />\n</a>", "<b />", "<a>\n</a>"),
        ("<a />\n<b />", "<b />", "<a />\n"),
    ],
    ids=[
        "its line",
        "blanks behind it",
        "several lines",
        "text behind it",
        "text before it",
        "the last line",
    ],
)
def test_what_is_removed_leaves_no_blank_line_behind(text: str, token: str, left: str) -> None:
    index = LineIndex(text)
    start = text.index(token)
    span = index.to_remove(Span(start, start + len(token)))
    assert text[: span.start] + text[span.end :] == left
