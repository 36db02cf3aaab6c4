"""Attributes that an element needs."""

from __future__ import annotations

import pytest

from support.policies import inbound, mended, message
from support.workspaces import check, lint

ONLY = ["POL003"]


@pytest.mark.parametrize(
    "policies",
    [
        '<{|POL003:set-variable|} value="a" />',
        "<choose><{|POL003:when|} /></choose>",
        "<{|POL003:include-fragment|} />",
        '<retry condition="@(true)" count="1" interval="1"><{|POL003:set-header|} exists-action="delete" /></retry>',
    ],
)
def test_missing(policies: str) -> None:
    check(inbound(policies), select=ONLY)


@pytest.mark.parametrize(
    "policies",
    [
        '<set-header name="{{name}}" exists-action="delete" />',
        "<set-variable ${attributes} />",
        "<set-headr />",
    ],
)
def test_not_missing(policies: str) -> None:
    check(inbound(policies), select=ONLY)


def test_a_value_that_is_to_be_chosen() -> None:
    text = inbound('<{|POL003:set-variable|} value="a" />')
    assert message(text, ONLY) == 'set-variable needs the attribute "name".'
    assert mended(text, ONLY) == inbound('<set-variable value="a" name="" />')


def test_no_batch_chooses_a_value() -> None:
    assert not lint(inbound("<include-fragment />"), select=ONLY).the("POL003").fixes[0].batch


def test_what_the_documentation_alone_demands_is_a_warning() -> None:
    linted = check(
        inbound("<{|POL003:send-request|}><set-url>https://a</set-url></send-request>"), select=ONLY
    )
    assert linted.the("POL003").severity.value == "warning"
