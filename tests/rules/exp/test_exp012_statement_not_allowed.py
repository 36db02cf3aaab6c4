"""Statements that no expression may hold."""

from __future__ import annotations

import pytest

from support.policies import inbound, message
from support.workspaces import check

ONLY = ["EXP012"]


@pytest.mark.parametrize(
    "policies",
    [
        "<set-body>@{ {|EXP012:dynamic|} a = 1; return a; }</set-body>",
        "<set-body>@{ {|EXP012:class|} A { } return 1; }</set-body>",
        '<trace source="@(&quot;é&quot; + {|EXP012:await|} a)" />',
        "<set-body>@{ using (var x = y) { return 1; } }</set-body>",
    ],
)
def test_places(policies: str) -> None:
    check(inbound(policies), select=ONLY)


def test_message() -> None:
    text = inbound("<set-body>@{ {|EXP012:dynamic|} a = 1; return a; }</set-body>")
    assert message(text, ONLY) == (
        '"dynamic" is not allowed in a policy expression. Write "var", or name the type.'
    )
