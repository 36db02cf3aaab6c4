"""Characters that XML does not take where they stand."""

from __future__ import annotations

import pytest

from apim_policy.rules.model import Applicability
from support.faults import applied, check_faults, findings, mended, the_fault

LESS_THAN = 'A bare "<" begins a tag. Write &lt; for the character.'
AMPERSAND = 'A bare "&" begins an entity. Write &amp; for the character.'


@pytest.mark.parametrize(
    ("inner", "message", "after"),
    [
        (
            '<rewrite-uri template="/a?b=c{|XML007:&|}d=e" />',
            AMPERSAND,
            '<rewrite-uri template="/a?b=c&amp;d=e" />',
        ),
        (
            "<rewrite-uri template='/a?b=c{|XML007:&|}d=e' />",
            AMPERSAND,
            "<rewrite-uri template='/a?b=c&amp;d=e' />",
        ),
        ('<a b="${c}{|XML007:&|}{{d}}" />', AMPERSAND, '<a b="${c}&amp;{{d}}" />'),
        ("<set-body>a {|XML007:&&|} b</set-body>", AMPERSAND, "<set-body>a &amp;&amp; b</set-body>"),
        ("<set-body>a {|XML007:<|} b</set-body>", LESS_THAN, "<set-body>a &lt; b</set-body>"),
        ("<set-body>a {|XML007:<|}b</set-body>", LESS_THAN, "<set-body>a &lt;b</set-body>"),
        ("<set-body>a {|XML007:<|}/ b</set-body>", LESS_THAN, "<set-body>a &lt;/ b</set-body>"),
        ("<set-body>{|XML007:<|}1></set-body>", LESS_THAN, "<set-body>&lt;1></set-body>"),
        ("<set-body>{|XML007:<|}!a></set-body>", LESS_THAN, "<set-body>&lt;!a></set-body>"),
        ('<a b="c{|XML007:<|}d" />', LESS_THAN, '<a b="c&lt;d" />'),
        (
            "<set-body>@(a < b && c) {|XML007:<|} 2</set-body>",
            LESS_THAN,
            "<set-body>@(a < b && c) &lt; 2</set-body>",
        ),
        (
            '<set-body template="liquid">{{ a & b }}{% if a < b %} c {|XML007:&|} d</set-body>',
            AMPERSAND,
            '<set-body template="liquid">{{ a & b }}{% if a < b %} c &amp; d</set-body>',
        ),
        (
            "<set-body>{|XML007:&nbsp;|}</set-body>",
            '"&nbsp;" is an entity of HTML, not of XML. Write &#160;.',
            "<set-body>&#160;</set-body>",
        ),
        (
            "<set-body>{|XML007:&name;|}</set-body>",
            '"&name;" is no entity of XML, which knows &lt;, &gt;, &amp;, &quot; and &apos;. Write &amp; for its "&".',
            "<set-body>&amp;name;</set-body>",
        ),
        (
            "<set-body>{|XML007:&lt|} 5</set-body>",
            '"&lt" has no ";" at its end. Write it.',
            "<set-body>&lt; 5</set-body>",
        ),
        (
            "<set-body>a{|XML007:&#0;|}{{b}}</set-body>",
            '"&#0;" stands for a character that XML does not allow. Remove it.',
            "<set-body>a{{b}}</set-body>",
        ),
        (
            "<set-body>a{|XML007:\x00\x01|}b</set-body>",
            "The control character U+0000U+0001 may not stand in XML. Remove it.",
            "<set-body>ab</set-body>",
        ),
        (
            "<!-- a\x0b -->".replace("\x0b", "{|XML007:\x0b|}"),
            "The control character U+000B may not stand in XML. Remove it.",
            "<!-- a -->",
        ),
        (
            '<set-header{|XML007:\u00a0|}name="a\u00a0b" />',
            "U+00A0 is no white space inside a tag, though it looks like it: XML takes spaces, tabs and line ends.",
            '<set-header name="a\u00a0b" />',
        ),
        (
            '<set-body>{|XML007:{|} return a.As<string>("b"); }</set-body>',
            'This reads like code without "@" before its "{", and so its "<" begins a tag. Write "@{".',
            '<set-body>@{ return a.As<string>("b"); }</set-body>',
        ),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_fix_writes_the_character_so_that_xml_takes_it(
    inner: str, message: str, after: str, line_end: str
):
    source = f"<fragment>{line_end}{inner}{line_end}<base />{line_end}</fragment>"
    _, finding = the_fault(source)
    assert finding.message == message
    assert finding.fixes[0].applicability is Applicability.SAFE
    assert mended(source) == f"<fragment>{line_end}{after}{line_end}<base />{line_end}</fragment>"


def test_a_control_character_in_an_expression_is_not_removed_unasked():
    text, finding = the_fault('<fragment><set-body>@("a{|XML007:\x0c|}b")</set-body></fragment>')
    assert finding.fixes[0].applicability is Applicability.UNSAFE
    assert findings(applied(text, finding.fixes[0])) == []


def test_code_without_its_bracket():
    _, finding = the_fault(
        '<fragment><set-body>{|XML007:@|}context.As<string>("a")</set-body><base /></fragment>'
    )
    assert finding.message == (
        'No bracket follows this "@", and so the "<" after it begins a tag. An expression begins with "@(" or "@{".'
    )
    assert finding.fixes == ()


def test_each_character_is_a_finding():
    text, found = check_faults(
        '<fragment><a b="{|XML007:<|}c{|XML007:&|}{|XML007:&d;|}" /><e>{|XML007:<|} {|XML007:&|}</e></fragment>'
    )
    for finding in found:
        assert len(findings(applied(text, finding.fixes[0]))) == len(found) - 1


@pytest.mark.parametrize(
    "text",
    [
        '<set-body>@(a < b && c.As<string>("&nbsp;&"))</set-body>',
        '<a b="@(c < d && e)" f="@(g &lt; h &amp;&amp; i)" />',
        "<set-body><![CDATA[a < b && c &d;]]></set-body>",
        "<set-body>&lt;&gt;&amp;&quot;&apos;&#65;&#x1F600; > ' \"</set-body>",
        "<!-- a < b && c &d; -->",
        '<set-body template="liquid">{{ a < b && c }}</set-body>',
        '<set-body>{ "a": 1 }</set-body>',
        "<set-body>\u2028\u00e9\U0001f600\t</set-body>",
    ],
)
def test_what_xml_allows_is_no_finding(text: str):
    check_faults(f"<fragment>{text}</fragment>")
