"""A request header that an API looks at and no tool call brings along."""

from __future__ import annotations

import pytest

from apim_policy.rules.model import Severity
from support.mcp import (
    API,
    AUTOMATIC,
    KEY,
    KEY_ONLY,
    SERVER,
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

ONLY = ["MCP002"]
OPERATION = "apis/orders-api/operations/list-orders/policy.xml"


def found(api: str, **options: object) -> Linted:
    return check(workspace(api=api, **options), select=ONLY)  # type: ignore[arg-type]


def test_levels() -> None:
    for settings, severity in ((None, Severity.INFO), (KEY_ONLY, Severity.WARNING)):
        finding = found(look("X-User", mark="MCP002"), settings=settings).the("MCP002")
        assert finding.severity is severity
        assert finding.message.startswith('No tool call of the MCP server "orders-mcp" brings "X-User" here')


def test_a_gateway_that_forwards_headers() -> None:
    found(look("X-User"), settings=AUTOMATIC)


@pytest.mark.parametrize(
    "api",
    [
        look(KEY),
        look("Content-Type"),
        look("host"),
        look("X-Forwarded-For"),
        look("Origin"),
        put("X-User", "a") + look("x-user"),
        put("X-User", "a", action="skip") + look("X-User"),
        put("{{name}}", "a") + look("X-User"),
        f'<choose><when condition="@(true)">{put("X-User", "a")}</when></choose>{look("X-User")}',
        '<set-header name="X-User" exists-action="delete" />' + look("X-User"),
        f"<!-- {look('X-User')} -->",
        look("{{name}}"),
        '<include-fragment fragment-id="unknown" />' + look("X-User"),
        '<choose><when condition="@(!context.Request.Headers.ContainsKey("X-Id"))">'
        f"{put('X-Id', 'a')}</when></choose>",
        put("X-Id", '@(context.Request.Headers.GetValueOrDefault("X-Id", context.RequestId.ToString()))'),
        '<set-variable name="v" value="@(context.Response.Headers["X-User"])" />',
        f"<return-response />{look('X-User')}",
        restoring("Authorization") + look("Authorization"),
        put("Authorization", get(KEY)) + look("Authorization"),
    ],
)
def test_what_arrives_or_is_not_waited_for(api: str) -> None:
    found(api)


@pytest.mark.parametrize(
    "api",
    [
        look("X-User", mark="MCP002") + look("x-user"),
        look("X-User", mark="MCP002") + put("X-User", "a"),
        f'<choose><when condition="@(true)">{put("X-User", "a")}</when><otherwise>{look("X-User", mark="MCP002")}'
        "</otherwise></choose>",
        put("X-User", '@({|MCP002:context.Request.Headers.GetValueOrDefault("X-User", "")|}.Trim())'),
        '<set-body template="liquid">{{{|MCP002:context.Request.Headers.X-User|}}}</set-body>',
        '<set-variable name="v" value="@({|MCP002:context.Request.Headers[&quot;X-User&quot;]|}[0])" />',
    ],
)
def test_what_is_looked_at_in_vain(api: str) -> None:
    found(api)


def test_a_look_in_outbound_sees_the_same_request() -> None:
    files = workspace()
    files[API] = policy("<base />", outbound=look("X-User", mark="MCP002"))
    check(files, select=ONLY)
    files[API] = policy(put("X-User", "a"), outbound=look("X-User"))
    check(files, select=ONLY)


def test_a_look_in_a_fragment_is_reported_where_it_is_included() -> None:
    files = workspace(api='<base />\n{|MCP002:<include-fragment fragment-id="ask" />|}')
    files["policy fragments/ask/policy.xml"] = f"<fragment>{look('X-User')}</fragment>"
    finding = check(files, select=ONLY).the("MCP002")
    assert finding.related[0].message == "This fragment looks for it here"


def test_an_operation_that_a_tool_calls() -> None:
    check(workspace() | {OPERATION: policy("<base />\n" + look("X-User", mark="MCP002"))}, select=ONLY)


def test_an_operation_that_no_tool_calls() -> None:
    other = "apis/orders-api/operations/other/policy.xml"
    check(workspace() | {other: policy("<base />\n" + look("X-User"))}, select=ONLY)


def test_an_operation_sets_what_the_api_looks_at_later() -> None:
    check(workspace(api=look("X-User")) | {OPERATION: policy(put("X-User", "a") + "<base />")}, select=ONLY)


def test_an_operation_that_comes_too_late() -> None:
    files = workspace(api=look("X-User", mark="MCP002"))
    check(files | {OPERATION: policy("<base />\n" + put("X-User", "a"))}, select=ONLY)


def test_another_operation_goes_without() -> None:
    files = workspace(
        api=look("X-User", mark="MCP002"), tools=("orders-api/list-orders", "orders-api/get-order")
    )
    check(files | {OPERATION: policy(put("X-User", "a") + "<base />")}, select=ONLY)


def test_the_api_brings_what_the_operation_looks_at() -> None:
    check(workspace(api=put("X-User", "a")) | {OPERATION: policy("<base />\n" + look("X-User"))}, select=ONLY)


def test_the_operation_leaves_the_api_s_policy_out() -> None:
    files = workspace(api=put("X-User", "a")) | {OPERATION: policy(look("X-User", mark="MCP002"))}
    check(files, select=ONLY)


def test_the_global_policy_and_a_product_run_for_the_inner_call_too() -> None:
    check(
        workspace(api="<base />\n" + look("X-User")) | {"policy.xml": policy(put("X-User", "a"))}, select=ONLY
    )
    check(
        workspace(api=look("X-User", mark="MCP002")) | {"policy.xml": policy(put("X-User", "a"))}, select=ONLY
    )


def test_a_product_of_the_api_may_set_it() -> None:
    files = workspace(api="<base />\n" + look("X-User"))
    files["products/shop/policy.xml"] = policy(put("X-User", "a"))
    files["products/shop/apis/orders-api/productApiInformation.json"] = "{}"
    check(files, select=ONLY)


def test_an_api_that_no_tool_calls() -> None:
    files = workspace(tools=("other-api/x",), api=look("X-User"))
    check(files, select=ONLY)


def test_names_of_apis_compare_without_case() -> None:
    found(look("X-User", mark="MCP002"), tools=("Orders-API/List-Orders",))


def test_a_server_without_a_policy_of_its_own() -> None:
    finding = check(workspace(None, look("X-User", mark="MCP002")), select=ONLY).the("MCP002")
    assert "For the end of the MCP server's inbound section:" in finding.message
    assert not finding.fixes[0].batch


def test_all_servers_are_named() -> None:
    files = workspace(put("X-User", "a"), look("X-User", mark="MCP002"))
    files["apis/other-mcp/apiInformation.json"] = server_information("orders-api/get-order")
    files["apis/other-mcp/policy.xml"] = policy("<base />")
    findings = check(files, select=ONLY)
    finding = findings.the("MCP002")
    assert 'MCP servers "orders-mcp", "other-mcp"' in finding.message
    assert [place.message for place in finding.related] == [
        'The MCP server "orders-mcp" sets it here',
        'The tools of the MCP server "other-mcp" call this API',
    ]
    after = findings.after(finding.fixes[0])
    assert not lint(after, select=["MCP"]).all
    assert 'ContainsKey("X-User")' in after["apis/other-mcp/policy.xml"]
    assert 'ContainsKey("X-User")' not in after[SERVER]


def test_a_deleted_header_cannot_be_relayed() -> None:
    files = workspace('<set-header name="X-User" exists-action="delete" />', look("X-User", mark="MCP002"))
    finding = check(files, select=ONLY).the("MCP002")
    assert not any("Relay" in fix.title for fix in finding.fixes)


def test_a_relayed_header_arrives() -> None:
    check(workspace(sending("X-User"), restoring("X-User") + look("X-User")), select=ONLY)


def test_a_passthrough_server_has_no_inner_call() -> None:
    files = workspace(api=look("X-User"))
    files["apis/orders-mcp/apiInformation.json"] = server_information(backendId="b")
    check(files, select=ONLY)
