"""Details of errors in responses."""

from __future__ import annotations

import pytest

from support.policies import inbound, message
from support.workspaces import check

ONLY = ["SEC008"]
M = "{|SEC008:context.LastError.Message|}"


def on_error(policies: str) -> str:
    return f"<policies><on-error>{policies}</on-error></policies>"


def header(code: str, name: str = "X-Error") -> str:
    return f'<set-header name="{name}" exists-action="override"><value>@({code})</value></set-header>'


@pytest.mark.parametrize(
    "text",
    [
        on_error(f"<set-body>@({M})</set-body>"),
        on_error(f'<set-body>@("Failed: " + {M})</set-body>'),
        on_error(f'<set-body>@(new JObject(new JProperty("m", {M})).ToString())</set-body>'),
        on_error("<set-body>@(JsonConvert.SerializeObject({|SEC008:context.LastError|}))</set-body>"),
        on_error('<set-body>@({|SEC008:context.LastError?.Message|} ?? "")</set-body>'),
        on_error("<set-body>@{ var e = context.LastError; return {|SEC008:e.Message|}; }</set-body>"),
        on_error(header(M)),
        f"<fragment><set-body>@({M})</set-body></fragment>",
        on_error(f'<set-status code="500" reason="@({M})" />'),
        on_error(f"<return-response><set-body>@({M})</set-body></return-response>"),
        on_error(f"<choose><when condition='@(true)'><set-body>@({M})</set-body></when></choose>"),
        on_error(
            '<set-variable name="m" value="@(context.LastError.Message)" />'
            "<set-body>@((string){|SEC008:context.Variables[&quot;m&quot;]|})</set-body>"
        ),
        inbound(
            '<return-response><set-body>@{ try { return "a" + context.RequestId; } '
            "catch (Exception ex) { return {|SEC008:ex.StackTrace|}; } }</set-body></return-response>"
        ),
        on_error(f"<set-body>@({M})</set-body>" + header("context.LastError.Message")),
    ],
)
def test_a_detail_goes_to_the_caller(text: str) -> None:
    check(text, select=ONLY)


@pytest.mark.parametrize(
    "text",
    [
        on_error("<set-body>@(context.LastError.Reason + context.LastError.Source)</set-body>"),
        on_error('<trace source="s"><message>@(context.LastError.Message)</message></trace>'),
        on_error('<log-to-eventhub logger-id="l">@(context.LastError.Message)</log-to-eventhub>'),
        on_error(
            '<send-one-way-request mode="new"><set-url>https://log.example.com</set-url>'
            "<set-body>@(context.LastError.Message)</set-body></send-one-way-request>"
        ),
        on_error(
            "<choose><when condition='@(context.LastError.Message.Contains(\"jwt\"))'><set-body>no</set-body></when></choose>"
        ),
        on_error('<set-variable name="m" value="@(context.LastError.Message)" />'),
        inbound(header("context.LastError.Message")),
        "<fragment><send-one-way-request mode='new'><set-body>@(context.LastError.Message)</set-body>"
        "</send-one-way-request></fragment>",
    ],
)
def test_what_the_caller_does_not_see(text: str) -> None:
    check(text, select=ONLY)


def test_one_finding_names_the_other_places() -> None:
    text = on_error(f"<set-body>@({M})</set-body>" + header("context.LastError.Message"))
    related = check(text, select=ONLY).the("SEC008").related
    assert [place.message for place in related] == [
        "It is used here, by set-body.",
        "An error's detail goes to the caller here too.",
    ]


def test_the_message() -> None:
    assert message(on_error(f"<set-body>@({M})</set-body>"), ONLY) == (
        "The caller sees the message of the error, which tells how the API is built. Log it, and answer with a text of "
        "your own."
    )
