"""Values that may be null and are used as if they were there."""

from __future__ import annotations

import pytest

from apim_policy.rules.model import Severity
from support.policies import inbound, mended, message
from support.workspaces import check

ONLY = ["EXP009"]


def kept(value: str) -> str:
    return f"<set-variable name='a' value='@({value})' />"


def send(ignores: str = "true") -> str:
    return (
        f'<send-request mode="new" response-variable-name="r" ignore-error="{ignores}">'
        "<set-url>https://a.example</set-url></send-request>"
    )


def when(condition: str, policies: str = "") -> str:
    return f"<choose><when condition='@({condition})'>{policies}</when></choose>"


RESPONSE = '((IResponse)context.Variables["r"])'


@pytest.mark.parametrize(
    "value",
    [
        "{|EXP009:context.Subscription|}.Id",
        "{|EXP009:context.User|}.Groups.Select(g => g.Name)",
        "{|EXP009:context.Product|}.Name",
        "{|EXP009:context.Request.Certificate|}.Thumbprint",
        "{|EXP009:context.LastError|}.Message",
        '{|EXP009:context.Request.Headers.GetValueOrDefault("a")|}.Split(new[] {(char)32})',
        '{|EXP009:context.Request.Headers.GetValueOrDefault("a", "").AsJwt()|}.Subject',
        '{|EXP009:context.Request.Headers.GetValueOrDefault("a", "").AsBasic()|}.UserId',
        "{|EXP009:context.User|}.Id + context.User.Email",
        "{|EXP009:context.User|}.Id != null",
    ],
)
def test_it_may_be_null(value: str) -> None:
    finding = check(inbound(kept(value)), select=ONLY).the("EXP009")
    assert finding.severity is Severity.INFO


@pytest.mark.parametrize(
    "policies",
    [
        kept("context.Subscription?.Id"),
        kept('context.Subscription == null ? "" : context.Subscription.Id'),
        kept("context.User != null &amp;&amp; context.User.Id != null"),
        kept("context.User is null || context.User.Id == null"),
        kept("(context.User ?? other).Id"),
        "<set-body>@{ var u = context.User; if (u == null) { return null; } return u.Id; }</set-body>",
        "<set-body>@{ try { return context.User.Id; } catch { return null; } }</set-body>",
        when("context.User != null", kept("context.User.Id")),
        when("context.User == null", "<return-response />") + kept("context.User.Id"),
        kept("context.Api.Id"),
        kept('context.Request.Headers.GetValueOrDefault("a", "").Split()'),
        kept('context.Request.Headers.GetValueOrDefault("a").AsJwt()'),
        kept('"context.User.Id"'),
        '<validate-jwt header-name="a" />'
        + kept('context.Request.Headers.GetValueOrDefault("a", "").AsJwt().Subject'),
    ],
)
def test_it_is_tested_or_surely_there(policies: str) -> None:
    check(inbound(policies), select=ONLY)


def test_the_last_error_is_there_where_errors_are_handled() -> None:
    check(f"<policies><on-error>{kept('context.LastError.Message')}</on-error></policies>", select=ONLY)
    check(f"<fragment>{kept('context.LastError.Message')}</fragment>", select=ONLY)


@pytest.mark.parametrize(
    "use",
    [
        kept('{|EXP009:((IResponse)context.Variables["r"])|}.StatusCode'),
        kept('{|EXP009:context.Variables.GetValueOrDefault<IResponse>("r")|}.StatusCode'),
        kept('{|EXP009:(context.Variables["r"] as IResponse)|}.Body.As<string>()'),
        '<set-body>@{ var r = (IResponse)context.Variables["r"]; return {|EXP009:r|}.Body.As<string>(); }</set-body>',
        when(
            '{|EXP009:((IResponse)context.Variables["r"])|}.StatusCode == 200', kept(f"{RESPONSE}.StatusCode")
        ),
    ],
)
def test_a_response_whose_request_may_fail_in_silence(use: str) -> None:
    finding = check(inbound(send() + use), select=ONLY).the("EXP009")
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    "policies",
    [
        send("false") + kept(f"{RESPONSE}.StatusCode"),
        send("{{ignore}}") + kept(f"{RESPONSE}.StatusCode"),
        send() + kept(f"{RESPONSE}?.StatusCode"),
        send() + when(f"{RESPONSE} != null", kept(f"{RESPONSE}.StatusCode")),
        send() + when('context.Variables["r"] != null', kept(f"{RESPONSE}.StatusCode")),
        send() + when('context.Variables.ContainsKey("r")', kept(f"{RESPONSE}.StatusCode")),
        send() + kept(f"{RESPONSE} != null &amp;&amp; {RESPONSE}.StatusCode == 200"),
    ],
)
def test_a_response_that_is_tested_or_sure(policies: str) -> None:
    check(inbound(policies), select=ONLY)


def test_each_value_is_reported_once() -> None:
    use = kept("context.User.Id")
    check(inbound(kept("{|EXP009:context.User|}.Id") + use + use), select=ONLY)


def test_the_fix_lets_a_string_be_null() -> None:
    assert mended(inbound(kept("{|EXP009:context.User|}.Id")), ONLY) == inbound(kept("context.User?.Id"))


@pytest.mark.parametrize(
    "value", ["{|EXP009:context.User|}.Id.Length", "{|EXP009:context.User|}.RegistrationDate"]
)
def test_what_could_not_be_null_before_is_for_the_author(value: str) -> None:
    assert check(inbound(kept(value)), select=ONLY).the("EXP009").fixes == ()


def test_the_message_says_when_it_is_null() -> None:
    assert message(inbound(kept("{|EXP009:context.User|}.Id")), ONLY) == (
        "context.User is null in a call without a user. Test it before, or use ?."
    )
