"""What formatting changes, and what it never touches."""

from __future__ import annotations

import pytest

from apim_policy.formatting.layout import format_document
from apim_policy.formatting.shape import Obstacle, Unformattable, reason
from apim_policy.syntax.parser import parse
from apim_policy.text.edits import apply_edits
from support.forms import EVERY_FORM
from support.policies import inbound

LAID_OUT = """\
<policies>
    <inbound>
        <base />
        <set-header name="A" exists-action="override">
            <value>@(context.RequestId)</value>
        </set-header>
    </inbound>
</policies>
"""


def formatted(text: str) -> str:
    """The text as it should be, which formatting once more does not change."""
    edits = format_document(parse(text))
    assert not isinstance(edits, Unformattable), edits
    new = apply_edits(text, edits)
    assert format_document(parse(new)) == []
    return new


def body(content: str) -> str:
    """A document, laid out but for what its inbound section holds."""
    return f"<policies>\n    <inbound>\n{content}\n    </inbound>\n</policies>\n"


@pytest.mark.parametrize(
    "text",
    [
        LAID_OUT,
        LAID_OUT.replace("    ", "  "),
        LAID_OUT.replace("    ", "\t"),
        LAID_OUT.replace("\n", "\r\n"),
        LAID_OUT.replace("\n", "\r"),
        LAID_OUT.removesuffix("\n"),
        "\ufeff" + LAID_OUT,
        body("        <set-header name='A'><value>1</value><value>2</value></set-header>"),
        body("        <base /> <!-- why -->\n        <!-- what --> <base />"),
        body("        <base />        <!-- lined up by hand -->"),
        "<policies>\n    <backend></backend>\n    <outbound>\n    </outbound>\n</policies>",
        "<fragment><base /></fragment>",
    ],
    ids=[
        *("four blanks", "two blanks", "tabs", "crlf", "cr", "no last line end", "mark"),
        *("values on one line", "comments beside policies", "comment lined up"),
        *("empty sections", "one policy on a line"),
    ],
)
def test_what_is_laid_out_stays(text: str) -> None:
    assert formatted(text) == text


@pytest.mark.parametrize(
    "spoilt",
    [
        LAID_OUT.replace("            <value>", "<value>"),
        LAID_OUT.replace("        <base />\n", "\t  <base/>\t\n"),
        LAID_OUT.replace("        </set-header>", "            </set-header>"),
        LAID_OUT.replace("<policies>\n", " \n\n<policies>  \n"),
        LAID_OUT.replace("</policies>", "  </policies>\n \n"),
        LAID_OUT.replace('name="A" exists', 'name="A"\t  exists'),
        LAID_OUT.replace('"override">', '"override" >'),
        LAID_OUT.replace("</value>", "</value >"),
        LAID_OUT.replace("<base />\n        ", "<base />"),
        LAID_OUT.replace("<base />", "<base     />"),
    ],
    ids=[
        *("not indented", "tab, no blank, blanks after", "end tag", "before the root", "after the root"),
        *("blanks between attributes", "blank before a bracket", "blank in an end tag", "two on a line"),
        "blanks before a bracket",
    ],
)
def test_layout_is_mended(spoilt: str) -> None:
    assert formatted(spoilt) == LAID_OUT


def test_a_document_on_one_line_gets_lines() -> None:
    text = inbound(
        '<base /><set-header name="A"><value>1</value></set-header><choose><when condition="@(true)"><base /></when></choose>'
    )
    assert formatted(text) == (
        "<policies>\n"
        "    <inbound>\n"
        "        <base />\n"
        '        <set-header name="A"><value>1</value></set-header>\n'
        "        <choose>\n"
        '            <when condition="@(true)"><base /></when>\n'
        "        </choose>\n"
        "    </inbound>\n"
        "</policies>"
    )


def test_one_blank_line_stays_and_more_become_one() -> None:
    before = body("        <base />\n\n        <base />\n  \n\n\n        <base />\n\n")
    after = body("        <base />\n\n        <base />\n\n        <base />\n")
    assert formatted(before) == after


def test_empty_elements_keep_no_blank_line() -> None:
    assert formatted(
        "<policies>\n    <inbound>\n\n\n    </inbound>\n    <backend>  </backend>\n</policies>"
    ) == ("<policies>\n    <inbound>\n    </inbound>\n    <backend></backend>\n</policies>")


