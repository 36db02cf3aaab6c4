"""What a value consists of."""

from __future__ import annotations

import re

import pytest

from apim_policy.syntax.parser import parse
from support.trees import first_element, parts_of, text_parts, value_parts

FORMS = {
    "plain": ("plain text", ["literal:plain text"]),
    "named value": ("{{name}}", ["named-value:{{name}}"]),
    "named values in a row": ("{{a}}{{b-2.c}}", ["named-value:{{a}}", "named-value:{{b-2.c}}"]),
    "named value in a text": ("https://{{host}}/x", ["literal:https://", "named-value:{{host}}", "literal:/x"]),
    "named value that no name can be": ("{{a b}}", ["named-value:{{a b}}"]),
    "interpolation": ("https://${host}/x", ["literal:https://", "placeholder:${host}", "literal:/x"]),
    "interpolation with braces": ('${f({ a = "}" })}', ['placeholder:${f({ a = "}" })}']),
    "interpolation on two lines": ("${f(\n  a\n)}", ["placeholder:${f(\n  a\n)}"]),
    "escaped interpolation": ("$${host}", ["literal:$$", "placeholder:{host}"]),
    "interpolation in a named value": ("{{${name}}}/", ["named-value:{{${name}}}", "literal:/"]),
    "placeholders in a named value": ("{{a-${b}-#{c}#}}", ["named-value:{{a-${b}-#{c}#}}"]),
    "named value in an interpolation": ("${a}{{b}}", ["placeholder:${a}", "named-value:{{b}}"]),
    "directive": ("%{ if a ~}x%{ endif ~}", ["directive:%{ if a ~}", "literal:x", "directive:%{ endif ~}"]),
    "directive that trims": ("%{~ for a in b ~}", ["directive:%{~ for a in b ~}"]),
    "percent and braces that direct nothing": ("%{x}", ["placeholder:%{x}"]),
    "token with hashes": ("#{x}#", ["placeholder:#{x}#"]),
    "token with one hash": ("#{Octopus.Name}/", ["placeholder:#{Octopus.Name}", "literal:/"]),
    "token with underscores": ("a-__My_Name.1__", ["literal:a-", "placeholder:__My_Name.1__"]),
    "token with percents": ("%HOST_NAME%", ["placeholder:%HOST_NAME%"]),
    "format field": ("{backend_id}", ["placeholder:{backend_id}"]),
    "percents of an address": ("a%20b%2Fc%3D", ["literal:a%20b%2Fc%3D"]),
    "underscores within a name": ("a__b", ["literal:a__b"]),
    "route in braces": ("/orders/{id}", ["literal:/orders/", "placeholder:{id}"]),
    "braces of JSON": ("{ [1, 2] } {}", ["literal:{ [1, 2] } {}"]),
    "currency and number signs": ("$5 #1 100% @", ["literal:$5 #1 100% @"]),
    "entities": ("a &amp; &#x1F600; b", ["literal:a &amp; &#x1F600; b"]),
    "open named value": ("{{name", ["literal:{{name"]),
    "open interpolation": ("${name", ["literal:${name"]),
    "everything": (
        "{{a}} @(b) ${c} __D__",
        ["named-value:{{a}}", "literal: ", "expression:@(b)", "literal: ", "placeholder:${c}", "literal: ", "placeholder:__D__"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("source", "parts"), FORMS.values(), ids=FORMS)
def test_parts_of_an_attribute_and_of_a_text(source: str, parts: list[str]) -> None:
    quote = "'" if '"' in source else '"'
    assert value_parts(f"<a b={quote}{source}{quote} />") == parts
    assert text_parts(f"<a>{source}</a>") == parts
    assert parse(f"<a b={quote}{source}{quote}>{source}</a>").faults == []


def test_an_empty_value_has_no_parts() -> None:
    assert value_parts('<a b="" />') == []
    assert text_parts("<a></a>") == []


def test_blanks_around_an_expression_are_literals() -> None:
    assert text_parts("<a>\n  @(b)\n</a>") == ["literal:\n  ", "expression:@(b)", "literal:\n"]
    assert value_parts('<a b=" @(b) " />') == ["literal: ", "expression:@(b)", "literal: "]


def test_a_quote_inside_an_interpolation_does_not_end_the_value() -> None:
    assert value_parts("<a b='${f(\"x\")}' c='1' />") == ['placeholder:${f("x")}']


def test_failed_placeholders_do_not_hide_the_ones_that_follow() -> None:
    source = "__x {y #{z " * 400 + "${tf}"
    assert text_parts(f"<a>{source}</a>")[-1] == "placeholder:${tf}"


CUSTOM = {
    r"\[\[\w+\]\]": "[[host]]",
    r"@@\w+@@": "@@host@@",
    r"@\(\w+\)": "@(host)",
    r"<%=?.*?%>": '<%= f("x") %>',
    r"&\w+!": "&host!",
    r"RETRY_COUNT": "RETRY_COUNT",
}


@pytest.mark.parametrize(("pattern", "token"), CUSTOM.items())
def test_a_pattern_of_the_settings_adds_a_form_of_placeholder(pattern: str, token: str) -> None:
    document = parse(f'<a b="x-{token}" c="{token}">{token}<d>{{{{nv}}}}</d></a>', re.compile(pattern))
    assert document.faults == []
    element = document.root
    assert element is not None
    assert parts_of(document, element.attributes[0].parts) == ["literal:x-", f"placeholder:{token}"]
    assert parts_of(document, element.attributes[1].parts) == [f"placeholder:{token}"]
    assert parts_of(document, next(element.texts()).parts) == [f"placeholder:{token}"]


LIQUID = {
    "output": ("<id>{{context.Variables[\"id\"]}}</id>", "id", ['liquid:{{context.Variables["id"]}}']),
    "tag": ("<id>{% if a < b %}x{% endif %}</id>", "id", ["liquid:{% if a < b %}", "literal:x", "liquid:{% endif %}"]),
    "output with a filter": ("<id>{{ a | default: 'x' }}</id>", "id", ["liquid:{{ a | default: 'x' }}"]),
    "foreign element": (
        '<soapenv:Envelope xmlns:soapenv="http://x">{{a}}</soapenv:Envelope>', "soapenv:Envelope", ["liquid:{{a}}"],
    ),
    "template's own placeholder": ("<id>${tf}</id>", "id", ["placeholder:${tf}"]),
}  # fmt: skip


@pytest.mark.parametrize(("body", "name", "parts"), LIQUID.values(), ids=LIQUID)
def test_a_liquid_body_holds_liquid_and_foreign_elements(body: str, name: str, parts: list[str]) -> None:
    document, set_body = first_element(f'<set-body template="liquid">{body}</set-body>')
    assert document.faults == []
    (element,) = set_body.elements()
    assert element.name == name
    assert [piece for text in element.texts() for piece in parts_of(document, text.parts)] == parts


def test_liquid_stands_in_attributes_of_a_liquid_body_too() -> None:
    document, set_body = first_element('<set-body template="Liquid"><a b="{{ x["y"] }} z" /></set-body>')
    assert document.faults == []
    (element,) = set_body.elements()
    assert parts_of(document, element.attributes[0].parts) == ['liquid:{{ x["y"] }}', "literal: z"]


def test_liquid_ends_with_its_body() -> None:
    document = parse('<a><set-body template="liquid">{{ x }}</set-body><b>{{ x }}</b></a>')
    assert document.root is not None
    body, after = document.root.elements()
    assert parts_of(document, next(body.texts()).parts) == ["liquid:{{ x }}"]
    assert parts_of(document, next(after.texts()).parts) == ["named-value:{{ x }}"]


def test_liquid_ends_where_policies_follow_that_no_body_holds() -> None:
    document = parse(
        '<a><set-body template="liquid">{{ x }}<b>{{ y }}</b><set-header name="z"><value>@(w)</value></set-header></a>'
    )
    assert [document.slice(expression) for expression in document.expressions()] == ["@(w)"]
    assert [fault.token for fault in document.faults] == ["set-body"]


def test_a_body_of_another_template_holds_named_values() -> None:
    assert text_parts('<set-body template="none">{{ x }}</set-body>') == ["named-value:{{ x }}"]
    assert text_parts("<set-body>{{ x }}</set-body>") == ["named-value:{{ x }}"]


def test_a_directive_or_a_placeholder_in_place_of_an_element_opens_its_parent() -> None:
    document = parse("<a><b>${origins}</b><c>%{ if x }<d />%{ endif }</c><e>{{nv}}</e><f>text</f></a>")
    assert document.root is not None
    assert [(each.name, each.open) for each in document.root.elements()] == [("b", True), ("c", True), ("e", False), ("f", False)]  # fmt: skip
    assert not document.root.open


def test_a_placeholder_among_attributes_leaves_the_tag_open() -> None:
    document, element = first_element('<a x="1" ${attributes} y="2" __MORE__ />')
    assert document.faults == []
    assert element.open_tag
    assert [each.name for each in element.attributes] == ["x", "y"]
