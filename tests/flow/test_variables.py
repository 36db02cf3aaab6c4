"""Which variables a document sets and reads: in attributes, expressions and Liquid."""

from __future__ import annotations

import pytest

from apim_policy.flow.variables import UseKind, document_variables, variables
from apim_policy.schema.declarations import RoleKind
from apim_policy.schema.model import load
from apim_policy.syntax.parser import parse


def uses(policies: str) -> list[tuple[str | None, str]]:
    document = parse(f"<fragment>{policies}</fragment>")
    return [(use.name, use.kind.value) for use in variables(document)]


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        ('<set-variable name="a" value="b" />', [("a", "set")]),
        ('<cache-lookup-value key="k" variable-name="a" />', [("a", "set")]),
        ('<send-request mode="new" response-variable-name="a" />', [("a", "set")]),
        ('<validate-jwt header-name="h" output-token-variable-name="a" />', [("a", "set")]),
        ('<validate-azure-ad-token output-token-variable-name="a" />', [("a", "set")]),
        ('<get-authorization-context context-variable-name="a" />', [("a", "set")]),
        ('<authentication-managed-identity resource="r" output-token-variable-name="a" />', [("a", "set")]),
        (
            '<rate-limit calls="1" renewal-period="1" remaining-calls-variable-name="a"'
            ' retry-after-variable-name="b" />',
            [("a", "set"), ("b", "set")],
        ),
        (
            '<rate-limit calls="1" renewal-period="1"><api name="x" calls="1" renewal-period="1"'
            ' retry-after-variable-name="a" /></rate-limit>',
            [("a", "set")],
        ),
        ('<llm-token-limit counter-key="k" tokens-consumed-variable-name="a" />', [("a", "set")]),
        ('<validate-content errors-variable-name="a" />', [("a", "set")]),
        ('<validate-graphql-request error-variable-name="a" />', [("GraphQLErrors", "set"), ("a", "set")]),
        ('<return-response response-variable-name="a" />', [("a", "read")]),
        ('<set-variable name="@(context.Api.Id)" value="b" />', [(None, "set")]),
        ('<set-variable name="{{prefix}}-a" value="b" />', [(None, "set")]),
        ('<set-variable name="${name}" value="b" />', [(None, "set")]),
        ('<set-variable value="b" />', []),
        ('<trace source="s">a</trace>', []),
        ('<nobody-knows variable-name="a" />', []),
    ],
)
def test_policies_that_name_a_variable(policies: str, expected: list[tuple[str, str]]) -> None:
    assert uses(policies) == expected


def test_every_attribute_that_is_called_a_variables_name_has_its_role() -> None:
    model = load()
    stack = [policy.element for name in model.policy_names if (policy := model.policy(name)) is not None]
    found = set()
    while stack:
        decl = stack.pop()
        for attribute in decl.attributes.values():
            if attribute.name.endswith("variable-name"):
                kinds = {role.kind for role in attribute.roles}
                assert kinds & {RoleKind.VARIABLE_SET, RoleKind.VARIABLE_READ}, (decl.name, attribute.name)
                found.add(attribute.name)
        stack += [child.element for name, child in decl.children.items() if not model.is_policy(name)]
    assert "output-token-variable-name" in found


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        ('<set-variable name="b" value="@(context.Variables["a"])" />', [("b", "set"), ("a", "read")]),
        ('<set-body>@((string)context.Variables["a"])</set-body>', [("a", "read")]),
        (
            '<trace source="s"><message>@{ return context.Variables.ContainsKey("a"); }</message></trace>',
            [("a", "test")],
        ),
        ('<set-body>@(context.Variables.GetValueOrDefault<string>("a"))</set-body>', [("a", "default")]),
        ('<set-body>@(context.Variables.TryGetValue("a", out var a))</set-body>', [("a", "default")]),
        ('<nobody-knows>@(context.Variables["a"])</nobody-knows>', [("a", "read")]),
        ('<!-- @(context.Variables["a"]) --><set-body />', []),
        ('<set-body><![CDATA[@(context.Variables["a"])]]></set-body>', [("a", "read")]),
    ],
)
def test_expressions_wherever_they_stand(policies: str, expected: list[tuple[str, str]]) -> None:
    assert uses(policies) == expected


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ('{{context.Variables["a-b"]}}', "a-b"),
        ("{{ context.Variables['a b'] }}", "a b"),
        ("{{context.Variables.a}}", "a"),
        ("{{context.Variables.a.b.c}}", "a"),
        ('{% assign v = context.Variables["a"] %}', "a"),
        ("{{context.Variables[name]}}", None),
        ("{% for v in context.Variables %}", None),
    ],
)
def test_liquid_reads_variables(template: str, name: str | None) -> None:
    assert uses(f'<set-body template="liquid">{template}</set-body>') == [(name, "default")]


