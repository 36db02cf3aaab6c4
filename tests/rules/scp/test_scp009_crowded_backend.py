"""Backend sections with more than one policy."""

from __future__ import annotations

import pytest

from support.policies import backend, message
from support.workspaces import check, lint

ONLY = ["SCP009"]


@pytest.mark.parametrize(
    "policies",
    [
        "<base /><{|SCP009:forward-request|} />",
        '<set-variable name="a" value="b" /><{|SCP009:forward-request|} /><base />',
    ],
)
def test_more_than_one(policies: str) -> None:
    check(backend(policies), select=ONLY)


@pytest.mark.parametrize(
    "policies",
    [
        "",
        "<base />",
        '<retry condition="@(true)" count="1" interval="1"><set-variable name="a" value="b" /><forward-request /></retry>',
        "%{ if a }<base />%{ else }<forward-request />%{ endif }",
        "${policies}<base /><forward-request />",
        "<base /><!-- nothing else -->",
        "<base /><forward-request",
    ],
)
def test_one_or_none(policies: str) -> None:
    check(backend(policies), select=ONLY)


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ('<rate-limit calls="1" renewal-period="60" />', "SCP001"),
        ("<foward-request />", "POL001"),
        ("<nobody-knows />", "POL001"),
        ("<outbound />", "SCP014"),
        ('<when condition="@(true)" />', "SCP014"),
    ],
)
def test_what_is_wrong_by_itself_crowds_nothing(other: str, code: str) -> None:
    assert set(lint(backend(f"<base />{other}")).codes()) == {code}


def test_only_the_section_itself_counts() -> None:
    check("<fragment><set-backend-service /><forward-request /></fragment>", select=ONLY)
    check("<policies><inbound><set-method>GET</set-method><base /></inbound></policies>", select=ONLY)


def test_the_message_names_the_first() -> None:
    assert message(backend("<base /><{|SCP009:forward-request|} />"), ONLY).startswith(
        "<backend> takes only one policy, and holds <base> already."
    )
