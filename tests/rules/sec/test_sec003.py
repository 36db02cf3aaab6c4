"""URLs in the clear."""

from __future__ import annotations

import pytest

from support.policies import inbound, message
from support.workspaces import check

ONLY = ["SEC003"]


def backend(url: str) -> str:
    return inbound(f'<set-backend-service base-url="{url}" />')


def request(url: str) -> str:
    return inbound(
        f'<send-request mode="new" response-variable-name="r"><set-url>{url}</set-url></send-request>'
    )


@pytest.mark.parametrize(
    "text",
    [
        backend("{|SEC003:http://orders.example.com|}"),
        backend("{|SEC003:HTTP://orders.example.com:8080/api|}"),
        backend("{|SEC003:http://20.80.102.74:82|}"),
        backend("{|SEC003:http://172.32.0.1|}"),
        backend("{|SEC003:http://orders.example.com/|}{{version}}"),
        backend("{|SEC003:http://orders.example.com?key=1|}"),
        backend("{|SEC003:http://[2606:4700::1]/a|}"),
        backend("@(&quot;{|SEC003:http://orders.example.com/|}&quot; + context.Api.Path)"),
        request("\n  {|SEC003:http://orders.example.com/a|}\n"),
        request('@($"{|SEC003:http://orders.example.com/|}{context.Api.Path}")'),
        request('@{ return "{|SEC003:http://orders.example.com|}"; }'),
        inbound(
            '<validate-jwt><openid-config url="{|SEC003:http://login.example.com/openid-configuration|}" /></validate-jwt>'
        ),
    ],
)
def test_a_host_outside(text: str) -> None:
    check(text, select=ONLY)


@pytest.mark.parametrize(
    "text",
    [
        backend("https://orders.example.com"),
        backend("http://localhost:7071"),
        backend("http://127.0.0.1"),
        backend("http://[::1]:80"),
        backend("http://10.1.2.3/api"),
        backend("http://172.16.0.1"),
        backend("http://172.31.255.255"),
        backend("http://192.168.0.4"),
        backend("http://169.254.169.254/metadata"),
        backend("http://orders"),
        backend("http://orders.default.svc.cluster.local"),
        backend("http://orders.contoso.internal"),
        backend("{{backend}}"),
        backend("http://{{backend}}"),
        backend("http://{{backend}}.example.com"),
        backend("http://orders-{{env}}.example.com"),
        backend("http://${host}/a"),
        backend("http://#{host}#"),
        backend("http://__HOST__"),
        backend("@(&quot;http://&quot; + (string)context.Variables[&quot;host&quot;])"),
        backend("@(&quot;http://orders&quot; + (string)context.Variables[&quot;host&quot;])"),
        backend("@((string)context.Variables[&quot;http://x.example.com&quot;])"),
        inbound('<proxy url="http://proxy.example.com:8080" />'),
        inbound(
            '<set-header name="Link" exists-action="override"><value>http://example.com/</value></set-header>'
        ),
        inbound('<set-body><a xmlns="http://example.com/ns" /></set-body>'),
        inbound("<!-- http://orders.example.com -->"),
    ],
)
def test_what_is_near_or_not_known(text: str) -> None:
    check(text, select=ONLY)


def test_the_message_names_the_host() -> None:
    assert message(backend("{|SEC003:http://orders.example.com/api|}"), ONLY) == (
        'What goes to "orders.example.com" is sent in the clear, keys and tokens too. Use "https://", or an address of '
        "your private network."
    )
