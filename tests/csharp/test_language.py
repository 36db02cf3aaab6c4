"""Which C# is newer than the service's, and which no expression may hold."""

from __future__ import annotations

import pytest

from apim_policy.csharp.code import Code
from apim_policy.csharp.language import barred, newer
from support.csharp import sound


@pytest.mark.parametrize(
    ("raw", "place", "since"),
    [
        ("@(x switch { 1 => 2, _ => 3 })", "x switch { 1 => 2, _ => 3 }", "8"),
        ("@(a[1..3])", "1..3", "8"),
        ("@(a[^1])", "^1", "8"),
        ("@(x is not null)", "not null", "9"),
        ("@(x is > 1 and < 5)", "> 1 and < 5", "9"),
        ("@(x is Foo { A: 1 })", "Foo { A: 1 }", "8"),
        ("@{ List<int> x = new(); return x; }", "new()", "9"),
        ("@{ a ??= 3; return a; }", "a ??= 3", "8"),
        ("@{ using var x = y; return 1; }", "using", "8"),
        ("@{ static int F() => 1; return F(); }", "static", "8"),
        ("@(x with { A = 1 })", "x with { A = 1 }", "9"),
        ('@("""a""")', '"""a"""', "11"),
        ('@($"""a{b}""")', '$"""a{b}"""', "11"),
        ("@{ int[] x = [1, 2]; return x; }", "[1, 2]", "12"),
        ("@(a!.b)", "a!", "8"),
        ("@(a >>> 1)", "a >>> 1", "11"),
    ],
)
def test_newer(raw: str, place: str, since: str) -> None:
    (found,) = newer(Code(raw, escaped=False))
    assert (raw[found.span.start : found.span.end], found.since) == (place, since)


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        ("@(await x)", "await"),
        ("@(f(async () => 1))", "async"),
        ("@{ dynamic a = 1; return a; }", "dynamic"),
        ("@{ goto a; a: return 1; }", "goto"),
        ("@{ unsafe { } return 1; }", "unsafe"),
        ("@{ yield return 1; }", "yield"),
        ("@{ class A { } return 1; }", "class"),
        ("@{ enum A { B } return 1; }", "enum"),
        ("@{ namespace A { } return 1; }", "namespace"),
        ("@{ using System.Text; return 1; }", "using"),
    ],
)
def test_barred(raw: str, place: str) -> None:
    (found,) = barred(Code(raw, escaped=False))
    assert raw[found.span.start : found.span.end] == place


@pytest.mark.parametrize("raw", [*sound(), '@("goto class ??= is not")', "@(a.fixed + async)"])
def test_nothing_of_seven(raw: str) -> None:
    assert not newer(Code(raw, escaped=False))
    assert not barred(Code(raw, escaped=False))
