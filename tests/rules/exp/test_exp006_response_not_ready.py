"""The response before there is one."""

from __future__ import annotations

import pytest

from support.policies import backend, inbound, message
from support.workspaces import check

ONLY = ["EXP006"]
READ = '<set-variable name="a" value="@({|EXP006:context.Response|}.StatusCode)" />'
QUIET = '<set-variable name="a" value="@(context.Response.StatusCode)" />'
FORWARD = "<forward-request />"


def retried(condition: str, policies: str) -> str:
    return f'<retry condition="{condition}" count="2" interval="1">{policies}</retry>'


def chosen(condition: str, policies: str, otherwise: str = "") -> str:
    rest = f"<otherwise>{otherwise}</otherwise>" if otherwise else ""
    return f'<choose><when condition="{condition}">{policies}</when>{rest}</choose>'


@pytest.mark.parametrize(
    "text",
    [
        inbound(READ),
        inbound("<base />" + READ),
        inbound(chosen("@({|EXP006:context.Response|}.StatusCode == 404)", "")),
        inbound(chosen("@(true)", READ)),
        inbound(
            '<set-header name="a"><value>@({|EXP006:context.Response|}.Headers["a"][0])</value></set-header>'
        ),
        inbound("<set-body>@{ var r = context.Response; return {|EXP006:r|}.Body.As<string>(); }</set-body>"),
        inbound("<set-body>@(&quot;&quot; + {|EXP006:context.Response|}.StatusCode)</set-body>"),
        backend(READ + FORWARD),
        backend(chosen("@(true)", FORWARD, READ)),
    ],
)
def test_nothing_has_answered_yet(text: str) -> None:
    check(text, select=ONLY)


@pytest.mark.parametrize(
    "text",
    [
        backend(FORWARD + QUIET),
        backend("<base />" + QUIET),
        backend('<include-fragment fragment-id="unknown" />' + QUIET),
        backend(chosen("@(true)", FORWARD) + QUIET),
        backend(retried("@(context.Response.StatusCode == 500)", FORWARD)),
        backend(retried("@(true)", chosen("@(context.Response.StatusCode == 500)", "") + FORWARD)),
        inbound('<set-variable name="a" value="@(context.Response?.StatusCode)" />'),
        inbound(
            '<set-variable name="a" value="@(context.Response == null ? 0 : context.Response.StatusCode)" />'
        ),
        inbound(chosen("@(context.Response != null)", QUIET)),
        inbound("<return-response><set-body>@(context.Response.StatusReason)</set-body></return-response>"),
        inbound(
            '<rate-limit-by-key calls="1" renewal-period="1" counter-key="a"'
            ' increment-condition="@(context.Response.StatusCode == 200)" />'
        ),
        f"<policies><outbound>{QUIET}</outbound><on-error>{QUIET}</on-error></policies>",
        f"<fragment>{QUIET}</fragment>",
        inbound('<set-body>@("context.Response.StatusCode")</set-body>'),
    ],
)
def test_there_may_be_a_response(text: str) -> None:
    check(text, select=ONLY)


def test_the_message_says_why_and_what_to_do() -> None:
    assert message(inbound(READ), ONLY) == (
        "There is no context.Response here yet: inbound runs before the request is forwarded, so the expression "
        "fails. Move it to outbound, or test for null with context.Response?."
    )
