"""One fault gives one finding near it, and the rest of the document is read as if it were sound.

Every tag, attribute and expression of a sound document is broken in turn, in each of the ways that people break them.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from apim_policy.syntax.parser import parse
from apim_policy.syntax.repairs import proven
from apim_policy.syntax.tree import Fault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from apim_policy.syntax.tree import Document, Element

SOUND = """\
<!-- Orders: <inbound> sets the caller -->
<policies>
    <inbound>
        <base />
        <!-- who calls -->
        <set-variable name="caller" value="@(context.Request.Headers.GetValueOrDefault("X-Caller", "none"))" />
        <set-variable name='rate' value='@{
            // don't count "(" or {
            var limit = context.Variables.GetValueOrDefault<int>("limit");
            return limit < 10 && limit > 0 ? "low" : "high";
        }' />
        <choose>
            <when condition="@(context.Response.StatusCode == 429 && context.Variables["rate"] == "low")">
                <return-response>
                    <set-status code="429" reason="Too many calls" />
                    <set-header name="Retry-After" exists-action="override">
                        <value>{{retry-after}}</value>
                        <value>@((string)context.Variables["caller"])</value>
                    </set-header>
                    <set-body>@{
                        return "<busy>" + context.RequestId + "</busy>";
                    }</set-body>
                </return-response>
            </when>
            <otherwise>
                <rate-limit-by-key calls="10" renewal-period="${period}" counter-key="@(context.Request.IpAddress)" />
            </otherwise>
        </choose>
        <validate-jwt header-name="Authorization" require-scheme="Bearer">
            <openid-config url="https://login.example.com/{{tenant}}/.well-known/openid-configuration" />
            <audiences>
                <audience>orders</audience>
            </audiences>
            <required-claims>
                <claim name="roles" match="any">
                    <value>reader</value>
                </claim>
            </required-claims>
        </validate-jwt>
    </inbound>
    <backend>
        <forward-request timeout="20" />
    </backend>
    <outbound>
        <base />
        <set-body template="liquid"><order id="{{ body.id }}">{{ body.total }}</order></set-body>
    </outbound>
</policies>
"""


def elements_of(document: Document) -> list[Element]:
    assert document.root is not None
    return list(document.root.walk())


def shape(document: Document) -> list[tuple[str, str, tuple[str, ...]]]:
    """Each element with its parent and its attributes."""
    return [
        (
            element.name,
            element.parent.name if element.parent else "",
            tuple(attribute.name for attribute in element.attributes),
        )
        for element in elements_of(document)
    ]


Break = tuple[int, int, str, int]
"""Start, end and new text of a change, and the offset from which on a finding is near."""


def without_end_tags(document: Document) -> Iterator[Break]:
    for element in elements_of(document):
        if element.end_tag:
            yield *element.end_tag.span, "", element.start


def without_bracket(document: Document) -> Iterator[Break]:
    for element in elements_of(document):
        yield element.tag_end - 1, element.tag_end, "", element.start
        if element.end_tag:
            yield element.end - 1, element.end, "", element.start


def without_slash(document: Document) -> Iterator[Break]:
    for element in elements_of(document):
        if element.self_closing:
            yield element.tag_end - 2, element.tag_end - 1, "", element.start
        elif element.end_tag:
            yield element.end_tag.start + 1, element.end_tag.start + 2, "", element.start


def closing_themselves(document: Document) -> Iterator[Break]:
    for element in elements_of(document):
        if element.end_tag:
            yield element.tag_end - 1, element.tag_end - 1, "/", element.start


def with_another_end_tag(document: Document) -> Iterator[Break]:
    for element in elements_of(document):
        if element.end_tag:
            for name in ("set-header", "inbound", "when", f"{element.name}s", element.name[1:]):
                if name != element.name:
                    yield *element.end_tag.name_span, name, element.start


def with_an_end_tag_twice(document: Document) -> Iterator[Break]:
    for element in elements_of(document):
        if element.end_tag:
            yield element.end, element.end, f"</{element.name}>", element.start


def with_end_tags_swapped(document: Document) -> Iterator[Break]:
    for element in elements_of(document):
        for inner, outer in pairwise((element, *element.ancestors())):
            if inner.end_tag and outer.end_tag and inner.name != outer.name:
                between = document.text[inner.end : outer.end_tag.start]
                if not between.strip():
                    swapped = f"</{outer.name}>{between}</{inner.name}>"
                    yield inner.end_tag.start, outer.end, swapped, inner.start


def without_quotes(document: Document) -> Iterator[Break]:
    for element in elements_of(document):
        for attribute in element.attributes:
            yield attribute.value_start - 1, attribute.value_start, "", attribute.start
            yield attribute.value_end, attribute.end, "", attribute.start


def with_quotes_twice(document: Document) -> Iterator[Break]:
    for element in elements_of(document):
        for attribute in element.attributes:
            yield attribute.value_start, attribute.value_start, attribute.quote, attribute.start
            yield attribute.end, attribute.end, attribute.quote, attribute.start


def without_equals_or_space(document: Document) -> Iterator[Break]:
    for element in elements_of(document):
        for attribute in element.attributes:
            yield attribute.name_span.end, attribute.value_start - 1, "", attribute.start
            yield attribute.start - 1, attribute.start, "", element.start


def without_closing_bracket(document: Document) -> Iterator[Break]:
    for expression in document.expressions():
        yield expression.end - 1, expression.end, "", expression.start


def with_a_space_in_the_tag(document: Document) -> Iterator[Break]:
    for element in elements_of(document):
        yield element.name_start, element.name_start, " ", element.start
        if element.end_tag:
            yield element.end_tag.name_start, element.end_tag.name_start, " ", element.start


BREAKS: list[Callable[[Document], Iterator[Break]]] = [
    without_end_tags,
    without_bracket,
    without_slash,
    closing_themselves,
    with_another_end_tag,
    with_an_end_tag_twice,
    with_end_tags_swapped,
    without_quotes,
    with_quotes_twice,
    without_equals_or_space,
    without_closing_bracket,
    with_a_space_in_the_tag,
]


def is_near(document: Document, fault: Fault, first: int, last: int) -> bool:
    """Whether a fault, or the other place that it names, is on a line from ``first`` to the one after ``last``."""
    places = [fault.start] if fault.related is None else [fault.start, fault.related[0]]
    lines = [document.lines.line_of(place) for place in places]
    return any(document.lines.line_of(first) <= line <= document.lines.line_of(last) + 1 for line in lines)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("breaks", BREAKS)
def test_one_fault_is_one_finding_and_the_tree_is_as_if_sound(
    breaks: Callable[[Document], Iterator[Break]], line_end: str
) -> None:
    sound = parse(SOUND.replace("\n", line_end))
    assert sound.faults == []
    problems = []
    changes = list(breaks(sound))
    assert changes
    for start, end, new, broken in changes:
        document = parse(sound.text[:start] + new + sound.text[end:])
        near = all(is_near(document, fault, broken, end) for fault in document.faults)
        if len(document.faults) != 1 or not near or shape(document) != shape(sound):
            around = document.text[max(0, start - 40) : start + 40]
            faults = [(fault.kind.name, fault.detail, fault.token) for fault in document.faults]
            problems.append(
                (
                    around,
                    faults,
                    [pair for pair in zip(shape(sound), shape(document), strict=False) if pair[0] != pair[1]][
                        :1
                    ],
                )
            )
    assert problems == []


def test_a_document_cut_off_anywhere_has_few_findings() -> None:
    for end in range(SOUND.index("<policies>") + 10, len(SOUND.rstrip()), 7):
        faults = parse(SOUND[:end]).faults
        assert 1 <= len(faults) <= 2, (SOUND[max(0, end - 40) : end], faults)


@pytest.mark.parametrize(
    "value", ["@(if (a) {\n        b\n    }", "@(a\n", "@(a[0]\n    .B", "@{\n    return a;\n"]
)
def test_an_expression_without_its_bracket_ends_before_the_next_attribute_that_holds_one(value: str):
    text = f"""<fragment>
    <set-header value='{value}' name="@(context.Variables["x"])">
        <value>1</value>
    </set-header>
