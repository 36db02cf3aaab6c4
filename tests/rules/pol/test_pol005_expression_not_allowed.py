"""Expressions where a literal is due."""

from __future__ import annotations

import pytest

from support.policies import inbound, message
from support.workspaces import check

ONLY = ["POL005"]


@pytest.mark.parametrize(
    "policies",
    [
        '<include-fragment fragment-id="{|POL005:@(context.Api.Id)|}" />',
        '<include-fragment fragment-id="a-{|POL005:@(context.Api.Id)|}" />',
        '<limit-concurrency key="a" max-count="{|POL005:@(1)|}" />',
        '<choose><otherwise><include-fragment fragment-id="{|POL005:@{ return "a"; }|}" /></otherwise></choose>',
    ],
)
def test_only_a_literal(policies: str) -> None:
    check(inbound(policies), select=ONLY)


@pytest.mark.parametrize(
    "policies",
    [
        '<include-fragment fragment-id="{{fragment}}" />',
        '<include-fragment fragment-id="{{prefix}}@(x)" />',
        '<set-variable name="a" value="@(1)" />',
        '<forward-request timeout="@(60)" />',
    ],
)
def test_an_expression_or_none(policies: str) -> None:
    check(inbound(policies), select=ONLY)


def test_the_message_says_what_to_write() -> None:
    text = inbound('<include-fragment fragment-id="{|POL005:@(x)|}" />')
    assert message(text, ONLY) == (
        'The attribute "fragment-id" of include-fragment takes no expression. '
        "Write a literal, or a named value in double braces."
    )
