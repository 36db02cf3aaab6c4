"""Start tags without an end tag, or without their ``>``."""

from __future__ import annotations

import pytest

from support.faults import applied, check_faults, findings, mended, the_fault

HEADER = """\
<policies>
    <inbound>
        <base />
        {|XML001:<set-header name="X-A" exists-action="override">|}
            <value>a</value>
    </inbound>
</policies>
"""


def test_the_end_tag_goes_on_its_own_line_below_what_the_element_holds():
    _, finding = the_fault(HEADER)
    assert (
        finding.message
        == "<set-header> has no end tag before the </inbound> of line 6. Write </set-header> where it ends."
    )
    assert mended(HEADER) == (
        "<policies>\n"
        "    <inbound>\n"
        "        <base />\n"
        '        <set-header name="X-A" exists-action="override">\n'
        "            <value>a</value>\n"
        "        </set-header>\n"
        "    </inbound>\n"
        "</policies>\n"
    )


def test_the_end_tag_that_came_too_early_is_the_other_place():
    text, finding = the_fault(HEADER)
    (related,) = finding.related
    assert text[related.span.start : related.span.end] == "</inbound>"


def test_line_ends_stay_those_of_the_file():
    after = mended(HEADER.replace("\n", "\r\n"))
    assert "            <value>a</value>\r\n        </set-header>\r\n    </inbound>" in after
    assert after.count("\n") == after.count("\r\n")


@pytest.mark.parametrize(
    ("source", "after"),
    [
        pytest.param(
            '<policies><inbound>{|XML001:<set-header name="a">|}<value>b</value></inbound></policies>',
            '<policies><inbound><set-header name="a"><value>b</value></set-header></inbound></policies>',
            id="on one line",
        ),
        pytest.param(
            "<fragment>\n    {|XML001:<set-method>|}GET\n    <base />\n</fragment>",
            "<fragment>\n    <set-method>GET</set-method>\n    <base />\n</fragment>",
            id="text before the next policy",
        ),
        pytest.param(
            '<fragment>\n<set-header name="a">\n{|XML001:<value>|}@(context.User.Id + "</value>")\n</set-header>\n</fragment>',
            '<fragment>\n<set-header name="a">\n<value>@(context.User.Id + "</value>")</value>\n</set-header>\n</fragment>',
            id="an expression, and no indentation",
        ),
        pytest.param(
            '<fragment>\n  {|XML001:<set-body template="liquid">|}{{body.a}}<x:y>{% if a < b %}</x:y>\n  <set-method>GET</set-method>\n</fragment>',
            '<fragment>\n  <set-body template="liquid">{{body.a}}<x:y>{% if a < b %}</x:y>\n  </set-body>\n  <set-method>GET</set-method>\n</fragment>',
            id="Liquid with foreign XML",
        ),
        pytest.param(
            '<fragment>\n  {|XML001:<set-body>|}<![CDATA[@{ return "</set-body>"; }]]>\n  <set-method>GET</set-method>\n</fragment>',
            '<fragment>\n  <set-body><![CDATA[@{ return "</set-body>"; }]]></set-body>\n  <set-method>GET</set-method>\n</fragment>',
            id="CDATA",
        ),
        pytest.param(
            "<fragment>\n  <!-- @( -->\n  <choose>\n    {|XML001:<when condition='@(a < b)'>|}\n      <!-- ) -->\n      <set-method>${method}</set-method>\n    <otherwise />\n  </choose>\n</fragment>",
            "<fragment>\n  <!-- @( -->\n  <choose>\n    <when condition='@(a < b)'>\n      <!-- ) -->\n      <set-method>${method}</set-method>\n    </when>\n    <otherwise />\n  </choose>\n</fragment>",
            id="branches, comments with an expression, single quotes, a placeholder",
        ),
        pytest.param(
            "<fragment>\n  <validate-jwt>\n    {|XML001:<audiences>|}\n      <audience>{{a}}</audience>\n    <issuers>\n      <issuer>b</issuer>\n    </issuers>\n  </validate-jwt>\n</fragment>",
            "<fragment>\n  <validate-jwt>\n    <audiences>\n      <audience>{{a}}</audience>\n    </audiences>\n    <issuers>\n      <issuer>b</issuer>\n    </issuers>\n  </validate-jwt>\n</fragment>",
            id="a sibling that only its indentation shows",
        ),
        pytest.param(
            "<policies>\n  <inbound>\n    {|XML001:<base>|}\n  </inbound>\n</policies>",
            "<policies>\n  <inbound>\n    <base />\n  </inbound>\n</policies>",
            id="nothing in it",
        ),
        pytest.param(
            "<policies>\n  <inbound>\n    <base />\n  </inbound>\n  {|XML001:<backend>|}\n    <base />\n  <outbound>\n    <base />\n  </outbound>\n</policies>",
            "<policies>\n  <inbound>\n    <base />\n  </inbound>\n  <backend>\n    <base />\n  </backend>\n  <outbound>\n    <base />\n  </outbound>\n</policies>",
            id="a section",
        ),
        pytest.param(
            "{|XML001:<policies>|}\n    <inbound>\n        <base />\n    </inbound>\n",
            "<policies>\n    <inbound>\n        <base />\n    </inbound>\n</policies>\n",
            id="the root",
        ),
        pytest.param(
            '<fragment>\n%{ for name in names ~}\n  {|XML001:<set-header name="${name}" exists-action="override">|}\n    <value>a</value>\n%{ endfor ~}\n</fragment>',
            '<fragment>\n%{ for name in names ~}\n  <set-header name="${name}" exists-action="override">\n    <value>a</value>\n%{ endfor ~}\n  </set-header>\n</fragment>',
            id="between directives",
        ),
    ],
)
def test_an_element_ends_where_it_visibly_ends(source: str, after: str):
    assert mended(source) == after


