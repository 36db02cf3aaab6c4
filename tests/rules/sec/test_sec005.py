"""Credentials that go into logs."""

from __future__ import annotations

import pytest

from support.layers import API, GLOBAL, OPERATION, layers, policies
from support.policies import inbound, message
from support.workspaces import check

ONLY = ["SEC005"]


def mark(text: str) -> str:
    return f"{{|SEC005:{text}|}}"


def var(name: str) -> str:
    return mark(f'context.Variables["{name}"]')


def trace(code: str) -> str:
    return f'<trace source="s"><message>@({code})</message></trace>'


def hub(code: str) -> str:
    return f'<log-to-eventhub logger-id="l">@{{ {code} }}</log-to-eventhub>'


def header(name: str) -> str:
    return f'context.Request.Headers.GetValueOrDefault("{name}", "")'


AUTHORIZATION = header("Authorization")
STORED = f"<set-variable name='sent' value='@({AUTHORIZATION})' />"


@pytest.mark.parametrize(
    "policies_",
    [
        trace(f'"x" + {mark(AUTHORIZATION)}'),
        trace(mark('context.Request.Headers["authorization"]') + "[0]"),
        trace(mark(header("Ocp-Apim-Subscription-Key"))),
        trace(mark(header("x-functions-key"))),
        trace(mark(header("Cookie"))),
        trace(mark(header("X-Api-Key"))),
        trace(mark('context.Response.Headers.GetValueOrDefault("Set-Cookie", "")')),
        trace(mark("context.Subscription.PrimaryKey")),
        trace(mark('context.Request.Url.Query.GetValueOrDefault("subscription-key")')),
        trace(f'string.Join(",", {mark("context.Request.Headers")}.Select(h => h.Key + h.Value.First()))'),
        f"<trace source='s'><message>m</message><metadata name='a' value='@({mark(AUTHORIZATION)})' /></trace>",
        f"<trace source='s'>@({mark(AUTHORIZATION)})</trace>",
        f"<emit-metric name='m'><dimension name='d' value='@({mark(AUTHORIZATION)})' /></emit-metric>",
        hub(f'return new JObject(new JProperty("a", {mark(AUTHORIZATION)})).ToString();'),
        hub(f'var o = new JObject(); o["a"] = {mark(AUTHORIZATION)}; return o.ToString();'),
        hub(f"var a = {mark(AUTHORIZATION)}; return Uri.EscapeDataString(a);"),
        trace(f'{mark(AUTHORIZATION)}.Replace("Bearer ", "")'),
        trace(f"Convert.ToBase64String(Encoding.UTF8.GetBytes({mark(AUTHORIZATION)}))"),
        trace(mark('((IResponse)context.Variables["r"]).Body.As<JObject>()["access_token"]') + ".ToString()"),
        trace(mark('((Authorization)context.Variables["a"])?.AccessToken')),
        trace(mark('context.Response.Body.As<JObject>(true)["client_secret"]')),
        STORED + trace("(string)" + var("sent")),
        '<authentication-managed-identity resource="r" output-token-variable-name="msi" />'
        + trace("(string)" + var("msi")),
        '<cache-lookup-value key="k" variable-name="cached-sas-token" />'
        + trace("(string)" + var("cached-sas-token")),
        trace("(string)" + var("accessToken")),
    ],
)
def test_a_credential_is_logged(policies_: str) -> None:
    check(inbound(policies_), select=ONLY)


@pytest.mark.parametrize(
    "policies_",
    [
        trace(header("X-Correlation-Id")),
        trace(header("X-Token-Count")),
        trace(header("Idempotency-Key")),
        trace(f'{AUTHORIZATION} == "" ? "without" : "with"'),
        trace(f"{AUTHORIZATION}.Length.ToString()"),
        trace(f"{AUTHORIZATION}.AsJwt()?.Subject"),
        trace(f"{AUTHORIZATION}.Substring(0, 6)"),
        trace(f"BitConverter.ToString(sha.ComputeHash(Encoding.UTF8.GetBytes({AUTHORIZATION})))"),
        trace('context.Request.Headers.ContainsKey("Authorization").ToString()'),
        trace('context.Response.Headers.GetValueOrDefault("Retry-After", "")'),
        trace("context.Response.Body.As<string>(true)"),
        trace("context.Subscription.Id"),
        trace('((int)context.Variables["consumed-tokens"]).ToString()'),
        trace('(string)context.Variables["tokenResponse"]'),
        trace('((Jwt)context.Variables["jwt"]).Claims.GetValueOrDefault("email", "")'),
        trace(
            'string.Join(",", context.Request.Headers.Where(h => h.Key != "Authorization").Select(h => h.Key))'
        ),
        STORED + "<set-variable name='sent' value='none' />" + trace('(string)context.Variables["sent"]'),
        STORED
        + '<set-header name="X" exists-action="override"><value>@((string)context.Variables["sent"])</value></set-header>',
        f'<trace source="s"><message>Authorization and @({AUTHORIZATION}) as text</message></trace>',
        f"<!-- {trace(AUTHORIZATION)} -->",
    ],
)
def test_what_is_no_credential(policies_: str) -> None:
    check(inbound(policies_), select=ONLY)


def test_the_message_and_the_places_tell_the_way() -> None:
    use = 'context.Variables["again"]'
    again = "<set-variable name='again' value='@(\"x\" + (string)context.Variables[\"sent\"])' />"
    linted = check(inbound(STORED + again + trace("(string)" + mark(use))), select=ONLY)
    finding = linted.the("SEC005")
    assert finding.message == (
        'The request header "Authorization" goes into a trace, through the variables "sent" and "again": who reads the '
        "log can use it. Log who called, or that it was there, but not the credential."
    )
    assert [(linted.files["policy.xml"][slice(*place.span)], place.message) for place in finding.related] == [
        (AUTHORIZATION, 'The request header "Authorization" is read here.'),
        ("sent", 'It goes into the variable "sent" here.'),
        ("again", 'It goes into the variable "again" here.'),
        ("trace", "It is used here, by trace."),
    ]


def test_the_way_leads_through_other_files() -> None:
    log = trace("(string)" + mark('context.Variables["sent"]'))
    finding = check(layers(everywhere=STORED, operation=log), select=ONLY).the("SEC005")
    assert finding.path.parts[-1] == OPERATION.rpartition("/")[2]
    assert [place.path.parts[-1] for place in finding.related] == [GLOBAL, GLOBAL, "policy.xml"]
    assert finding.related[0].path != finding.path


def test_a_policy_that_does_not_inherit_gets_nothing() -> None:
    files = layers(everywhere=STORED)
    files[API] = policies(trace('(string)context.Variables["other"]'))
    check(files, select=ONLY)


def test_an_event_hub_is_named() -> None:
    assert "goes into an event hub:" in message(inbound(hub(f"return {mark(AUTHORIZATION)};")), ONLY)


def test_a_field_is_named_with_what_it_is_a_field_of() -> None:
    read = mark('context.Response.Body.As<JObject>(true)["access_token"]')
    text = message(inbound(trace(read)), ONLY)
    assert text.startswith(
        'The field "access_token" of the body of the response goes into a trace: who reads'
    )
