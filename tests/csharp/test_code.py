"""The C# of one expression as the grammar reads it, and the way back to the source."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apim_policy.csharp.code import Code, code_of
from apim_policy.csharp.values import walk
from apim_policy.syntax.parser import parse
from apim_policy.text.span import Span


def code(raw: str, *, escaped: bool = False) -> Code:
    return Code(raw, escaped=escaped)


def identifiers(found: Code) -> list[str]:
    return [found.text_of(node) for node in walk(found.tree.root_node) if node.type == "identifier"]


@pytest.mark.parametrize(
    "raw",
    [
        "@(context.Subscription.Id)",
        '@((string)context.Variables["x"])',
        "@(context.Api.Path.Split('/')[0])",
        "@(a < b && c > d)",
        "@(x ? y : z)",
        '@{ var x = 1; if (x > 0) { return "a"; } return "b"; }',
        '@($"{context.Api.Id:N}")',
        '@(@"a""b")',
        '@("é😀")',
    ],
)
def test_sound_code_is_read_without_errors(raw: str) -> None:
    assert not code(raw).tree.root_node.has_error


@pytest.mark.parametrize(
    "raw",
    [
        '@($"{{endpoint}}/dbs/{{database}}")',
        "@(context.Request.IpAddress == {{address}})",
        '@("${host}" + "/svc")',
        "@(Count > #{limit}#)",
        "@{ var key = {{Token-Key.1}}; return key; }",
        "@{ %{ if strict } var a = 1; %{ endif } return 1; }",
    ],
)
def test_what_is_replaced_before_the_compiler_reads_is_an_identifier_of_the_same_length(raw: str) -> None:
    found = code(raw)
    assert len(found.text) == len(raw)
    assert not found.tree.root_node.has_error
    assert found.foreign


def test_a_doubled_brace_around_more_than_a_name_is_code() -> None:
    assert not code("@{ var a = new[] {{ 1, 2 }}; return a; }").foreign


def test_a_hole_after_a_dollar_sign_that_reads_the_context_is_code() -> None:
    found = code('@($"price ${context.Variables["p"]}")')
    assert not found.foreign
    assert "context" in identifiers(found)


def test_spaces_that_no_keyboard_shows_do_not_break_code() -> None:
    assert not code("@{\u00a0return\u00a0context.Api.Id;\u2028 }").tree.root_node.has_error


def test_escaped_code_maps_back_to_its_references() -> None:
    raw = "@(a[&quot;x&quot;] &lt; b.C&amp;&amp;d)"
    found = code(raw, escaped=True)
    assert found.text == '@(a["x"] < b.C&&d)'
    for name in ("a", "b", "C", "d"):
        node = next(
            n for n in walk(found.tree.root_node) if n.type == "identifier" and found.text_of(n) == name
        )
        span = found.source_span(found.span_of(node))
        assert raw[span.start : span.end] == name
    literal = next(n for n in walk(found.tree.root_node) if n.type == "string_literal")
    span = found.source_span(found.span_of(literal))
    assert raw[span.start : span.end] == "&quot;x&quot;"


def test_an_unknown_reference_stays_as_it_is() -> None:
    assert code("@(a &nbsp; b)", escaped=True).text == "@(a &nbsp; b)"


def test_the_same_expression_is_read_once_wherever_it_stands() -> None:
    document = parse('<fragment><a b="@(context.Api.Id)"/><c>@(context.Api.Id)</c></fragment>')
    first, second = document.expressions()
    assert code_of(document, first) is code_of(document, second)


@given(st.lists(st.sampled_from(["&quot;", "&lt;", "&#65;", "&amp;", "a", "é", "😀", " ", "&bad;", "&"])))
def test_offsets_of_escaped_code_grow_with_the_source(pieces: list[str]) -> None:
    raw = f"@({''.join(pieces)})"
    found = code(raw, escaped=True)
    offsets = [found.source_offset(offset) for offset in range(len(found.text) + 1)]
    assert offsets == sorted(offsets)
    assert offsets[0] == 0
    assert offsets[-1] == len(raw)
    for offset, character in enumerate(found.decoded):
        if found.source_offset(offset + 1) == found.source_offset(offset) + 1:
            assert raw[found.source_offset(offset)] == character


@given(st.text())
def test_any_text_has_a_tree_with_offsets_inside_it(text: str) -> None:
    for raw in (f"@({text})", f"@{{{text}}}", f"@({text}"):
        found = code(raw)
        assert len(found.text) == len(raw)
        for node in walk(found.tree.root_node):
            assert 0 <= found.span_of(node).start <= found.span_of(node).end <= len(raw) + 1


def test_brackets_that_nest_ten_thousand_deep_are_read() -> None:
    raw = f"@({'(' * 10_000}1{')' * 10_000})"
    assert sum(1 for _ in walk(code(raw).tree.root_node)) > 10_000


def test_a_span_outside_any_reference_is_its_own_source() -> None:
    assert code("@(abc)").source_span(Span(2, 5)) == Span(2, 5)
