"""Start tags and end tags whose attributes lack a character, or have one too many."""

from __future__ import annotations

import pytest

from support.faults import check_faults, mended, the_fault

NO_END_QUOTE = 'The value of "{}" has no closing quote. Write one where the value ends.'
NO_START_QUOTE = 'The value of "{}" has no quote before it. Write one.'
NO_QUOTES = 'The value of "{0}" is not in quotes. Write {0}="…".'
NO_SPACE = 'No space stands before "{}". Write one between the attributes.'
NO_AT = 'The value of "{}" reads like code without its "@", so its quotes end the value. Write "@" before it.'
NO_BRACKET = (
    'No bracket follows the "@" of "{}", so the quotes of the code end the value. '
    'An expression begins with "@(" or "@{{".'
)
LONE_QUOTE = 'The quote " belongs to no attribute. Remove it, or write the attribute that it should hold.'


@pytest.mark.parametrize(
    ("tag", "message", "after"),
    [
        (
            '<set-header {|XML005:name="X-A|} exists-action="delete" />',
            NO_END_QUOTE.format("name"),
            '<set-header name="X-A" exists-action="delete" />',
        ),
        (
            "<set-header {|XML005:name='X-A|} exists-action='delete' />",
            NO_END_QUOTE.format("name"),
            "<set-header name='X-A' exists-action='delete' />",
        ),
        (
            '<set-header {|XML005:name="X-A|}\n    exists-action="delete" />',
            NO_END_QUOTE.format("name"),
            '<set-header name="X-A"\n    exists-action="delete" />',
        ),
        (
            '<set-header {|XML005:name="X-A|}>\n<value>"a"</value>\n</set-header>',
            NO_END_QUOTE.format("name"),
            '<set-header name="X-A">\n<value>"a"</value>\n</set-header>',
        ),
        (
            '<set-variable name="a" {|XML005:value="@(b["c"])|} />\n<set-variable name="d" value="e" />',
            NO_END_QUOTE.format("value"),
            '<set-variable name="a" value="@(b["c"])" />\n<set-variable name="d" value="e" />',
        ),
        (
            '<log-to-eventhub {|XML005:logger-id="a|}>@{ return "b"; }</log-to-eventhub>',
            NO_END_QUOTE.format("logger-id"),
            '<log-to-eventhub logger-id="a">@{ return "b"; }</log-to-eventhub>',
        ),
        (
            '<set-header {|XML005:name=X-A"|} exists-action="delete" />',
            NO_START_QUOTE.format("name"),
            '<set-header name="X-A" exists-action="delete" />',
        ),
        (
            '<dimension {|XML005:name=Client IP"|} value="a" />',
            NO_START_QUOTE.format("name"),
            '<dimension name="Client IP" value="a" />',
        ),
        (
            '<set-backend-service {|XML005:base-url=https://example.com/a?b=c"|} />',
            NO_START_QUOTE.format("base-url"),
            '<set-backend-service base-url="https://example.com/a?b=c" />',
        ),
        (
            '<set-variable name="a" {|XML005:value=@(b["c"] + "d")"|} />',
            NO_START_QUOTE.format("value"),
            '<set-variable name="a" value="@(b["c"] + "d")" />',
        ),
        (
            "<set-header {|XML005:name=X-A|} exists-action='delete' />",
            NO_QUOTES.format("name"),
            "<set-header name=\"X-A\" exists-action='delete' />",
        ),
        (
            "<set-backend-service {|XML005:base-url=https://example.com/a|} />",
            NO_QUOTES.format("base-url"),
            '<set-backend-service base-url="https://example.com/a" />',
        ),
        (
            '<set-variable {|XML005:value=@(b["c"])|} />',
            NO_QUOTES.format("value"),
            '<set-variable value="@(b["c"])" />',
        ),
        (
            '<set-header {|XML005:name=X|} %{ if a }b="c"%{ endif } ${more} />',
            NO_QUOTES.format("name"),
            '<set-header name="X" %{ if a }b="c"%{ endif } ${more} />',
        ),
        (
            '<set-header {|XML005:name|}"X-A" exists-action="delete" />',
            'No "=" stands between "name" and its value. Write name="…".',
            '<set-header name="X-A" exists-action="delete" />',
        ),
        (
            '<set-header name="X-A"{|XML005:exists-action|}="delete" />',
            NO_SPACE.format("exists-action"),
            '<set-header name="X-A" exists-action="delete" />',
        ),
        (
            '<set-variable value="@(a["b"])"{|XML005:name|}="c" />',
            NO_SPACE.format("name"),
            '<set-variable value="@(a["b"])" name="c" />',
        ),
        (
            '<set-header{|XML005:name|}="X-A" exists-action="delete" />',
            'No space stands between the name of the element and "name". Write one.',
            '<set-header name="X-A" exists-action="delete" />',
        ),
        (
            '<claim{|XML005:match|}="any"><value>a</value></claim>',
            'No space stands between the name of the element and "match". Write one.',
            '<claim match="any"><value>a</value></claim>',
        ),
        (
            '<set-header name="X-A"{|XML005:"|} exists-action="delete" />',
            LONE_QUOTE,
            '<set-header name="X-A" exists-action="delete" />',
        ),
        (
            '<set-header name="{|XML005:"|}X-A" exists-action="delete" />',
            LONE_QUOTE,
            '<set-header name="X-A" exists-action="delete" />',
        ),
        (
            '<set-variable name="a" value="{|XML005:"|}@(b["c"])" />',
            LONE_QUOTE,
            '<set-variable name="a" value="@(b["c"])" />',
        ),
        (
            '<set-header name="X-A"{|XML005:,|} exists-action="delete" />',
            '"," belongs to no attribute. A start tag holds only attributes, as in name="value". Remove it.',
            '<set-header name="X-A" exists-action="delete" />',
        ),
        (
            '<set-header name="{|XML005:the "A" header|}" exists-action="delete" />',
            'The value of "name" holds the quote that also ends it. Write &quot;, or put the value in the other quotes.',
            '<set-header name="the &quot;A&quot; header" exists-action="delete" />',
        ),
        (
            '<set-variable name="a" value="{|XML005:(b["c"] < 1)|}" />',
            NO_AT.format("value"),
            '<set-variable name="a" value="@(b["c"] < 1)" />',
        ),
        (
            '<set-variable name="a" value="{|XML005:{\n    var b = "c";\n    return b;\n}|}" />',
            NO_AT.format("value"),
            '<set-variable name="a" value="@{\n    var b = "c";\n    return b;\n}" />',
        ),
        (
            '<set-variable name="a" value="{|XML005:@b["c"])|}" />',
            NO_BRACKET.format("value"),
            '<set-variable name="a" value="@(b["c"])" />',
        ),
        (
            '<set-variable name="a" value="{|XML005:@\n    var b = "c";\n    return b;\n}|}" />',
            NO_BRACKET.format("value"),
            '<set-variable name="a" value="@{\n    var b = "c";\n    return b;\n}" />',
        ),
        (
            "<set-method>GET</{|XML005: |}set-method>",
            'A space stands between "</" and "set-method". Remove it.',
            "<set-method>GET</set-method>",
        ),
        (
            "<{|XML005: |}set-method>GET</set-method>",
            'A space stands between "<" and "set-method". Remove it.',
            "<set-method>GET</set-method>",
        ),
        (
            "<set-method>GET</set-method {|XML005:a=1|}>",
            'An end tag holds only its name, not "a=1". Remove it.',
            "<set-method>GET</set-method>",
        ),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_one_finding_says_what_is_missing_and_the_fix_writes_it(
    tag: str, message: str, after: str, line_end: str
):
    source = f"<fragment>\n{tag}\n<base />\n</fragment>".replace("\n", line_end)
    _, finding = the_fault(source)
    assert finding.message == message
    assert mended(source) == f"<fragment>\n{after}\n<base />\n</fragment>".replace("\n", line_end)


@pytest.mark.parametrize(
    ("tag", "message"),
    [
        (
            '<set-header {|XML005:name|} exists-action="delete" />',
            '"name" has no value. Write name="…", or remove it.',
        ),
        (
            '<set-header {|XML005:name=|} exists-action="delete" />',
            '"name" has no value. Write name="…", or remove it.',
        ),
        (
            '<set-header {|XML005:"X-A"|} exists-action="delete" />',
            '"X-A" is a value without a name. Write name="value", or remove it.',
        ),
        (
            '<set-header exists-action="delete" {|XML005:="X-A"|} />',
            '="X-A" is a value without a name. Write name="value", or remove it.',
        ),
        ('<set-variable name="a" value="{|XML005:@b<c>("d")|}" />', NO_BRACKET.format("value")),
    ],
)
def test_what_only_the_author_knows_has_no_fix(tag: str, message: str):
    _, finding = the_fault(f"<fragment>{tag}</fragment>")
    assert finding.message == message
    assert finding.fixes == ()


@pytest.mark.parametrize(
    "tag",
    [
        "<a b = \"c\"\td\n=\n'e' />",
        "<a b='\"' c=\"'\" />",
        '<a b="@(c["d"])" e=\'@{ return "f" + \'g\'; }\' />',
        '<a b="{{c}}" ${d} __E__ %{ if f }g="h"%{ endif } />',
        '<a b="a=b c=d" />',
        '<a b="x=" c=" y" />',
        '<a b="(c)" d="{e}" f="@g" />',
        '<x:a y:b="c" />',
        '<a b="&quot;@(c)&quot;" />',
    ],
)
def test_what_xml_allows_is_no_finding(tag: str):
    check_faults(f"<fragment>{tag}</fragment>")
