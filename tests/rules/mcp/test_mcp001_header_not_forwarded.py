"""A header that an MCP server's policy sets and the API behind its tools will not see."""

from __future__ import annotations

import pytest

from apim_policy.rules.model import Severity
from support.mcp import (
    API,
    AUTOMATIC,
    KEY,
    KEY_ONLY,
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

ONLY = ["MCP001"]


def found(server: str, **options: object) -> Linted:
    return check(workspace(server, **options), select=ONLY)  # type: ignore[arg-type]


@pytest.mark.parametrize("action", ["override", "skip", "append", "{{action}}"])
def test_a_header_that_is_set(action: str) -> None:
    found(put("X-User", "a", action=action, mark="MCP001"))


@pytest.mark.parametrize(
    "server",
    [
        put(KEY, "{{key}}"),
        put(KEY.upper(), "{{key}}"),
        '<set-header name="X-User" exists-action="delete" />',
        put("X-User", "a") + '<set-header name="x-user" exists-action="delete" />',
        f"<!-- {put('X-User', 'a')} -->",
        put("{{name}}", "a"),
        put("${name}", "a"),
        put('@("X-" + context.Api.Id)', "a"),
        put("Accept", "application/json, text/event-stream"),
        put("content-type", "application/json"),
        put("Mcp-Session-Id", "a"),
        f'<send-request mode="new" response-variable-name="r">{put("X-User", "a")}</send-request>',
        f"<return-response>{put('X-User', 'a')}</return-response>",
        f'<choose><when condition="@(true)">{put("X-User", "a")}<return-response /></when></choose>',
        '<set-body template="liquid">{{context.Request.Headers.X-User}}</set-body>',
        '<authentication-managed-identity resource="r" output-token-variable-name="t" />',
        '<include-fragment fragment-id="unknown" />',
    ],
)
def test_nothing_is_lost(server: str) -> None:
    found(server)


def test_a_response_header_is_no_request_header() -> None:
    files = workspace()
    files[SERVER] = policy("<base />", outbound=put("X-User", "a"))
    check(files, select=ONLY)


def test_a_policy_that_writes_authorization_itself() -> None:
    found('{|MCP001:<authentication-basic username="a" password="{{b}}" />|}')


def test_a_header_that_is_set_while_the_request_is_sent() -> None:
    files = workspace()
    files[SERVER] = policy("<base />", backend=put("X-User", "a", mark="MCP001") + "<forward-request />")
    finding = check(files, select=ONLY).the("MCP001")
    assert "Set it in inbound" in finding.message
    assert not any("Relay" in fix.title for fix in finding.fixes)


def test_a_header_that_is_set_after_the_request_was_sent() -> None:
    files = workspace()
    files[SERVER] = policy("<base />", backend="<forward-request />" + put("X-User", "a"))
    check(files, select=ONLY)


def test_each_header_is_reported_once_where_it_is_set_first() -> None:
    server = (
        '<choose><when condition="@(true)">'
        + put("X-User", "a", mark="MCP001")
        + "</when><otherwise>"
        + put("x-user", "b")
        + "</otherwise></choose>"
        + put("X-Other", "c", mark="MCP001")
    )
    findings = found(server).all
    assert "may set" not in findings[0].message
    assert [place.message for place in findings[0].related] == ["It is set here as well"]


def test_what_is_overwritten_is_not_what_is_lost() -> None:
    found(put("X-User", "a") + put("X-User", "b", mark="MCP001"))


def test_the_global_policy_sets_its_headers_again_for_the_api() -> None:
    files = workspace() | {"policy.xml": policy(put("X-User", "a"))}
    check(files, select=ONLY)


def test_a_key_under_another_name_may_cross() -> None:
    files = workspace(put("api-key", "{{key}}") + put("X-User", "a", mark="MCP001"))
    files["apis/orders-api/apiInformation.json"] = api_information(
        subscriptionKeyParameterNames={"header": "api-key", "query": "key"}
    )
    finding = check(files, select=ONLY).the("MCP001")
    assert '"orders-api" takes its key from "api-key"' in finding.message
    assert not any("Relay" in fix.title for fix in finding.fixes)


@pytest.mark.parametrize(
    ("half", "name"),
    [
        (sending("X-User"), "X-User"),
        (sending("x-user"), "X-User"),
        (put(KEY, '@($"X-User={context.User.Id}")'), "X-User"),
        (put(KEY, get("Authorization")), "Authorization"),
        (put(KEY, '@("Bearer " + (string)context.Variables["t"])'), "Authorization"),
        (put(KEY, "Bearer {{token}}"), "Authorization"),
    ],
)
def test_what_is_relayed_is_not_lost(half: str, name: str) -> None:
    found(put(name, "a") + half, api=restoring(name))


def test_a_stripped_token_is_relayed_where_the_api_puts_it_back() -> None:
    half = put(KEY, '@(context.Request.Headers.GetValueOrDefault("Authorization", "").Substring(7))')
    back = put("Authorization", f'@("Bearer " + context.Request.Headers.GetValueOrDefault("{KEY}", ""))')
    found(put("Authorization", "a") + half, api=back)
    found(put("Authorization", "a", mark="MCP001") + half)


def test_only_one_header_can_ride_on_the_key() -> None:
    finding = found(
        put("X-User", "a", mark="MCP001") + put("X-Other", "b") + sending("X-Other"), api=restoring("X-Other")
    ).the("MCP001")
    assert 'carries "X-Other" already' in finding.message
    assert not any("Relay" in fix.title for fix in finding.fixes)


def test_each_of_several_headers_is_offered_the_key() -> None:
    findings = found(put("X-User", "a", mark="MCP001") + put("X-Other", "b", mark="MCP001"))
    titles = [finding.fixes[0].title for finding in findings.all]
    assert titles == [f'Relay "{name}" through {KEY}' for name in ("X-User", "X-Other")]
    after = findings.after(findings.all[0].fixes[0])
    (left,) = lint(after, select=ONLY).all
    assert not any("Relay" in fix.title for fix in left.fixes)


# What is said of the gateway


def test_an_unknown_gateway_can_be_stated() -> None:
    findings = found(put("X-User", "a", mark="MCP001"))
    finding = findings.the("MCP001")
    assert finding.severity is Severity.WARNING
    assert "before the update of November 2025" in finding.message
    assert "state that your gateway forwards headers" in finding.message
    stated = {fix.title: fix for fix in finding.fixes if "apim-policy.toml" in fix.title}
    assert len(stated) == 2
    for title, fix in stated.items():
        assert not fix.batch
        codes = lint(findings.after(fix), select=ONLY).codes()
        assert codes == ({} if "automatic" in title else {"MCP001": 1})


def test_a_gateway_that_passes_the_key_only() -> None:
    finding = found(put("X-User", "a", mark="MCP001"), settings=KEY_ONLY).the("MCP001")
    assert finding.severity is Severity.WARNING
    assert "the gateway passes only" in finding.message
    assert "November" not in finding.message
    assert "state that" not in finding.message
    assert len(finding.fixes) == 1


def test_a_gateway_that_forwards_headers() -> None:
    found(put("X-User", "a"), settings=AUTOMATIC)


# What is known of the server


def test_a_server_without_tools_is_taken_for_a_rest_backed_one() -> None:
    finding = found(put("X-User", "a", mark="MCP001"), tools=()).the("MCP001")
    assert finding.message.startswith("The API behind the tools will not see")
    assert "Nothing says what its tools call" in finding.message
    assert finding.severity is Severity.WARNING
    assert not finding.fixes[0].batch


@pytest.mark.parametrize("where", [{"backendId": "b"}, {"serviceUrl": "https://mcp.example.com"}])
def test_a_passthrough_server_loses_nothing(where: dict[str, str]) -> None:
    files = workspace(put("X-User", "a"))
    files["apis/orders-mcp/apiInformation.json"] = server_information(**where)
    check(files, select=ONLY)


def test_settings_state_a_server() -> None:
    settings = (
        '[[document]]\npath = "agents.xml"\nscope = "mcp"\nkind = "rest-backed"\ntools-from = ["orders"]\n'
    )
    files = {"apim-policy.toml": settings, "agents.xml": policy(put("X-User", "a", mark="MCP001"))}
    finding = check(files, select=ONLY).the("MCP001")
    assert finding.message.startswith('The API "orders" will not see "X-User"')
    assert "assumed" not in finding.message


def test_an_api_of_two_servers_is_told_of_by_each() -> None:
    files = workspace(put("X-User", "a", mark="MCP001"))
    files["apis/other-mcp/apiInformation.json"] = server_information("orders-api/list-orders")
    files["apis/other-mcp/policy.xml"] = policy(put("X-User", "a", mark="MCP001"))
    check(files, select=ONLY)


# The relay


@pytest.mark.parametrize(
    ("api", "condition"),
    [(None, ' (only if "orders-api" needs no subscription key)'), (False, "")],
)
def test_the_title_says_what_is_not_known(api: bool | None, condition: str) -> None:
    findings = found(put("X-User", "a", mark="MCP001"), subscription_required=api)
    fix = findings.the("MCP001").fixes[0]
    assert fix.title == f'Relay "X-User" through {KEY}{condition}'
    assert fix.batch is (condition == "")


@pytest.mark.parametrize(
    "around", [put("X-User", "a"), '<set-header name="x-user" exists-action="delete" />']
)
def test_no_relay_where_a_policy_around_the_api_writes_the_header(around: str) -> None:
    files = workspace(put("X-User", "a", mark="MCP001")) | {"policy.xml": policy(around)}
    finding = check(files, select=ONLY).the("MCP001")
    assert 'a policy around "orders-api" sets or deletes "X-User" as well' in finding.message
    assert not any("Relay" in fix.title for fix in finding.fixes)


def test_uses_of_the_subscription_are_named() -> None:
    api = (
        "<base />\n" + '<set-variable name="s" value="@(context.Subscription?.Id + context.Product.Name)" />'
    )
    message = found(put("X-User", "a", mark="MCP001"), api=api).the("MCP001").message
    assert (
        'The inner call has no subscription, yet "orders-api" uses'
        " context.Product (apis/orders-api/policy.xml, line 4),"
        " context.Subscription (apis/orders-api/policy.xml, line 4)." in message
    )


def test_a_direct_caller_is_spoken_of() -> None:
    message = found(put("X-User", "a", mark="MCP001")).the("MCP001").message
    assert 'A direct caller of the API can send the same value, so validate "X-User" there' in message


def relayed(files: dict[str, str]) -> dict[str, str]:
    findings = lint(files, select=ONLY)
    return findings.after(findings.the("MCP001").fixes[0])


def test_the_api_s_half_stands_before_the_first_look() -> None:
    api = "<base />\n" + look("X-Other") + look("X-User") + look("X-User")
    text = relayed(workspace(put("X-User", "a"), api))[API]
    assert text.index("X-Other") < text.index("StartsWith") < text.index(look("X-User").strip())


def test_the_api_s_half_stands_before_base_where_an_outer_scope_looks() -> None:
    files = workspace(put("X-User", "a"), "<base />\n" + look("X-User")) | {
        "policy.xml": policy(look("X-User"))
    }
    text = relayed(files)[API]
    assert text.index("<choose>") < text.index("<base />")


def test_the_api_s_half_stands_before_base_where_an_outer_scope_deletes_the_key() -> None:
    files = workspace(put("X-User", "a"), "<base />\n" + look("X-User"))
    files["policy.xml"] = policy(f'<set-header name="{KEY}" exists-action="delete" />')
    text = relayed(files)[API]
    assert text.index("<choose>") < text.index("<base />")
    assert not lint(files | {API: text, SERVER: relayed(files)[SERVER]}, select=["MCP"]).all


def test_the_api_s_half_stands_after_cors_and_base_where_nothing_looks() -> None:
    cors = "<cors><allowed-origins><origin>https://a.example</origin></allowed-origins></cors>"
    text = relayed(
        workspace(put("X-User", "a"), f'<base />\n{cors}\n<set-backend-service backend-id="b" />')
    )[API]
    assert text.index("</cors>") < text.index("<choose>") < text.index("<set-backend-service")


def test_the_api_s_half_stands_before_the_comment_of_what_looks() -> None:
    text = relayed(workspace(put("X-User", "a"), f"<base />\n\n<!-- Who calls? -->\n{look('X-User')}"))[API]
    assert text.index("<base />") < text.index("<choose>") < text.index("<!-- Who calls? -->")
    assert "<base />\n\n        <choose>" in text


def test_the_api_s_half_stands_before_the_branch_in_which_something_looks() -> None:
    api = f'<base />\n<choose><when condition="@(true)">{look("X-User")}</when></choose>'
    text = relayed(workspace(put("X-User", "a"), api))[API]
    assert text.index("StartsWith") < text.index('condition="@(true)"')


def test_a_fragment_in_both_policies() -> None:
    include = '<include-fragment fragment-id="ask" />\n'
    files = workspace(include + put("X-User", "a"), "<base />\n" + include)
    files["policy fragments/ask/policy.xml"] = f"<fragment>{look('X-User')}</fragment>"
    text = relayed(files)[API]
    assert text.index("<choose>") < text.index("<include-fragment")


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (
            "<policies>\n  <outbound>\n    <base />\n  </outbound>\n</policies>",
            '<policies>\n  <inbound>\n    <base />\n    <choose>\n      <when condition="@(',
        ),
        (
            "<policies />",
            '<policies>\n    <inbound>\n        <base />\n        <choose>\n            <when condition="@(',
        ),
        (
            "<policies>\n\t<inbound />\n</policies>",
            '<policies>\n\t<inbound>\n\t\t<choose>\n\t\t\t<when condition="@(',
        ),
        (
            "<policies><inbound><base /></inbound></policies>",
            '<policies><inbound><base />\n    <choose>\n        <when condition="@(',
        ),
    ],
)
def test_the_api_s_half_in_documents_of_little_layout(document: str, expected: str) -> None:
    files = workspace(put("X-User", "a")) | {API: document}
    after = relayed(files)
    assert after[API].startswith(expected)
    assert not lint(after).codes().keys() & {"XML001", "XML002", "XML003", "MCP001", "MCP002", "MCP003"}