def test_most_elements_say_how_far_to_indent() -> None:
    text = LAID_OUT.replace("    ", "  ").replace("  <inbound>", "       <inbound>")
    assert formatted(text) == LAID_OUT.replace("    ", "  ")


def test_xml_in_a_body_does_not_say_how_far_to_indent() -> None:
    xml = "".join(f"\n <a{number}>\n  <b />\n </a{number}>" for number in range(9))
    text = LAID_OUT.replace("<base />", f"<set-body><x>{xml}</x></set-body>")
    assert formatted(text) == text


class TestComments:
    def test_further_lines_move_with_the_first(self) -> None:
        before = body("  <!-- one\n       two\n\n    three\n  -->\n        <base />\n        <base />")
        after = body(
            "        <!-- one\n             two\n\n          three\n        -->\n        <base />\n        <base />"
        )
        assert formatted(before) == after

    def test_lines_that_begin_before_the_first_stay(self) -> None:
        before = body("          <!-- one\nat the margin\n          -->\n        <base />\n        <base />")
        after = body("        <!-- one\nat the margin\n        -->\n        <base />\n        <base />")
        assert formatted(before) == after

    def test_blanks_become_tabs_where_the_document_has_tabs(self) -> None:
        text = "<policies>\n\t<inbound>\n        <!-- one\n          two\n            three -->\n\t\t<base />\n\t\t<base />\n\t</inbound>\n</policies>"
        assert "\n\t\t<!-- one\n\t\t  two\n\t\t\tthree -->\n" in formatted(text)

    def test_one_beside_an_element_stays_there(self) -> None:
        assert formatted(body("        <base /><!-- why -->")) == body("        <base /> <!-- why -->")
        assert formatted(body("        <!-- why --><base />")) == body("        <!-- why --> <base />")

    def test_one_at_the_top_stays_on_its_line(self) -> None:
        assert formatted("  <!-- a -->\n  <!-- b -->\n<fragment />") == "<!-- a -->\n<!-- b -->\n<fragment />"

    def test_the_root_gets_a_line_of_its_own(self) -> None:
        assert formatted("<!-- a --><fragment />") == "<!-- a -->\n<fragment />"


class TestAttributes:
    def test_a_list_lined_up_below_its_first_stays_so(self) -> None:
        before = body(
            "        <base />\n        <base />\n"
            '  <retry   count="1" \n           interval="2"\n    first-fast-retry="true"><base /></retry>'
        )
        after = body(
            "        <base />\n        <base />\n"
            '        <retry count="1"\n               interval="2"\n               first-fast-retry="true"><base /></retry>'
        )
        assert formatted(before) == after

    def test_a_list_beside_a_comment_is_lined_up_with_nothing(self) -> None:
        before = body(
            '        <!-- a --> <rate-limit calls="1"\n                               renewal-period="2" />'
        )
        after = body('        <!-- a --> <rate-limit calls="1"\n            renewal-period="2" />')
        assert formatted(before) == after

    def test_another_list_begins_a_step_deeper(self) -> None:
        before = body('        <rate-limit\n\n  calls="1"\n                 renewal-period="2"\n   />')
        after = body('        <rate-limit\n            calls="1"\n            renewal-period="2"\n        />')
        assert formatted(before) == after

    @pytest.mark.parametrize("unit", ["    ", "\t", "  "])
    def test_a_name_as_long_as_a_step_is_no_riddle(self, unit: str) -> None:
        text = f'<fragment>\n{unit}<base />\n{unit}<base />\n{unit}<a1 b="1"\n{unit}    c="2" />\n</fragment>'
        formatted(text)

    def test_values_keep_every_character(self) -> None:
        value = "@{\n  var a  =  1;\t\n\n\n    return a;\n }"
        text = body(f'   <set-variable   name = "a  b"\tvalue="{value}"/>')
        assert formatted(text) == body(f'        <set-variable name = "a  b" value="{value}" />')


