"""Headers that the gateway keeps to itself."""

from __future__ import annotations

import pytest

from support.policies import message, outbound
from support.workspaces import check

ONLY = ["POL016"]


@pytest.mark.parametrize(
    "policies",
    [
        '<set-header name="{|POL016:Content-Length|}"><value>0</value></set-header>',
        '<set-header name="{|POL016:transfer-encoding|}" exists-action="delete" />',
        '<set-header name="{|POL016:Server|}" exists-action="delete" />',
    ],
)
def test_protected(policies: str) -> None:
    check(outbound(policies), select=ONLY)


@pytest.mark.parametrize(
    "policies",
    [
        '<set-header name="Server"><value>mine</value></set-header>',
        '<set-header name="Server" exists-action="@(context.Api.Id)" />',
        '<set-header name="{{header}}"><value>0</value></set-header>',
        '<set-header name="X-Content-Length"><value>0</value></set-header>',
    ],
)
def test_not_protected(policies: str) -> None:
    check(outbound(policies), select=ONLY)


def test_the_message_says_what_happens() -> None:
    text = outbound('<set-header name="{|POL016:Connection|}"><value>close</value></set-header>')
    assert message(text, ONLY) == (
        'The header "Connection" cannot be set. The gateway manages this header itself.'
    )
