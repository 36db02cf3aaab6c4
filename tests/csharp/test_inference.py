"""The types of what stands in an expression: what is sure is known, and what is not stays unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from apim_policy.csharp.code import Code
from apim_policy.csharp.inference import Inference, types_of
from apim_policy.csharp.values import walk

if TYPE_CHECKING:
    from tree_sitter import Node

    from apim_policy.csharp.inference import Access

BODY = "context.Request.Body.As<JObject>(true)"


def inferred(source: str) -> Inference:
    """The types of an expression, which is a block where it begins with a brace."""
    raw = f"@{source}" if source.startswith("{") else f"@({source})"
    return types_of(Code(raw, escaped=False))


def result(source: str) -> str | None:
    """The type of what an expression gives, as C# spells it."""
    found = inferred(source).result
    return str(found) if found is not None else None


def access(types: Inference, name: str) -> Access:
    """The only access to a member of that name."""
    (found,) = (each for each in types.accesses if types.code.text_of(each.name) == name)
    return found


def node(types: Inference, kind: str) -> Node:
    """The first node of a kind."""
    return next(each for each in walk(types.code.tree.root_node) if each.type == kind)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('"a"', "string"),
        ('@"a"', "string"),
        ('$"a {context.Api.Id:x}"', "string"),
        ("'a'", "char"),
        ("true", "bool"),
        ("1", "int"),
        ("4000000000", "uint"),
        ("5000000000", "long"),
        ("0xFFFFFFFF", "uint"),
        ("1L", "long"),
        ("1u", "uint"),
        ("1ul", "ulong"),
        ("1.5", "double"),
        ("1e3", "double"),
        ("1f", "float"),
        ("1m", "decimal"),
        ("(1)", "int"),
        ("-1", "int"),
        ("!(1 > 2)", "bool"),
        ("typeof(List<string>)", "Type"),
        ("nameof(context.Api)", "string"),
        ("default(int)", "int"),
        ("(string)null", "string"),
        ("(JObject)context.Variables[0]", "JObject"),
        ('context.Variables["a"] as string', "string"),
        ("1 is int", "bool"),
        ("checked(1)", "int"),
    ],
)
def test_literals_and_casts(source: str, expected: str) -> None:
    assert result(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('"a" + 1', "string"),
        ('1 + "a"', "string"),
        ('"a" + nothing', "string"),
        ("nothing + 1", None),
        ("1 + 2", "int"),
        ("1 + 2L", "long"),
        ("1 / 2.0", "double"),
        ("'a' + 1", "int"),
        ("1 == 2 && nothing", "bool"),
        ("nothing > 1 || nothing", "bool"),
        ("true & false", "bool"),
        ("6 & 3", "int"),
        ("1 << 3", "int"),
        ("DateTime.UtcNow - DateTime.UtcNow", "TimeSpan"),
        ("DateTime.UtcNow + TimeSpan.FromSeconds(1)", "DateTime"),
        ('true ? "a" : "b"', "string"),
        ("true ? 1 : 2.0", "double"),
        ("true ? null : context.Request.Url", "IUrl"),
        ("true ? 1 : nothing", None),
        ('true ? "a" : throw new Exception()', "string"),
        ('context.Api.Id ?? "a"', "string"),
        ("context.Product?.SubscriptionsLimit ?? 1", "int"),
        ("nothing ?? 1", None),
        ('context.Api.Id ?? throw new Exception("")', "string"),
        ('new XElement("a") + "b"', "string"),
    ],
)
def test_operators(source: str, expected: str | None) -> None:
    assert result(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("context.Request.Url.Path", "string"),
        ("context.Request.Headers", "IReadOnlyDictionary<string, string[]>"),
        ('context.Request.Headers["a"]', "string[]"),
        ('context.Request.Headers["a"][0]', "string"),
        ('context.Request.Headers.GetValueOrDefault("a", "")', "string"),
        ('context.Variables["a"]', "object"),
        ('context.Variables.GetValueOrDefault<int>("a")', "int"),
        ('context.Variables.GetValueOrDefault("a", 1L)', "long"),
        ("context.Request.Body.As<string>(preserveContent: true)", "string"),
        (BODY, "JObject"),
        (f'{BODY}["a"]', "JToken"),
        (f'{BODY}["a"]["b"][0]', "JToken"),
        (f'{BODY}.Value<string>("a")', "string"),
        (f'{BODY}.SelectToken("a")', "JToken"),
        ('"abc"[0]', "char"),
        ("\"a\".Split(',')[0].Trim()", "string"),
        ('"abc".Length', "int"),
        ("context.Product?.Name", "string"),
        ("context.Product?.Name.Length", "int?"),
        ("(context.Product?.Name).Length", "int"),
        ("context.Product?.Name?.Length.ToString()", "string"),
        ("context.Product?.SubscriptionsLimit.Value", "int?"),
        ('context.Request.Headers?["a"]?[0]', "string"),
        ("string.Empty", "string"),
        ('String.Join(",", new[] { 1 })', "string"),
        ("System.String.Empty", "string"),
        ('System.Text.Encoding.UTF8.GetBytes("a")', "byte[]"),
        ("global::System.String.Empty", "string"),
        ("int.MaxValue", "int"),
        ("StringComparison.Ordinal", "StringComparison"),
        ("Math.Max(1, 2)", "int"),
        ("Math.Max(1, 2.5)", "double"),
        ("Math.Max(nothing, nothing)", None),
        ("Convert.ToBase64String(new byte[0])", "string"),
        ('DateTime.UtcNow.AddDays(1).ToString("o")', "string"),
        ('Regex.Match("a", "b").Groups["c"].Value', "string"),
        ('Regex.Replace("a", "b", m => m.Value)', "string"),
        ("context.Nothing", None),
        ("nothing.Length", None),
        ("string.Nothing", None),
        ("{{named-value}}.Length", None),
    ],
)
def test_members_calls_and_indexers(source: str, expected: str | None) -> None:
    assert result(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('"a" + context.Product?.Name', "string"),
        ('"a" + context.Product?.Name.Length + 1', "string"),
        ("1 + context.Product?.Name.Length", "int?"),
        ("(string)context.Product?.Name", "string"),
        ('!context.Product?.Name.StartsWith("a")', "bool"),
        ('"a" == context.Product?.Name', "bool"),
    ],
)
def test_an_operator_before_a_chain_with_question_marks(source: str, expected: str) -> None:
    types = inferred(source)
    assert access(types, "Name").members
    assert str(types.result) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('new[] { "a" }.Select(x => x.Length)', "IEnumerable<int>"),
        ('new[] { "a" }.Select((x, i) => x + i)', "IEnumerable<string>"),
        ('new[] { "a" }.Where(x => x.Length > 1).First()', "string"),
        ('new[] { "a" }.ToDictionary(x => x, x => x.Length)', "Dictionary<string, int>"),
        ('new[] { "a" }.ToDictionary(x => x.Length)', "Dictionary<int, string>"),
        ('new[] { "a" }.Select(x => { return x.Length; })', "IEnumerable<int>"),
        ('new[] { "a" }.Select(delegate(string x) { return x.Length; })', "IEnumerable<int>"),
        ('new[] { "a" }.Sum(x => x.Length)', "int"),
        ('new[] { "a" }.Sum(x => 1.5)', "double"),
        ("new[] { \"a\" }.SelectMany(x => x.Split(',')).ToList()", "List<string>"),
        ('new[] { "a" }.GroupBy(x => x.Length).Select(g => g.Key)', "IEnumerable<int>"),
        ('new[] { "a" }.Select(x => new { x.Length, B = x }).First().B', "string"),
        ('new[] { "a" }.Select(x => (x, n: x.Length)).First().n', "int"),
        ('new[] { "a" }.OrderBy(x => x.Length).ThenBy(x => x).Last()', "string"),
        ("new[] { 1, 2 }.Any()", "bool"),
        ('new[] { "a" }.Contains("a")', "bool"),
        ('new[] { "a" }.Select(x => nothing)', None),
        (f'{BODY}["a"].Select(t => t["b"])', "IEnumerable<JToken>"),
        (f'{BODY}["a"].Children<JObject>().First()', "JObject"),
        (f"{BODY}.Properties().Select(p => p.Name).ToArray()", "string[]"),
        ("context.Request.Headers.Select(h => h.Key).Count()", "int"),
        ("context.Request.Headers.SelectMany(h => h.Value).First()", "string"),
        ('new[] { "a" }.Cast<object>()', "IEnumerable<object>"),
    ],
)
def test_type_parameters_are_filled_in(source: str, expected: str | None) -> None:
    assert result(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('new JObject(new JProperty("a", 1))', "JObject"),
        ('new List<string> { "a" }', "List<string>"),
        ('new Dictionary<string, int?> { { "a", 1 }, ["b"] = 2 }["a"]', "int?"),
        ("new string[2]", "string[]"),
        ('new[] { "a", "b" }', "string[]"),
        ("new[] { 1, 2.0 }", "double[]"),
        ("new[] { 1, nothing }", None),
        ("new { A = 1, context.Api.Id }.Id", "string"),
        ("new { A = 1 }.B", None),
        ('(1, "a").Item2', "string"),
        ("new Nothing()", None),
        ("new UriBuilder()", "System.UriBuilder"),
    ],
)
def test_new_values(source: str, expected: str | None) -> None:
    found = result(source)
    assert found == expected or (expected is not None and found == expected.rpartition(".")[2])


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{ var a = "x"; return a; }', "string"),
        ('{ string a; a = "x"; return a.Length; }', "int"),
        ("{ int? a = 1; return a.Value; }", "int"),
        ("{ if (true) { return 1; } return 2.0; }", "double"),
        ("{ if (true) { return 1; } return nothing; }", None),
        ("{ var a = null; return a; }", None),
        ("{ foreach (var c in \"abc\") { return c; } return 'x'; }", "char"),
        ('{ foreach (string s in new ArrayList()) { return s; } return ""; }', "string"),
        (f"{{ foreach (var p in {BODY}) {{ return p.Value; }} return null; }}", "JToken"),
        (f"{{ foreach (var p in {BODY}.Properties()) {{ return p.Name; }} return null; }}", "string"),
        ("{ foreach (var h in context.Request.Headers) { return h.Value; } return null; }", "string[]"),
        ("{ for (int i = 0; i < 3; i++) { return i; } return 1; }", "int"),
        ('{ int n; if (int.TryParse("1", out n)) { return n; } return 0; }', "int"),
        ('{ if (int.TryParse("1", out var n)) { return n; } return 0; }', "int"),
        ('{ context.Request.Headers.TryGetValue("a", out var v); return v; }', "string[]"),
        ('{ if (context.Variables["a"] is string s) { return s; } return ""; }', "string"),
        ("{ try { return 1; } catch (Exception e) { return e.Message.Length; } }", "int"),
        ("{ using (var h = SHA256.Create()) { return h.ComputeHash(new byte[0]); } }", "byte[]"),
        ('{ Func<string, int> f = s => s.Length; return f("a"); }', "int"),
        ("{ return F(1); string F(int a) { return a.ToString(); } }", "string"),
        ('{ var (a, b) = (1, "x"); return b; }', "string"),
        ('{ (string a, int b) t = ("x", 1); return t.b; }', "int"),
        ('{ switch (context.Api.Id) { case "a": return 1; default: return 2; } }', "int"),
        (
            '{ foreach (var x in from y in new[] { "a" } where y.Length > 1 select y) { return x; } return 1; }',
            None,
        ),
        ('{ new[] { 1 }.Select(x => { return "a"; }); return 1; }', "int"),
        ("{ var d = (dynamic)context; return d.Anything; }", None),
    ],
)
def test_statements(source: str, expected: str | None) -> None:
    assert result(source) == expected


