"""Which variables an expression looks at, and where their names stand."""

from __future__ import annotations

import pytest

from apim_policy.csharp.lookups import Access
from apim_policy.csharp.variables import VariableAccess, variable_accesses
from apim_policy.syntax.parser import parse


def read(raw: str) -> list[tuple[VariableAccess, str, str]]:
    """Each access, its text, and the text of its name."""
    document = parse(f"<fragment><trace>{raw}</trace></fragment>")
    (expression,) = document.expressions()
    source = document.slice(expression)
    return [
        (access, source[slice(*access.span)], source[slice(*access.name_span)])
        for access in variable_accesses(document, expression)
    ]


def looks(raw: str) -> list[tuple[str | None, Access]]:
    return [(access.name, access.access) for access, _, _ in read(raw)]


@pytest.mark.parametrize(
    ("raw", "access"),
    [
        ('@(context.Variables["x"])', Access.INDEX),
        ('@((string)context.Variables["x"])', Access.INDEX),
        ('@(context.Variables?["x"])', Access.INDEX),
        ('@(((IResponse)context.Variables["x"]).StatusCode)', Access.INDEX),
        ('@(context?.Variables["x"])', Access.INDEX),
        ('@(((IReadOnlyDictionary<string, object>)context.Variables)["x"])', Access.INDEX),
        ('@(context.Variables.GetValueOrDefault<string>("x"))', Access.VALUE),
        ('@(context.Variables.GetValueOrDefault("x", "y"))', Access.VALUE),
        ('@(context.Variables?.GetValueOrDefault<bool>("x", false))', Access.VALUE),
        ('@(context.Variables.GetValueOrDefault<string>(key: "x", defaultValue: ""))', Access.VALUE),
        ("@(context.Variables.GetValueOrDefault&lt;string&gt;(&quot;x&quot;))", Access.VALUE),
        ('@(context.Variables.TryGetValue("x", out var y))', Access.TRY),
        ('@(context.Variables.ContainsKey("x"))', Access.CONTAINS),
        ('@(!context.Variables.ContainsKey("x"))', Access.CONTAINS),
        ('@($"{context.Variables["x"]}")', Access.INDEX),
        ('@{ var v = context.Variables; return v["x"]; }', Access.INDEX),
        ('@{ var c = context; return c.Variables.ContainsKey("x"); }', Access.CONTAINS),
        ('@{ const string n = "x"; return context.Variables[n]; }', Access.INDEX),
        ('@(context.Variables["" + "x"])', Access.INDEX),
        ('@(context.Variables["\\u0078"])', Access.INDEX),
        ('@(context.Variables[@"x"])', Access.INDEX),
        ('@(list.Where(i => i == (string)context.Variables["x"]))', Access.INDEX),
    ],
)
def test_a_variable_that_is_named(raw: str, access: Access) -> None:
    assert looks(raw) == [("x", access)]


@pytest.mark.parametrize(
    "raw",
    [
        '@((string)context.Variables.GetValueOrDefault<JObject>("x"))',
        '@((string)context.Variables.GetValueOrDefault<JObject>("x")["key"]["other"])',
        '@((string)context.Variables.GetValueOrDefault<JObject>("x", null)?["key"] ?? "")',
        '@((int)(long)context.Variables.GetValueOrDefault<long>("x") + 1)',
        '@((bool)context.Variables.GetValueOrDefault<bool>( /* why */ "x") == true)',
        '@(((IResponse)context.Variables.GetValueOrDefault<IResponse>("x"))?.StatusCode.ToString() ?? "")',
    ],
)
def test_a_cast_before_a_generic_call(raw: str) -> None:
    assert looks(raw) == [("x", Access.VALUE)]


@pytest.mark.parametrize(
    ("raw", "access"),
    [
        ("@(context.Variables[name])", Access.INDEX),
        ('@(context.Variables["x-" + context.Api.Id])', Access.INDEX),
        ('@(context.Variables[$"{context.Api.Id}"])', Access.INDEX),
        ('@(context.Variables["{{name}}"])', Access.INDEX),
        ('@(context.Variables["${name}"])', Access.INDEX),
        ('@{ string n = "a"; n = "b"; return context.Variables[n]; }', Access.INDEX),
        ("@(context.Variables.GetValueOrDefault<string>(name))", Access.VALUE),
        ("@(context.Variables.Count)", Access.ALL),
        ('@(string.Join(",", context.Variables.Keys))', Access.ALL),
        ("@{ foreach (var v in context.Variables) { } return 1; }", Access.ALL),
        ("@{ var all = context.Variables; return Describe(all); }", Access.ALL),
        ("@(context.Variables.Where(v => true))", Access.ALL),
        ("@(context.Variables)", Access.ALL),
        ('@{ var v = context.Variables; v = null; return v["x"]; }', Access.ALL),
        ('@{ IReadOnlyDictionary<string, object> v; v = context.Variables; return v["x"]; }', Access.ALL),
    ],
)
def test_a_variable_whose_name_is_not_known(raw: str, access: Access) -> None:
    assert looks(raw) == [(None, access)]


@pytest.mark.parametrize(
    "raw",
    [
        '@("context.Variables[x]")',
        '@( /* context.Variables["x"] */ 1 )',
        '@(other.Variables["x"])',
        '@(context.Request.Variables["x"])',
        "@{ var Variables = 1; return Variables; }",
        '@(context.Variable["x"])',
    ],
)
def test_what_is_no_variable(raw: str) -> None:
    assert looks(raw) == []


@pytest.mark.parametrize(
    ("raw", "access", "name", "literal"),
    [
        ('@(1 + (int)context.Variables["a b"] + 1)', 'context.Variables["a b"]', "a b", True),
        ('@(context.Variables.ContainsKey("x"))', 'context.Variables.ContainsKey("x")', "x", True),
        ('@(context.Variables[(@"x")])', 'context.Variables[(@"x")]', "x", True),
        (
            "@(context.Variables[&quot;x&quot;])",
            "context.Variables[&quot;x&quot;]",
            "x",
            True,
        ),
        ('@(context.Variables["a" + "b"])', 'context.Variables["a" + "b"]', '"a" + "b"', False),
        ("@(context.Variables[n])", "context.Variables[n]", "context.Variables[n]", False),
        ('@{ var n = "x"; return context.Variables[n]; }', "context.Variables[n]", "n", False),
    ],
)
def test_where_the_name_stands(raw: str, access: str, name: str, literal: bool) -> None:
    ((found, text, name_text),) = read(raw)
    assert (text, name_text, found.literal) == (access, name, literal)


def test_several_in_the_order_of_the_text() -> None:
    raw = '@(context.Variables.ContainsKey("a") ? context.Variables["b"] : context.Variables["a"])'
    assert looks(raw) == [("a", Access.CONTAINS), ("b", Access.INDEX), ("a", Access.INDEX)]


def test_what_nests_deep_is_read() -> None:
    raw = f'@({"(" * 10_000}context.Variables["x"]{")" * 10_000})'
    assert looks(raw) == [("x", Access.INDEX)]
