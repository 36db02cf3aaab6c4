"""A relay on a gateway that forwards headers."""

from __future__ import annotations

import pytest

from apim_policy.rules.model import Applicability, Severity, Tag
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

ONLY = ["MCP006"]


def found(server: str, api: str | None = "<base />", **options: object) -> Linted:
    return check(workspace(server, api, settings=AUTOMATIC, **options), select=ONLY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "half",
    [
        sending("X-User", mark="MCP006"),
        put(KEY, get("Authorization"), mark="MCP006"),
        put(KEY, '@("Bearer " + (string)context.Variables["t"])', mark="MCP006"),
    ],
)
def test_a_relay_is_not_needed(half: str) -> None:
    finding = found(half).the("MCP006")
    assert finding.severity is Severity.INFO
    assert finding.tags == {Tag.UNNECESSARY}
    assert finding.fixes[0].applicability is Applicability.UNSAFE


@pytest.mark.parametrize("settings", [None, KEY_ONLY])
def test_elsewhere_it_is(settings: str | None) -> None:
    check(workspace(sending("X-User"), restoring("X-User"), settings=settings), select=ONLY)


@pytest.mark.parametrize("half", [put(KEY, "{{key}}"), put(KEY, get("X-Api-Key"))])
def test_a_key_is_no_relay(half: str) -> None:
    found(half)


@pytest.mark.parametrize(
    ("server", "api"),
    [
        (put("X-User", "a"), "<base />\n" + look("X-User")),
        (put("X-User", "a"), "<base />"),
        ("<base />", look("X-User")),
        (put("X-User", "a"), "<base />\n\n<!-- Who? -->\n" + look("X-User")),
        (
            f'<choose><when condition="@(true)">{put("X-User", "a")}</when></choose>',
            look("X-User") + "\n<trace />",
        ),
    ],
)
def test_removal_gives_back_what_was_before_the_relay(server: str, api: str) -> None:
    plain = lint(workspace(server, api), select=["MCP"])
    offered = next(finding for finding in plain.all if finding.fixes[0].title.startswith("Relay"))
    relayed = plain.after(offered.fixes[0])
    obsolete = lint(relayed | {"apim-policy.toml": AUTOMATIC}, select=ONLY)
    after = obsolete.after(obsolete.the("MCP006").fixes[0])
    assert after == plain.files | {"apim-policy.toml": AUTOMATIC}


def test_a_value_made_for_the_key_is_written_to_its_own_header() -> None:
    half = put(KEY, '@("Bearer " + (string)context.Variables["t"])')
    findings = lint(workspace(half, put("Authorization", get(KEY)), settings=AUTOMATIC), select=ONLY)
    after = findings.after(findings.the("MCP006").fixes[0])
    assert '<set-header name="Authorization" exists-action="override">' in after[SERVER]
    assert KEY not in after[SERVER]
    assert KEY not in after[API]


def test_what_else_is_in_the_branch_stays() -> None:
    api = restoring("X-User").replace("    </when>", '        <trace source="t" />\n    </when>')
    findings = lint(workspace(sending("X-User"), api, settings=AUTOMATIC), select=ONLY)
    after = findings.after(findings.the("MCP006").fixes[0])[API]
    assert "<trace" in after
    assert "set-header" not in after
    assert "<when" in after


@pytest.mark.parametrize(
    "api",
    [
        restoring("X-User").replace("</choose>", "    <otherwise><trace /></otherwise>\n</choose>"),
        '<include-fragment fragment-id="back" />',
    ],
)
def test_no_fix_where_a_half_cannot_be_taken_out_alone(api: str) -> None:
    files = workspace(sending("X-User", mark="MCP006"), api, settings=AUTOMATIC)
    files["policy fragments/back/policy.xml"] = f"<fragment>{restoring('X-User')}</fragment>"
    assert not check(files, select=ONLY).the("MCP006").fixes


@pytest.mark.parametrize(("api", "batch"), [(restoring("X-User"), True), (None, False)])
def test_in_bulk_only_where_all_apis_are_seen(api: str | None, batch: bool) -> None:
    findings = lint(workspace(sending("X-User"), api, settings=AUTOMATIC), select=ONLY)
    assert findings.the("MCP006").fixes[0].batch is batch


def test_two_servers_over_one_api() -> None:
    files = workspace(sending("X-User", mark="MCP006"), restoring("X-User"), settings=AUTOMATIC)
    files["apis/other-mcp/apiInformation.json"] = server_information("orders-api/get-order")
    files["apis/other-mcp/policy.xml"] = policy(sending("X-User", mark="MCP006"))
    findings = check(files, select=ONLY)
    after = findings.after(findings.all[0].fixes[0])
    again = lint(after, select=ONLY)
    assert KEY not in again.after(again.the("MCP006").fixes[0])["apis/other-mcp/policy.xml"]


def test_on_a_path_alone_it_is_one_level_milder() -> None:
    files = {"mcp-server/policy.xml": policy(sending("X-User", mark="MCP006")), "apim-policy.toml": AUTOMATIC}
    finding = check(files, select=ONLY).the("MCP006")
    assert finding.severity is Severity.HINT
    assert "assumed from its path" in finding.message
    assert not finding.fixes[0].batch


VARIABLE = '<set-variable name="t" value="@(context.Request.Headers.GetValueOrDefault("{}", ""))" />\n'
FROM_VARIABLE = '@((string)context.Variables["t"])'


def test_no_fix_where_the_api_does_something_else_with_the_key() -> None:
    api = VARIABLE.format(KEY) + put("Authorization", FROM_VARIABLE)
    assert not found(put(KEY, get("Authorization"), mark="MCP006"), api).the("MCP006").fixes


def test_a_relay_through_a_variable_is_known_by_its_other_half() -> None:
    server = VARIABLE.format("Authorization") + put(KEY, FROM_VARIABLE, mark="MCP006")
    assert not found(server, put("Authorization", get(KEY))).the("MCP006").fixes
    found(server.replace("{|MCP006:", "").replace("|}", ""), "<base />")
