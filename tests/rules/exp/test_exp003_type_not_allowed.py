"""Types that expressions may not use."""

from __future__ import annotations

import pytest

from apim_policy.rules.model import Severity
from support.expressions import block, given
from support.policies import inbound, message
from support.workspaces import check

ONLY = ["EXP003"]


@pytest.mark.parametrize(
    "text",
    [
        given('{|EXP003:System.IO.File|}.ReadAllText("x")'),
        given('{|EXP003:File|}.ReadAllText("x")'),
        given('{|EXP003:Environment|}.GetEnvironmentVariable("x")'),
        given("new {|EXP003:HttpClient|}().ToString()"),
        given('"a" + {|EXP003:Environment|}.NewLine'),
        given("context.Timestamp.ToString({|EXP003:System.Globalization.CultureInfo|}.InvariantCulture)"),
        given("new {|EXP003:System.Net.Http.HttpClient|}().ToString()"),
        given("{|EXP003:System.Diagnostics.Process|}.GetCurrentProcess().Id"),
        given('({|EXP003:Stream|})context.Variables["a"]'),
        given('context.Variables["a"] as {|EXP003:Stream|}'),
        given('context.Variables["a"] is {|EXP003:Stream|}'),
        given("typeof({|EXP003:Stream|}).Name"),
        given("new List<{|EXP003:Stream|}>().Count"),
        given("new {|EXP003:SortedDictionary|}<string, int>().Count"),
        given('$"{ {|EXP003:Environment|}.NewLine }"'),
        block("{|EXP003:Thread|}.Sleep(1); return 1;"),
        block("{|EXP003:Stream|} s = null; return s;"),
        block("using (var s = new {|EXP003:MemoryStream|}()) { return s.Length; }"),
        inbound(
            '<set-variable name="a" value="@(&quot;é&quot; + {|EXP003:File|}.ReadAllText(&quot;x&quot;))" />'
        ),
    ],
)
def test_types_outside_the_list(text: str) -> None:
    assert check(text, select=ONLY).the("EXP003").severity is Severity.ERROR


@pytest.mark.parametrize(
    "code",
    [
        "new {|EXP003:System.Xml.XmlDocument|}()",
        "{|EXP003:System.Security.Cryptography.RSACng|}.Create()",
        'new {|EXP003:System.Security.Cryptography.Rfc2898DeriveBytes|}("", new byte[8])',
    ],
)
def test_types_that_samples_use_are_only_warned_of(code: str) -> None:
    assert check(given(code), select=ONLY).the("EXP003").severity is Severity.WARNING


@pytest.mark.parametrize(
    "text",
    [
        given("Guid.NewGuid()"),
        given("new List<Dictionary<string, JObject>>()"),
        given('(IResponse)context.Variables["a"]'),
        given("SomeType.Parse(1)"),
        given("new Func<int>(() => 1)"),
        given('"System.IO.File"'),
        given("context.Api.File"),
        given("new { File = 1 }.File"),
        given("{{File}}.Anything"),
        given('File.ReadAllText("x") 1'),
        block('var File = "x"; return File.Length;'),
        block("try { return 1; } catch (FormatException) { return 2; }"),
        block('var m = Regex.Matches("a", "b"); return m.Count;'),
        block("var r = context.Request.Certificate.PublicKey.Key; return r.KeySize;"),
        inbound("<!-- @(System.IO.File.ReadAllText(1)) -->"),
    ],
)
def test_types_that_may_be_used_and_what_is_no_type(text: str) -> None:
    check(text, select=ONLY)


def test_one_finding_for_a_type_in_an_expression() -> None:
    text = block("{|EXP003:Stream|} s = (Stream)null; return s;")
    finding = check(text, select=ONLY).the("EXP003")
    assert [related.message for related in finding.related] == ["The type is named here too."]


def test_its_members_are_no_second_fault() -> None:
    check(given('{|EXP003:System.IO.File|}.ReadAllText("x").Anything'))


def test_the_message_says_what_to_do() -> None:
    assert message(given("new {|EXP003:HttpClient|}()"), ONLY) == (
        "Policy expressions may not use System.Net.Http.HttpClient: it is not on the list of .NET types for them."
        " Make the call with send-request, and read the response from its variable."
    )
    assert message(given("{|EXP003:Stopwatch|}.StartNew()"), ONLY).endswith("Read context.Elapsed.")
    assert message(given("new {|EXP003:BigInteger|}()"), ONLY).endswith("Use one of the types on that list.")
