"""What is open before a caret in C#."""

from __future__ import annotations

import pytest

from apim_policy.ide.expressions.prefix import Within, completed, read


@pytest.mark.parametrize(
    ("text", "within"),
    [
        ("@(", Within.CODE),
        ("@(a.", Within.CODE),
        ('@("a', Within.STRING),
        ('@("a"', Within.CODE),
        ('@("a\\"', Within.STRING),
        ('@(@"a""', Within.STRING),
        ('@(@"a\\"', Within.CODE),
        ('@($"a', Within.STRING),
        ('@($"a{', Within.CODE),
        ('@($"a{{', Within.STRING),
        ('@($"a{b}', Within.STRING),
        ('@($"a{b}"', Within.CODE),
        ('@($"{x["', Within.STRING),
        ("@('a", Within.COMMENT),
        ("@('a'", Within.CODE),
        ("@{ // a", Within.COMMENT),
        ("@{ // a\n", Within.CODE),
        ("@{ /* a", Within.COMMENT),
        ("@{ /* a */", Within.CODE),
        ('@{ var a = "b\n', Within.CODE),
        ("@(12", Within.COMMENT),
        ("@(a1", Within.CODE),
    ],
)
def test_the_caret_is_in(text: str, within: Within) -> None:
    assert read(text).within is within


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("@(a.", "@(a._)"),
        ("@(f(a[b.", "@(f(a[b._]))"),
        ("@{ var a = b.", "@{ var a = b._;}"),
        ("@{ if (a.", "@{ if (a._);}"),
        ("@{ if (a) { b.", "@{ if (a) { b._;};}"),
        ("@{ f(x => { x.", "@{ f(x => { x._;});}"),
        ("@(new A { B = c.", "@(new A { B = c._})"),
        ('@($"{a.', '@($"{a._}")'),
        ('@(a("(", b.', '@(a("(", b._))'),
        ("@(a) + b.", "@(a) + b._)"),
        ("@{ for (var i = 0; i < a.", "@{ for (var i = 0; i < a._;);}"),
        ("@{ for (var i = 0; i < 1; i++) { a.", "@{ for (var i = 0; i < 1; i++) { a._;};}"),
    ],
)
def test_what_is_open_is_closed(text: str, whole: str) -> None:
    prefix = read(text)
    assert text + completed(prefix, len(text)) == whole


def test_the_innermost_bracket_knows_its_arguments() -> None:
    opened = read('@(f(a, g(b, "c,d", h(e), ').opened
    assert [(item.bracket, item.commas) for item in opened] == [("(", 1), ("(", 3)]


@pytest.mark.parametrize(
    "text", ["@(" + "(" * 20_000, '@($"' + "{" * 20_001, "@{" + "}{" * 20_000, '@("' * 9_999]
)
def test_any_depth_is_read(text: str) -> None:
    prefix = read(text)
    assert len(completed(prefix, len(text))) < 3 * len(text)
