"""Which members of ``context`` an expression uses, and how the text that it gives back begins."""

from __future__ import annotations

import pytest

from apim_policy.csharp.members import context_members
from apim_policy.csharp.results import leading_text
from apim_policy.syntax.parser import parse


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("@(context.Subscription.Id)", [("Subscription", "context.Subscription")]),
        ("@(context.Subscription?.Id)", [("Subscription", "context.Subscription")]),
        ("@(context?.Product)", [("Product", "context?.Product")]),
        ('@("context.Product")', []),
        ("@(other.context.Product)", []),
        (
            "@(context.Api.Id + context.Product.Name)",
            [("Api", "context.Api"), ("Product", "context.Product")],
        ),
        ("@(&quot;é&quot; + context.Product.Name)", [("Product", "context.Product")]),
    ],
)
def test_members_of_context(raw: str, expected: list[tuple[str, str]]) -> None:
    document = parse(f"<fragment><trace>{raw}</trace></fragment>")
    (expression,) = document.expressions()
    source = document.slice(expression)
    found = context_members(document, expression)
    assert [(use.name, source[use.span.start : use.span.end]) for use in found] == expected


@pytest.mark.parametrize(
    ("raw", "start"),
    [
        ('@("Bearer " + (string)context.Variables["t"])', "Bearer "),
        ('@($"Bearer {context.Variables["t"]}")', "Bearer "),
        ('@("Bearer " + a + b)', "Bearer "),
        ('@{ return "X=" + Get(); }', "X="),
        ('@{ var p = "Bearer "; return p + Get(); }', "Bearer "),
        ("@(&quot;Bearer &quot; + t)", "Bearer "),
        ('@((string)context.Variables["t"])', ""),
        ('@(a ? "x" : "y")', ""),
        ("@(context.Api.Id)", ""),
        ('@($"{{scheme}} {t}")', ""),
    ],
)
def test_how_a_value_begins(raw: str, start: str) -> None:
    document = parse(f"<fragment><trace>{raw}</trace></fragment>")
    (expression,) = document.expressions()
    assert leading_text(document, expression) == start
