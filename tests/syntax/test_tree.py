"""What a tree answers about its text."""

from __future__ import annotations

import pytest

from apim_policy.syntax.parser import parse
from apim_policy.syntax.tree import CData, Comment, Element, decode_entities
from support.trees import first_element

TEXT = """<policies>
    <inbound>
        <set-header name="X-A" exists-action='override'>
            <value>one</value>
            <value>two</value>
        </set-header>
        <base />
    </inbound>
</policies>
"""


def test_names_tags_and_contents_are_where_they_stand() -> None:
    document = parse(TEXT)
    header = (
        next(each for each in document.root.walk() if each.name == "set-header") if document.root else None
    )
    assert header is not None
    assert document.slice(header.name_span) == "set-header"
    assert document.slice(header.tag_span) == "<set-header name=\"X-A\" exists-action='override'>"
    assert document.slice(header).endswith("</set-header>")
    assert document.slice(header.content_span).strip() == "<value>one</value>\n            <value>two</value>"
    assert header.end_tag is not None
    assert document.slice(header.end_tag.span) == "</set-header>"
    assert document.slice(header.end_tag.name_span) == "set-header"
    assert not header.self_closing


def test_an_element_that_closes_itself_has_no_content() -> None:
    document, element = first_element("<base />")
    assert element.self_closing
    assert element.end_tag is None
    assert document.slice(element.content_span) == ""
    assert document.slice(element.tag_span) == document.slice(element) == "<base />"


def test_attributes_know_their_name_quote_and_value() -> None:
    document, element = first_element('<a b="1" c = \'2\'\n d="" />')
    found = [(document.slice(each), document.slice(each.name_span), document.slice(each.value_span), each.quote) for each in element.attributes]  # fmt: skip
    assert found == [('b="1"', "b", "1", '"'), ("c = '2'", "c", "2", "'"), ('d=""', "d", "", '"')]
    assert element.attribute("c") is element.attributes[1]
    assert element.attribute("x") is None


def test_elements_are_found_by_name_and_by_way() -> None:
    document = parse(TEXT)
    root = document.root
    assert root is not None
    assert [each.name for each in root.walk()] == [
        "policies",
        "inbound",
        "set-header",
        "value",
        "value",
        "base",
    ]
    inbound = root.child("inbound")
    assert inbound is not None
    assert [each.name for each in inbound.elements()] == ["set-header", "base"]
    assert root.child("base") is None
    value = list(root.walk())[3]
    assert [each.name for each in value.ancestors()] == ["set-header", "inbound", "policies"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('<a b="x &amp; y" />', "x & y"),
        ('<a b="&lt;&gt;&quot;&apos;&#65;&#x1F600;" />', "<>\"'A😀"),
        ('<a b="" />', ""),
        ('<a b="@(x)" />', None),
        ('<a b="x-{{nv}}" />', None),
        ('<a b="${tf}" />', None),
        ("<a />", None),
    ],
)
def test_a_literal_value_is_decoded_and_others_have_none(text: str, expected: str | None) -> None:
    document, element = first_element(text)
    assert document.literal_value(element, "b") == expected


def test_the_literal_of_a_cdata_section_is_not_decoded() -> None:
    document, element = first_element("<a>x &amp; y<![CDATA[x &amp; y]]></a>")
    plain, cdata = element.texts()
    assert isinstance(cdata, CData)
    assert document.literal(plain) == "x & y"
    assert document.literal(cdata) == "x &amp; y"


@pytest.mark.parametrize("text", ["&nope;", "&#0;", "&#xD800;", "&#1114112;", "&amp", "& "])
def test_what_refers_to_no_character_stays_as_it_is(text: str) -> None:
    assert decode_entities(text) == text


def test_a_comment_knows_its_content() -> None:
    document = parse("<a><!-- one --><!----></a>")
    assert document.root is not None
    comments = [child for child in document.root.children if isinstance(child, Comment)]
    assert [document.slice(each.content_span) for each in comments] == [" one ", ""]


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("<policies><inbound /></policies>", "policies"),
        ("<fragment />", "fragment"),
        ('<?xml version="1.0"?>\n<!-- <fragment> -->\n<policies />', "policies"),
        ("\ufeff<!DOCTYPE policies [<!ENTITY a '<b>'>]><policies />", "policies"),
        ("${header}\n%{ if x }\n<policies />\n%{ endif }", "policies"),
        ("<set-variable /><policies />", "policies"),
        ("<project><policies /></project>", "project"),
        ("<http-data-source />", "http-data-source"),
    ],
)
def test_the_root_is_found_by_content(text: str, root: str) -> None:
    document = parse(text)
    assert isinstance(document.root, Element)
    assert document.root.name == root


@pytest.mark.parametrize("text", ["", "\ufeff", "plain text", "<!-- <policies> -->", "@(1 < 2)"])
def test_a_text_without_elements_has_no_root(text: str) -> None:
    assert parse(text).root is None
