"""Children that a policy does not have."""

from __future__ import annotations

import pytest

from support.policies import inbound, message
from support.workspaces import check

ONLY = ["POL006"]


@pytest.mark.parametrize(
    "policies",
    [
        '<set-header name="a"><{|POL006:valu|}>b</valu></set-header>',
        "<return-response><{|POL006:set-statuss|} /></return-response>",
        "<set-method>GET<{|POL006:nothing|} /></set-method>",
        "<choose><{|POL006:if|} /></choose>",
        '<choose><when condition="@(true)" /><otherwise /><{|POL006:otherwise|} /><otherwise /></choose>',
    ],
)
def test_no_such_child(policies: str) -> None:
    check(inbound(policies), select=ONLY)


@pytest.mark.parametrize(
    "policies",
    [
        '<set-header name="a"><value>b</value><value>c</value></set-header>',
        "<set-body><a><b /></a></set-body>",
        "<choose>%{ if a }<otherwise />%{ else }<otherwise />%{ endif }</choose>",
        "<choose><set-method>GET</set-method></choose>",
    ],
)
def test_other_elements(policies: str) -> None:
    check(inbound(policies), select=ONLY)


def test_the_nearest_child_is_named() -> None:
    text = inbound('<set-header name="a"><{|POL006:valu|}>b</valu></set-header>')
    check(text, select=["POL", "SCP"])
    assert message(text, ONLY) == "set-header has no child <valu>. Did you mean <value>?"


def test_one_too_many() -> None:
    text = inbound('<choose><when condition="@(true)" /><otherwise /><{|POL006:otherwise|} /></choose>')
    assert message(text, ONLY) == (
        "<otherwise> may stand in choose only once. Remove this one, or put both into one."
    )
