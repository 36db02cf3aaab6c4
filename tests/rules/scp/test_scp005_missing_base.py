"""Sections that stop what broader scopes do."""

from __future__ import annotations

import pytest

from support.policies import inbound, mended
from support.workspaces import check

ONLY = ["SCP005"]

STATED = "<!-- apim-policy: scope=api api=orders -->"


@pytest.mark.parametrize(
    "text",
    [
        "<policies><{|SCP005:inbound|}><set-method>GET</set-method></inbound></policies>",
        "<policies><{|SCP005:on-error|} /></policies>",
        "<policies><{|SCP005:backend|}><set-method>GET</set-method></backend></policies>",
    ],
)
def test_nothing_is_inherited(text: str) -> None:
    linted = check(STATED + text, select=ONLY)
    finding = linted.the("SCP005")
    assert finding.severity.value == "info"
    after = linted.after(finding.fixes[0])
    assert "<base />" in after["policy.xml"]
    check(after, select=ONLY)


@pytest.mark.parametrize(
    "text",
    [
        STATED + inbound("<base />"),
        STATED + "<policies><backend><forward-request /></backend></policies>",
        STATED + inbound("${policies}"),
        inbound("<set-method>GET</set-method>"),
        "<!-- apim-policy: scope=global -->" + inbound("<set-method>GET</set-method>"),
        "<fragment><set-method>GET</set-method></fragment>",
    ],
)
def test_inherited_or_not_known(text: str) -> None:
    check(text, select=ONLY)


def test_strict_makes_it_a_warning() -> None:
    files = {
        "apim-policy.toml": 'profile = "strict"\n',
        "policy.xml": STATED + "<policies><{|SCP005:inbound|} /></policies>",
    }
    assert check(files, select=ONLY).the("SCP005").severity.value == "warning"


def test_base_is_put_first() -> None:
    text = f"""{STATED}
<policies>
    <{{|SCP005:inbound|}}>
        <set-method>GET</set-method>
    </inbound>
</policies>
"""
    assert (
        mended(text, ONLY)
        == f"""{STATED}
<policies>
    <inbound>
        <base />
        <set-method>GET</set-method>
    </inbound>
</policies>
"""
    )
