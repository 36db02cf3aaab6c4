"""One half of a relay without the other."""

from __future__ import annotations

import pytest

from apim_policy.rules.model import Severity
from support.mcp import (
    API,
    AUTOMATIC,
    KEY,
    SERVER,
    api_information,
    get,
    look,
    policy,
    put,
    restoring,
    sending,
    server_information,
    workspace,
)
from support.workspaces import Linted, check, lint

ONLY = ["MCP003"]


def found(server: str, api: str | None, **options: object) -> Linted:
    return check(workspace(server, api, **options), select=ONLY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "half",
    [
        sending("X-User", mark="MCP003"),
        put(KEY, get("Authorization"), mark="MCP003"),
        put(KEY, '@("Bearer " + (string)context.Variables["t"])', mark="MCP003"),
        put(KEY, "Bearer {{token}}", mark="MCP003"),
    ],
)
def test_nobody_puts_it_back(half: str) -> None:
    finding = found(half, "<base />").the("MCP003")
    assert finding.message.startswith('The API "orders-api" never puts')
    assert finding.severity is Severity.WARNING
    assert [place.message for place in finding.related] == ['"orders-api" should put it back here']


@pytest.mark.parametrize(
    "half",
    [
        put(KEY, "{{key}}"),
        put(KEY, "0123456789abcdef=="),
        put(KEY, get("X-Api-Key")),
        put(KEY, '@((string)context.Variables["key"])'),
        put(KEY, '@(context.Request.Headers.GetValueOrDefault("Authorization", "").Substring(7))'),
        sending("X-User") + put(KEY, "{{key}}"),
        sending("X-User") + f'<set-header name="{KEY}" exists-action="delete" />',
        f"<!-- {sending('X-User')} -->",
    ],
)
def test_a_key_is_no_half(half: str) -> None:
    found(half, "<base />")


@pytest.mark.parametrize(
    "api",
    [
        restoring("X-User"),
        put("X-User", get(KEY)),
        look(KEY),
        f'<validate-jwt header-name="{KEY}" />',
        '<include-fragment fragment-id="unknown" />',
        None,
    ],
)
def test_the_other_half_is_there_or_cannot_be_seen(api: str | None) -> None:
    found(sending("X-User"), api)


def test_the_other_half_is_in_every_operation() -> None:
    operation = "apis/orders-api/operations/list-orders/policy.xml"
    check(workspace(sending("X-User")) | {operation: policy(restoring("X-User"))}, select=ONLY)


def test_one_operation_goes_without() -> None:
    operation = "apis/orders-api/operations/list-orders/policy.xml"
    files = workspace(
        sending("X-User", mark="MCP003"), tools=("orders-api/list-orders", "orders-api/get-order")
    )
    check(files | {operation: policy(restoring("X-User"))}, select=ONLY)


def test_the_api_that_lacks_its_half_is_named() -> None:
    files = workspace(
        sending("X-User", mark="MCP003"),
        restoring("X-User"),
        tools=("orders-api/list-orders", "stock-api/get-stock"),
    )
    files["apis/stock-api/apiInformation.json"] = api_information()
    files["apis/stock-api/policy.xml"] = policy("<base />")
    findings = check(files, select=ONLY)
    finding = findings.the("MCP003")
    assert finding.message.startswith('The API "stock-api" never puts "X-User" back')
    after = findings.after(finding.fixes[0])
    assert {name for name, text in after.items() if text != findings.files[name]} == {
        "apis/stock-api/policy.xml"
    }
    assert not lint(after, select=["MCP"]).all


@pytest.mark.parametrize(
    "half",
    [
        restoring("X-User", mark="MCP003"),
        put("Authorization", get(KEY), mark="MCP003") + f'<set-header name="{KEY}" exists-action="delete" />',
    ],
)
def test_nobody_sends_it(half: str) -> None:
    findings = found("<base />", half)
    finding = findings.the("MCP003")
    assert finding.message.startswith('The MCP server "orders-mcp" never sends')
    after = findings.after(finding.fixes[0])
    assert KEY in after[SERVER]
    assert not lint(after, select=["MCP"]).all


@pytest.mark.parametrize(
    "server",
    [sending("X-User"), put(KEY, "{{token}}"), '<include-fragment fragment-id="unknown" />'],
)
def test_somebody_sends_it_or_may(server: str) -> None:
    found(server, restoring("X-User"))


def test_one_of_two_servers_sends_it() -> None:
    files = workspace(sending("X-User"), restoring("X-User"))
    files["apis/other-mcp/apiInformation.json"] = server_information("orders-api/get-order")
    files["apis/other-mcp/policy.xml"] = policy("<base />")
    check(files, select=ONLY)


@pytest.mark.parametrize(
    "half",
    [
        put("X-Backend-Key", get(KEY)),
        put("Authorization", '@("Bearer " + context.Api.Id)'),
    ],
)
def test_handing_a_key_on_is_no_half(half: str) -> None:
    found("<base />", half)


def test_an_api_that_requires_a_subscription_gets_a_key() -> None:
    found("<base />", put("Authorization", get(KEY)), subscription_required=True)


def test_without_a_server_there_is_no_other_half() -> None:
    files = workspace(api=restoring("X-User"))
    del files["apis/orders-mcp/apiInformation.json"], files[SERVER]
    check(files, select=ONLY)


def test_where_headers_are_forwarded_only_the_half_that_does_harm_is_reported() -> None:
    found(sending("X-User"), "<base />", settings=AUTOMATIC)
    finding = found("<base />", restoring("X-User", mark="MCP003"), settings=AUTOMATIC).the("MCP003")
    assert not finding.fixes


@pytest.mark.parametrize(
    ("half", "condition"),
    [
        (sending("X-User"), 'StartsWith("X-User=")'),
        (put(KEY, get("Authorization")), 'StartsWith("Bearer ")'),
    ],
)
def test_the_missing_half_fits_the_one_that_is_there(half: str, condition: str) -> None:
    findings = lint(workspace(half, "<base />"), select=ONLY)
    after = findings.after(findings.the("MCP003").fixes[0])
    assert after[SERVER] == findings.files[SERVER]
    assert condition in after[API]
    assert not lint(after, select=["MCP"]).all


def test_a_half_in_a_fragment() -> None:
    files = workspace('{|MCP003:<include-fragment fragment-id="send" />|}', "<base />")
    files["policy fragments/send/policy.xml"] = f"<fragment>{sending('X-User')}</fragment>"
    check(files, select=ONLY)


def test_settings_state_the_server() -> None:
    settings = '[[document]]\npath = "agents.xml"\nscope = "mcp"\ntools-from = ["orders-api"]\n'
    files = {"agents.xml": policy(sending("X-User", mark="MCP003")), API: policy("<base />")}
    finding = check(files | {"apim-policy.toml": settings}, select=ONLY).the("MCP003")
    assert finding.severity is Severity.WARNING
