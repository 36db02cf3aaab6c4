"""Which blocks surely end without a value on some path."""

from __future__ import annotations

import pytest

from apim_policy.csharp.code import Code
from apim_policy.csharp.control_flow import missing_return
from support.csharp import CASES, hostile_expression


@pytest.mark.parametrize(
    "raw",
    [
        "@{ var a = 1; }",
        "@{ // nothing\n }",
        "@{ if (a) { return 1; } }",
        "@{ if (a) { return 1; } else if (b) { return 2; } }",
        "@{ while (true) { break; } }",
        "@{ while (a) { return 1; } }",
        "@{ foreach (var x in y) { return x; } }",
        "@{ for (int i = 0; i < n; i++) { return i; } }",
        "@{ switch (a) { case 1: return 1; } }",
        "@{ switch (a) { case 1: break; default: return 2; } }",
        "@{ try { return 1; } catch { } }",
        "@{ try { x(); } finally { y(); } }",
        "@{ using (var x = y) { z(); } }",
        "@{ f(x => { return 1; }); }",
        "@{ int F() { return 1; } }",
        '@{ var a = "{{named}}"; }',
        "@{ var a = 1; // {{named}}\n }",
    ],
)
def test_a_path_returns_nothing(raw: str) -> None:
    assert missing_return(Code(raw, escaped=False))


@pytest.mark.parametrize(
    "raw",
    [
        "@(a)",
        "@{ }",
        "@{ return 1; }",
        "@{ throw new Exception(); }",
        "@{ if (a) return 1; else return 2; }",
        "@{ if (a) { return 1; } else if (b) { return 2; } else { throw new Exception(); } }",
        "@{ if (true) { return 1; } }",
        "@{ while (true) { x(); } }",
        "@{ while (true) { foreach (var x in y) { break; } } }",
        "@{ for (;;) { if (a) return 1; } }",
        "@{ do { return 1; } while (a); }",
        "@{ switch (a) { case 1: return 1; default: return 2; } }",
        "@{ try { return 1; } catch { throw; } }",
        "@{ try { x(); } finally { throw new Exception(); } }",
        "@{ using (var x = y) { return 1; } }",
        "@{ lock (x) { return 1; } }",
        "@{ return 1; // the end\n }",
    ],
)
def test_every_path_returns_or_never_ends(raw: str) -> None:
    assert not missing_return(Code(raw, escaped=False))


@pytest.mark.parametrize(
    "raw", ["@{ x() }", "@{ x(); {{code}} }", "@{ goto a; a: x(); }", "@{\n#if A\nx();\n#endif\n}"]
)
def test_what_is_not_sure(raw: str) -> None:
    assert not missing_return(Code(raw, escaped=False))


@pytest.mark.parametrize("name", CASES)
def test_hostile_blocks_get_an_answer(name: str) -> None:
    assert missing_return(Code(hostile_expression(name, 3000), escaped=False)) in (True, False)
