"""Subscription keys that reach backends."""

from __future__ import annotations

import pytest

from support.policies import backend, inbound, message, outbound
from support.workspaces import check

ONLY = ["SEC009"]
KEY = 'context.Request.Headers.GetValueOrDefault("Ocp-Apim-Subscription-Key", "")'
API = "apis/orders/policy.xml"
NAMED = "set-backend-service"


def mark(text: str) -> str:
    return f"{{|SEC009:{text}|}}"


def header(code: str, name: str = "X-Key") -> str:
    return f'<set-header name="{name}" exists-action="override"><value>@({code})</value></set-header>'


DELETE = '<set-header name="ocp-apim-subscription-key" exists-action="delete" />'


@pytest.mark.parametrize(
    "text",
    [
        inbound(header(mark(KEY))),
        inbound(header(f'"key " + {mark(KEY)}', name="Authorization")),
        inbound(header(mark("context.Subscription.PrimaryKey"))),
        inbound(header(mark('context.Request.Url.Query.GetValueOrDefault("subscription-key")'))),
        inbound(
            f'<set-query-parameter name="k" exists-action="override"><value>@({mark(KEY)})</value></set-query-parameter>'
        ),
        inbound(header(mark(KEY)) + header(KEY, name="X-Other")),
    ],
)
def test_the_key_is_copied(text: str) -> None:
    check(text, select=ONLY)


@pytest.mark.parametrize(
    "text",
    [
        inbound(header(KEY, name="Ocp-Apim-Subscription-Key")),
        inbound(header("context.Subscription.Id")),
        inbound(header(f'{KEY}.Substring("X-User-Id=".Length)', name="X-User-Id")),
        inbound(f"<choose><when condition='@({KEY}.StartsWith(\"u=\"))'>{header(KEY)}</when></choose>"),
        inbound(f'<send-request mode="new" response-variable-name="r">{header(KEY)}</send-request>'),
        outbound(header(KEY)),
        backend("<forward-request />"),
    ],
)
def test_what_is_not_sure(text: str) -> None:
    check(text, select=ONLY)


def api(
    policies: str, *, required: str = "true", everywhere: str | None = "", base: str = "<base />"
) -> dict[str, str]:
    files = {
        "apis/orders/apiInformation.json": f'{{"properties": {{"path": "orders", "subscriptionRequired": {required}}}}}',
        API: f"<policies><inbound>{base}{policies}</inbound><backend><base /></backend><outbound><base /></outbound>"
        "<on-error><base /></on-error></policies>",
    }
    if everywhere is not None:
        files["policy.xml"] = (
            f"<policies><inbound>{everywhere}</inbound><backend><forward-request /></backend><outbound /><on-error /></policies>"
        )
    return files


def test_an_api_that_requires_a_key_sends_it_outside() -> None:
    url = f'<{mark(NAMED)} base-url="https://orders.example.com" />'
    finding = check(api(url), select=ONLY).the("SEC009")
    assert '"Ocp-Apim-Subscription-Key" goes on to "orders.example.com"' in finding.message
    assert [place.message for place in finding.related] == ["The API requires a key."]


@pytest.mark.parametrize(
    "files",
    [
        api(f'<{NAMED} base-url="https://orders.example.com" />{DELETE}'),
        api(f'<{NAMED} base-url="https://orders.example.com" />', everywhere=DELETE),
        api(f'<{NAMED} base-url="https://orders.example.com" />', everywhere=None),
        api(f'<{NAMED} base-url="https://orders.example.com" />', required="false"),
        api(f'<{NAMED} base-url="https://orders.example.com" /><include-fragment fragment-id="gone" />'),
        api(f'<{NAMED} base-url="https://10.0.0.4" />'),
        api(f'<{NAMED} base-url="{{{{backend}}}}" />'),
        api(f'<{NAMED} backend-id="orders" />'),
    ],
)
def test_what_may_be_stopped_or_wanted(files: dict[str, str]) -> None:
    check(files, select=ONLY)


def test_the_message() -> None:
    assert message(inbound(header(mark(KEY))), ONLY) == (
        'The subscription key goes to the backend in "X-Key". The backend can call with it. Send something that is no '
        "key, such as the subscription's id."
    )
