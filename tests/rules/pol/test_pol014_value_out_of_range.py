"""Numbers outside their limits."""

from __future__ import annotations

import pytest

from support.policies import inbound, message
from support.workspaces import check

ONLY = ["POL014"]


@pytest.mark.parametrize(
    "policies",
    [
        '<retry condition="@(true)" count="{|POL014:51|}" interval="1" />',
        '<retry condition="@(true)" count="{|POL014:0|}" interval="1" />',
        '<retry condition="@(true)" count="1" interval="{|POL014:-1|}" />',
        '<retry condition="@(true)" count="1" interval="{|POL014:99999999999|}" />',
    ],
)
def test_outside(policies: str) -> None:
    check(inbound(policies), select=ONLY)


@pytest.mark.parametrize(
    "policies",
    [
        '<retry condition="@(true)" count="50" interval="0" />',
        '<retry condition="@(true)" count="@(99)" interval="{{interval}}" />',
        '<retry condition="@(true)" count="x" interval="1" />',
        '<forward-request timeout="240" />',
        '<forward-request timeout="x" />',
    ],
)
def test_inside_or_not_known(policies: str) -> None:
    check(inbound(policies), select=ONLY)


def test_the_limits_are_named() -> None:
    text = inbound('<retry condition="@(true)" count="{|POL014:51|}" interval="1" />')
    assert message(text, ONLY) == "retry's count must be a whole number from 1 to 50, not 51."


def test_a_limit_that_the_service_accepts_is_a_warning() -> None:
    linted = check(inbound('<forward-request timeout="{|POL014:241|}" />'), select=ONLY)
    assert linted.the("POL014").severity.value == "warning"
    assert linted.the("POL014").message.startswith("forward-request's timeout should be at most 240.")
