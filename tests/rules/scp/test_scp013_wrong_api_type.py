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
    "files",
    [
        api("http", "<set-body>a</set-body>"),
        api("websocket", "<base />"),
        api("websocket", '<send-request response-variable-name="a"><set-body>a</set-body></send-request>'),
        {"policy.xml": inbound("<set-body>a</set-body>")},
    ],
)
def test_run_or_not_known(files: dict[str, str]) -> None:
    check(files, select=ONLY)