def test_the_same_name_means_another_thing_in_another_scope() -> None:
    types = inferred('{ { var a = 1; a.ToString(); } { var a = "x"; a.Trim(); } return 1; }')
    assert [str(each.receiver) for each in types.accesses] == ["int", "string"]


def test_an_initializer_gives_values_to_members() -> None:
    types = inferred(
        'new JsonSerializerSettings { Nothing = 1 }.ToString() + new JValue("a") { Value = nothing }'
    )
    assert str(access(types, "Value").receiver) == "JValue"
    assert access(types, "Value").members
    assert [types.code.text_of(each) for each in types.undeclared] == ["nothing"]


def test_the_chosen_overload_comes_first() -> None:
    types = inferred('"a".Substring(1, 2)')
    members = types.members(node(types, "invocation_expression"))
    assert members[0].signature == "string string.Substring(int startIndex, int length)"
    assert len(members) > len(types.meant(node(types, "invocation_expression"))) == 1


def test_overloads_that_nothing_tells_apart_are_all_meant() -> None:
    types = inferred("Convert.ToInt32(nothing)")
    assert len(types.meant(node(types, "invocation_expression"))) > 1
    assert str(types.result) == "int"


def test_what_a_lambda_is_called_with_is_known_of_named_delegates_too() -> None:
    types = inferred('Regex.Replace("a", "b", m => m.Value)')
    assert str(access(types, "Value").receiver) == "Match"


