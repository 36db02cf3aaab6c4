"""Policies in scopes where they may not be used."""

from __future__ import annotations

import pytest

from support.policies import inbound, message
from support.workspaces import check

ONLY = ["SCP002"]

QUOTA = '<{|SCP002:quota|} calls="1" renewal-period="60" />'
ALLOWED = '<quota calls="1" renewal-period="60" />'


def stated(scope: str, policies: str) -> dict[str, str]:
    setting = f'[[document]]\npath = "policy.xml"\nscope = "{scope}"\n'
    if scope in ("product", "api"):
        setting += f'{scope} = "orders"\n'
    return {"apim-policy.toml": setting, "policy.xml": inbound(policies)}


@pytest.mark.parametrize("scope", ["global", "api"])
def test_not_in_this_scope(scope: str) -> None:
    finding = check(stated(scope, QUOTA), select=ONLY).the("SCP002")
    assert finding.severity.value == "error"
    assert finding.related


@pytest.mark.parametrize(
    "files",
    [
        stated("product", ALLOWED),
        {"policy.xml": inbound(ALLOWED)},
        {"apis/orders/policy.xml": inbound(ALLOWED)},
        {"policy.xml": f"<fragment>{ALLOWED}</fragment>"},
    ],
)
def test_allowed_or_not_stated(files: dict[str, str]) -> None:
    check(files, select=ONLY)


def test_the_message_names_both_scopes() -> None:
    assert message(stated("api", QUOTA), ONLY) == (
        "quota may be used only in a product's policy, and this is an API's policy."
    )
