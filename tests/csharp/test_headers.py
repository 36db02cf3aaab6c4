"""Which request headers an expression looks at, and of which its value is a copy."""

from __future__ import annotations

import pytest

from apim_policy.csharp.headers import HeaderCopy, HeaderUse, header_use
from apim_policy.csharp.lookups import Access
from apim_policy.syntax.parser import parse


def read(raw: str) -> tuple[HeaderUse, str]:
    document = parse(f"<fragment><trace>{raw}</trace></fragment>")
    (expression,) = document.expressions()
    return header_use(document, expression), document.slice(expression)


def looks(raw: str) -> list[tuple[str | None, Access]]:
    return [(access.name, access.access) for access in read(raw)[0].accesses]


@pytest.mark.parametrize(
    ("raw", "name", "access"),
    [
        ('@(context.Request.Headers["X"][0])', "X", Access.INDEX),
        ('@(context.Request.Headers.GetValueOrDefault("X", ""))', "X", Access.VALUE),
        ('@(context.Request.Headers.TryGetValue("X", out values))', "X", Access.TRY),
        ('@(context.Request.Headers.ContainsKey("X"))', "X", Access.CONTAINS),
        ('@(context.Request?.Headers?["X"]?.First())', "X", Access.INDEX),
        ('@(context.Request.Headers?.GetValueOrDefault("X")?.Trim())', "X", Access.VALUE),
        ('@(((IRequest)context.Request).Headers["X"])', "X", Access.INDEX),
        ('@(((IReadOnlyDictionary<string, string[]>)context.Request.Headers)["X"])', "X", Access.INDEX),
        ('@{ var h = context.Request.Headers; return h["X"].First(); }', "X", Access.INDEX),
        ('@{ var r = context.Request; return r.Headers.ContainsKey("X"); }', "X", Access.CONTAINS),
        ('@{ const string n = "X"; return context.Request.Headers[n]; }', "X", Access.INDEX),
        ('@(context.Request.Headers["X-" + "Y"])', "X-Y", Access.INDEX),
        ('@(context.Request.Headers[@"X"])', "X", Access.INDEX),
        ('@(context.Request.Headers["X\\u002dY"])', "X-Y", Access.INDEX),
        ('@($"{context.Request.Headers["X"][0]}!")', "X", Access.INDEX),
        ("@(context.Request.Headers[&quot;X&quot;])", "X", Access.INDEX),
    ],
)
def test_a_header_that_is_named(raw: str, name: str, access: Access) -> None:
    assert looks(raw) == [(name, access)]


@pytest.mark.parametrize(
    "raw",
    [
        '@(context.Response.Headers["X"])',
        '@(context.Response.Headers.GetValueOrDefault("X", ""))',
        '@(((IResponse)context.Variables["r"]).Headers["X"])',
        '@(context.Request.Body.As<JObject>()["Headers"]["X"].ToString())',
        '@("context.Request.Headers")',
        '@( /* context.Request.Headers["X"] */ 1 )',
        '@{ // context.Request.Headers["X"]\n return 1; }',
        '@{ var Headers = context.Response.Headers; return Headers["X"]; }',
        '@(context.Request.Url.Query["Headers"])',
        '@(other.Request.Headers["X"])',
        '@(context.Request.Foo.Headers["X"])',
    ],
)
def test_what_is_no_request_header(raw: str) -> None:
    assert looks(raw) == []


@pytest.mark.parametrize(
    ("raw", "access"),
    [
        ('@(context.Request.Headers[(string)context.Variables["n"]])', Access.INDEX),
        ('@(context.Request.Headers["{{name}}"])', Access.INDEX),
        ('@(context.Request.Headers["x-${suffix}"])', Access.INDEX),
        ('@{ string n = "A"; n = "B"; return context.Request.Headers[n]; }', Access.INDEX),
        ("@{ foreach (var h in context.Request.Headers) { } return 1; }", Access.ALL),
        ('@(context.Request.Headers.Where(h => h.Key == "X"))', Access.ALL),
        ("@(Describe(context.Request.Headers))", Access.ALL),
        ('@(context.Request.Headers["X"', Access.ALL),
    ],
)
def test_a_header_whose_name_is_not_known(raw: str, access: Access) -> None:
    assert looks(raw) == [(None, access)]


def test_every_look_counts_in_the_order_of_the_text() -> None:
    raw = (
        '@{ var h = context.Request.Headers; if (h.ContainsKey("A")) { return h["A"][0]; }'
        ' return context.Request.Headers.GetValueOrDefault("B"); }'
    )
    assert looks(raw) == [("A", Access.CONTAINS), ("A", Access.INDEX), ("B", Access.VALUE)]


