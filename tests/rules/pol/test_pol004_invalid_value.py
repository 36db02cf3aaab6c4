"""Values that are not of their type."""

from __future__ import annotations

import pytest

from support.policies import inbound, mended, message
from support.workspaces import check

ONLY = ["POL004"]


@pytest.mark.parametrize(
    "policies",
    [
        '<set-header name="a" exists-action="{|POL004:somehow|}" />',
        '<retry condition="{|POL004:maybe|}" count="1" interval="1" />',
        '<retry condition="@(true)" count="{|POL004:1.5|}" interval="1" />',
        '<forward-request follow-redirects="{|POL004:yes|}" />',
        '<send-request {|POL004:mode=""|} response-variable-name="a"><set-url>https://a</set-url></send-request>',
        '<send-request mode="copy" response-variable-name="a"><{|POL004:set-url|} /></send-request>',
    ],
)
def test_not_of_the_type(policies: str) -> None:
    check(inbound(policies), select=ONLY)


@pytest.mark.parametrize(
    "policies",
    [
        '<set-header name="a" exists-action="@(context.Api.Id)" />',
        '<set-header name="a" exists-action="{{action}}" />',
        '<set-header name="a" exists-action="#{action}#" />',
        '<set-header name="a" exists-action="pre${x}" />',
        '<retry condition="true" count=" 3 " interval="1" />',
        '<set-body template="liquid"> </set-body>',
    ],
)
def test_valid_or_not_known(policies: str) -> None:
    check(inbound(policies), select=ONLY)


def test_the_nearest_value_is_proposed() -> None:
    text = inbound('<set-header name="a" exists-action="{|POL004:overide|}" />')
    assert message(text, ONLY).endswith('delete, not "overide". Did you mean "override"?')
    assert 'exists-action="override"' in mended(text, ONLY)


def test_a_word_in_capitals_may_be_replaced_by_a_deployment() -> None:
    text = inbound('<retry condition="@(true)" count="{|POL004:RETRY_COUNT|}" interval="1" />')
    linted = check(text, select=ONLY)
    assert linted.the("POL004").severity.value == "info"
    assert not linted.the("POL004").fixes


def test_the_message_says_what_is_valid() -> None:
    text = inbound('<retry condition="@(true)" count="{|POL004:a|}" interval="1" />')
    assert message(text, ONLY) == 'retry\'s count must be a whole number from 1 to 50, not "a".'
