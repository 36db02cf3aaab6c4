"""The names that can be used at a place in an expression."""

from __future__ import annotations

import pytest

from apim_policy.csharp.code import Code
from apim_policy.csharp.inference import types_of
from apim_policy.csharp.scopes import LocalKind


def visible(source: str) -> dict[str, str]:
    """The names at the cursor, with their types."""
    before, _, after = source.partition("$0")
    scope = types_of(Code(before + after, escaped=False)).scope_at(len(before))
    return {name: str(local.type) for name, local in scope.items()}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("@{ $0 var a = 1; return a; }", {}),
        ("@{ var a = $01; return a; }", {}),
        ("@{ var a = 1; $0 return a; }", {"a": "int"}),
        ("@{ var a = 1; { var b = 2L; $0 } return a; }", {"a": "int", "b": "long"}),
        ("@{ { var b = 2L; } $0 return 1; }", {}),
        ('@(new[] { "a" }.Select(x => x$0.Length).Where(y => true))', {"x": "string"}),
        ('@(new[] { "a" }.Select(x => x.Length).Where(y => y$0 > 1))', {"y": "int"}),
        ("@{ foreach (var c in context.Api.Id) { $0 } return 1; }", {"c": "char"}),
        ("@{ foreach (var c in context.Api.Id) { } $0 return 1; }", {}),
        ("@{ for (int i = 0; i < 3; i++) { $0 } return 1; }", {"i": "int"}),
        ("@{ using (var h = SHA256.Create()) { $0 } return 1; }", {"h": "SHA256"}),
        ("@{ try { } catch (Exception e) { $0 } return 1; }", {"e": "Exception"}),
        ('@{ if (!int.TryParse("1", out var n)) { } $0 return n; }', {"n": "int"}),
        ('@{ if (context.Variables["a"] is string s) { $0 } return 1; }', {"s": "string"}),
        ("@{ $0 return F(1); string F(int a) { return null; } }", {"F": "string"}),
        ("@{ return F(1); string F(int a) { $0 return null; } }", {"F": "string", "a": "int"}),
        ('@{ var a = 1; { var a = "x"; $0 } return a; }', {"a": "string"}),
        ("@{ var a = 1; if (a > 0) { var b = a.$0", {"a": "int"}),
    ],
)
def test_names_at_a_place(source: str, expected: dict[str, str]) -> None:
    assert visible(source) == expected


def test_where_and_how_a_name_is_declared() -> None:
    source = "@{ var first = 1; return new[] { 1 }.Select(second => second + first); }"
    first, second = types_of(Code(source, escaped=False)).locals
    assert (first.name, first.kind, first.span.start) == ("first", LocalKind.VARIABLE, source.index("first"))
    assert (second.name, second.kind) == ("second", LocalKind.PARAMETER)
    assert second.span.start == source.index("second")
