"""Other ways to write the expression at the caret."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apim_policy.csharp.code import code_of
from apim_policy.ide.rewrites import rewrites
from apim_policy.syntax.parser import parse
from apim_policy.text.edits import apply_edits
from apim_policy.text.span import Span
from support.documents import Sample, sound_documents
from support.markers import parse_markers

PATH = Path("/work/policy.xml")
WITH = "Write the expression with character references"
WITHOUT = "Write the expression without character references"
SAFE = "Read with GetValueOrDefault"


def offered(marked: str) -> dict[str, str]:
    """What each offer makes of the text."""
    fixture = parse_markers(f"<fragment>{marked}</fragment>")
    assert fixture.cursor is not None
    document = parse(fixture.text)
    found = rewrites(document, PATH, Span(fixture.cursor, fixture.cursor))
    return {
        fix.title: apply_edits(fixture.text, fix.edits[0].edits)
        .removeprefix("<fragment>")
        .removesuffix("</fragment>")
        for fix in found
    }


@pytest.mark.parametrize(
    ("raw", "escaped"),
    [
        (
            '<a b="@(c.D["e"] $0< 1 && f > 2)" />',
            '<a b="@(c.D[&quot;e&quot;] &lt; 1 &amp;&amp; f &gt; 2)" />',
        ),
        ("<a b='@(c[\"d\"] + $0'e' + 1 < 2)' />", "<a b='@(c[\"d\"] + &apos;e&apos; + 1 &lt; 2)' />"),
        ("<a>@(b.As<J>()$0)</a>", "<a>@(b.As&lt;J&gt;())</a>"),
        ("<a>@{\n  return $0a < b;\n}</a>", "<a>@{\n  return a &lt; b;\n}</a>"),
    ],
)
def test_with_references_and_back(raw: str, escaped: str) -> None:
    assert offered(raw)[WITH] == escaped
    caret = escaped.index("@") + 2
    assert offered(f"{escaped[:caret]}$0{escaped[caret:]}")[WITHOUT] == raw.replace("$0", "")


@pytest.mark.parametrize(
    "text",
    [
        '<a b="@(c$0.D)" />',
        "<a><![CDATA[@(b $0< c)]]></a>",
        '<a b="@{\n  return c["d"];$0 // e\n}" />',
        '<a b="c$0" />',
        '<a b="@(c["d"$0]" />',
    ],
)
def test_nothing_where_nothing_would_change_or_the_meaning_would(text: str) -> None:
    assert WITH not in offered(text)
    assert WITHOUT not in offered(text)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '@((string)context.Variables$0["a"])',
            '@(context.Variables.GetValueOrDefault<string>("a"))',
        ),
        ('@((string)(context.Variables["$0a"]))', '@(context.Variables.GetValueOrDefault<string>("a"))'),
        (
            '@(context.Request.Headers["A$0"][0].Length)',
            '@(context.Request.Headers.GetValueOrDefault("A", "").Length)',
        ),
        (
            '@(context.Request.Headers$0["A"].First())',
            '@(context.Request.Headers.GetValueOrDefault("A", ""))',
        ),
        (
            '@(context.Request.Url.Query["a$0"].FirstOrDefault())',
            '@(context.Request.Url.Query.GetValueOrDefault("a", ""))',
        ),
        (
            '@(context.Request.MatchedParameters["a$0"])',
            '@(context.Request.MatchedParameters.GetValueOrDefault("a", ""))',
        ),
        (
            "@((int)context.Variables[&quot;a$0&quot;])",
            "@(context.Variables.GetValueOrDefault&lt;int&gt;(&quot;a&quot;))",
        ),
        (
            '@{ var h = context.Request.Headers; return h["A$0"][0]; }',
            '@{ var h = context.Request.Headers; return h.GetValueOrDefault("A", ""); }',
        ),
    ],
)
def test_a_read_through_an_indexer_becomes_one_that_cannot_fail(before: str, after: str) -> None:
    assert offered(f"<a>{before}</a>")[SAFE] == f"<a>{after}</a>"


@pytest.mark.parametrize(
    "text",
    [
        '@(context.Variables["a$0"])',
        '@(context.Request.Headers["a$0"].Length)',
        '@(context.Request.Headers["a$0"][1])',
        '@(other.Variables["a$0"])',
        '@((string)context.Variables["{{a$0}}"])',
    ],
)
def test_what_has_no_such_twin_stays(text: str) -> None:
    assert SAFE not in offered(f"<a>{text}</a>")


@given(sound_documents(), st.integers(0, 1000))
def test_a_rewritten_expression_says_what_it_said(sample: Sample, pick: int) -> None:
    document = parse(sample.text)
    expressions = list(document.expressions())
    if not expressions:
        return
    expression = expressions[pick % len(expressions)]
    said = code_of(document, expression).decoded
    for fix in rewrites(document, PATH, Span(expression.start + 2, expression.start + 2)):
        if fix.title == SAFE:
            continue
        after = parse(apply_edits(sample.text, fix.edits[0].edits))
        found = next(each for each in after.expressions() if each.start == expression.start)
        assert code_of(after, found).decoded == said
        assert not after.faults
