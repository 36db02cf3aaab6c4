"""What may be written at a caret inside an expression."""

from __future__ import annotations

import pytest

from apim_policy.ide.proposals import CompletionKind
from apim_policy.ide.snippets import plain
from support.completions import Offered, inside, offered

REQUEST = ["Body", "Headers", "IpAddress", "MatchedParameters", "Method", "OriginalUrl", "Url"]


def value(code: str, quote: str = '"') -> str:
    """An attribute that holds the code, with what goes on after it."""
    return f"<set-variable name={quote}x{quote} value={quote}{code}{quote} />\n        <base />"


def among(code: str, trigger: str | None = None) -> Offered:
    return offered(inside(value(code)), trigger=trigger)


# Members, in the states in which authors ask for them


BROKEN = {
    "closed": '<set-variable name="x" value="@(context.Request.$0)" />',
    "bracket missing": '<set-variable name="x" value="@(context.Request.$0" />',
    "other quote": "<set-variable name='x' value='@(context.Request.$0' />",
    "tag open": '<set-variable name="x" value="@(context.Request.$0',
    "tag open, quote closed": '<set-variable name="x" value="@(context.Request.$0"',
    "no end of tag": '<set-variable name="x" value="@(context.Request.$0">',
    "text": "<set-body>@(context.Request.$0)</set-body>",
    "text, bracket missing": "<set-body>@(context.Request.$0</set-body>",
    "text, end tag missing": "<set-body>@(context.Request.$0",
    "block": "<set-body>@{ return context.Request.$0; }</set-body>",
    "block, no semicolon": "<set-body>@{\n return context.Request.$0\n}</set-body>",
    "block, brace missing": "<set-body>@{\n return context.Request.$0\n</set-body>",
    "statements follow": "<set-body>@{\n var a = context.Request.$0\n var b = 1;\n return b;\n}</set-body>",
    "argument": '<set-variable name="x" value="@(string.Concat("(", context.Request.$0" />',
    "hole": '<set-variable name="x" value="@($"a {context.Request.$0")" />',
    "condition": "<set-body>@{ if (context.Request.$0 return 1; }</set-body>",
    "lambda": '<set-variable name="x" value="@(new int[0].Select(n => context.Request.$0" />',
    "ternary": '<set-variable name="x" value="@(true ? context.Request.$0" />',
    "null-conditional": '<set-variable name="x" value="@(context?.Request?.$0" />',
    "escaped": '<set-variable name="x" value="@(&quot;a&quot; + context.Request.$0" />',
    "escaped, string open": '<set-variable name="x" value="@(&quot;a&quot; + context.Request.$0 + &quot;" />',
    "named value": '<set-variable name="x" value="@("{{a}}" + {{b}} + context.Request.$0" />',
    "after a line": "<set-body>@{\n // it's (\n return context\n .Request\n .$0\n}</set-body>",
    "CDATA": "<set-body><![CDATA[@(context.Request.$0)]]></set-body>",
    "word": '<set-variable name="x" value="@(context.Request.He$0" />',
}


@pytest.mark.parametrize("marked", BROKEN.values(), ids=BROKEN)
def test_members_follow_a_dot(marked: str) -> None:
    found = offered(inside(marked), trigger=None if "He" in marked else ".")
    assert [label for label in found.labels if label in REQUEST] == REQUEST
    assert found.labels[-5:-1] == ["Equals", "GetHashCode", "GetType", "ToString"]


@pytest.mark.parametrize("end", range(1, 12))
def test_a_document_that_ends_anywhere_is_completed(end: int) -> None:
    whole = '<policies><inbound><set-variable name="x" value="@(context.Request.$0'
    tails = ['"', " ", "/", ">", "<", "/", "inbound", ">", "</", "policies", ">"]
    found = offered(whole + "".join(tails[:end]))
    assert set(REQUEST) <= set(found.labels)


