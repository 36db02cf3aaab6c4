"""What never runs because the request has ended."""

from __future__ import annotations

import pytest

from support.policies import inbound
from support.workspaces import check

ONLY = ["SCP011"]

END = '<return-response><set-status code="204" /></return-response>'


@pytest.mark.parametrize(
    "policies",
    [
        END + "<{|SCP011:set-method|}>GET</set-method><base />",
        f'<choose><when condition="@(true)">{END}<{{|SCP011:set-method|}}>GET</set-method></when></choose>',
        "<mock-response /><{|SCP011:set-method|}>GET</set-method>",
        f"{END}<{{|SCP011:set-method|}}>GET</set-method>{END}<set-method>GET</set-method>",
    ],
)
def test_never_runs(policies: str) -> None:
    assert check(inbound(policies), select=ONLY).the("SCP011").severity.value == "warning"


@pytest.mark.parametrize(
    "policies",
    [
        "<set-method>GET</set-method>" + END,
        f'<choose><when condition="@(true)">{END}</when></choose><set-method>GET</set-method>',
        f"%{{ if a }}{END}%{{ endif }}<set-method>GET</set-method>",
        f"${{policies}}{END}<set-method>GET</set-method>",
        f"{END}<!-- done -->",
        f"{END}<set-method>GET</set-methd>",
        '<mock-response enabled="false" /><set-method>GET</set-method>',
        "<mock-response ${attributes} /><set-method>GET</set-method>",
        f'<choose><when condition="@(true)">{END}</when><otherwise><set-method>GET</set-method></otherwise></choose>',
        f'<wait for="any">{END}<send-request response-variable-name="a" mode="copy" /></wait>',
    ],
)
def test_may_run(policies: str) -> None:
    check(inbound(policies), select=ONLY)


def test_only_base_is_a_hint() -> None:
    linted = check(inbound(END + "<{|SCP011:base|} />"), select=ONLY)
    assert linted.the("SCP011").severity.value == "hint"
    assert linted.the("SCP011").message == "<base> never runs: return-response ends the request before."
