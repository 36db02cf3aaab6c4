"""What the value of an expression is made of."""

from __future__ import annotations

import pytest

from apim_policy.csharp import taint
from apim_policy.csharp.pieces import GAP, Kind
from apim_policy.syntax.parser import parse

HEADER = 'context.Request.Headers.GetValueOrDefault("A", "")'


def read(code: str):
    document = parse(f"<policies><inbound><set-body>{code}</set-body></inbound></policies>")
    return document, next(document.expressions())


def pieces(code: str):
    return [piece for text in taint.texts(*read(code)) for piece in text]


def shown(piece) -> str:
    source = piece.source
    if source is None:
        return "?" if piece.text is None else f"'{piece.text}'"
    name = f" {source.name}" if source.name is not None else ""
    field = f".{source.field}" if source.field is not None else ""
    return f"{source.kind.value}{name}{field}{'!' if piece.encoded else ''}"


def texts(code: str) -> set[str]:
    """What the value may be: pieces with spaces between, ``!`` after what is encoded."""
    return {" ".join(map(shown, text)) for text in taint.texts(*read(code))}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('@(context.Request.Headers["A"][0])', "header A"),
        ('@(context.Request.Headers["A"]?.FirstOrDefault())', "header A"),
        ('@(context.Request.Headers.GetValueOrDefault("A"))', "header A"),
        ('@(context.Request.Url.Query.GetValueOrDefault("q"))', "query q"),
        ('@(context.Request.OriginalUrl.Query["q"].First())', "query q"),
        ('@(context.Request.MatchedParameters["id"])', "parameter id"),
        ("@(context.Request.Url.Path)", "path Path"),
        ("@(context.Request.OriginalUrl.QueryString)", "path QueryString"),
        ("@(context.Request.Body.As<string>(preserveContent: true))", "body"),
        ('@(context.Request.Body.As<JObject>()["a"]["b"].ToString())', "body.b"),
        ('@((string)context.Request.Body?.As<JObject>()?.SelectToken("a"))', "body.a"),
        ('@(context.Request.Body.As<JObject>().Value<string>("a"))', "body.a"),
        ('@(JObject.Parse(context.Request.Body.As<string>()).Property("a")?.Value)', "body.a"),
        ('@((string)context.Variables["v"])', "variable v"),
        ('@((string)context.Variables.GetValueOrDefault<string>("v"))', "variable v"),
        ('@(((IResponse)context.Variables["r"]).Body.As<JObject>()["t"].ToString())', "variable r.t"),
        ('@(context.Response.Body.As<JObject>()["t"])', "response.t"),
        ('@(context.Response.Headers.GetValueOrDefault("A"))', "response-header A"),
        ("@(context.LastError.Message)", "error Message"),
        ("@(context.Subscription?.PrimaryKey)", "key PrimaryKey"),
        ("@(context.Request.Url.ToString())", "? path Url"),
        ('@(new Uri(context.Request.Headers["A"][0]).Host)', "header A.Host"),
    ],
)
def test_what_is_read(code: str, expected: str) -> None:
    assert texts(code) == {expected}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (f'@("a" + {HEADER} + "b")', "'a' header A 'b'"),
        (f'@($"a{{{HEADER}}}b")', "'a' header A 'b'"),
        (f'@(string.Format("a{{0}}b{{1}}d", {HEADER}, "c"))', "'a' header A 'b' 'c' 'd'"),
        (f'@(string.Concat("a", {HEADER}))', "'a' header A"),
        (f'@{{ var s = "a"; s += {HEADER}; return s; }}', "'a' header A"),
        (f"@{{ var b = new StringBuilder(); b.Append({HEADER}); return b.ToString(); }}", "'' header A"),
        (f"@{{ string s = {HEADER}; var t = s.Trim().ToLower(); return (string)t; }}", "header A"),
        (f'@({HEADER}.Substring(3).Split(",")[0])', "header A"),
        (f"@(Encoding.UTF8.GetString(Convert.FromBase64String({HEADER})))", "header A"),
        (f"@(System.Net.WebUtility.UrlDecode({HEADER}))", "header A"),
        (f"@{{ foreach (var x in {HEADER}.Split(';')) {{ return x; }} return x; }}", "header A"),
        ('@("a{{b}}" + context.Request.Url.Path)', f"'a{GAP}' path Path"),
        (f'@("a" + {HEADER} + context.LastError?.Message)', "'a' header A error Message"),
        (f'@(new UriBuilder("https", {HEADER}).ToString())', "'https' '://' header A '/'"),
        (f'@("x" + Unknown({HEADER}))', "'x' header A"),
    ],
)
def test_how_it_is_joined(code: str, expected: str) -> None:
    assert texts(code) == {expected}


