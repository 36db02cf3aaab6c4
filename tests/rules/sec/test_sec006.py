"""URLs whose host the caller decides."""

from __future__ import annotations

import pytest

from support.policies import inbound, outbound
from support.workspaces import check

ONLY = ["SEC006"]
HEADER = 'context.Request.Headers.GetValueOrDefault("X-Host", "")'


def mark(text: str) -> str:
    return f"{{|SEC006:{text}|}}"


M = mark(HEADER)
V = mark('context.Variables["v"]')
W = mark('context.Variables["w"]')


def backend(code: str) -> str:
    return f"<set-backend-service base-url='@({code})' />"


def request(code: str) -> str:
    return f'<send-request mode="new" response-variable-name="r"><set-url>@({code})</set-url></send-request>'


def put(code: str) -> str:
    return f"<set-variable name='v' value='@({code})' />"


def location(code: str) -> str:
    return f'<set-header name="Location" exists-action="override"><value>@({code})</value></set-header>'


def answer(content: str) -> str:
    return f'<return-response><set-status code="302" />{content}</return-response>'


@pytest.mark.parametrize(
    "policies",
    [
        backend(M),
        backend(f'"https://" + {M}'),
        '<set-header name="X-Host" exists-action="skip"><value>a.example.com</value></set-header>'
        + backend(M),
        f'<choose><when condition="@(context.Api.Id == &quot;a&quot;)"><set-header name="X-Host" exists-action="delete" /></when></choose>{backend(M)}',
        '<send-request mode="new" response-variable-name="r"><set-header name="X-Host" exists-action="delete" />'
        f"</send-request>{backend(M)}",
        backend(f'new UriBuilder("https", {M}).ToString()'),
        f"<set-backend-service base-url='@{{ var b = new StringBuilder(); b.Append(\"https://\"); b.Append({M}); return b.ToString(); }}' />",
        f"<proxy url='@(\"http://\" + {M})' />",
        backend(f'"https://" + {M} + ".example.com/api"'),
        backend(f'"https://api-" + {M} + ".example.com"'),
        backend(f'"https://api.example.com" + {M}'),
        backend(f'$"https://{{{M}}}/a"'),
        backend(f'string.Format("https://{{0}}/a", {M})'),
        backend(f"{M}.Trim().ToLower()"),
        backend(f"new Uri({M}).ToString()"),
        backend(f'context.Api.Id == "a" ? "https://a.example.com" : {M}'),
        request(f'"//" + {M}'),
        request(
            '"https://" + '
            + mark('context.Request.MatchedParameters["account"]')
            + ' + ".blob.core.windows.net/"'
        ),
        request(mark('context.Request.Url.Query.GetValueOrDefault("url")')),
        request(mark('context.Request.Body.As<JObject>(true)["callback"]["url"]') + ".ToString()"),
        request(f"System.Net.WebUtility.UrlDecode({M})"),
        f'<send-one-way-request mode="new"><set-url>@({M})</set-url></send-one-way-request>',
        f"<set-variable name='v' value='@({HEADER})' />" + backend(f'"https://" + (string){V}'),
        put(f'"https://" + {HEADER} + "/a"') + request(f"(string){V}"),
        put(HEADER)
        + "<set-variable name='w' value='@((string)context.Variables[\"v\"])' />"
        + request(f"(string){W}"),
        put("context.Request.Body.As<JObject>(true)")
        + request(mark('((JObject)context.Variables["v"])["url"]') + ".ToString()"),
        answer(location(mark('context.Request.Url.Query.GetValueOrDefault("redirect")'))),
        put(HEADER)
        + f'<choose><when condition=\'@((string)context.Variables["v"] == "a")\'><set-backend-service base-url="https://a.example.com" /></when><otherwise>{backend(f"(string){V}")}</otherwise></choose>',
        put(HEADER)
        + "<choose><when condition='@(string.IsNullOrEmpty((string)context.Variables[\"v\"]))'><return-response /></when></choose>"
        + backend(f"(string){V}"),
        put(HEADER)
        + "<set-variable name='ok' value='@(((string)context.Variables[\"v\"]).StartsWith(\"https://\"))' />"
        + backend(f"(string){V}"),
    ],
)
def test_the_caller_decides(policies: str) -> None:
    check(inbound(policies), select=ONLY)


