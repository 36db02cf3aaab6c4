"""References that no named value can have as a name."""

from __future__ import annotations

import pytest

from support.policies import inbound, message
from support.workspaces import check

ONLY = ["POL015"]


@pytest.mark.parametrize(
    "policies",
    [
        '<set-variable name="a" value="{|POL015:{{a b}}|}" />',
        "<set-body>x {|POL015:{{queue|topic}}|} y</set-body>",
        '<set-variable name="a" value="{{b}}{|POL015:{{ c }}|}" />',
    ],
)
def test_no_name(policies: str) -> None:
    check(inbound(policies), select=ONLY)


@pytest.mark.parametrize(
    "policies",
    [
        '<set-variable name="a" value="{{a-b.c_D9}}" />',
        '<set-variable name="a" value="{{${prefix}-key}}" />',
        '<set-variable name="a" value="{{#{prefix}#-key}}" />',
        '<set-body template="liquid">{{ context.Request.Body | a b }}</set-body>',
        '<set-body>@(a($"{{b c}}"))</set-body>',
        "<!-- {{a b}} -->",
    ],
)
def test_a_name_or_something_else(policies: str) -> None:
    check(inbound(policies), select=ONLY)


def test_the_message_says_what_a_name_holds() -> None:
    text = inbound('<set-variable name="a" value="{|POL015:{{a b}}|}" />')
    assert message(text, ONLY).startswith('No named value can be called "a b". A name has letters, digits')
