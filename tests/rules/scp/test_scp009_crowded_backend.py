"""Backend sections with more than one policy."""

from __future__ import annotations

import pytest

from support.policies import backend, message
from support.workspaces import check

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
    ],
)
def test_one_or_none(policies: str) -> None:
    check(backend(policies), select=ONLY)


def test_the_message_names_the_first() -> None:
    assert message(backend("<base /><{|SCP009:forward-request|} />"), ONLY).startswith(
        "<backend> takes only one policy, and holds <base> already."
    )