</fragment>"""
    document = parse(text)
    assert [fault.kind for fault in document.faults] == [FaultKind.UNTERMINATED_EXPRESSION]
    header = document.root.child("set-header")
    assert [attribute.name for attribute in header.attributes] == ["value", "name"]


@pytest.mark.parametrize("value", ['@("a(")', 'plain @(@"say ""("" twice")', '@("a") and @("b")${c}'])
def test_a_value_without_its_opening_quote_holds_its_expressions_whole(value: str):
    text = f'<set-header name={value}" exists-action="override" />'
    document = parse(text)
    (fault,) = document.faults
    assert fault.detail == "missing-start-quote"
    name, action = document.root.attributes
    assert document.slice(name.value_span) == value
    assert action.name == "exists-action"
    start, end, new = fault.repair
    assert parse(text[:start] + new + text[end:]).faults == []


def test_a_value_with_its_own_quote_in_it_is_repaired_whole() -> None:
    text = '<fragment><set-variable name="x" value="a "b" < c" /></fragment>'
    (fault,) = parse(text).faults
    assert fault.repair is not None
    start, end, new = fault.repair
    assert text[:start] + new + text[end:] == (
        '<fragment><set-variable name="x" value="a &quot;b&quot; &lt; c" /></fragment>'
    )


def test_a_repair_that_leaves_as_many_faults_is_withdrawn() -> None:
    fault = Fault(FaultKind.MALFORMED_ATTRIBUTE, 3, 4, "stray-quote", repair=(3, 4, ""))
    assert proven('<a ">', [fault], lambda _: 0) == [fault]
    assert proven('<a ">', [fault], lambda _: 1) == [replace(fault, repair=None)]


@pytest.mark.parametrize("text", ["')'", "','"])
def test_a_character_is_no_code_of_an_escaped_expression_before_it(text: str) -> None:
    document = parse(f"<fragment><set-variable name='@(a &amp;&amp; b' value='@({text} + c)' /></fragment>")
    assert [fault.kind for fault in document.faults] == [FaultKind.UNTERMINATED_EXPRESSION]
    assert document.root is not None
    variable = document.root.child("set-variable")
    assert variable is not None
    assert [attribute.name for attribute in variable.attributes] == ["name", "value"]
