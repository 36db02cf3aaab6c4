"""The outline, as an author reads it."""

from __future__ import annotations

import pytest

from apim_policy.ide.symbols import Symbol, SymbolKind, outline
from apim_policy.syntax.parser import parse


def shown(symbols: tuple[Symbol, ...], indent: str = "") -> list[str]:
    lines = []
    for symbol in symbols:
        lines += [f"{indent}{symbol.name}", *shown(symbol.children, f"{indent}  ")]
    return lines


def names(text: str) -> list[str]:
    return shown(outline(parse(text)))


def the(text: str) -> Symbol:
    (symbol,) = outline(parse(f"<fragment>{text}</fragment>"))
    return symbol


def test_sections_hold_their_policies_with_what_tells_them_apart() -> None:
    text = """
    <policies>
        <inbound>
            <base />
            <set-header name="Authorization" exists-action="override"><value>x</value></set-header>
            <choose>
                <when condition="@(context.Request.Method == "GET")"><set-method>POST</set-method></when>
                <otherwise><return-response><set-status code="405" /></return-response></otherwise>
            </choose>
            <include-fragment fragment-id="sign-in" />
        </inbound>
        <backend><forward-request /></backend>
    </policies>"""
    assert names(text) == [
        "inbound",
        "  base",
        "  set-header Authorization",
        "  choose",
        '    when context.Request.Method == "GET"',
        "      set-method POST",
        "    otherwise",
        "      return-response",
        "        set-status 405",
        "  include-fragment sign-in",
        "backend",
        "  forward-request",
    ]


@pytest.mark.parametrize(
    ("policy", "name"),
    [
        ('<set-variable name="user" value="@(1)" />', "set-variable user"),
        ('<set-backend-service backend-id="orders" />', "set-backend-service orders"),
        ('<set-backend-service base-url="https://{{host}}" />', "set-backend-service https://{{host}}"),
        ('<rewrite-uri template="/a/{id}" />', "rewrite-uri /a/{id}"),
        ('<set-url>@("https://x")</set-url>', 'set-url "https://x"'),
        ('<validate-jwt header-name="Authorization" />', "validate-jwt Authorization"),
        (
            '<rate-limit-by-key calls="5" counter-key="@(context.Subscription.Id)" />',
            "rate-limit-by-key context.Subscription.Id",
        ),
        ('<retry condition="@(a &amp;&amp; b)" count="3" />', "retry a && b"),
        ('<when condition="@{\n    return\n        true;\n}" />', "when return true;"),
        ("<forward-request />", "forward-request"),
        ('<set-header name="" exists-action="delete" />', "set-header"),
        ('<unheard-of name="x" />', "unheard-of x"),
    ],
)
def test_the_telling_attribute_follows_the_name(policy: str, name: str) -> None:
    assert the(policy).name == name


def test_long_conditions_are_cut() -> None:
    name = the(f'<when condition="@({"a" * 5000})" />').name
    assert name.endswith("a…")
    assert len(name) < 80


def test_how_a_header_is_set_is_a_detail() -> None:
    assert the('<set-header name="A" exists-action="delete" />').detail == "delete"


def test_what_is_no_policy_is_left_out() -> None:
    text = """<fragment><validate-jwt><required-claims><claim name="a"><value>b</value></claim></required-claims></validate-jwt></fragment>"""
    assert names(text) == ["validate-jwt"]


def test_policies_deep_in_other_elements_are_kept() -> None:
    assert names("<fragment><wrapper><holder><trace source='a' /></holder></wrapper></fragment>") == [
        "wrapper",
        "  trace a",
    ]


def test_the_body_of_a_message_is_none_of_our_policies() -> None:
    text = '<fragment><set-body template="liquid"><block><retry /></block></set-body></fragment>'
    assert names(text) == ["set-body liquid"]


def test_kinds_tell_sections_headers_and_branches_apart() -> None:
    text = "<policies><inbound><choose><when condition='a'/></choose><set-header name='a'/><trace/></inbound></policies>"
    (inbound,) = outline(parse(text))
    choose, header, trace = inbound.children
    kinds = [inbound.kind, choose.kind, choose.children[0].kind, header.kind, trace.kind]
    assert kinds == [
        SymbolKind.SECTION,
        SymbolKind.CONTROL,
        SymbolKind.BRANCH,
        SymbolKind.HEADER,
        SymbolKind.POLICY,
    ]


BROKEN = [
    "<policies><inbound><set-header name='a'",
    "<policies><inbound><set-header name='a'><value>@(</value></inbound><backend>",
    "<policies><inbound></backend></inbound></policies>",
    "<policies><inbound><",
    "<",
    "",
    "text",
]


@pytest.mark.parametrize("text", BROKEN)
def test_broken_documents_have_an_outline_whose_places_nest(text: str) -> None:
    pending = [(symbol, 0, len(text)) for symbol in outline(parse(text))]
    while pending:
        symbol, start, end = pending.pop()
        assert symbol.name
        assert (
            start
            <= symbol.span.start
            <= symbol.selection.start
            <= symbol.selection.end
            <= symbol.span.end
            <= end
        )
        pending += [(child, *symbol.span) for child in symbol.children]


def test_ten_thousand_levels_do_no_harm() -> None:
    assert len(names("<choose>" * 10_000)) < 100
