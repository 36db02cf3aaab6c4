"""Where an expression ends, in each place where it may stand."""

from __future__ import annotations

import pytest

from apim_policy.syntax.expressions import scan
from apim_policy.syntax.parser import parse
from apim_policy.syntax.tree import Expression
from support.trees import parts_of, text_parts, value_parts

RAW = {
    "call": "@(context.Request.Headers.GetValueOrDefault())",
    "quotes of the attribute": '@(context.Variables.ContainsKey("x"))',
    "generic": '@(((IResponse)context.Variables["r"]).Body.As<JObject>()["t"].ToString())',
    "nested generics": "@(new Dictionary<string, List<string>>())",
    "comparison and conjunction": "@(a < b && c > d || e <= f)",
    "block on several lines": '@{\n    var jwt = context.Request.Headers["A"];\n    if (jwt == null) {\n        return "";\n    }\n    return jwt;\n}',
    "brackets in a string": '@("(" + "}" + ")")',
    "escaped quote in a string": '@("say \\"(\\" twice")',
    "backslash at the end of a string": '@("\\\\" + ")")',
    "markup in a string": '@("<value>" + "</value>" + "/>")',
    "address in a string": '@("https://example.org/" + context.Api.Path)',
    "apostrophe in a string": '@("doesn\'t (")',
    "expression in a string": '@("@(" + "@{")',
    "characters": "@(\"a(b\".Split('(', ')', ':', ','))",
    "character of a quote": '@("a".Split(\'"\'))',
    "character of an apostrophe": "@(\"a\".Replace('\\'', '('))",
    "character of a backslash": "@(\"a\".Replace('\\\\', '('))",
    "character by number": "@(x == '\\u0028' || x == '\\x41')",
    "string in single quotes": "@(context.Response.Headers.ContainsKey('Retry-After'))",
    "lone apostrophe": "@(a 'b)",
    "verbatim string": '@(@"C:\\" + ")")',
    "verbatim string with doubled quotes": '@(@"say ""("" twice" + ")")',
    "verbatim string on two lines": '@(@"one (\ntwo (")',
    "verbatim name": "@(@class + 1)",
    "interpolated string": '@($"{a}(")',
    "interpolated string with nested quotes": '@($"{context.Variables["x"]}/{f("(")}")',
    "interpolated string in an interpolated string": '@($"a{$"b{$"(c"}"}")',
    "doubled braces": '@{return $"{{{a}}} }}";}',
    "format of a hole": '@($"{a,10:N2}(")',
    "character in a hole": "@{return $\"{(a == '}' ? 1 : 2)}\";}",
    "comment in a hole": '@{return $"{a /* } */}";}',
    "address in an interpolated string": '@($"https://{host}/(")',
    "named value in an interpolated string": '@($"{{Endpoint}}/dbs/{context.Variables["x"]}")',
    "interpolated verbatim string": '@($@"C:\\{a}\\""(")',
    "interpolated verbatim string, other order": '@(@$"{a}""(")',
    "raw string": '@("""say "(" twice""")',
    "raw string with four quotes": '@(""""say """(""" twice"""")',
    "empty strings": '@("" + @"" + $"" + ")")',
    "line comment": "@(a // doesn't end here: ) } \"\n)",
    "line comment after a string": '@("a" // "(\n)',
    "block comment": "@(a /* it's ) } \" // */)",
    "comment in a block comment": "@(a /* /* ) */)",
    "start of a block comment in a line comment": "@{ // /* }\n}",
    "division": "@(a / b / c)",
    "less than, then a comment": "@(a </* b ) */ c)",
    "lambda": "@(list.Where(x => { return x.Any(y => y > 1); }))",
    "named value as an operand": "@({{limit}} > 1)",
    "named value in a string": '@("{{secret}}" + a)',
    "interpolation of a template": '@("https://${hostname}" + context.Api.Path)',
    "bare placeholders": "@(#{limit}# + __X__ + %HOST%)",
    "doubled braces of a format string": "@{{ var x = 1; if (x) {{ return x; }} }}",
    "nothing": "@()",
    "astral characters": '@("😀(" + "\u2028)")',
    "carriage returns": '@{\r    // it\'s }\r    return "";\r}',
}

