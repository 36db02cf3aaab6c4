"""Expressions that are not the whole value."""

from __future__ import annotations

import pytest

from support.policies import inbound, mended
from support.workspaces import check, lint

ONLY = ["POL013"]


@pytest.mark.parametrize(
    "policies",
    [
        '<set-header name="a"><value>{|POL013:Bearer @(context.Api.Id)|}</value></set-header>',
        '<set-variable name="a" value="{|POL013:a/@(context.Api.Id)/b|}" />',
        '<rewrite-uri template="{|POL013:/orders/@(context.Api.Id)|}" />',
        '<set-body> {|POL013:{ "a": @(context.Api.Id) }|} </set-body>',
    ],
)
def test_mixed(policies: str) -> None:
    check(inbound(policies), select=ONLY)


@pytest.mark.parametrize(
    "policies",
    [
        '<set-header name="a"><value> @(context.Api.Id) </value></set-header>',
        '<set-header name="a"><value>Bearer {{token}}</value></set-header>',
        '<set-header name="a"><value>{{scheme}} @(context.Api.Id)</value></set-header>',
        '<set-body template="liquid">a @(b) {{context.Api.Id}}</set-body>',
        '<include-fragment fragment-id="a@(b)" />',
    ],
)
def test_whole_or_not_known(policies: str) -> None:
    check(inbound(policies), select=ONLY)


def test_one_expression_is_made() -> None:
    text = inbound('<set-header name="a"><value>{|POL013:Bearer @(context.Api.Id)!|}</value></set-header>')
    assert mended(text, ONLY) == inbound(
        '<set-header name="a"><value>@("Bearer " + (context.Api.Id) + "!")</value></set-header>'
    )


@pytest.mark.parametrize(
    "value", ['say "@(a)"', "a @{ return b; }", "a @(b /* c */ // d\n)", "&lt;@(b)", "\\@(b)"]
)
def test_what_cannot_be_joined(value: str) -> None:
    text = inbound(f'<set-header name="a"><value>{value}</value></set-header>')
    assert not lint(text, select=ONLY).the("POL013").fixes