@pytest.mark.parametrize(
    ("code", "present", "absent"),
    [
        ("@(context.$0)", ["Request", "Variables", "LastError"], ["Length", "context"]),
        ("@(context.Request.Body.$0)", ["As", "AsFormUrlEncodedContent"], ["Length"]),
        ("@(context.Request.Method.$0)", ["Length", "Substring", "Contains"], ["Parse", "Format"]),
        ("@(string.$0)", ["Format", "IsNullOrEmpty", "Join"], ["Length", "Substring"]),
        ("@(JObject.$0)", ["Parse", "FromObject"], ["Properties"]),
        ("@(StringComparison.$0)", ["OrdinalIgnoreCase"], []),
        ("@(context.Request.Body.As<JObject>().$0)", ["Property", "SelectToken", "Select"], ["Request"]),
        ("@(context.Request.Headers.Where(h => h.$0))", ["Key", "Value"], ["Substring"]),
        ("@{ var list = new List<string>(); foreach (var it in list) { it.$0 }", ["Length"], ["Add"]),
        ("@{ if (context.Variables.TryGetValue(&quot;a&quot;, out var o)) { o.$0", ["ToString"], ["Length"]),
        ("@(new { Name = 1 }.$0)", ["Name"], ["Length"]),
        ("@(((IResponse)context.Variables[&quot;r&quot;]).$0)", ["StatusCode", "Body"], ["Length"]),
        ("@(System.$0)", ["Text", "Linq"], ["Request"]),
        ("@(System.Text.$0)", ["Encoding", "StringBuilder", "RegularExpressions"], ["Linq"]),
        ("@(System.Text.Encoding.$0)", ["UTF8"], ["StringBuilder"]),
    ],
)
def test_the_type_before_the_dot_decides(code: str, present: list[str], absent: list[str]) -> None:
    labels = among(code).labels
    assert [name for name in present if name not in labels] == []
    assert [name for name in absent if name in labels] == []


@pytest.mark.parametrize("code", ["@(nothing.$0)", "@({{value}}.$0)", "@(context.Nothing.$0)"])
def test_of_what_is_unknown_nothing_is_said(code: str) -> None:
    assert among(code, ".").labels == []


def test_overloads_are_one_proposal_and_own_members_come_first() -> None:
    labels = among("@(context.Request.Method.$0)").labels
    assert labels.count("Substring") == 1
    assert labels.index("Substring") < labels.index("Select") < labels.index("ToString")


def test_what_the_documents_rule_out_is_not_proposed() -> None:
    assert "Exit" not in among("@(Environment.$0)").labels
    assert "ReadAllText" not in among("@(System.IO.File.$0)").labels


# What is written


@pytest.mark.parametrize(
    ("code", "label", "snippet"),
    [
        ("@(context.$0)", "Request", "Request"),
        (
            "@(context.Request.Body.$0)",
            "As",
            "As<${1|string,JObject,JArray,JToken,byte[],XNode|}>(preserveContent: ${2|true,false|})",
        ),
        ("@(context.Request.Headers.$0)", "GetValueOrDefault", 'GetValueOrDefault("$1", "$2")'),
        ("@(context.Request.Headers.$0)", "ContainsKey", 'ContainsKey("$1")'),
        ("@(context.Request.Headers.$0)", "TryGetValue", 'TryGetValue("$1", out var ${2:value})'),
        ("@(context.Request.Method.$0)", "Substring", "Substring(${1:startIndex})"),
        ("@(context.Request.Method.$0)", "Trim", "Trim($1)"),
        ("@(context.Request.Method.$0)", "ToCharArray", "ToCharArray($1)"),
        ("@(context.Request.Method.$0)", "Select", "Select(${1:x} => $2)"),
        ("@(context.Request.Body.As<JObject>().$0)", "Properties", "Properties()"),
        ("@(context.Request.Body.As<JObject>().$0)", "OfType", "OfType<${1:string}>()"),
        ("@(Guid.$0)", "NewGuid", "NewGuid()"),
    ],
)
def test_a_method_is_called_with_what_it_needs(code: str, label: str, snippet: str) -> None:
    assert among(code).item(label).snippet == snippet


@pytest.mark.parametrize(
    ("code", "chosen"),
    [
        ("@(context.Request.$0)", "@(context.Request.Headers)"),
        ("@(context.Request.He$0)", "@(context.Request.Headers)"),
        ("@(context.Request.He$0aders[0])", "@(context.Request.Headers[0])"),
        ("@(context.Request.$0Body.As)", "@(context.Request.Headers.As)"),
        ("@(context.Request. He$0 + 1)", "@(context.Request. Headers + 1)"),
    ],
)
def test_the_word_is_replaced_and_the_rest_is_kept(code: str, chosen: str) -> None:
    assert among(code).chosen("Headers") == inside(value(chosen))


def test_brackets_that_are_there_are_not_written_again() -> None:
    assert among("@(context.Request.Body.A$0<string>())").item("As").snippet == "As"
    assert among("@(&quot;&quot; + context.Request.Body.A$0&lt;string>())").item("As").snippet == "As"
    assert among("@(context.Request.Method.Sub$0(1))").item("Substring").snippet == "Substring"
    assert among("@{ var a = new JO$0(); }").item("JObject").snippet == "JObject"


