"""What a finding is recognised by, whatever is edited around it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from apim_policy.lint.fingerprints import digest, fingerprint
from apim_policy.text.lines import LineIndex
from support.findings import finding, span_of

LINE = '<set-header name="ü🚀" name="b">'
others = st.lists(
    st.text(st.characters(exclude_characters="\r\nü", exclude_categories=["Cs"]), max_size=20), max_size=5
)
ends = st.sampled_from(["\n", "\r\n", "\r"])
blanks = st.text(" \t", max_size=9)


def mark(text: str, marked: str = 'name="b"') -> str:
    return fingerprint(finding(span_of(text, marked), code="XML006"), LineIndex(text))


@settings(deadline=None)
@given(before=others, after=others, end=ends, indent=blanks, behind=blanks)
def test_it_survives_edits_of_other_lines_and_of_white_space(
    before: list[str], after: list[str], end: str, indent: str, behind: str
):
    known = fingerprint(finding(span_of(LINE, 'name="b"'), code="XML006"), LineIndex(LINE))
    text = end.join([*before, f"{indent}{LINE}{behind}", *after])
    start = len(end.join([*before, ""])) + len(indent) + LINE.index('name="b"')
    span = type(span_of(LINE, LINE))(start, start + len('name="b"'))
    assert fingerprint(finding(span, code="XML006"), LineIndex(text)) == known


def test_it_depends_on_the_line_the_mark_and_the_code():
    marks = [
        mark(LINE),
        mark(LINE, 'name="ü🚀"'),
        mark(LINE.replace("🚀", "")),
        fingerprint(finding(span_of(LINE, 'name="b"'), code="XML001"), LineIndex(LINE)),
    ]
    assert len(set(marks)) == len(marks)


def test_of_what_goes_over_several_lines_the_first_counts():
    text = "<a>\n  <b\n  c='1'>\n</a>"
    assert mark(text, "<b\n  c='1'>") == mark(text.replace("1", "2"), "<b\n  c='2'>")


def test_a_finding_in_no_text_has_one_too():
    assert len(fingerprint(finding(span_of("x", "x")), LineIndex(""))) == 20


def test_it_tells_nothing_of_the_text():
    assert digest("secret") != digest("secreT")
    assert "secret" not in digest("secret")
    assert len(digest("\ud83d")) == 20
