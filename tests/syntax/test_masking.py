"""The twin: the same length, the same lines, and well-formed."""

from __future__ import annotations

import pytest
from lxml import etree

from apim_policy.syntax.masking import masked
from apim_policy.syntax.parser import parse
from support.forms import EVERY_FORM
from support.trees import check_twin

X, BLANK = "x", " "
CASES = {
    "expression in an attribute": ('<a b="@(c("d") < 1)" />', f'<a b="@({X * 11}" />'),
    "expression on two lines": ("<a>@{\r\n return 1 < 2;\n}</a>", f"<a>@{{\r\n{X * 14}\nx</a>"),
    "expression that never closes": ('<a b="@(f("c")" />', f'<a b="@({X * 6}" />'),
    "escaped expression": ("<a>@(b &lt; &quot;c&quot;)</a>", f"<a>@({X * 21}</a>"),
    "named value": ("<a>{{b}}</a>", "<a>{{b}}</a>"),
    "placeholder": ("<a>${b(\"<c>\") && 'd'}</a>", "<a>${b(xxcxx) xx xdx}</a>"),
    "directive": ("<a>%{ if b && c ~}</a>", f"<a>{BLANK * 15}</a>"),
    "placeholders among attributes": (
        "<a ${b(\"<c>\")} d='1' __E__ /><a ${b}>",
        f"<a {BLANK * 11} d='1' {BLANK * 5} /><a {BLANK * 4}>",
    ),
    "placeholders outside the root": ("${a}<b />%{ if c }", f"{BLANK * 4}<b />{BLANK * 9}"),
    "Liquid": (
        '<set-body template="liquid">{% if a < b %}{{ c["d"] }}</set-body>',
        '<set-body template="liquid">{% if a x b %}{{ c[xdx] }}</set-body>',
    ),
    "comment": ("<a><!-- b -- @(c) --></a>", "<a><!-- x xx xxxx --></a>"),
    "CDATA": ("<a><![CDATA[@(b < c)]]></a>", "<a><![CDATA[@(b < c)]]></a>"),
    "prefixes": ("<a:b c:d='1' xmlns:c='e'></a:b>", "<a_b c_d='1' xmlns_c='e'></a_b>"),
    "document type": ("<!DOCTYPE a [\n<!ENTITY b '>'>]><a />", BLANK * 13 + "\n" + BLANK * 17 + "<a />"),
    "mark": ("\ufeff<a />", " <a />"),
    "control character": ("<a>\x00\x0b\ud800\uffff</a>", "<a>xxxx</a>"),
    "astral characters": ('<a>@("😀")😀</a>', "<a>@(xxxx😀</a>"),
}


@pytest.mark.parametrize(("text", "twin"), CASES.values(), ids=CASES)
def test_what_is_no_xml_is_blanked_out(text: str, twin: str) -> None:
    document = parse(text)
    assert masked(document) == twin
    check_twin(document)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_twin_of_every_form_is_well_formed(newline: str) -> None:
    twin = masked(parse(EVERY_FORM.replace("\n", newline)))
    assert etree.fromstring(twin.encode()).tag == "policies"


def test_the_twin_of_an_empty_text_is_empty() -> None:
    assert masked(parse("")) == ""