def test_escaped_expressions_get_entities() -> None:
    found = among("@(&quot;a&quot; + context.Request.$0)")
    assert found.item("Body").snippet == "Body"
    found = among("@(&quot;a&quot; + context.Request.Headers.$0)")
    assert found.item("ContainsKey").snippet == "ContainsKey(&quot;$1&quot;)"
    found = among("@(&quot;a&quot; + context.Request.Body.$0)")
    assert plain(found.item("As").snippet) == "As&lt;string&gt;(preserveContent: true)"


# Names and keywords


@pytest.mark.parametrize(
    ("code", "first", "absent"),
    [
        ("@($0", ["context", "new"], ["return", "var"]),
        ("@($0)", ["context"], ["return"]),
        ("@(1 + $0)", ["context"], ["return"]),
        ("@(context.Request.Method.Contains($0))", ["context"], ["return"]),
        ("@{ $0 }", ["context", "return", "var", "if"], []),
        ("@{ return $0; }", ["context", "new"], ["foreach"]),
        ("@{ var abc = 1; return a$0; }", ["abc", "context"], []),
        ("@{ var abc = $0; return abc; }", ["context"], ["abc"]),
        ("@{ var abc = 1; if (true) { $0 } }", ["abc", "context", "return"], []),
        ("@{ if (true) { var abc = 1; } $0 }", ["context", "return"], ["abc"]),
        ("@{ foreach (var it in new int[0]) { $0 } }", ["it", "context"], []),
        ("@(new int[0].Select(n => n + $0))", ["n", "context"], []),
        ("@(new int[0].Select((n, m) => $0))", ["m", "n", "context"], []),
    ],
)
def test_names_in_reach_come_first(code: str, first: list[str], absent: list[str]) -> None:
    labels = among(code).labels
    assert labels[: len(first)] == first
    assert [name for name in absent if name in labels] == []
    assert "DateTime" in labels


def test_a_local_shows_its_type() -> None:
    item = among("@{ var abc = context.Request.Headers; return $0; }").item("abc")
    assert (item.mark, item.detail) == ("IReadOnlyDictionary<string, string[]>", "variable")
    assert item.kind is CompletionKind.LOCAL


def test_after_new_stand_types_that_can_be_made() -> None:
    found = among("@{ var a = new $0; return a; }", " ")
    assert {"JObject", "Dictionary<…>", "StringBuilder", "DateTime"} <= set(found.labels)
    assert {"Convert", "Math", "JToken", "IResponse", "context"} & set(found.labels) == set()
    assert found.item("Dictionary<…>").snippet == "Dictionary<$1, $2>($3)"


def test_type_arguments_are_types() -> None:
    body = ["string", "JObject", "JArray", "JToken", "byte[]", "XNode"]
    assert among("@(context.Request.Body.As<$0", "<").labels == body
    assert among("@(context.Request.Body.As<$0>(true))", "<").labels == body
    assert among("@(new List<$0", "<").labels[:2] == ["string", "int"]
    assert among("@(context.Request.Method.Length <$0", "<").labels == []


@pytest.mark.parametrize(
    "code", ["@{ var $0 }", "@{ var na$0 }", "@{ string $0", '@("a" $0', "@(12$0)", "@(a[0] $0"]
)
def test_where_a_new_name_or_an_operator_is_due_nothing_is_proposed(code: str) -> None:
    assert among(code.replace('"', "&quot;")).labels == []


# Strings


SET = '<set-variable name="user-id" value="1" />\n<send-request response-variable-name="answer" />\n'


@pytest.mark.parametrize(
    ("code", "chosen"),
    [
        ('@(context.Variables["$0"])', '@(context.Variables["user-id"])'),
        ('@(context.Variables["$0" + 1', '@(context.Variables["user-id" + 1'),
        ('@(context.Variables["us$0er"])', '@(context.Variables["user-id"])'),
        ('@(context.Variables["$0', '@(context.Variables["user-id"]'),
        ('@(context.Variables["$0]', '@(context.Variables["user-id"]'),
        ('@(context.Variables.GetValueOrDefault("us$0', '@(context.Variables.GetValueOrDefault("user-id")'),
        (
            '@(context.Variables.GetValueOrDefault<string>("$0")',
            '@(context.Variables.GetValueOrDefault<string>("user-id")',
        ),
        ('@(context.Variables.ContainsKey("$0"))', '@(context.Variables.ContainsKey("user-id"))'),
        ('@((string)context?.Variables?["$0"])', '@((string)context?.Variables?["user-id"])'),
        ("@(context.Variables[&quot;$0&quot;])", "@(context.Variables[&quot;user-id&quot;])"),
        ("@(context.Variables[&quot;$0", "@(context.Variables[&quot;user-id&quot;]"),
        ('@($"{context.Variables["$0"]}")', '@($"{context.Variables["user-id"]}")'),
    ],
)
def test_variables_are_named(code: str, chosen: str) -> None:
    found = offered(inside(SET + value(code)), trigger='"')
    assert [label for label in found.labels if label != "x"] == ["answer", "user-id"]
    assert found.chosen("user-id") == inside(SET + value(chosen))