@pytest.mark.parametrize(
    ("raw", "look", "name"),
    [
        ('@(1 + context.Request.Headers["X"][0])', 'context.Request.Headers["X"]', '"X"'),
        (
            "@(context.Request.Headers.GetValueOrDefault(&quot;é&quot;, &quot;&quot;))",
            "context.Request.Headers.GetValueOrDefault(&quot;é&quot;, &quot;&quot;)",
            "&quot;é&quot;",
        ),
        ('@("😀" + context.Request.Headers["X"][0])', 'context.Request.Headers["X"]', '"X"'),
    ],
)
def test_looks_stand_where_the_source_says(raw: str, look: str, name: str) -> None:
    use, source = read(raw)
    (access,) = use.accesses
    assert source[access.span.start : access.span.end] == look
    assert source[access.name_span.start : access.name_span.end] == name


@pytest.mark.parametrize(
    ("raw", "fallback"),
    [
        ('@(context.Request.Headers.GetValueOrDefault("X"))', False),
        ('@(context.Request.Headers.GetValueOrDefault("X", ""))', False),
        ('@(context.Request.Headers.GetValueOrDefault("X", string.Empty))', False),
        ('@(context.Request.Headers.GetValueOrDefault("X", "none"))', True),
        ('@(context.Request.Headers.GetValueOrDefault("X", Guid.NewGuid().ToString()))', True),
        ('@(context.Request.Headers["X"][0])', False),
    ],
)
def test_a_fallback_is_more_than_an_empty_text(raw: str, fallback: bool) -> None:
    (access,) = read(raw)[0].accesses
    assert access.fallback is fallback


@pytest.mark.parametrize(
    "raw",
    [
        '@(context.Request.Headers.GetValueOrDefault("X", ""))',
        '@((string)context.Request.Headers.GetValueOrDefault("X"))',
        '@(context.Request.Headers["X"].First())',
        '@(context.Request.Headers["X"][0])',
        '@(context.Request.Headers["X"]?.FirstOrDefault() ?? "")',
        '@(string.Join(",", context.Request.Headers["X"]))',
        '@{ return context.Request.Headers.GetValueOrDefault("X", ""); }',
        '@{ var v = context.Request.Headers["X"]; return v[0]; }',
        '@(context.Request?.Headers?["X"]?[0])',
    ],
)
def test_an_exact_copy(raw: str) -> None:
    copy = read(raw)[0].copy
    assert copy == HeaderCopy("X", "", "")
    assert copy.exact


@pytest.mark.parametrize(
    ("raw", "prefix", "stripped"),
    [
        ('@("X=" + context.Request.Headers.GetValueOrDefault("X", ""))', "X=", ""),
        ('@($"X={context.Request.Headers["X"].First()}")', "X=", ""),
        ('@("Bearer " + context.Request.Headers["X"][0])', "Bearer ", ""),
        ('@(context.Request.Headers["X"][0].Substring("X=".Length))', "", "X="),
        ('@(context.Request.Headers["X"][0].Replace("Bearer ", ""))', "", "Bearer "),
        ('@(context.Request.Headers["X"][0].Substring(7))', "", None),
        ('@(context.Request.Headers.GetValueOrDefault("X", "").Split(\' \')[1])', "", None),
        ('@{ var t = context.Request.Headers.GetValueOrDefault("X", ""); return "a" + t; }', "a", ""),
    ],
)
def test_a_copy_with_something_put_in_front_or_taken_away(
    raw: str, prefix: str, stripped: str | None
) -> None:
    assert read(raw)[0].copy == HeaderCopy("X", prefix, stripped)


@pytest.mark.parametrize(
    "raw",
    [
        '@(context.Request.Headers["X"][0] + context.Request.Headers["Y"][0])',
        '@(context.Request.Headers["X"][0].Length)',
        '@(context.Request.Headers["X"].Length > 1 ? "a" : "b")',
        '@{ if (context.Request.Headers.ContainsKey("X")) { return context.Request.Headers["X"][0]; } return ""; }',
        '@(context.Request.Headers["X"][0] + "!")',
        "@(context.Request.Headers)",
        '@($"{context.Request.Headers["X"][0]}!")',
    ],
)
def test_what_is_no_copy(raw: str) -> None:
    assert read(raw)[0].copy is None


def test_strings_are_decoded() -> None:
    use, _ = read('@(context.Request.Headers["X"][0].StartsWith("a\\t\\"b") || @"c""d" == "")')
    assert use.literals == ("X", 'a\t"b', 'c"d', "")


def test_locals_that_stand_for_each_other_end() -> None:
    assert looks("@{ var a = b; var b = a; return context.Request.Headers[a]; }") == [(None, Access.INDEX)]


def test_an_expression_of_a_megabyte_is_read() -> None:
    middle = " + ".join(['"a"'] * 20_000)
    raw = f'@({middle} + context.Request.Headers["X"][0])'
    assert looks(raw) == [("X", Access.INDEX)]
