"""Which bracket or quote of an expression stays open."""

from __future__ import annotations

import pytest

from apim_policy.syntax.open_bracket import open_bracket


@pytest.mark.parametrize(
    ("code", "closing"),
    [
        ("@«(»a", ")"),
        ("@«{» return a;", "}"),
        ('@«(»"(" + \')\' + @"(""(" + $"({a}" // (\n', ")"),
        ("@(a«(»b", ")"),
        ("@(a(b)«[»c", "]"),
        ("@(a«[»b(c))", "]"),
        ("@«(»a]", ")"),
        ('@(a["b"] + «"»c)', '"'),
        ("@(a &amp;&amp; «&quot;»b)", "&quot;"),
        ("@(a == &quot;b&quot;«(»", ")"),
        ("@{ a(); «/*» }", "*/"),
        ("@{ a(); /* ( */ b«(»", ")"),
        ('@("a\\"(" + «"»b)', '"'),
        ("@(don't(a)«(»b", ")"),
        ('@«(»""" ( " ( """', ")"),
    ],
)
def test_it_is_found(code: str, closing: str):
    text = code.replace("«", "").replace("»", "")
    found = open_bracket(text, 0, len(text))
    assert found.start == code.index("«")
    assert found.token == code[code.index("«") + 1 : code.index("»")]
    assert found.closing == closing


def test_it_counts_from_the_start_of_the_text_and_ends_with_the_expression():
    text = '<a b="@(c(d" e="(" />'
    assert open_bracket(text, 6, 11).start == 9


def test_the_indentation_of_closing_braces_tells_which_one_was_forgotten():
    text = """@{
    if (a) {
        if (b) {
            c();
        d();
    }
    return e;
}"""
    assert text[: open_bracket(text, 0, len(text)).start].endswith("if (b) ")


def test_without_indentation_the_first_that_stays_open_is_taken():
    text = "@{ if (a) { b(); return c; }"
    assert open_bracket(text, 0, len(text)).start == 1
