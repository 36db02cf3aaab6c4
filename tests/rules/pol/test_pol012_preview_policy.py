"""Policies without the support that others have."""

from __future__ import annotations

import pytest

from support.policies import inbound, message
from support.workspaces import check

ONLY = ["POL012"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<{|POL012:cosmosdb-data-source|} />", "is in preview"),
        (inbound("<{|POL012:authentication-token-store|} />"), "no page documents it"),
    ],
)
def test_preview_and_undocumented(text: str, words: str) -> None:
    assert words in message(text, ONLY)
    assert check(text, ONLY).the("POL012").severity.value == "hint"


def test_documented() -> None:
    check(inbound('<base /><set-variable name="a" value="b" />'), select=ONLY)
