"""Attributes that stand twice in one start tag."""

from __future__ import annotations

import pytest

from apim_policy.rules.model import Applicability
from support.faults import applied, check_faults, findings, mended, the_fault

TWICE = '<fragment>\n  <set-header name="a" exists-action="delete"\n    {|XML006:name="b"|} />\n</fragment>'


def test_the_finding_is_at_the_second_and_names_the_line_of_the_first():
    text, finding = the_fault(TWICE)
    assert finding.message == '"name" stands twice in this start tag, first on line 2. Keep one of them.'
    (related,) = finding.related
    assert text[related.span.start : related.span.end] == 'name="a"'


def test_the_fix_removes_the_second_and_is_unsafe():
    _, finding = the_fault(TWICE)
    assert finding.fixes[0].applicability is Applicability.UNSAFE
    assert mended(TWICE) == '<fragment>\n  <set-header name="a" exists-action="delete" />\n</fragment>'


@pytest.mark.parametrize(
    "source",
    [
        "<fragment><set-variable name='a' value=\"@(a[\"name\"])\" {|XML006:value='@{ return 1; }'|} /></fragment>",
        '<fragment><set-variable name="{{a}}" {|XML006:name="${b}"|} %{ if c }{|XML006:name="c"|}%{ endif } /></fragment>',
        '<fragment>\r\n<set-variable\r\n\tname="a"\r\n\t{|XML006:name=""|}\r\n/></fragment>',
        '<fragment><a b="&lt;" {|XML006:b="&gt;"|} {|XML006:b="&amp;"|} /></fragment>',
    ],
)
def test_each_further_one_is_a_finding(source: str):
    text, found = check_faults(source)
    after = applied(text, found[0].fixes[0])
    assert len(findings(after)) == len(found) - 1


@pytest.mark.parametrize(
    "text",
    [
        '<a b="1" B="2" x:b="3" />',
        '<a b="1"><a b="2" /></a>',
        '<a b="b=1 b=2" /><!-- <a b="1" b="2" /> -->',
    ],
)
def test_other_names_and_other_tags_do_not_count(text: str):
    check_faults(f"<fragment>{text}</fragment>")
