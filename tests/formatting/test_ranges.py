"""Formatting some lines of a document."""

from __future__ import annotations

import pytest

from apim_policy.formatting.layout import format_document
from apim_policy.syntax.parser import parse
from apim_policy.text.edits import apply_edits
from apim_policy.text.span import Span


def formatted(marked: str) -> str:
    """The text after formatting what stands between two carets."""
    before, inner, after = marked.split("‸")
    text = before + inner + after
    edits = format_document(parse(text), Span(len(before), len(before) + len(inner)))
    assert isinstance(edits, list)
    return apply_edits(text, edits)


def test_other_lines_stay_as_they_are() -> None:
    text = "<fragment>\n  <base/>\n‸      <base/>‸\n   <base/>\n  <choose>\n</choose>\n  <base/>\n</fragment>"
    assert formatted(text) == (
        "<fragment>\n  <base/>\n  <base />\n   <base/>\n  <choose>\n</choose>\n  <base/>\n</fragment>"
    )


def test_lines_stand_a_step_deeper_than_what_holds_them_stands() -> None:
    text = (
        "<fragment>\n      <choose>\n‸<when condition='@(true)'>\n<base/>\n</when>‸\n</choose>\n</fragment>"
    )
    assert formatted(text) == (
        "<fragment>\n      <choose>\n            <when condition='@(true)'>\n                  <base />\n            </when>\n"
        "</choose>\n</fragment>"
    )


def test_an_end_tag_stands_as_its_start_tag_does() -> None:
    assert formatted("<fragment>\n   <choose>\n‸</choose>‸\n</fragment>") == (
        "<fragment>\n   <choose>\n   </choose>\n</fragment>"
    )


def test_a_caret_means_its_line() -> None:
    assert formatted("<fragment>\n<base/>\n    <ba‸‸se/>\n<base/>\n</fragment>") == (
        "<fragment>\n<base/>\n    <base />\n<base/>\n</fragment>"
    )


def test_a_selection_of_whole_lines_ends_before_the_next() -> None:
    assert formatted("<fragment>\n    <base />\n‸<base/>\n‸<base/>\n</fragment>") == (
        "<fragment>\n    <base />\n    <base />\n<base/>\n</fragment>"
    )


def test_blank_lines_outside_stay() -> None:
    assert formatted("<fragment>\n    <base />\n\n\n\n‸<base/>‸\n\n\n\n    <base/>\n</fragment>") == (
        "<fragment>\n    <base />\n\n\n\n    <base />\n\n\n\n    <base/>\n</fragment>"
    )


@pytest.mark.parametrize("lines", [(0, 1), (2, 4), (1, 9), (3, 3), (0, 99)])
def test_a_second_time_changes_nothing(lines: tuple[int, int]) -> None:
    text = (
        "<fragment>\n<choose>\n   <when condition='@(true)'>\n <!-- a\n b -->\n<set-header   name='a'\n"
        " exists-action='skip'>\n<value>1</value>\n</set-header>\n<base/>\n</when>\n</choose>\n</fragment>\n"
    )

    def once(source: str) -> str:
        document = parse(source)
        starts = [document.lines.line_start(min(line, document.lines.line_count - 1)) for line in lines]
        edits = format_document(document, Span(*starts))
        assert isinstance(edits, list)
        return apply_edits(source, edits)

    assert once(once(text)) == once(text)
