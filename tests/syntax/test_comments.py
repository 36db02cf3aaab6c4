"""Expressions that comments open: the service looks for them there too."""

from __future__ import annotations

import pytest

from apim_policy.syntax.parser import parse

SOUND = {
    "a whole expression": '<a><!-- <b c="@(d("e)"))" /> --></a>',
    "an expression that a later comment closes": '<a><!-- <b c="@{ --><!-- if (d) { } --><!-- }" /> --></a>',
    "an address": "<a><!-- mail to someone@example.org (or not --></a>",
    "an at sign and a space": "<a><!-- @ (see below --></a>",
    "a named value": "<a><!-- @{{name}} --></a>",
    "a lone quote before the bracket": "<a><!-- @(isn't it) --></a>",
    "a bracket in a string": '<a><!-- @(a("(")) --></a>',
}
BROKEN = {
    "an open bracket": "<a><!-- @(b --></a>",
    "an open block": "<a><!-- @{ if (b) { } --></a>",
    "an open bracket after a sound one": "<a><!-- @(b) @(c --></a>",
    "several comments": "<a><!-- @(b --><!-- @(c --><!-- @(d --></a>",
}


@pytest.mark.parametrize("text", SOUND.values(), ids=SOUND)
def test_an_expression_that_closes_is_no_fault(text: str) -> None:
    assert parse(text).faults == []


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_the_first_expression_that_never_closes_is_told(text: str) -> None:
    document = parse(text)
    (fault,) = document.faults
    assert fault.kind.value == "unbalanced-expression-in-comment"
    assert document.slice(fault.span) in ("@(", "@{")
