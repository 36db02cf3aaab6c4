"""Bodies that are read away before they are needed."""

from __future__ import annotations

import pytest

from apim_policy.rules.model import Applicability
from support.policies import inbound, mended, message, outbound
from support.workspaces import check

ONLY = ["EXP007"]
SEND = (
    '<send-request mode="new" response-variable-name="r"><set-url>https://a.example</set-url></send-request>'
)


def kept(read: str, name: str = "a") -> str:
    return f'<set-variable name="{name}" value="@({read})" />'


def chosen(condition: str, policies: str, otherwise: str = "") -> str:
    rest = f"<otherwise>{otherwise}</otherwise>" if otherwise else ""
    return f'<choose><when condition="{condition}">{policies}</when>{rest}</choose>'


REQUEST = kept("{|EXP007:context.Request.Body.As<string>|}()")
RESPONSE = kept("{|EXP007:context.Response.Body.As<string>|}()")
QUIET = kept("context.Request.Body.As<string>()")
QUIET_RESPONSE = kept("context.Response.Body.As<string>()")
PRESERVED = kept("context.Request.Body.As<string>(preserveContent: true)", "b")
VARIABLE = '((IResponse)context.Variables["r"]).Body.As<JObject>'


@pytest.mark.parametrize(
    "text",
    [
        inbound(REQUEST),
        inbound(kept("{|EXP007:context.Request.Body.AsFormUrlEncodedContent|}()")),
        inbound(kept("(string){|EXP007:context.Request.Body.As<JObject>|}(false)[&quot;a&quot;]")),
        inbound(kept("{|EXP007:context.Request.Body?.As<JObject>|}(preserveContent: false)")),
        inbound(
            "<set-variable name='a' value='@{ var b = context.Request.Body; return {|EXP007:b.As<string>|}(); }' />"
        ),
        inbound(REQUEST + PRESERVED),
        inbound(chosen("@({|EXP007:context.Request.Body.As<string>|}() == &quot;a&quot;)", "")),
        inbound(chosen("@(true)", REQUEST, "<set-body>a</set-body>")),
        inbound(REQUEST + chosen("@(true)", "<set-body>a</set-body>")),
        inbound(REQUEST + chosen("@(true)", "<return-response />")),
        inbound(SEND + kept("{|EXP007:" + VARIABLE + "|}()") + kept(VARIABLE + "()", "b")),
        f"<policies><inbound>{REQUEST}</inbound><backend><forward-request /></backend></policies>",
        outbound(RESPONSE),
        outbound(RESPONSE + "<set-body>@(context.Response.Body.As<string>())</set-body>"),
    ],
)
def test_the_body_is_gone(text: str) -> None:
    check(text, select=ONLY)


@pytest.mark.parametrize(
    "text",
    [
        inbound(PRESERVED),
        inbound(kept("context.Request.Body.As<string>(true)")),
        inbound(kept("context.Request.Body.As<string>(preserveContent: keep)")),
        inbound(QUIET + "<set-body>a</set-body>"),
        inbound("<set-body>@(context.Request.Body.As<string>())</set-body>"),
        inbound(QUIET + "<return-response />"),
        inbound(QUIET + "<set-method>GET</set-method>"),
        inbound(QUIET + '<include-fragment fragment-id="unknown" />'),
        inbound(chosen("@(true)", QUIET + "<return-response />")),
        inbound(QUIET + chosen("@(true)", "<set-body>a</set-body>", "<return-response />")),
        inbound(SEND + kept(VARIABLE + "()")),
        inbound(chosen("@(true)", SEND + kept(VARIABLE + "()"), SEND + kept(VARIABLE + "()"))),
        inbound((SEND + kept(VARIABLE + "()")) * 2),
        f"<policies><inbound>{QUIET}</inbound><backend /></policies>",
        outbound(QUIET_RESPONSE + "<set-body>a</set-body>"),
        outbound(QUIET_RESPONSE + "<return-response />"),
        outbound(QUIET),
        f"<fragment>{QUIET}</fragment>",
        f"<policies><on-error>{QUIET_RESPONSE}</on-error></policies>",
    ],
)
def test_nobody_needs_the_body(text: str) -> None:
    check(text, select=ONLY)


@pytest.mark.parametrize("arguments", ["", "false", "preserveContent: false", " "])
def test_the_fix_preserves_the_body(arguments: str) -> None:
    text = inbound(kept("{|EXP007:context.Request.Body.As<string>|}(" + arguments + ")"))
    after = mended(text, ONLY)
    assert after == inbound(kept("context.Request.Body.As<string>(preserveContent: true)"))
    check(after, select=ONLY)


def test_the_fix_touches_an_expression_and_so_is_unsafe() -> None:
    finding = check(inbound(REQUEST), select=ONLY).the("EXP007")
    assert finding.fixes[0].applicability is Applicability.UNSAFE


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (inbound(REQUEST), "the request's body, so the backend gets none."),
        (outbound(RESPONSE), "the response's body, so the client gets none."),
        (inbound(REQUEST + PRESERVED), "the request's body, and a later read finds it empty."),
    ],
)
def test_the_message_says_who_misses_the_body(text: str, told: str) -> None:
    assert message(text, ONLY) == f"This read uses up {told} Read it with preserveContent: true."