def test_a_missing_inbound_stands_after_the_half_where_an_outer_scope_looks() -> None:
    files = workspace(put("X-User", "a")) | {"policy.xml": policy(look("X-User"))}
    files[API] = "<policies>\n    <outbound>\n        <base />\n    </outbound>\n</policies>\n"
    text = relayed(files)[API]
    assert text.index("<choose>") < text.index("<base />") < text.index("</inbound>")


def test_escaped_documents_stay_escaped() -> None:
    api = '<base />\n<set-variable name="v" value="@(context.Request.Headers[&quot;X-User&quot;][0])" />'
    text = relayed(workspace(put("X-User", "a"), api))[API]
    assert 'StartsWith(&quot;X-User=&quot;))">' in text
    assert '.Substring("X-User=".Length))</value>' in text


@pytest.mark.parametrize("api", ["<base />\n%{ if strict }\n<trace />\n%{ endif }", "${policies}"])
def test_a_policy_that_is_not_all_known_is_not_changed(api: str) -> None:
    findings = lint(workspace(put("X-User", "a"), api), select=ONLY)
    finding = findings.the("MCP001")
    assert [findings.name(edit.path) for edit in finding.fixes[0].edits] == [SERVER]
    assert 'For the inbound section of "orders-api"' in finding.message


