"""The mark stands exactly under what is meant, whatever the line holds."""

from __future__ import annotations

import pytest

from apim_policy.report.excerpt import excerpt
from apim_policy.report.style import PLAIN
from apim_policy.text.lines import LineIndex
from apim_policy.text.span import Span
from support.findings import span_of


def shown(text: str, part: str | Span) -> str:
    span = span_of(text, part) if isinstance(part, str) else part
    return "\n".join(excerpt(LineIndex(text), span, 2, PLAIN, str))


def test_one_line():
    assert shown("<a>\n  <b name='x'/>\n</a>", "name='x'") == (
        " 2 |   <b name='x'/>\n"
        "   |      ^^^^^^^^"
    )  # fmt: skip


def test_an_empty_span_has_a_mark_of_one_column():
    assert shown("<a>", Span(3, 3)) == (
        " 1 | <a>\n"
        "   |    ^"
    )  # fmt: skip


def test_tabs_are_expanded_to_stops_of_four():
    assert shown("\ta\t<b/>", "<b/>") == (
        " 1 |     a   <b/>\n"
        "   |         ^^^^"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("before", "columns"),
    [("日本", 4), ("e\u0301", 1), ("🚀", 2), ("é", 1), ("\u200d", 0)],
    ids=["wide", "combining", "emoji", "precomposed", "joiner"],
)
def test_the_mark_counts_columns_not_characters(before: str, columns: int):
    assert shown(f"{before}<b/>", "<b/>") == f" 1 | {before}<b/>\n   | {' ' * columns}^^^^"


def test_a_wide_span_has_a_wide_mark():
    assert shown("<名前/>", "名前") == " 1 | <名前/>\n   |  ^^^^"


def test_what_would_steer_the_terminal_is_shown_as_a_picture():
    text = "<a>\x1b[31m\x00\u202e</a>"
    assert shown(text, "</a>") == (
        " 1 | <a>␛[31m␀\ufffd</a>\n"
        "   |           ^^^^"
    )  # fmt: skip


def test_several_lines_are_joined_by_a_bar():
    text = "<a>\n  <b\n    c='1'>\n</a>"
    assert shown(text, "<b\n    c='1'>") == (
        " 2 | /   <b\n"
        " 3 | |     c='1'>\n"
        "   | |__________^"
    )  # fmt: skip


def test_several_lines_from_within_a_line():
    text = "<set-body>@{\n  return 1;\n}</set-body>"
    assert shown(text, "@{\n  return 1;\n}") == (
        " 1 |   <set-body>@{\n"
        "   |  ___________^\n"
        " 2 | |   return 1;\n"
        " 3 | | }</set-body>\n"
        "   | |_^"
    )  # fmt: skip


def test_of_many_lines_the_middle_is_left_out():
    text = "\n".join(f"line {number}" for number in range(1, 13))
    assert shown(text, Span(0, len(text))) == (
        " 1 | / line 1\n"
        " 2 | | line 2\n"
        " 3 | | line 3\n"
        "...  |\n"
        "10 | | line 10\n"
        "11 | | line 11\n"
        "12 | | line 12\n"
        "   | |_______^"
    )


def test_of_a_long_line_the_part_around_the_mark_is_shown():
    text = "x" * 1000 + "<b/>" + "y" * 1000
    line, mark = shown(text, "<b/>").split("\n")
    assert line == " 1 | ..." + "x" * 40 + "<b/>" + "y" * 116 + "..."
    assert mark == "   | " + " " * 43 + "^^^^"


def test_a_span_that_is_longer_than_what_is_shown_is_marked_as_far_as_it_is_shown():
    text = "<b " + "x" * 1000
    line, mark = shown(text, Span(0, len(text))).split("\n")
    assert len(line) == len(mark) + len("...")


def test_a_mark_at_the_end_of_a_long_line():
    text = "x" * 1000
    line, mark = shown(text, Span(1000, 1000)).split("\n")
    assert mark == "   | " + " " * 43 + "^"
    assert line == " 1 | ..." + "x" * 40


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_ends_are_not_part_of_a_line(end: str):
    text = f"<a>{end}<b/>"
    assert shown(text, Span(0, 3 + len(end))) == " 1 | <a>\n   | ^^^"
