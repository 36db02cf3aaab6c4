"""What each word of a document is, for colours."""

from __future__ import annotations

from itertools import pairwise

import pytest

from apim_policy.ide.semantic_tokens import semantic_tokens
from apim_policy.syntax.parser import parse
from apim_policy.text.span import Span
from support.completions import inside


def tokens(text: str, within: Span | None = None) -> list[tuple[str, str]]:
    found = semantic_tokens(parse(text), within)
    for one, next_ in pairwise(found):
        assert one.end <= next_.start
    return [(token.kind.value, text[token.start : token.end]) for token in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@(context.Request)", ["variable context", "property Request"]),
        ("@(a.B())", ["variable a", "method B"]),
        ("@(a?.B?.C())", ["variable a", "operator ?", "property B", "operator ?", "method C"]),
        ("@(a.B<string>())", ["variable a", "method B", "keyword string"]),
        ("@(true ? 1 : 2.5)", ["keyword true", "operator ?", "number 1", "number 2.5"]),
        ("@(null ?? 'c')", ["keyword null", "operator ??", "string 'c'"]),
        ("@(Guid.NewGuid())", ["class Guid", "method NewGuid"]),
        (
            "@(System.Text.Encoding.UTF8)",
            ["namespace System", "namespace Text", "class Encoding", "property UTF8"],
        ),
        ("@((JObject)x)", ["class JObject", "variable x"]),
        ("@(new List<JToken>())", ["keyword new", "class List", "class JToken"]),
        (
            "@(x.Y(n => n + 1))",
            ["variable x", "method Y", "parameter n", "operator =>", "parameter n", "operator +", "number 1"],
        ),
        ("@(f(a: 1))", ["method f", "parameter a", "number 1"]),
        ("@{ return 1; }", ["keyword return", "number 1"]),
        ("@{ var a = 1; // b\n}", ["keyword var", "variable a", "operator =", "number 1", "comment // b"]),
        ("@(&quot;a&quot; + b)", ["string &quot;a&quot;", "operator +", "variable b"]),
        ("@(a &amp;&amp; b)", ["variable a", "operator &amp;&amp;", "variable b"]),
        ('@($"a{b}c")', ["string $", 'string "', "string a", "variable b", "string c", 'string "']),
        ('@("a{{b}}c")', ['string "a', "macro {{b}}", 'string c"']),
        ("@({{a}} + ${b})", ["macro {{a}}", "operator +", "macro ${b}"]),
        ("a{{b}}c${d}", ["macro {{b}}", "macro ${d}"]),
        ("@(a.", ["variable a"]),
        ('@("é" + x)', ['string "é"', "operator +", "variable x"]),
    ],
)
def test_words_of_an_expression(text: str, expected: list[str]) -> None:
    found = [f"{kind} {word}" for kind, word in tokens(f'<policies><a b="{text}" /></policies>')]
    assert found == expected


def test_names_of_policies_are_coloured_in_both_tags() -> None:
    found = tokens(inside('<set-header name="a"><value>b</value></set-header><base /><no-such />'))
    assert found == [("function", "set-header"), ("function", "set-header"), ("function", "base")]


def test_comments_hold_no_tokens() -> None:
    assert tokens(inside("<!-- <set-header name='@(a)' /> {{b}} -->")) == []


def test_a_part_has_the_tokens_that_touch_it() -> None:
    text = inside('<set-header name="@(a.B)"><value>@(c.D)</value></set-header>')
    start = text.index("B)")
    assert tokens(text, Span(start, text.index("c.D") + 1)) == [("property", "B"), ("variable", "c")]
    assert tokens(text, Span(start, start)) == []


def test_tokens_never_overlap_wherever_a_text_is_cut() -> None:
    whole = inside(
        '<set-header name="@($"a{b:x}{{c}}")"><value>@{ return &quot;{{d}}&quot; + @"e"; /* f */ }</value></set-header>'
    )
    for cut in range(len(whole)):
        tokens(whole[:cut])
        tokens(whole[cut:])


def test_a_deep_expression_is_coloured() -> None:
    assert len(tokens(f'<policies><a b="@({"(" * 10_000}a{")" * 10_000})" /></policies>')) == 1
