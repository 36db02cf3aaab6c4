"""Requests that are sent again without their body."""

from __future__ import annotations

import pytest

from support.policies import mended, message
from support.workspaces import check

ONLY = ["POL017"]


def retried(policies: str) -> str:
    retry = f'<retry condition="@(true)" count="1" interval="1">{policies}</retry>'
    return f"<policies><backend>{retry}</backend></policies>"


@pytest.mark.parametrize(
    "policies",
    [
        "<{|POL017:forward-request|} />",
        '<{|POL017:forward-request|} buffer-request-body="false" />',
        '<choose><when condition="@(true)"><{|POL017:forward-request|} timeout="1" /></when></choose>',
    ],
)
def test_not_buffered(policies: str) -> None:
    text = retried(policies)
    mended_text = mended(text, ONLY)
    assert 'buffer-request-body="true"' in mended_text
    check(mended_text, select=["POL"])


@pytest.mark.parametrize(
    "text",
    [
        retried('<forward-request buffer-request-body="true" />'),
        retried('<forward-request buffer-request-body="{{buffer}}" />'),
        retried("<forward-request ${options} />"),
        "<policies><backend><forward-request /></backend></policies>",
    ],
)
def test_buffered_or_sent_once(text: str) -> None:
    check(text, select=ONLY)


def test_the_message_says_what_to_set() -> None:
    assert message(retried("<{|POL017:forward-request|} />"), ONLY) == (
        'forward-request in retry sends the body only once. Set buffer-request-body="true", '
        "so that it is sent again with each attempt."
    )
