"""Where an expression is no C#, and what the user reads of it."""

from __future__ import annotations

import pytest

from apim_policy.csharp.code import Code, code_of
from apim_policy.csharp.syntax_errors import quoted_strings, syntax_error
from apim_policy.syntax.parser import parse
from corpus.measure import CORPUS, documents
from support.csharp import CASES, hostile_expression, sound


def _found(raw: str) -> tuple[str, str] | None:
    code = Code(raw, escaped=False)
    found = syntax_error(code)
    return None if found is None else (raw[found.span.start : found.span.end], found.message)


@pytest.mark.parametrize(
    ("raw", "place", "says"),
    [
        ("@()", "@()", "holds nothing"),
        ("@{ }", "@{ }", "holds nothing"),
        ("@(return x)", "return", "@{ … }"),
        ("@(var x = 1)", "var", "a single value"),
        ("@(x;)", ";", "Remove it"),
        ("@{ x }", "x", '"return …;"'),
        ("@{ return x }", "x", '";" is missing after "x"'),
        ("@{ x.y()\n return 1; }", ")", '";" is missing after ")"'),
        ("@{ var x = f(1)\n var y = 2; return y; }", ")", '";" is missing'),
        ('@("a" "b")', '"b"', 'Join them with "+"'),
        ('@(f("key" "other"))', '"other"', "follows another one"),
        ('@(a[""key""])', "key", "The string ends before"),
        ("@(a +)", ")", 'a value is missing after "+"'),
        ("@(== a)", "==", "a value is missing before it"),
        ("@(a b)", "b", "an operator is missing"),
        ("@(f(a b))", "a b", "a comma or an operator is missing"),
        ("@(f(a,))", ")", "a value is missing"),
        ("@(a.)", ".", "A name is missing"),
        ("@(a ? b)", ")", 'has no ":"'),
        ("@{ return null ? 1; }", ";", 'has no ":"'),
        ("@(a[0)", ")", '"]" is missing before it'),
        ("@{ return f(a; }", ";", '")" is missing before it'),
        ("@{ return a; } }", "}", "not expected"),
        ("@(a === b)", "===", 'Write "=="'),
        ("@(a <> b)", "<>", 'Write "!="'),
        ("@(a and b)", "and", 'Write "&&"'),
        ("@(a or b)", "or", 'Write "||"'),
        ("@(not a)", "not", 'Write "!"'),
        ("@{ if (x) then return 1; return 2; }", "then", "Remove it"),
        ("@{ if a { return 1; } return 2; }", "if", "parentheses"),
        ("@{ if (a) { x(); } elseif (b) { y(); } return 1; }", "elseif", 'Write "else if"'),
        ("@{ foreach (var x of y) { } return 1; }", "of", 'Write "in"'),
        ("@{ foreach (x in y) { } return 1; }", "foreach (x in y) { }", 'Write "var x"'),
        ("@{ else { } return 1; }", "else", 'no "if"'),
        ("@{ retrun 1; }", "retrun", 'Did you mean "return"?'),
        ("@{ Return 1; }", "Return", 'Did you mean "return"?'),
        ("@{ a + b; return 1; }", "a + b", "is no statement"),
        ("@{ let x = 1; return x; }", "x = 1", 'Write "var"'),
        ("@{ var x; return 1; }", "x", "needs a value"),
        ("@{ throw; }", "throw;", "Name the exception"),
        ("@{ break; }", "break;", "no loop"),
        ("@{ foreach (var x in y) { f(z => { continue; }); } return 1; }", "continue;", "no loop"),
        ("@{ try { return 1; } }", "try { return 1; }", 'neither "catch" nor "finally"'),
        ("@{ public int x = 1; return x; }", "public", "Remove it"),
        ("@(new Foo)", "new Foo", 'Write "()"'),
        ("@(new int[])", "new int[]", "how long"),
        ("@(a.class)", "class", "is a keyword"),
        ("@(a.b(c => { c.d }))", "c => { c.d }", "hold statements"),
        ('@("\\d")', "\\d", 'Write "\\\\d"'),
        ("@(f('a, b))", "'", "never closed"),
        ('@($"{}")', "{}", "are empty"),
        ('@($"}")', "}", 'Write "}}"'),
        ('@($"{a b}")', "b", "an operator is missing"),
        ("@(a # b)", "#", "no meaning"),
        ("@(“a”)", "“", "straight double quotes"),
        ("@(a + (string))", "@(a + (string))", "cannot be read"),
    ],
)
def test_the_first_offending_token(raw: str, place: str, says: str) -> None:
    found = _found(raw)
    assert found is not None
    assert found[0] == place
    assert says in found[1]


