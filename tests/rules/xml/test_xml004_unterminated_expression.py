"""Expressions that are never closed."""

from __future__ import annotations

import pytest

from support.faults import check_faults, the_fault

OPEN = '"{}" is never closed. Write "{}" where the expression ends.'
BRACKET = '"{}" is never closed: the "{}" on line {} stays open. Write "{}" where it ends.'
QUOTE = '"{}" is never closed: the quote on line {} stays open, so what follows counts as text. Write the closing quote.'


def document(value: str, quote: str = '"') -> str:
    return f'<fragment>\n  <set-variable name="a" value={quote}{value}{quote} />\n  <set-method>GET</set-method>\n</fragment>'


@pytest.mark.parametrize(
    ("value", "message", "token"),
    [
        pytest.param(
            '{|XML004:@(|}context.Request.Headers.GetValueOrDefault("X", "n")',
            OPEN.format("@(", ")"),
            None,
            id="its own bracket",
        ),
        pytest.param(
            '{|XML004:@(|}context.Foo(context.Bar("x")',
            BRACKET.format("@(", "(", 2, ")"),
            "(",
            id="an inner one",
        ),
        pytest.param(
            '{|XML004:@(|}context.Variables["x"',
            BRACKET.format("@(", "[", 2, "]"),
            "[",
            id="a square bracket",
        ),
        pytest.param('{|XML004:@(|}context.Variables["x)', QUOTE.format("@(", 2), '"', id="a quote"),
        pytest.param('{|XML004:@(|}context.Variables[x"])', QUOTE.format("@(", 2), '"', id="the other quote"),
        pytest.param('{|XML004:@(|}@"a""b)', QUOTE.format("@(", 2), '"', id="a verbatim string"),
        pytest.param(
            "{|XML004:@(|}a.Foo(&quot;x&quot;)", OPEN.format("@(", ")"), None, id="written with entities"
        ),
        pytest.param(
            "{|XML004:@(|}a.Foo(&quot;x)", QUOTE.format("@(", 2), "&quot;", id="a quote written as an entity"
        ),
        pytest.param(
            '{|XML004:@{|}\n    if (a) {\n      return "";\n    return "a";\n  }',
            BRACKET.format("@{", "{", 3, "}"),
            "{",
            id="a block, by its indentation",
        ),
        pytest.param(
            '{|XML004:@{|}\n    // don\'t count { or "\n    if (a == \'{\' && b == "{") { return @"{";\n  }',
            BRACKET.format("@{", "{", 4, "}"),
            "{",
            id="characters, strings and comments do not count",
        ),
        pytest.param(
            '{|XML004:@{|} return "a"; /* and so on }',
            BRACKET.format("@{", "/*", 2, "*/"),
            "/*",
            id="a comment",
        ),
    ],
)
def test_the_message_names_what_stays_open(value: str, message: str, token: str | None):
    text, finding = the_fault(document(value))
    assert finding.message == message
    assert [text[place.span.start : place.span.end] for place in finding.related] == (
        [] if token is None else [token]
    )


def test_the_line_of_the_bracket_counts_from_one_in_crlf_files_too():
    _, finding = the_fault(document("{|XML004:@(|}\n  Foo(\n  1").replace("\n", "\r\n"))
    assert finding.message == BRACKET.format("@(", "(", 3, ")")


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(document('{|XML004:@(|}context.Variables["x"', "'"), id="single quotes"),
        pytest.param(
            '<fragment>\n  <set-body>{|XML004:@{|}\n    return "<a></a>" + Foo(;\n  </set-body>\n  <base />\n</fragment>',
            id="text with tags in a string",
        ),
        pytest.param(
            "<fragment><set-body>{|XML004:@(|} {{nv}} ${tf} </set-body></fragment>", id="placeholders"
        ),
        pytest.param(
            "<fragment><set-body><![CDATA[{|XML004:@{|} return 1; ]]></set-body></fragment>", id="CDATA"
        ),
        pytest.param(
            '<fragment>\n%{ if a }\n<set-variable name="a" value="{|XML004:@(|}context.User.Id" />\n%{ endif }\n</fragment>',
            id="between directives",
        ),
        pytest.param(
            '<fragment>\n<set-variable name="a" value="{|XML004:@(|}a" />\n<set-variable name="b" value="{|XML004:@{|}b" />\n</fragment>',
            id="two of them",
        ),
        pytest.param(
            '<fragment>\n<when condition="{|XML004:@(|}a == "b"\n<set-method>GET</set-method>\n</when>\n</fragment>',
            id="the rest of the start tag went with it",
        ),
    ],
)
def test_the_rest_of_the_document_is_read_as_usual(source: str):
    check_faults(source)


def test_brackets_that_match_before_the_code_ends():
    text, finding = the_fault(document('{|XML004:@(|}context.Response.StatusCode.ToString) == "200")'))
    assert finding.message == (
        'The ")" on line 2 already closes "@(", but its code goes on. '
        'Write the bracket that is missing before it, or remove this ")".'
    )
    (related,) = finding.related
    assert text[: related.span.end].endswith("ToString)")


def test_no_fix_is_offered_because_only_the_author_knows_the_code():
    _, finding = the_fault(document("{|XML004:@(|}a"))
    assert finding.fixes == ()


@pytest.mark.parametrize(
    "text",
    [
        document('@(")" + \')\' + @")" + $"{(a)})")'),
        document("@(a &lt; b &amp;&amp; c == &quot;)&quot;)"),
        document("@{{name}}"),
        "<fragment><set-body>me@(example) and me@{{host}}</set-body></fragment>",
        "<fragment><!-- @( --><!-- ) --></fragment>",
    ],
)
def test_what_is_closed_is_no_finding(text: str):
    check_faults(text)
