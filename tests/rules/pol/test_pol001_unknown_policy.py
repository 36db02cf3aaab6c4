"""Elements that are no policies."""

from __future__ import annotations

import pytest

from support.policies import inbound, mended, message
from support.workspaces import check

ONLY = ["POL001"]


@pytest.mark.parametrize(
    "policies",
    [
        '<{|POL001:set-headr|} name="a" />',
        '<choose><when condition="@(true)"><{|POL001:set-headr|} /></when></choose>',
        '<retry condition="@(true)" count="1" interval="1"><{|POL001:x:y|} /></retry>',
        "<{|POL001:Set-Header|} />",
        "%{ if a }<{|POL001:set-headr|} />%{ endif }",
        "<{|POL001:nothing-like-it|}><set-headr /></nothing-like-it>",
    ],
)
def test_no_policy_has_the_name(policies: str) -> None:
    check(inbound(policies), select=ONLY)


@pytest.mark.parametrize(
    "policies",
    [
        "<base />",
        '<set-body template="liquid"><order xmlns="urn:o"><set-headr /></order></set-body>',
        "<set-body><order /></set-body>",
        '<return-response><set-headr name="a" /></return-response>',
        "<!-- <set-headr /> -->",
    ],
)
def test_other_elements(policies: str) -> None:
    check(inbound(policies), select=ONLY)


def test_the_nearest_name_is_proposed() -> None:
    text = inbound("<{|POL001:set-headr|} name='a'><value>b</value></set-headr>")
    assert message(text, ONLY) == 'There is no policy "set-headr". Did you mean "set-header"?'
    assert mended(text, ONLY) == inbound("<set-header name='a'><value>b</value></set-header>")


def test_nothing_near_is_nothing_proposed() -> None:
    assert message(inbound("<{|POL001:qqqq|} />"), ONLY) == 'There is no policy "qqqq".'


def test_one_fault_is_one_finding() -> None:
    text = inbound("<{|POL001:set-headr|} nam='a'>text<value /></set-headr>")
    check(text, select=["POL", "SCP"])