@pytest.mark.parametrize(
    ("source", "after"),
    [
        pytest.param(
            '<fragment>\n  {|XML001:<set-header|} name="a"\n    <value>b</value>\n  </set-header>\n</fragment>',
            '<fragment>\n  <set-header name="a">\n    <value>b</value>\n  </set-header>\n</fragment>',
            id="before a child",
        ),
        pytest.param(
            '<fragment>\n  {|XML001:<set-header|} name="a" exists-action="delete"\n  <set-method>GET</set-method>\n</fragment>',
            '<fragment>\n  <set-header name="a" exists-action="delete" />\n  <set-method>GET</set-method>\n</fragment>',
            id="no end tag either",
        ),
        pytest.param(
            "<policies><inbound>{|XML001:<base|} /</inbound></policies>",
            "<policies><inbound><base /></inbound></policies>",
            id="after the slash",
        ),
        pytest.param(
            "<fragment><set-method>{|XML001:<value|}gateway</value></set-method></fragment>",
            "<fragment><set-method><value>gateway</value></set-method></fragment>",
            id="the text is glued to the name",
        ),
        pytest.param(
            "<fragment><set-header>{|XML001:<value|}@(a < b ? c : d)</value></set-header></fragment>",
            "<fragment><set-header><value>@(a < b ? c : d)</value></set-header></fragment>",
            id="an expression is glued to the name",
        ),
        pytest.param(
            "<fragment>{|XML001:<trace|} source='a'some text</trace></fragment>",
            "<fragment><trace source='a'>some text</trace></fragment>",
            id="text after an attribute",
        ),
    ],
)
def test_a_start_tag_without_its_bracket(source: str, after: str):
    _, finding = the_fault(source)
    assert finding.message.endswith('has no ">" at its end. Write it before what follows.')
    assert mended(source) == after


@pytest.mark.parametrize(
    ("source", "after"),
    [
        pytest.param(
            '<policies>\n    <inbound>\n        {|XML001:<set-header name="a">|}\n            <value>b</va',
            '<policies>\n    <inbound>\n        <set-header name="a">\n            <value>b</value>\n        </set-header>\n    </inbound>\n</policies>',
            id="in an end tag",
        ),
        pytest.param(
            '<policies>\n    {|XML001:<inbound>|}\n        <base />\n        <set-header name="a',
            '<policies>\n    <inbound>\n        <base />\n        <set-header name="a" />\n    </inbound>\n</policies>',
            id="in a value",
        ),
        pytest.param(
            "<policies>\n    {|XML001:<inbound>|}\n        <!-- a",
            "<policies>\n    <inbound>\n        <!-- a -->\n    </inbound>\n</policies>",
            id="in a comment",
        ),
    ],
)
def test_a_text_that_is_cut_off_is_one_finding(source: str, after: str):
    _, finding = the_fault(source)
    assert finding.message.startswith("The document ends inside <")
    assert "nothing from <policies> of line 1 on is closed" in finding.message
    assert mended(source) == after


def test_what_is_cut_off_in_the_name_of_an_attribute_is_left_to_the_author():
    _, finding = the_fault("<policies>\n    {|XML001:<inbound>|}\n        <set-header na")
    assert finding.fixes == ()


def test_an_expression_that_is_cut_off_is_the_only_finding():
    check_faults('<policies>\n    <inbound>\n        <set-variable name="a" value="{|XML004:@(|}context.')


@pytest.mark.parametrize(
    ("source", "message", "after"),
    [
        (
            "<fragment><set-body>{|XML001:<![CDATA[|}a < b</set-body></fragment>",
            '"<![CDATA[" has no "]]>" at its end. Write it where the text ends.',
            "<fragment><set-body><![CDATA[a < b]]></set-body></fragment>",
        ),
        (
            '{|XML001:<?|}xml version="1.0">\n<policies />',
            'This "<?" has no "?>" at its end. Write it where the instruction ends.',
            '<?xml version="1.0"?>\n<policies />',
        ),
    ],
)
def test_other_constructs_that_never_end(source: str, message: str, after: str):
    _, finding = the_fault(source)
    assert finding.message == message
    assert mended(source) == after


def test_each_of_two_elements_is_a_finding_of_its_own():
    text, found = check_faults(
        '<policies>\n  <inbound>\n    {|XML001:<choose>|}\n      {|XML001:<when condition="@(true)">|}\n        <base />\n  </inbound>\n</policies>'
    )
    for finding in found:
        assert len(findings(applied(text, finding.fixes[0]))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "<policies>\n  <inbound><base/></inbound >\n</policies>",
        '<fragment><set-body template="liquid"><a>{{ b }}</a></set-body></fragment>',
        "<policies>\n  ${sections}\n</policies>",
        "<fragment><value /></fragment>",
    ],
)
def test_what_is_closed_is_no_finding(text: str):
    check_faults(text)
