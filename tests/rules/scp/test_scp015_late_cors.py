"""Where the gateway does not find cors, or finds it too late."""

from __future__ import annotations

import pytest

from support.policies import inbound, message
from support.workspaces import check

ONLY = ["SCP015"]

CORS = "<cors><allowed-origins><origin>https://a</origin></allowed-origins></cors>"
LATE = CORS.replace("<cors>", "<{|SCP015:cors|}>")
CHECK = (
    '<check-header name="a" failed-check-httpcode="401" failed-check-error-message="b" ignore-case="true" />'
)


@pytest.mark.parametrize(
    "policies",
    [
        CHECK + LATE,
        f'<choose><when condition="@(true)">{CHECK}</when></choose>{LATE}',
        f'<choose><when condition="@(true)">{LATE}</when></choose>',
        '<include-fragment fragment-id="checks" />' + LATE,
    ],
)
def test_too_late(policies: str) -> None:
    files = {
        "apis/orders/apiInformation.json": "{}",
        "apis/orders/policy.xml": inbound(policies),
        "policy fragments/checks/policy.xml": f"<fragment>{CHECK}</fragment>",
    }
    check(files, select=ONLY)


@pytest.mark.parametrize(
    "text",
    [
        inbound(CORS + CHECK),
        inbound("<base />" + CORS),
        inbound('<include-fragment fragment-id="unknown" />' + CORS),
        inbound('<set-variable name="a" value="b" />' + CORS),
        f"<fragment>{CHECK}{CORS}</fragment>",
    ],
)
def test_early_enough_or_not_known(text: str) -> None:
    check(text, select=ONLY)


def test_the_messages() -> None:
    assert message(inbound(CHECK + LATE), ONLY) == (
        "check-header can answer a preflight request before cors does. Move cors before check-header."
    )
    text = inbound(f'<choose><when condition="@(true)">{LATE}</when></choose>')
    assert message(text, ONLY).startswith(
        "The gateway finds cors only as a direct child of inbound, not in when."
    )