class TestText:
    @pytest.mark.parametrize(
        "element",
        [
            '<set-header name="a">\n<value>\n   1 </value>\n</set-header>',
            "<set-body>\n\n\n  <a>  <b/></a>\n</set-body>",
            '<set-body template="liquid">\n{% if a %}\n\n\n<a   b="1"/>\n{% endif %} </set-body>',
            "<set-body><![CDATA[\n\n\n<a   >]]></set-body>",
            "<xml-to-json kind='direct'>some  \n\n\n text</xml-to-json>",
            "<no-such-policy>\n<a   />\n\n\n</no-such-policy>",
            '<choose xml:space="preserve">\n<when   condition="@(true)" />\n</choose>',
        ],
    )
    def test_what_a_policy_takes_as_text_keeps_every_character(self, element: str) -> None:
        inner = element[element.index(">") + 1 : element.rindex("</")]
        text = formatted(body(element))
        if "set-header" in element:
            inner = "<value>\n   1 </value>"
        assert inner in text

    def test_the_children_of_a_policy_with_text_are_laid_out_where_it_has_none(self) -> None:
        text = formatted(body('        <trace source="a">\n<message>x</message>\n        </trace>'))
        assert "\n            <message>x</message>\n" in text


class TestLeftAsItIs:
    @pytest.mark.parametrize(
        ("text", "obstacle", "why"),
        [
            ("", Obstacle.NO_POLICY, "it is empty"),
            ("hello", Obstacle.NO_POLICY, "it is no policy document, it has no root element"),
            ("<a/>", Obstacle.NO_POLICY, "it is no policy document, its root is a"),
            ("<fragment>\n<base>", Obstacle.FAULTS, "it has a syntax error on line 2"),
            (
                "<fragment>\n<a b=1 c=2 /></fragment>",
                Obstacle.FAULTS,
                "it has 2 syntax errors, the first on line 2",
            ),
            (
                "<fragment>\n%{ if a ~}\n<base/>\n%{ endif ~}</fragment>",
                Obstacle.TEMPLATE,
                'it is a template: "%{ if a ~}" on line 2 decides about markup that is not there yet',
            ),
            (
                "<fragment><set-body>%{ if a }x%{ endif }</set-body><base/></fragment>",
                Obstacle.TEMPLATE,
                'it is a template: "%{ if a }" on line 1 decides about markup that is not there yet',
            ),
            (
                "<fragment>\n<cors><allowed-origins>${origins}</allowed-origins></cors></fragment>",
                Obstacle.TEMPLATE,
                'it is a template: "${origins}" on line 2 decides about markup that is not there yet',
            ),
            (
                "${header}\n<fragment><base/></fragment>",
                Obstacle.TEMPLATE,
                'it is a template: "${header}" on line 1 decides about markup that is not there yet',
            ),
            (
                "<fragment>\n<set-body ${attributes}>1</set-body></fragment>",
                Obstacle.TEMPLATE,
                'it is a template: "<set-body ${attributes}>" on line 2 decides about markup that is not there yet',
            ),
        ],
    )
    def test_it_says_why(self, text: str, obstacle: Obstacle, why: str) -> None:
        document = parse(text)
        found = format_document(document)
        assert isinstance(found, Unformattable)
        assert (found.obstacle, reason(document, found)) == (obstacle, why)

    def test_a_document_of_every_form_holds_directives(self) -> None:
        found = format_document(parse(EVERY_FORM))
        assert isinstance(found, Unformattable)
        assert found.obstacle is Obstacle.TEMPLATE

    def test_placeholders_in_values_are_values(self) -> None:
        text = body('<set-backend-service   base-url="https://${host}/{{path}}" />')
        assert formatted(text) == body('        <set-backend-service base-url="https://${host}/{{path}}" />')

    @pytest.mark.parametrize("name", ["choose", "a"])
    def test_nesting_without_end(self, name: str) -> None:
        depth = 100_000
        text = f"<fragment>{f'<{name}>' * depth}{f'</{name}>' * depth}</fragment>"
        found = format_document(parse(text))
        # What is in an element that nobody knows is not looked at.
        assert isinstance(found, Unformattable) == (name == "choose")

    def test_deep_but_sensible_nesting_is_laid_out(self) -> None:
        text = f"<fragment>{'<choose><otherwise>' * 30}{'</otherwise></choose>' * 30}</fragment>"
        assert len(formatted(text).splitlines()) > 100