def test_a_half_that_is_there_is_not_added_again() -> None:
    findings = lint(workspace(put("X-User", "a"), restoring("X-User")), select=ONLY)
    fix = findings.the("MCP001").fixes[0]
    assert [findings.name(edit.path) for edit in fix.edits] == [SERVER]


def test_a_half_of_2025_gets_its_like() -> None:
    back = put("Authorization", get(KEY)) + f'<set-header name="{KEY}" exists-action="delete" />'
    findings = lint(workspace(put("Authorization", "a"), back), select=ONLY)
    after = findings.after(findings.the("MCP001").fixes[0])
    assert get("Authorization") in after[SERVER]
    assert not lint(after, select=["MCP"]).all


def test_what_may_be_missing_is_guarded() -> None:
    after = relayed(workspace(f'<choose><when condition="@(true)">{put("X-User", "a")}</when></choose>'))[
        SERVER
    ]
    assert '<when condition="@(context.Request.Headers.ContainsKey("X-User"))">' in after


def test_windows_line_ends_stay() -> None:
    files = {
        name: text.replace("\n", "\r\n")
        for name, text in workspace(put("X-User", "a"), look("X-User")).items()
    }
    after = relayed(files)
    for name in (SERVER, API):
        assert "\n" not in after[name].replace("\r\n", "")


def test_a_relay_through_a_variable_is_known_by_its_other_half() -> None:
    half = '<set-variable name="t" value="t" />' + put(KEY, '@((string)context.Variables["t"])')
    found(put("Authorization", "a") + half, api=put("Authorization", get(KEY)))
    found(put("Authorization", "a", mark="MCP001") + half)
    found(put("Authorization", "a", mark="MCP001") + put(KEY, "{{key}}"), api=put("Authorization", get(KEY)))


def test_servers_that_share_a_policy_file() -> None:
    settings = "".join(
        f'[[document]]\npath = "agents.xml"\nscope = "mcp"\napi = "{name}"\ntools-from = ["orders"]\n'
        for name in ("one", "two")
    )
    check(
        {"apim-policy.toml": settings, "agents.xml": policy(put("X-User", "a", mark="MCP001"))}, select=ONLY
    )
