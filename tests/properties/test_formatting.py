"""Laws of formatting, for policies of every kind whose layout is spoilt in any way."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from apim_policy.formatting.layout import format_document
from apim_policy.syntax.parser import parse
from apim_policy.text.edits import apply_edits
from apim_policy.text.lines import LineIndex
from apim_policy.text.span import Span
from support.documents import Sample, sound_documents
from support.layouts import after_formatting, check_same_meaning
from support.specimens import MODEL, minimal, wrapped
from support.validators import STRUCTURAL, structural_findings

_BETWEEN_TAGS = re.compile(r"(?<=>)(?=<)")
_IN_TAG = re.compile(r' (?=[a-z-]+="|/>)')
_SPACE_IN_TAG = st.sampled_from((" ", " ", "   ", "\n", "\n\n    ", "\r\n  ", "\t", " \n                "))
_SPACE = st.sampled_from(
    ("", "", "\n", "\n\n\n", " ", "\t", "\n    ", "\r\n  \t", "<!-- a\n  b -->", "\n  <!--c-->\n")
)
_POLICIES = [name for name in MODEL.policy_names if name != "base"]


@st.composite
def spoilt(draw: st.DrawFn) -> str:
    """Documents around one policy, with white space and comments between their tags."""
    name = draw(st.sampled_from(_POLICIES))
    text = draw(st.sampled_from(sorted(wrapped(minimal(MODEL.element(name)).xml(), name).values())))
    text = _IN_TAG.sub(lambda _: draw(_SPACE_IN_TAG), text)
    return _BETWEEN_TAGS.sub(lambda _: draw(_SPACE), text)


def codes(text: str) -> list[str]:
    """The codes of what is wrong with the structure of a document."""
    return [finding.code for finding in structural_findings(parse(text), STRUCTURAL)]


@given(spoilt())
def test_twice_is_once_and_only_layout_changes(text: str) -> None:
    after = after_formatting(text)
    assert isinstance(after, str)
    check_same_meaning(text, after)
    assert format_document(parse(after)) == []
    assert codes(text) == codes(after)


@given(sound_documents())
def test_documents_of_every_form(sample: Sample) -> None:
    after = after_formatting(sample.text)
    if isinstance(after, str):
        check_same_meaning(sample.text, after)
        assert format_document(parse(after)) == []


@given(spoilt(), st.floats(0, 1), st.floats(0, 1))
def test_only_lines_in_the_range_change(text: str, one: float, other: float) -> None:
    start, end = sorted((round(one * len(text)), round(other * len(text))))
    lines = LineIndex(text)
    first, last = lines.line_start(lines.line_of(start)), lines.line_end(lines.line_of(end))
    edits = format_document(parse(text), Span(start, end))
    assert isinstance(edits, list)
    assert all(first <= edit.span.start and edit.span.end <= last for edit in edits)
    check_same_meaning(text, apply_edits(text, edits))


@given(spoilt())
def test_edits_are_as_small_as_can_be(text: str) -> None:
    edits = format_document(parse(text))
    assert isinstance(edits, list)
    for edit in edits:
        old, new = text[edit.span.start : edit.span.end], edit.new_text
        assert old != new
        assert not (old and new) or (old[0] != new[0] and old[-1] != new[-1])
        assert not old.strip()
        assert not new.strip()