@pytest.mark.parametrize("raw", sound())
def test_sound_expressions_have_no_error(raw: str) -> None:
    assert _found(raw) is None
    assert not quoted_strings(Code(raw, escaped=False))


@pytest.mark.parametrize(
    "raw",
    [
        "@(a {{operator}} b)",
        "@(a ${tf} b)",
        "@(f(a, {name}) b)",
        "@(a == %HOST% b)",
        "@{{ var x = new {{ a = 1 }}; return x }}",
        "@{ %{ if a } return 1 %{ endif } }",
    ],
)
def test_a_template_may_make_it_sound(raw: str) -> None:
    assert _found(raw) is None


@pytest.mark.parametrize(
    "raw", ['@("{{name}}" + )', '@($"{a}/{{name}}" + )', "@(a /* {{name}} */ b)", "@(a // {{name}}\n b)"]
)
def test_a_named_value_in_a_string_or_a_comment_hides_nothing(raw: str) -> None:
    assert _found(raw) is not None


@pytest.mark.parametrize(
    ("raw", "strings"),
    [
        ("@(f('abc', 'd'))", ["'abc'"]),
        ("@('')", ["''"]),
        ("@($\"{f('ab')}\")", ["'ab'"]),
        ("@('it\\'s')", ["'it\\'s'"]),
        ("@('a' + '\\n' + '\\u0041' + \"it's 'so'\")", []),
        ("@(a /* 'abc' */ b)", []),
    ],
)
def test_strings_in_single_quotes(raw: str, strings: list[str]) -> None:
    spans = quoted_strings(Code(raw, escaped=False))
    assert [raw[span.start : span.end] for span in spans] == strings
    if strings:
        assert _found(raw) is None


@pytest.mark.parametrize("name", CASES)
def test_hostile_expressions_get_an_answer(name: str) -> None:
    raw = hostile_expression(name, 3000)
    code = Code(raw, escaped=False)
    found = syntax_error(code)
    quoted_strings(code)
    assert found is None or 0 <= found.span.start < found.span.end <= len(code.text)


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason="no real documents here")
def test_real_expressions_that_the_grammar_refuses_are_faulty() -> None:
    refused = set()
    for path, text in documents():
        document = parse(text)
        for expression in document.expressions():
            code = code_of(document, expression)
            reported = syntax_error(code) is not None or bool(quoted_strings(code))
            if expression.closed:
                # Nothing is silent, and nothing is reported that the grammar takes.
                assert reported == code.tree.root_node.has_error, code.decoded
                refused |= {path.name} if reported else set()
    assert refused <= {
        # Strings with stray quotes: "put=""".
        "Call out to an HTTP endpoint and cache the response.policy.xml",
        "Loopback request for service at same API Management service.xml",
        "Pre-authorize requests based on HTTP method with validate-jwt.policy.xml",
        # Strings in single quotes.
        "aca-backend-pool-load-balancing-with-retry-tracked.xml",
    }


def test_await_as_a_name_is_the_one_sound_form_that_the_grammar_is_known_to_refuse() -> None:
    assert Code("@(await == 1)", escaped=False).tree.root_node.has_error
