"""A relay into an API whose gateway asks for a key first."""

from __future__ import annotations

import json

import pytest

from apim_policy.rules.model import Severity
from support.mcp import API, AUTOMATIC, KEY, SERVER, get, policy, put, restoring, sending, workspace
from support.workspaces import check

ONLY = ["MCP004"]


@pytest.mark.parametrize("settings", [None, AUTOMATIC])
@pytest.mark.parametrize(
    ("half", "api"),
    [
        (sending("X-User", mark="MCP004"), restoring("X-User")),
        (sending("X-User", mark="MCP004"), None),
        (put(KEY, get("Authorization"), mark="MCP004"), "<base />"),
        (put(KEY, "Bearer {{token}}", mark="MCP004"), "<base />"),
        (
            put(KEY, get("X-User"), mark="MCP004"),
            put("X-User", get(KEY)) + f'<set-header name="{KEY}" exists-action="delete" />',
        ),
    ],
)
def test_what_is_no_key_is_rejected(half: str, api: str | None, settings: str | None) -> None:
    finding = check(workspace(half, api, settings=settings, subscription_required=True), select=ONLY).the(
        "MCP004"
    )
    assert finding.severity is Severity.ERROR
    assert finding.message.startswith('"orders-api" requires a subscription')
    assert [place.message for place in finding.related] == ['"orders-api" requires a subscription']


@pytest.mark.parametrize("required", [False, None])
def test_nobody_asks_for_a_key(required: bool | None) -> None:
    check(workspace(sending("X-User"), restoring("X-User"), subscription_required=required), select=ONLY)


@pytest.mark.parametrize(
    "half",
    [
        put(KEY, "{{key}}"),
        put(KEY, get("X-Api-Key")),
        put(KEY, '@(context.Request.Headers.GetValueOrDefault("Authorization", "").Replace("Bearer ", ""))'),
        put(KEY, '@((string)context.Variables["key"])'),
        sending("X-User") + put(KEY, "{{key}}"),
    ],
)
def test_a_key_is_let_in(half: str) -> None:
    check(workspace(half, subscription_required=True), select=ONLY)


@pytest.mark.parametrize(
    ("open_product", "severity"), [(True, None), (False, Severity.WARNING), (None, Severity.WARNING)]
)
def test_an_open_product_lets_in_what_is_no_key(open_product: bool | None, severity: Severity | None) -> None:
    files = workspace(sending("X-User", mark="MCP004" if severity else ""), subscription_required=True)
    stated = {} if open_product is None else {"subscriptionRequired": not open_product}
    files["products/shop/productInformation.json"] = json.dumps({"properties": stated})
    files["products/shop/apis/orders-api/productApiInformation.json"] = "{}"
    found = check(files, select=ONLY).all
    assert [finding.severity for finding in found] == ([severity] if severity else [])


def test_settings_state_a_subscription() -> None:
    settings = (
        '[[document]]\npath = "agents.xml"\nscope = "mcp"\nkind = "rest-backed"\ntools-from = ["orders"]\n'
        '[[document]]\npath = "orders.xml"\nscope = "api"\napi = "orders"\nsubscription-required = true\n'
    )
    files = {
        "apim-policy.toml": settings,
        "agents.xml": policy(sending("X-User", mark="MCP004")),
        "orders.xml": policy(restoring("X-User")),
    }
    findings = check(files, select=ONLY)
    (place,) = findings.the("MCP004").related
    assert findings.name(place.path) == "apim-policy.toml"


def test_a_half_in_a_comment() -> None:
    files = workspace(f"<!-- {sending('X-User')} -->", subscription_required=True)
    assert SERVER in files
    assert API in files
    check(files, select=ONLY)