ESCAPED = {
    "quotes": "@(context.Variables.GetValueOrDefault&lt;bool&gt;(&quot;s(&quot;, false))",
    "conjunction": "@(a &amp;&amp; b)",
    "address in a string": "@(&quot;https://example.org/(&quot; + a)",
    "line comment": "@{ // it's &quot;so&quot; }\n return a &lt; b; }",
    "escaped quote in a string": "@(&quot;say \\&quot;(\\&quot;&quot;)",
    "verbatim string": "@(@&quot;C:\\&quot; + &quot;)&quot;)",
    "verbatim string with doubled quotes": "@(@&quot;say &quot;&quot;(&quot;&quot; twice&quot;)",
    "verbatim string, quotes by number": "@(@&#34;say &#34;&#x22;(&#34;&#34; twice&#34;)",
    "interpolated string": "@($&quot;{context.Variables[&quot;x(&quot;]}(&quot;)",
    "interpolated verbatim string": "@($@&quot;{a}\\&quot;&quot;(&quot;)",
    "character of a quote": "@(a.Split('&quot;', '('))",
    "characters between entities": "@(a.Split(&apos;(&apos;, &#39;)&#39;))",
    "numbers for quotes": "@(&#34;(&#34; + &#x22;(&#x22;)",
    "raw generic beside entities": "@(context.Variables.GetValueOrDefault<string>(&quot;backend(&quot;, &quot;none&quot;))",
    "raw comparison beside entities": "@(a < b &amp;&amp; c[&quot;x(&quot;])",
    "raw quotes and a tag in a comment": '@{ // "gpt" needs <when> and </when> (\n return &quot;}&quot;; }',
    "raw tag in a string": "@(&quot;<value>(</value>&quot;)",
    "raw tag in an interpolated string": "@($&quot;<value>{a}(</value>&quot;)",
    "raw quotes beside entities": '@(a["x("] &amp;&amp; b == ")")',
    "raw interpolated string beside entities": '@(a &amp;&amp; $"{b["("]}(" == $@"""(")',
}


@pytest.mark.parametrize("source", RAW.values(), ids=RAW)
def test_a_raw_expression_ends_with_its_bracket(source: str) -> None:
    for quote in "\"'":
        document = parse(f"<a b={quote}{source}{quote} c='1' />")
        assert document.faults == []
        assert value_parts(document.text) == [f"expression:{source}"]
    assert text_parts(f"<value>{source}</value>") == [f"expression:{source}"]
    assert text_parts(f"<value><![CDATA[{source}]]></value>") == [f"expression:{source}"]
    assert parse(f"<value>{source}</value>").faults == []


@pytest.mark.parametrize("source", ESCAPED.values(), ids=ESCAPED)
def test_an_escaped_expression_ends_with_its_bracket(source: str) -> None:
    for text in (f'<a b="{source}" c="1" />', f"<value>{source}</value>"):
        document = parse(text)
        assert document.faults == []
        (expression,) = document.expressions()
        assert document.slice(expression) == source
        assert expression.closed
        assert expression.escaped


def test_an_entity_inside_a_raw_string_does_not_make_the_code_escaped() -> None:
    (expression,) = parse('<value>@("&quot;(&amp;" + ")")</value>').expressions()
    assert not expression.escaped


def test_the_code_is_what_stands_between_the_brackets() -> None:
    document = parse('<a b="@{ return 1; }" c="@(2)" />')
    assert [document.slice(each.code_span) for each in document.expressions()] == [" return 1; ", "2"]