def test_only_liquid_bodies_are_liquid() -> None:
    assert uses("<set-body>{{context.Variables.a}}</set-body>") == []


def test_spans_cover_the_name_alone() -> None:
    text = (
        '<fragment><set-variable name="a" value="@(context.Variables[&quot;b&quot;])" />'
        '<set-body template="liquid">{{context.Variables["c"]}}</set-body></fragment>'
    )
    document = parse(text)
    assert [(document.slice(use.span), use.literal) for use in variables(document)] == [
        ("a", True),
        ("b", True),
        ("c", True),
    ]
    assert [document.slice(use.access) for use in variables(document)] == [
        'name="a"',
        "context.Variables[&quot;b&quot;]",
        'context.Variables["c"]',
    ]


def test_a_name_with_references_is_no_literal() -> None:
    document = parse('<fragment><set-variable name="a&amp;b" value="c" /></fragment>')
    (use,) = variables(document)
    assert (use.name, use.literal) == ("a&b", False)


def test_what_a_policy_sets_has_a_type_where_the_schema_says() -> None:
    document = parse('<fragment><send-request response-variable-name="a" /></fragment>')
    (use,) = variables(document)
    assert use.type == "IResponse"
    assert use.kind is UseKind.SET
    assert use.aside
    assert use.element is not None
    assert use.element.name == "send-request"


def test_an_optional_name_is_not_there_for_something_else() -> None:
    document = parse('<fragment><invoke-dapr-binding name="n" response-variable-name="a" /></fragment>')
    (use,) = variables(document)
    assert not use.aside


_SECTIONS = "<inbound>{}</inbound><backend /><outbound /><on-error />"


@pytest.mark.parametrize(
    ("text", "inherits"),
    [
        (f"<policies>{_SECTIONS.format('<base />')}</policies>", True),
        (f"<policies>{_SECTIONS.format('')}</policies>", False),
        ("<policies><inbound /></policies>", True),
        ("<fragment />", False),
    ],
)
def test_whether_outer_scopes_run(text: str, inherits: bool) -> None:
    assert document_variables(parse(text)).inherits is inherits


@pytest.mark.parametrize(
    ("policies", "complete"),
    [
        ('<set-variable name="a" value="{{b}}" />', True),
        ("{{policies}}", False),
        ("${policies}", False),
        ('%{ if a }<set-variable name="a" value="b" />%{ endif }', False),
        ("<set-header name='a'><value>{{b}}</value></set-header>", True),
        ("<set-variable", False),
    ],
)
def test_whether_the_text_holds_all_that_runs(policies: str, complete: bool) -> None:
    assert document_variables(parse(f"<fragment>{policies}</fragment>")).complete is complete


def test_fragments_that_are_included() -> None:
    document = parse(
        '<policies><inbound><include-fragment fragment-id="a" /><include-fragment /></inbound></policies>'
    )
    assert sorted(document_variables(document).includes, key=str) == [None, "a"]


def test_a_document_is_read_once() -> None:
    document = parse('<fragment><set-variable name="a" value="b" /></fragment>')
    assert variables(document) is variables(document)
