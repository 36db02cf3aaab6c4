"""Policies that a WebSocket API ignores."""

from __future__ import annotations

import pytest

from support.policies import inbound, message
from support.workspaces import check

ONLY = ["SCP013"]


def api(kind: str, policies: str) -> dict[str, str]:
    information = f'{{"properties": {{"displayName": "Chat", "path": "chat", "type": "{kind}"}}}}'
    return {"apis/chat/apiInformation.json": information, "apis/chat/policy.xml": inbound(policies)}


def test_a_websocket_api_ignores_it() -> None:
    files = api("websocket", "<base /><{|SCP013:set-body|}>a</set-body>")
    assert message(files, ONLY) == 'The API "chat" is a WebSocket API, which ignores set-body. Remove it.'


@pytest.mark.parametrize(
    "policies",
    [
        '<choose><when condition="@(true)"><{|SCP013:set-method|}>GET</set-method></when></choose>',
        "<{|SCP013:mock-response|} />",
        "<{|SCP013:cors|}><allowed-origins><origin>https://a</origin></allowed-origins></cors>",
    ],
)
def test_wherever_it_stands(policies: str) -> None:
    check(api("websocket", policies), select=ONLY)


def test_the_file_that_gives_the_type_is_shown() -> None:
    linted = check(api("websocket", "<{|SCP013:set-body|}>a</set-body>"), select=ONLY)
    related = linted.the("SCP013").related[0]
    assert linted.name(related.path) == "apis/chat/apiInformation.json"


@pytest.mark.parametrize(
    "files",
    [
        api("http", "<set-body>a</set-body>"),
        api("websocket", '<set-header name="a"><value>b</value></set-header>'),
        api("websocket", "<return-response><set-body>a</set-body></return-response>"),
        api("graphql", "<set-body>a</set-body>"),
        {"apis/chat/policy.xml": inbound("<set-body>a</set-body>")},
        {**api("websocket", ""), "policy.xml": inbound("<set-body>a</set-body>")},
        {
            **api("websocket", ""),
            "policyFragments/a/policy.xml": "<fragment><set-body>a</set-body></fragment>",
        },
        api("websocket", "<base />"),
        api("websocket", '<send-request response-variable-name="a"><set-body>a</set-body></send-request>'),
        {"policy.xml": inbound("<set-body>a</set-body>")},
    ],
)
def test_run_or_not_known(files: dict[str, str]) -> None:
    check(files, select=ONLY)