def test_the_code_of_an_expression_that_never_closes_goes_to_its_end() -> None:
    document = parse('<a b="@(f(1)" />')
    (expression,) = document.expressions()
    assert not expression.closed
    assert document.slice(expression.code_span) == "f(1)"


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("user@example.org", ["literal:user@example.org"]),
        ("@ (a)", ["literal:@ (a)"]),
        ("@{{name}}", ["literal:@", "named-value:{{name}}"]),
        ("@@(a)", ["literal:@", "expression:@(a)"]),
        ("@(a)@(b)", ["expression:@(a)", "expression:@(b)"]),
        (
            "Bearer @(a) and @{b}.",
            ["literal:Bearer ", "expression:@(a)", "literal: and ", "expression:@{b}", "literal:."],
        ),
    ],
)
def test_only_an_at_sign_before_a_bracket_opens_an_expression(source: str, parts: list[str]) -> None:
    assert value_parts(f'<a b="{source}" />') == parts
    assert text_parts(f"<a>{source}</a>") == parts


# What stands after the expression in these documents is read as if the expression were sound.
UNCLOSED = {
    "another attribute": ('<a b="@(f("x")" c="1" />', "@(f(\"x\")"),
    "the end of the tag": ('<a b="@(f("x")"><c /></a>', "@(f(\"x\")"),
    "an empty element": ('<a b="@(f("x")" />', "@(f(\"x\")"),
    "an attribute in single quotes": ("<a b='@(f(\"x\")' c='1' />", "@(f(\"x\")"),
    "an end tag": ("<value>@(f(\"x\")</value>", "@(f(\"x\")"),
    "an end tag on its line": ('<value>\n    @{ if (a) {\n    }\n</value>', "@{ if (a) {\n    }"),
    "a policy on its line": ('<inbound>\n    @(f(\n    <base />\n</inbound>', "@(f("),
    "a string that never ends": ('<value>@(f("x)</value>', '@(f("x)'),
    "a comment that never ends": ("<value>@(f(/* x)</value>", "@(f(/* x)"),
    "the end of CDATA": ("<a><![CDATA[@(f(\"</b>\" x]]></a>", '@(f("</b>" x'),
    "the end of the text": ("@(f(x", "@(f(x"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "source"), UNCLOSED.values(), ids=UNCLOSED)
def test_an_expression_that_never_closes_ends_where_the_markup_goes_on(text: str, source: str) -> None:
    document = parse(text)
    (expression,) = document.expressions()
    assert document.slice(expression) == source
    assert not expression.closed
    assert [fault.kind.value for fault in document.faults if fault.start == expression.start][:1] == [
        "unterminated-expression"
    ]
    assert not [fault for fault in document.faults if fault.start > expression.end]


def test_many_broken_expressions_leave_the_sound_ones_alone() -> None:
    broken = '<set-header name="a"><value>@(f(</value></set-header>\n'
    sound = '<set-header name="a"><value>@(f("("))</value></set-header>\n'
    found = list(parse(f"<inbound>\n{broken * 40}{sound * 40}</inbound>").expressions())
    assert [expression.closed for expression in found] == [False] * 40 + [True] * 40


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("@(a) b)", "@(a)"),
        ('@("a" b', None),
        ('@("a', None),
        ("@(a</value>", None),
        ('@(a"/>', None),
    ],
)
def test_scan_stops_at_what_no_code_can_hold(text: str, parts: str | None) -> None:
    found = scan(text, 0)
    assert found.closed is (parts is not None)
    if parts is not None:
        assert text[: found.end] == parts


def test_scan_looks_no_further_than_its_limit() -> None:
    assert scan("@(a)", 0, 3).closed is False
    assert scan("@(a)", 0, 4).closed is True


def test_expressions_are_found_in_the_order_of_the_text() -> None:
    document = parse('<a b="@(1)"><c d="@(2)">@(3)<![CDATA[@(4)]]></c><!-- @(no) -->@(5)</a>')
    found = list(document.expressions())
    assert all(isinstance(each, Expression) for each in found)
    assert parts_of(document, found) == [f"expression:@({number})" for number in range(1, 6)]
