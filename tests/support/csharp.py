"""Expressions for tests of the C# analysis: sound ones in many forms, and hostile ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_SOUND = (
    "@(a < b && c > d)",
    "@((a) - b)",
    "@((a) && b)",
    "@(x is int n && n > 1)",
    "@{ switch (x) { case int n when n > 1: return 1; default: return 2; } }",
    "@{ if (f(out var x)) return x; return 1; }",
    "@{ (int a, int b) = f(); return a; }",
    '@($@"a{b}""c")',
    '@($"{f("x")}")',
    '@($"{(a ? "x" : "y")}")',
    '@($"{a,10:N2}")',
    '@($"{{{a}}}")',
    "@{ checked { return 1; } }",
    "@(from x in y where x > 1 orderby x select x.z)",
    "@(f(delegate(int x) { return x; }))",
    "@(0b01 + 1_000 + 1e3m + 0xFFul + 1.5f)",
    "@('\\u0041' + '\\x41' + '\\'')",
    "@(@class)",
    "@{ int? x = null; DateTime? y = null; return x; }",
    "@(x as int? ?? 1)",
    "@(a?[0] ?? b)",
    "@{ int[] a = { 1, 2 }; return a; }",
    '@(new Dictionary<string, List<int>>() { ["a"] = x, })',
    '@(new Dictionary<string, object> {{"a", 1}, {"b", 2}})',
    "@(new { a.b, c = 1 })",
    "@(typeof(List<>))",
    "@(f((string a, int b) => a))",
    '@(a?.b()?.c?["d"]?.e)',
    "@(((IResponse)x).Body)",
    '@(a is string s ? s : "")',
    "@{ for (int i = 0, j = 1; i < 3; i++, j--) { continue; } return 1; }",
    "@{ do { x(); } while (a); return 1; }",
    "@(a ?? throw new Exception())",
    '@{ try { return 1; } catch (Exception e) when (e.Message == "a") { return 2; } catch { throw; } finally { x(); } }',
    "@{ using (var x = y) return 1; }",
    "@{ const int a = 1; return a; }",
    "@{ JObject F(string x) { return new JObject(); } return F(a); }",
    "@(f(b: 1, c: a ? 1 : 2))",
    "@(global::System.String.Empty)",
    "@(value + get + set + add + when + where + select)",
    "@(i < Convert.ToInt32(x) && y > (z))",
    "@((Func<int>)(() => 1))",
    "@(s?.Length>0?a:b)",
    '@(@"\\d+" + "\\u00e9\\x1F\\0")',
    "@{ return 1;; }",
    "@(“a” == null ? 1 : 2)".replace("“a”", '"“a”"'),
)


def sound() -> Sequence[str]:
    """Expressions in C# 7 that a compiler takes, each of a kind that a careless check refuses."""
    return _SOUND


CASES: dict[str, Callable[[int], str]] = {
    "operators": lambda size: "@(" + "a + " * (size // 4) + "a)",
    "brackets": lambda size: "@(" + "(" * (size // 2) + "a" + ")" * (size // 2) + ")",
    "empty brackets": lambda size: "@(" + "(" * (size // 2) + ")" * (size // 2) + ")",
    "blocks": lambda size: "@{" + "{" * (size // 2) + "}" * (size // 2) + "}",
    "blocks in a loop": lambda size: "@{ while (a)" + "{ break; " * (size // 10) + "}" * (size // 10) + "}",
    "conditions": lambda size: "@{" + "if (a) " * (size // 7) + ";}",
    "else after else": lambda size: "@{" + "if (a) { } else " * (size // 16) + "x();}",
    "statements": lambda size: "@{" + "var x = f(a);\n" * (size // 14) + "}",
    "half strings": lambda size: "@{" + '"a\n' * (size // 3) + "}",
    "quotes": lambda size: "@(" + "'ab' " * (size // 5) + ")",
    "names side by side": lambda size: "@(" + "a b " * (size // 4) + ")",
    "new": lambda size: "@(" + "new " * (size // 4) + ")",
    "new with types": lambda size: "@(" + "new A<" * (size // 6) + ")",
    "types in types": lambda size: "@(" + "a<" * (size // 2) + ")",
    "holes": lambda size: '@($"' + "{a}" * (size // 3) + '")',
    "holes in holes": lambda size: "@(" + '$"{' * (size // 6) + "a" + '}"' * (size // 6) + ")",
    "lambdas": lambda size: "@(" + "x => " * (size // 5) + "x)",
    "questions": lambda size: "@(" + "a ? " * (size // 4) + ")",
    "escapes": lambda size: '@("' + "\\d" * (size // 2) + '")',
    "casts": lambda size: "@(" + "(a)" * (size // 3) + "a)",
    "commas": lambda size: "@(f(" + "a," * (size // 2) + "))",
    "every byte": lambda size: "@(" + "".join(map(chr, range(256))) * (size // 256 + 1) + ")",
    "cases": lambda size: "@{ switch (a) { " + "case a " * (size // 7) + "} }",
    "one word": lambda size: "@(" + "a" * size + ")",
    "white space": lambda size: "@(" + " " * size + ")",
}
"""Expressions that make a careless analysis slow or deep, each of about so many characters as asked for."""


def hostile_expression(name: str, size: int) -> str:
    """A hostile expression of about ``size`` characters."""
    return CASES[name](size)