@pytest.mark.parametrize(
    "code",
    [
        f"@(int.Parse({HEADER}).ToString())",
        f"@(new Guid({HEADER}).ToString())",
        f"@(Guid.Parse({HEADER}).ToString())",
        f"@({HEADER}.Length.ToString())",
        f"@(({HEADER} == null).ToString())",
        f'@({HEADER}.StartsWith("x").ToString())',
        f"@({HEADER}.AsJwt()?.Subject)",
        '@(context.Request.Body.As<JObject>()["a"].Value<int>().ToString())',
        f"@(Convert.ToInt32({HEADER}).ToString())",
        f"@(DateTime.UtcNow.AddSeconds({HEADER}).ToString())",
        f"@(sha.ComputeHash(Encoding.UTF8.GetBytes({HEADER})))",
        f"@({HEADER}.Substring(0, 4))",
        f"@(map[{HEADER}])",
    ],
)
def test_what_carries_nothing_on(code: str) -> None:
    found = [piece.source for piece in pieces(code) if piece.source]
    assert not [source for source in found if source.kind is not Kind.OTHER]


@pytest.mark.parametrize(
    "code",
    [
        f"@(Uri.EscapeDataString({HEADER}))",
        f"@(System.Net.WebUtility.UrlEncode({HEADER}))",
        f"@(WebUtility.HtmlEncode({HEADER}))",
        f"@(JsonConvert.SerializeObject({HEADER}))",
        f'@(new JObject(new JProperty("a", {HEADER})).ToString())',
        f'@(new XElement("a", {HEADER}).ToString())',
        f"@(JsonConvert.SerializeObject(new {{ a = {HEADER} }}))",
        f'@{{ var o = new JObject(); o["a"] = {HEADER}; return o.ToString(); }}',
        f'@{{ var o = new JObject(); o.Add("a", {HEADER}); return o.ToString(); }}',
        f'@({HEADER}.Replace("\\"", "\\\\\\""))',
    ],
)
def test_what_makes_it_harmless(code: str) -> None:
    found = [piece for piece in pieces(code) if piece.source]
    assert found
    assert all(piece.encoded for piece in found)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (f'@(ok ? "a" : {HEADER})', {"'a'", "header A"}),
        (f'@({HEADER} ?? "a")', {"header A", "'a'"}),
        (f'@{{ if (ok) {{ return "a"; }} return {HEADER}; }}', {"'a'", "header A"}),
        (f'@{{ var s = "a"; if (ok) {{ s = {HEADER}; }} return "b" + s; }}', {"'b' 'a'", "'b' header A"}),
        (f'@(x switch {{ 1 => "a", _ => {HEADER} }})', {"'a'", "header A"}),
        (f'@(context.Request.Headers.GetValueOrDefault("B", {HEADER}))', {"header B", "header A"}),
    ],
)
def test_a_value_may_be_several(code: str, expected: set[str]) -> None:
    assert texts(code) == expected


def test_a_function_in_an_expression_gives_nothing_back_for_it() -> None:
    assert texts(f'@{{ Func<string> f = () => {{ return {HEADER}; }}; return "a" + context.Api.Id; }}') == {
        "'a' ?"
    }


def test_the_span_is_the_access() -> None:
    code = '@("a" + context.Request.Headers["A"].First())'
    span = pieces(code)[1].source.span
    assert code[span.start : span.end] == 'context.Request.Headers["A"]'


@pytest.mark.parametrize(
    "code",
    [
        f'@({HEADER} == "a")',
        f'@("a" != {HEADER})',
        f'@(new[] {{ "a", "b" }}.Contains({HEADER}))',
        f'@({HEADER}.Equals("a", StringComparison.Ordinal))',
        f'@(Regex.IsMatch({HEADER}, "^[a-z]+$"))',
        f"@(list.Any(x => x == {HEADER}))",
        f'@{{ switch ({HEADER}) {{ case "a": return 1; default: return 2; }} }}',
        f'@{{ var h = {HEADER}; return h.EndsWith(".example.com"); }}',
    ],
)
def test_what_is_compared(code: str) -> None:
    assert (Kind.HEADER, "a", None) in taint.tested(*read(code))


@pytest.mark.parametrize(
    "code",
    [
        f"@({HEADER} == null)",
        f'@({HEADER} != "")',
        f"@({HEADER} == string.Empty)",
        f"@(string.IsNullOrEmpty({HEADER}))",
        f'@({HEADER}.StartsWith("https://"))',
        '@(context.Request.Headers.ContainsKey("A"))',
    ],
)
def test_what_is_only_looked_for(code: str) -> None:
    assert (Kind.HEADER, "a", None) not in taint.tested(*read(code))


def test_nesting_and_length_are_bounded() -> None:
    deep = "(" * 10_000 + HEADER + ")" * 10_000
    assert texts(f"@({deep})") == {"header A"}
    calls = "f(" * 5_000 + HEADER + ")" * 5_000
    assert texts(f"@({calls})") == {"?"}
    assert pieces("@(" + " + ".join([HEADER] * 2_000) + ")")


def test_locals_that_stand_for_each_other_end() -> None:
    assert texts("@{ var a = b; b = a; return a + context.RequestId; }") == {"? ?"}


def test_no_tree_is_built_without_context(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apim_policy.csharp.taint.code_of", None)
    assert texts('@("a" + 1)') == set()
