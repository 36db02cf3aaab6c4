"""The card of what the pointer is on in an expression."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from apim_policy.ide.expressions.hover import expression_hover
from apim_policy.syntax.parser import parse
from support.completions import inside
from support.markers import parse_markers

if TYPE_CHECKING:
    from apim_policy.ide.hover import Hover


def hover(code: str) -> tuple[Hover, str] | None:
    """What is shown at the cursor, and for which text."""
    fixture = parse_markers(inside(f'<set-variable name="x" value="{code}" />'))
    assert fixture.cursor is not None
    found = expression_hover(parse(fixture.text), fixture.cursor)
    return (found, fixture.text[slice(*found.span)]) if found is not None else None


def shown(code: str) -> str:
    found = hover(code)
    assert found is not None
    return found[0].markup.markdown()


@pytest.mark.parametrize(
    ("code", "title", "text"),
    [
        ("@($0context.Request)", "**context** · the call that is being handled", "context"),
        ("@(context.$0Request)", "**Request** · property of `context`", "Request"),
        ("@(context.Requ$0est)", "**Request** · property of `context`", "Request"),
        ("@(context.Request$0.Body)", "**Request** · property of `context`", "Request"),
        ("@(context.Request?.Bo$0dy?.As<string>())", "**Body** · property of `context.Request`", "Body"),
        ("@(context.Request.Body.A$0s<string>())", "**As** · method of `IMessageBody`", "As"),
        (
            "@(context.Request.Headers.GetValue$0OrDefault(&quot;é&quot;))",
            "**GetValueOrDefault** · extension method",
            "GetValueOrDefault",
        ),
        ("@(&quot;é&quot; + context.Reque$0st.Method)", "**Request** · property of `context`", "Request"),
        ("@(StringComparison.Ord$0inal)", "**Ordinal** · enum value of `StringComparison`", "Ordinal"),
        ("@(Conv$0ert.ToInt32(1))", "**Convert** · type `System.Convert`", "Convert"),
        ("@(System.Text.Enc$0oding.UTF8)", "**Encoding** · type `System.Text.Encoding`", "Encoding"),
        ("@((IRes$0ponse)context.Response)", "**IResponse** · type of the service", "IResponse"),
        ("@(new JOb$0ject())", "**JObject** · constructor", "JObject"),
        ("@(new Dict$0ionary<string, int>())", "**Dictionary\\<string, int\\>** · constructor", "Dictionary"),
        ("@{ var abc = context.Request; return a$0bc.Method; }", "**abc** · variable", "abc"),
        ("@(new int[0].Select(n => $0n))", "**n** · parameter", "n"),
    ],
)
def test_the_pointer_shows(code: str, title: str, text: str) -> None:
    found = hover(code)
    assert found is not None
    assert (found[0].markup.markdown().split("\n")[0], found[1]) == (title, text)


@pytest.mark.parametrize(
    "code",
    [
        "@($0 context)",
        "@(1$02)",
        "@(&quot;a$0bc&quot;)",
        "@(context.Noth$0ing)",
        "@(noth$0ing)",
        "@(context.{{a$0}})",
        "@{ // con$0text\n return 1; }",
        "ab$0c",
    ],
)
def test_elsewhere_there_is_no_card(code: str) -> None:
    assert hover(code) is None


def test_the_card_of_a_member_says_what_it_is() -> None:
    card = shown("@(context.Request.Bo$0dy)")
    assert "```csharp\nIMessageBody Context.Request.Body\n```" in card
    assert "\n\nMay be null.\n\n" in card
    assert card.endswith(
        "[Documentation](https://learn.microsoft.com/azure/api-management/api-management-policy-expressions)"
    )


def test_the_overload_that_is_called_comes_first() -> None:
    card = shown("@(context.Request.Method.Sub$0string(1, 2))")
    assert "```csharp\nstring string.Substring(int startIndex, int length)\n" in card
    assert card.endswith("(https://learn.microsoft.com/dotnet/api/system.string.substring)")


def test_many_overloads_are_counted() -> None:
    assert "\n// and " in shown("@(string.For$0mat(&quot;a&quot;, 1))")


def test_a_local_shows_its_type_where_that_is_known() -> None:
    assert "```csharp\nJObject a\n```" in shown("@{ var a = new JObject(); return $0a; }")
    assert "cannot be told" in shown("@{ var a = nothing; return $0a; }")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("@(Enviro$0nment.NewLine)", "Not among the types that policy expressions may use."),
        ("@(Conv$0ert.ToInt32(1))", "Policy expressions may use it."),
    ],
)
def test_a_type_says_whether_it_may_be_used(code: str, words: str) -> None:
    assert words in shown(code)