def test_types_that_are_named() -> None:
    types = inferred("new List<Uri>().Count + System.IO.File.ReadAllText(Path.GetTempPath()).Length")
    assert [mention.type for mention in types.mentions] == [
        "System.Collections.Generic.List",
        "System.Uri",
        "System.IO.File",
        "System.IO.Path",
    ]


def test_what_a_node_is() -> None:
    types = inferred("{ var a = Guid.NewGuid(); return a; }")
    called = access(types, "NewGuid").node
    target = called.child_by_field_name("expression")
    assert target is not None
    assert types.type_of(target) is None
    assert str(types.named_type(target)) == "Guid"
    (local,) = types.locals
    assert str(local.type) == "Guid"


@pytest.mark.parametrize(
    "raw",
    [
        "@(context.Request.)",
        "@(context.Request.Hea)",
        "@(context?.Request?.)",
        "@{ return context.Request.Hea; }",
    ],
)
def test_what_stands_before_a_name_that_is_being_typed(raw: str) -> None:
    types = types_of(Code(raw, escaped=False))
    assert str(types.accesses[-1].receiver) == "Context.Request"


@pytest.mark.parametrize(
    "raw",
    [
        "@(context",
        "@(context.",
        '@("abc',
        "@{ var x = context.Request. return x; }",
        "@{ foreach (var x in ) { } return x. }",
        "@(a.Select(x => ))",
        "@{ (var, ) = ; for (;;) }",
        "@()",
        "@{}",
        "@(\x00\x01é😀)",
    ],
)
def test_broken_text_has_types_as_far_as_it_goes(raw: str) -> None:
    assert types_of(Code(raw, escaped=False)).result is None


@pytest.mark.parametrize(
    "raw",
    [
        "@(" + "(" * 10_000 + "1" + ")" * 10_000 + ")",
        "@(context" + ".A" * 10_000 + ")",
        "@(context" + "?.A" * 10_000 + ")",
        '@("a"' + " + b?.C" * 5_000 + ")",
        "@(" + "x => " * 5_000 + "x)",
        '@(new[] { "a" }' + ".Select(y => new[] { y })" * 1_000 + ")",
        "@(" + "new { A = " * 2_000 + "1" + " }" * 2_000 + ")",
        "@(new " + "List<" * 2_000 + "int" + ">" * 2_000 + "())",
        "@{" + "{ var x = 1; " * 3_000 + "}" * 3_000 + "}",
        "@(" + "(" * 2_000 + "1" + ", 2)" * 2_000 + ")",
    ],
)
def test_depth_is_no_matter(raw: str) -> None:
    assert types_of(Code(raw, escaped=False)).code.text == raw
