"""Names in expressions that mean nothing."""

from __future__ import annotations

import pytest

from support.expressions import block, given
from support.policies import inbound, mended, message
from support.workspaces import check

ONLY = ["EXP002"]


@pytest.mark.parametrize(
    "text",
    [
        given("context.{|EXP002:Rquest|}.Method"),
        given("context.{|EXP002:request|}.Method"),
        given("context?.{|EXP002:Rquest|}?.Method"),
        given("context.Request.{|EXP002:Hedaers|}[0]"),
        given('context.Request.Headers.{|EXP002:GetValueOrDefualt|}("a", "")'),
        given("context.Request.Url.Path.{|EXP002:ToUper|}()"),
        given("context.Request.Url.Path.Length.{|EXP002:Foo|}"),
        given('context.Variables["a"].{|EXP002:Length|}'),
        given('((string)context.Variables["a"]).{|EXP002:Lenght|}'),
        given('context.Request.Body.As<JObject>().{|EXP002:SelectTokn|}("a")'),
        given("context.Request.Body.{|EXP002:AsString|}()"),
        given("\"a\".Split(',').Select(x => x.{|EXP002:Trimm|}())"),
        given('"a" + context.Product?.{|EXP002:Nme|}'),
        given("string.{|EXP002:Emty|}"),
        given("System.String.{|EXP002:Emty|}"),
        given("Guid.{|EXP002:NewGiud|}()"),
        given("DateTime.UtcNow.{|EXP002:AddDay|}(1)"),
        given("StringComparison.{|EXP002:OrdinalIgnorCase|}"),
        given('Encoding.{|EXP002:UTF9|}.GetBytes("")'),
        given("new[] { 1 }.{|EXP002:Lenght|}"),
        given('$"a {context.{|EXP002:Rquest|}.Method}"'),
        given("{|EXP002:contxt|}.Request"),
        given("{|EXP002:Context|}.Request"),
        given("{|EXP002:context2|}.Request"),
        given("{|EXP002:nothing|}"),
        given("{|EXP002:nothing|}(1)"),
        given('{|EXP002:JObjct|}.Parse("{}")'),
        given('{|EXP002:Strng|}.Join(",", new[] { 1 })'),
        block("var body = 1; return {|EXP002:bdoy|};"),
        block("var body = 1; return {|EXP002:Body|};"),
        block('var j = JObject.Parse("{}"); return j.{|EXP002:Proprties|}();'),
        block("foreach (var h in context.Request.Headers) { return h.{|EXP002:Kee|}; } return 1;"),
        inbound('<set-variable name="a" value="@(&quot;é&quot; + context.{|EXP002:Rquest|}.Method)" />'),
        inbound('<set-variable name="a" value="@("é" + context.{|EXP002:Rquest|}.Method)" />'),
    ],
)
def test_names_that_mean_nothing(text: str) -> None:
    check(text, select=ONLY)


@pytest.mark.parametrize(
    "text",
    [
        given("context.Request.Method"),
        given("context.Product?.Name"),
        given("context.Variables.Count"),
        given("((dynamic)context).Anything"),
        given('context.Variables.GetValueOrDefault("a").Anything'),
        given("SomeType.Parse(1)"),
        given("{{named-value}}.Anything"),
        given("context.{{member}}"),
        given("RETRY_COUNT + 1"),
        given("__RETRY_COUNT__ + 1"),
        given("_ + 1"),
        given('$"https://host/{group-id}/{tenant}"'),
        given("context.Request.Headers.First().Value.First()"),
        given('"a".Select(c => c).Where((c, i) => i > 1)'),
        given("(1, a: 2).a"),
        given("new { A = 1 }.A"),
        given("new { A = 1 }.B"),
        given("new UriBuilder().Anything"),
        given("nameof(context.Request)"),
        given("context.Request.Rquest 1"),
        given("'text'.Anything"),
        given("string.Length"),
        block("return F(1); string F(int value) { return value.ToString(); }"),
        block("{ var a = 1; } return a;"),
        block("return context.Rquest"),
        block("foreach (var m in new System.Collections.ArrayList()) { return m.Anything; } return 1;"),
        block('Match m = null; foreach (Match n in Regex.Matches("a", "b")) { m = n; } return m.Value;'),
        inbound("<set-body>@(context.Rquest</set-body>"),
        inbound("<!-- @(context.Rquest) -->"),
        inbound("<set-body>context.Rquest</set-body>"),
    ],
)
def test_names_that_mean_something_or_may(text: str) -> None:
    check(text, select=ONLY)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            "context.{|EXP002:Rquest|}.Method",
            'context has no member "Rquest". Did you mean "Request"?',
        ),
        (
            "context.Request.{|EXP002:Qqq|}",
            'context.Request has no member "Qqq". It has AzureVnetInfo, Body, ',
        ),
        (
            'context.Variables["a"].{|EXP002:Length|}',
            'object has no member "Length". Cast the value to its own type first.',
        ),
        (
            "context.Request.Body.As<JObject>().{|EXP002:customer|}",
            'JObject has no member "customer". Read a property of the JSON with ["customer"].',
        ),
        ("{|EXP002:contxt|}.Request", 'Nothing declares "contxt". Did you mean "context"?'),
        (
            "{|EXP002:nothing|}",
            'Nothing declares "nothing". An expression knows context, the names that it declares itself, and types.',
        ),
    ],
)
def test_the_message_says_what_is_valid(code: str, expected: str) -> None:
    assert message(given(code), ONLY).startswith(expected)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (given("context.{|EXP002:Rquest|}.Method"), given("context.Request.Method")),
        (given("{|EXP002:Context|}.Request"), given("context.Request")),
        (
            block("var body = 1; return {|EXP002:bdoy|} + bdoy;"),
            block("var body = 1; return body + body;"),
        ),
        (
            inbound("<set-body>@(&quot;a&quot;.{|EXP002:Lenght|})</set-body>"),
            inbound("<set-body>@(&quot;a&quot;.Length)</set-body>"),
        ),
    ],
)
def test_the_nearest_name_is_proposed(before: str, after: str) -> None:
    assert mended(before, ONLY) == after


def test_one_finding_for_a_name_that_nothing_declares() -> None:
    finding = check(block("return {|EXP002:body|} + body;"), select=ONLY).the("EXP002")
    assert [related.message for related in finding.related] == ["The name stands here too."]


def test_what_hangs_from_an_unknown_member_is_no_second_fault() -> None:
    check(given("context.{|EXP002:Rquest|}.Hedaers.Frist().Anything"))
