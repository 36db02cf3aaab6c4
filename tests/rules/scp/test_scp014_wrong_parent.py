"""Elements inside a parent that does not hold them."""

from __future__ import annotations

import pytest

from support.policies import inbound, message
from support.workspaces import check

ONLY = ["SCP014"]


@pytest.mark.parametrize(
    "policies",
    [
        '<{|SCP014:when|} condition="@(true)"><set-method>GET</set-method></when>',
        "<{|SCP014:set-url|}>https://a</set-url>",
        "<return-response><{|SCP014:set-method|}>GET</set-method></return-response>",
        "<choose><{|SCP014:set-method|}>GET</set-method></choose>",
        "<{|SCP014:inbound|} />",
        "<{|SCP014:policies|} />",
        '<set-method>GET<{|SCP014:set-header|} name="a" /></set-method>',
        '<retry condition="@(true)" count="1" interval="1"><{|SCP014:otherwise|} /></retry>',
    ],
)
def test_the_parent_does_not_hold_it(policies: str) -> None:
    check(inbound(policies), select=["POL001", "POL006", "POL007", "SCP014"])


@pytest.mark.parametrize(
    "policies",
    [
        '<choose><when condition="@(true)" /></choose>',
        "<set-body><when /></set-body>",
        '<set-header name="a"><valu /></set-header>',
    ],
)
def test_nothing_to_say(policies: str) -> None:
    check(inbound(policies), select=ONLY)


def test_what_stands_inside_is_checked() -> None:
    check(inbound('<{|SCP014:when|} condition="@(true)"><{|POL001:nope|} /></when>'), select=["POL", "SCP"])


def test_the_messages_name_the_right_place() -> None:
    assert message(inbound('<{|SCP014:when|} condition="@(true)" />'), ONLY) == (
        "<when> may stand only in choose, not in inbound."
    )
    assert message(inbound("<choose><{|SCP014:set-method|}>GET</set-method></choose>"), ONLY) == (
        "<set-method> cannot stand in choose, which holds only <when> and <otherwise>."
    )
