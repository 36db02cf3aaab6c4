"""What an expression uses as if it were there, and what it tests."""

from __future__ import annotations

import pytest

from apim_policy.csharp.code import Code
from apim_policy.csharp.null_tests import null_tests


@pytest.mark.parametrize(
    ("expression", "subjects"),
    [
        ("@(context.User.Id)", ["context.User", "context"]),
        ("@( ( context . User ) . Id )", ["context.User", "context"]),
        ("@{ var u = context.User; return u.Id; }", ["context", "context.User"]),
        ('@(((A)context.Variables["r"]).B)', ["Variables[r]", "context.Variables", "context"]),
        (
            '@(context.Variables.GetValueOrDefault<A>("r").B)',
            ["Variables[r]", "context.Variables", "context"],
        ),
        ('@(context.Request.Headers["a"][0])', ['context.Request.Headers["a"]']),
        ("@(a?.b.c)", []),
    ],
)
def test_uses(expression: str, subjects: list[str]) -> None:
    found = {use.subject for use in null_tests(Code(expression, escaped=False)).uses}
    assert set(subjects) <= found
    assert subjects or not found


@pytest.mark.parametrize(
    ("expression", "subject"),
    [
        ("@(a.b == null)", "a.b"),
        ("@(null != (T)a.b)", "a.b"),
        ("@(a.b?.c)", "a.b"),
        ("@(a.b ?? c)", "a.b"),
        ("@(a.b is T t)", "a.b"),
        ("@(a.b is null)", "a.b"),
        ("@(string.IsNullOrEmpty(a.b))", "a.b"),
        ('@(context.Variables.ContainsKey("r"))', "Variables[r]"),
        ('@(context.Variables["r"] == null)', "Variables[r]"),
        ("@{ var x = a.b; return x == null; }", "a.b"),
    ],
)
def test_tests(expression: str, subject: str) -> None:
    assert subject in null_tests(Code(expression, escaped=False)).tested


def test_nesting_deeper_than_anybody_writes() -> None:
    null_tests(Code("@(" + "(" * 10_000 + "context.User.Id" + ")" * 10_000 + ")", escaped=False))
    null_tests(Code("@(a" + ".b" * 10_000 + ")", escaped=False))
