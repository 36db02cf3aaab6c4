"""Children that a policy needs."""

from __future__ import annotations

import pytest

from support.policies import inbound, message
from support.workspaces import check

ONLY = ["POL007"]


@pytest.mark.parametrize(
    "policies",
    [
        "<{|POL007:choose|} />",
        "<{|POL007:choose|}><otherwise /></choose>",
        "<retry condition='@(true)' count='1' interval='1'><{|POL007:choose|} /></retry>",
    ],
)
def test_missing(policies: str) -> None:
    check(inbound(policies), select=ONLY)


@pytest.mark.parametrize(
    "policies",
    [
        '<choose><when condition="@(true)" /></choose>',
        "<choose>${branches}</choose>",
        "<choose>%{ if a }%{ endif }<otherwise /></choose>",
        "<choose><whenn /></choose>",
        "<choose>text</choose>",
        "<choose>",
    ],
)
def test_not_missing(policies: str) -> None:
    check(inbound(policies), select=ONLY)


def test_the_message_names_the_child() -> None:
    assert message(inbound("<{|POL007:choose|} />"), ONLY) == "choose needs a child <when>."