def test_a_location_that_the_caller_decides() -> None:
    finding = check(outbound(location(M)), select=ONLY).the("SEC006")
    assert finding.message.startswith(
        'The caller decides the host of the "Location" of this response: it comes from'
    )
    check(f"<policies><on-error>{location(M)}</on-error></policies>", select=ONLY)


@pytest.mark.parametrize(
    "policies",
    [
        backend(f'"https://api.example.com/" + {HEADER}'),
        backend(f'"https://api.example.com?x=" + {HEADER}'),
        backend(f'"https://{{{{host}}}}/" + {HEADER}'),
        backend(f'"{{{{base-url}}}}" + {HEADER}'),
        backend('"https://api.example.com" + context.Request.Url.Path'),
        backend("context.Request.Url.ToString()"),
        backend('"https://" + context.Request.Headers["Host"][0]'),
        backend('"https://" + context.Request.OriginalUrl.Host'),
        backend(f'"https://" + Uri.EscapeDataString({HEADER}) + ".example.com"'),
        backend(f'{HEADER} == "eu" ? "https://eu.example.com" : "https://us.example.com"'),
        backend(f"hosts[{HEADER}]"),
        backend(f'"https://shard" + int.Parse({HEADER}) + ".example.com"'),
        backend('(string)context.Variables["unset"]'),
        backend('((IResponse)context.Variables["r"]).Body.As<string>()'),
        put(HEADER) + put('"https://a.example.com"') + backend('(string)context.Variables["v"]'),
        put(HEADER)
        + '<choose><when condition=\'@((string)context.Variables["v"] == "a.example.com")\'>'
        + backend('"https://" + (string)context.Variables["v"]')
        + "</when></choose>",
        put(HEADER)
        + '<choose><when condition=\'@(!new[] { "a", "b" }.Contains((string)context.Variables["v"]))\'><return-response /></when></choose>'
        + backend('"https://" + (string)context.Variables["v"]'),
        '<check-header name="X-Host" failed-check-httpcode="400"><value>a.example.com</value></check-header>'
        + backend(HEADER),
        '<set-header name="x-host" exists-action="override"><value>a.example.com</value></set-header>'
        + backend(HEADER),
        f"<set-backend-service backend-id='@({HEADER})' />",
        f"<rewrite-uri template='@(\"/\" + {HEADER})' />",
        location(HEADER),
        f'<send-request mode="new" response-variable-name="r">{location(HEADER)}</send-request>',
        answer(location(f'"/orders/" + {HEADER}')),
        answer(location(f'"https://orders.example.com/" + {HEADER}')),
        answer(
            f'<set-header name="X-Location" exists-action="override"><value>@({HEADER})</value></set-header>'
        ),
        f"<!-- {backend(HEADER)} -->",
    ],
)
def test_the_host_is_not_the_callers(policies: str) -> None:
    check(inbound(policies), select=ONLY)


def test_the_message_and_the_places_tell_the_way() -> None:
    linted = check(inbound(put(f'"https://" + {HEADER}') + request(f"(string){V}")), select=ONLY)
    finding = linted.the("SEC006")
    assert finding.message == (
        'The caller decides the host of this URL: it comes from the request header "X-Host", through the variable "v". '
        "Write the host out, or compare it with the hosts that are allowed."
    )
    assert [place.message for place in finding.related] == [
        'The request header "X-Host" is read here.',
        'It goes into the variable "v" here.',
        "It is used here, by set-url.",
    ]


def test_a_fragment_is_looked_at() -> None:
    check(f"<fragment>{backend(M)}</fragment>", select=ONLY)
