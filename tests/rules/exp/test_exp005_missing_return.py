"""Blocks with a path that returns nothing."""

from __future__ import annotations

import pytest

from support.policies import inbound, mended, message
from support.workspaces import check, lint

ONLY = ["EXP005"]


@pytest.mark.parametrize(
    "block",
    [
        "{|EXP005:@{|} var a = 1; }",
        "{|EXP005:@{|} if (a) { return 1; } }",
        "{|EXP005:@{|} foreach (var x in y) { return x; } }",
        "@{ if (a) { return 1; } throw new Exception(); }",
        "@{ while (true) { if (a) { return 1; } } }",
        "@{ return a }",
        "@(a)",
    ],
)
def test_blocks(block: str) -> None:
    check(inbound(f"<set-body>{block}</set-body>"), select=ONLY)


def test_message() -> None:
    text = inbound("<set-body>{|EXP005:@{|} var a = 1; }</set-body>")
    assert message(text, ONLY).startswith("Not every path of this expression returns a value.")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("@{ f(a); }", "@{ return f(a); }"),
        ("@{\n  var a = 1;\n  var result = a + 1;\n}", "@{\n  var a = 1;\n  return a + 1;\n}"),
        ("@{ string s = &quot;é&quot; + &quot;b&quot;; }", "@{ return &quot;é&quot; + &quot;b&quot;; }"),
        ("@{ f(a); // done\n }", "@{ return f(a); // done\n }"),
    ],
)
def test_the_last_value_is_returned(before: str, after: str) -> None:
    marked = "{|EXP005:@{|}" + before[2:]
    assert mended(inbound(f"<set-body>{marked}</set-body>"), ONLY) == inbound(f"<set-body>{after}</set-body>")


@pytest.mark.parametrize(
    "block", ["@{ if (a) { f(); } }", "@{ a = 1; }", "@{ int a = 1, b = 2; }", "@{ a++; }"]
)
def test_no_value_to_return(block: str) -> None:
    assert not lint(inbound(f"<set-body>{block}</set-body>"), ONLY).the("EXP005").fixes