def test_a_variable_tells_where_it_is_set() -> None:
    found = offered(inside(SET + value('@(context.Variables["$0"])')))
    item = found.item("user-id")
    assert (item.kind, item.detail) == (CompletionKind.VARIABLE, "set by set-variable in line 3")
    assert found.item("answer").mark == "IResponse"


def test_a_variable_that_is_only_read_comes_last() -> None:
    reads = value('@(context.Variables["aaa"])')
    found = offered(inside(SET + reads + value('@(context.Variables["$0"])')))
    assert found.labels[-1] == "aaa"
    assert found.item("aaa").detail == "not set in this document"


HEADERS = '<set-header name="X-Mine"><value>@(context.Request.Headers.GetValueOrDefault("X-Theirs", ""))</value></set-header>'


@pytest.mark.parametrize(
    "code",
    [
        '@(context.Request.Headers.GetValueOrDefault("$0',
        '@(context.Request.Headers.GetValueOrDefault("$0", ""))',
        '@(context.Response.Headers["$0"])',
        '@{ if (context.Request.Headers.ContainsKey("$0")) { return 1; } }',
        '@(((IResponse)context.Variables["r"]).Headers.GetValueOrDefault("$0"))',
        "@(context.Request.Headers.GetValueOrDefault(&quot;$0",
    ],
)
def test_headers_are_named_those_of_the_document_first(code: str) -> None:
    found = offered(inside(HEADERS + value(code)), trigger='"')
    assert found.labels[:2] == ["X-Mine", "X-Theirs"]
    assert {"Authorization", "Content-Type", "Ocp-Apim-Subscription-Key"} < set(found.labels)


@pytest.mark.parametrize("code", ['@("$0")', '@(context.Request.Method == "$0")', '@(string.Concat("$0"))'])
def test_other_strings_are_left_alone(code: str) -> None:
    assert among(code).labels == []


# What is typed


@pytest.mark.parametrize(
    ("code", "trigger"),
    [
        ("@(1.$0", "."),
        ('@("a.$0', "."),
        ("@{ // a.$0\n", "."),
        ("@(context $0", " "),
        ("@(context.Request.Method.Contains($0", "("),
        ('@("a" + "$0', '"'),
        ('@("a"$0)', '"'),
        ("@(a <$0", "<"),
        ("@(context/$0", "/"),
        ("@(context.Request$0)", "@"),
    ],
)
def test_no_list_pops_up_elsewhere(code: str, trigger: str) -> None:
    assert among(code, trigger).labels == []


def test_an_expression_begins_with_a_list() -> None:
    assert among("@($0", "(").labels[0] == "context"


@pytest.mark.parametrize(
    ("marked", "chosen"),
    [
        ('<set-variable name="x" value="@$0" />', '<set-variable name="x" value="@()" />'),
        ('<set-variable name="x" value="a@$0b" />', '<set-variable name="x" value="a@()b" />'),
        ("<set-body>@$0</set-body>", "<set-body>@()</set-body>"),
        ('<set-variable name="x" value="@$0', '<set-variable name="x" value="@()'),
    ],
)
def test_an_at_sign_becomes_an_expression(marked: str, chosen: str) -> None:
    found = offered(inside(marked), trigger="@")
    assert found.labels == ["@(…)", "@{ return …; }"]
    assert found.chosen("@(…)") == inside(chosen)


@pytest.mark.parametrize(
    "marked", ['<set-variable name="@$0" value="" />', "<choose>@$0</choose>", "<!-- @$0 -->"]
)
def test_where_no_expression_may_stand_none_is_proposed(marked: str) -> None:
    assert offered(inside(marked), trigger="@").labels == []


def test_every_offset_has_an_answer() -> None:
    whole = inside(
        value('@($"a{context.Request.Headers["x"]}" + (string)context.Variables[&quot;y&quot;])')
        + "<set-body>@{ var a = new List<string> { 'c' }; /* d */ return a.Where(x => x.Length > 1).First(); }</set-body>"
    )
    for offset in range(len(whole)):
        offered(f"{whole[:offset]}$0{whole[offset:]}")
        offered(f"{whole[:offset]}$0")
