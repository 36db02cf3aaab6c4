"""The marks of fixtures say where findings are."""

from __future__ import annotations

import pytest

from support.markers import parse_markers, with_markers


def test_marks_and_cursor_are_taken_out():
    marked = parse_markers("<a {|XML006:b|}$0/>")
    assert marked.text == "<a b/>"
    assert marked.cursor == 4
    assert marked.expected == [("XML006", (3, 4))]


def test_marks_nest_with_the_outer_one_first():
    marked = parse_markers("{|MCP001:a{|MCP002:b|}|}{|XML001:|}")
    assert marked.text == "ab"
    assert marked.expected == [("MCP001", (0, 2)), ("MCP002", (1, 2)), ("XML001", (2, 2))]


def test_an_interpolated_brace_is_no_mark():
    text = '@($"{a|b}" + "|")'
    assert parse_markers(text).text == text


@pytest.mark.parametrize("source", ["{|XML001:a", "a|}", "$0 $0"])
def test_a_broken_fixture_is_refused(source: str):
    with pytest.raises(ValueError, match=r"mark|cursors"):
        parse_markers(source)


@pytest.mark.parametrize(
    "source", ["a{|XML001:b{|XML002:c|}|}", "{|XML001:a|}{|XML002:b|}", "a{|XML001:|}b", "plain"]
)
def test_marks_can_be_put_back(source: str):
    marked = parse_markers(source)
    assert with_markers(marked.text, marked.expected) == source
