"""Children in another order than documented."""

from __future__ import annotations

import pytest

from support.policies import inbound, message
from support.workspaces import check

ONLY = ["POL008"]


@pytest.mark.parametrize(
    "policies",
    [
        '<return-response><set-body>a</set-body><{|POL008:set-status|} code="200" /></return-response>',
        '<choose><otherwise /><{|POL008:when|} condition="@(true)" /></choose>',
        '<send-request response-variable-name="a"><set-method>GET</set-method><{|POL008:set-url|}>https://a</set-url>'
        "<set-body>a</set-body></send-request>",
    ],
)
def test_out_of_order(policies: str) -> None:
    check(inbound(policies), select=ONLY)


@pytest.mark.parametrize(
    "policies",
    [
        '<return-response><set-status code="200" /><set-header name="a" /><set-header name="b" />'
        "<set-body>a</set-body></return-response>",
        '<return-response>%{ if a }<set-body>a</set-body>%{ endif }<set-status code="200" /></return-response>',
        '<set-header name="a" /><set-method>GET</set-method>',
    ],
)
def test_in_order_or_not_known(policies: str) -> None:
    check(inbound(policies), select=ONLY)


def test_the_message_gives_the_order() -> None:
    text = inbound(
        '<return-response><set-body>a</set-body><{|POL008:set-status|} code="200" /></return-response>'
    )
    assert message(text, ONLY) == (
        "<set-status> must come before <set-body> in return-response; "
        "the order is <set-status>, <set-header> and <set-body>."
    )
