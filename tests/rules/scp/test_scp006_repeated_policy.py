"""Policies that are allowed once."""

from __future__ import annotations

import pytest

from support.policies import inbound
from support.workspaces import check

ONLY = ["SCP006"]

LIMIT = '<rate-limit calls="1" renewal-period="60" />'
AGAIN = '<{|SCP006:rate-limit|} calls="1" renewal-period="60" />'

END = '<return-response><set-status code="204" /></return-response>'


def when(policies: str) -> str:
    return f'<when condition="@(true)">{policies}</when>'


@pytest.mark.parametrize(
    "policies",
    [
        LIMIT + AGAIN,
        f"{LIMIT}<choose>{when(AGAIN)}</choose>",
        f"<choose>{when(LIMIT)}</choose><choose>{when(AGAIN)}</choose>",
        "<base /><set-method>GET</set-method><{|SCP006:base|} />",
        f"<choose>{when(LIMIT)}{when(END)}</choose>{AGAIN}",
        f"{LIMIT}<choose>{when(END)}</choose>{AGAIN}",
        f"{LIMIT}{AGAIN}{END}",
    ],
)
def test_twice_on_one_path(policies: str) -> None:
    check(inbound(policies), select=ONLY)


@pytest.mark.parametrize(
    "policies",
    [
        LIMIT,
        f"<choose>{when(LIMIT)}{when(LIMIT)}<otherwise>{LIMIT}</otherwise></choose>",
        f"%{{ if a }}{LIMIT}%{{ else }}{LIMIT}%{{ endif }}",
        '<set-variable name="a" value="b" /><set-variable name="a" value="b" />',
        f"<choose>{when(LIMIT + END)}</choose>{LIMIT}",
        f"<choose>{when(f'<choose>{when(LIMIT)}</choose>{END}')}</choose>{LIMIT}",
        LIMIT + END + LIMIT,
    ],
)
def test_once_on_each_path(policies: str) -> None:
    check(inbound(policies), select=ONLY)


def test_another_section_is_another_matter() -> None:
    check("<policies><inbound><base /></inbound><outbound><base /></outbound></policies>", select=ONLY)


def test_a_fragment_is_one_list() -> None:
    check(f"<fragment>{LIMIT}{AGAIN}</fragment>", select=ONLY)


def test_the_message_points_at_the_first() -> None:
    linted = check(inbound(LIMIT + AGAIN), select=ONLY)
    finding = linted.the("SCP006")
    assert (
        finding.message
        == "<rate-limit> may stand only once in a document, and stands there already. Keep one of them."
    )
    assert finding.related[0].span.start < finding.span.start


def test_a_section_that_is_there_twice_is_another_matter() -> None:
    check("<policies><inbound><base /></inbound><inbound><base /></inbound></policies>", select=ONLY)
