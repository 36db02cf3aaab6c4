"""A relayed value that goes on to the backend in the key header."""

from __future__ import annotations

import pytest

from support.mcp import API, AUTOMATIC, KEY, SERVER, get, policy, put, restoring, sending, workspace
from support.workspaces import check, lint

ONLY = ["MCP005"]
DELETE = f'<set-header name="{KEY}" exists-action="delete" />\n'
PLAIN = put("Authorization", get(KEY), mark="MCP005")
QUIET = put("Authorization", get(KEY))


@pytest.mark.parametrize("settings", [None, AUTOMATIC])
@pytest.mark.parametrize(
    ("server", "api"),
    [
        (put(KEY, get("Authorization")), PLAIN),
        (put(KEY, '@((string)context.Variables["t"])'), PLAIN),
        (put(KEY, get("X-User")), put("X-User", get(KEY), mark="MCP005")),
        (sending("X-User"), restoring("X-User", mark="MCP005", deletes=False)),
        (put(KEY, get("Authorization")), DELETE + PLAIN),
        (
            put(KEY, get("Authorization")),
            put("Authorization", f'@("Bearer " + context.Request.Headers["{KEY}"][0])', mark="MCP005"),
        ),
    ],
)
def test_the_key_header_stays(server: str, api: str, settings: str | None) -> None:
    findings = check(workspace(server, api, settings=settings), select=ONLY)
    after = findings.after(findings.the("MCP005").fixes[0])
    assert not lint(after, select=ONLY).all
    assert after[API].count("delete") == findings.files[API].count("delete") + 1


@pytest.mark.parametrize(
    "api",
    [
        QUIET + DELETE,
        QUIET + put(KEY, "{{backend-key}}"),
        QUIET + f'<choose><when condition="@(true)">{DELETE}</when></choose>',
        QUIET + '<include-fragment fragment-id="unknown" />',
        QUIET + "<return-response />",
        QUIET + put("{{name}}", "a"),
        restoring("Authorization"),
        put("X-Backend-Key", get(KEY)),
        f"<!-- {QUIET} -->",
    ],
)
def test_nothing_leaks(api: str) -> None:
    check(workspace(put(KEY, get("Authorization")), api), select=ONLY)


def test_the_global_policy_deletes_the_key_after_the_value_was_put_back() -> None:
    files = workspace(put(KEY, get("Authorization")), QUIET + "<base />") | {"policy.xml": policy(DELETE)}
    check(files, select=ONLY)


def test_one_operation_leaks() -> None:
    files = workspace(
        put(KEY, get("Authorization")), PLAIN, tools=("orders-api/list-orders", "orders-api/get-order")
    )
    files["apis/orders-api/operations/list-orders/policy.xml"] = policy(f"<base />\n{DELETE}")
    check(files, select=ONLY)


def test_a_subscription_s_key_is_no_relayed_value() -> None:
    check(workspace(api=QUIET, subscription_required=True), select=ONLY)


def test_without_a_server_only_our_form_is_a_relay() -> None:
    check({API: policy(restoring("X-User", mark="MCP005", deletes=False))}, select=ONLY)
    check({API: policy(QUIET)}, select=ONLY)


def test_a_half_in_a_fragment() -> None:
    files = workspace(put(KEY, get("Authorization")), '{|MCP005:<include-fragment fragment-id="back" />|}')
    files["policy fragments/back/policy.xml"] = f"<fragment>{QUIET}</fragment>"
    findings = check(files, select=ONLY)
    finding = findings.the("MCP005")
    assert [place.message for place in finding.related] == [
        "It is put back in this fragment",
        "It is sent here",
    ]
    after = findings.after(finding.fixes[0])
    assert after[SERVER] == findings.files[SERVER]
    assert not lint(after, select=ONLY).all
