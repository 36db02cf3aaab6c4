"""Policies in sections where they may not stand."""

from __future__ import annotations

import pytest

from support.policies import inbound, mended, message, outbound
from support.workspaces import check, lint

ONLY = ["SCP001"]


@pytest.mark.parametrize(
    "policies",
    [
        "<{|SCP001:forward-request|} />",
        '<choose><when condition="@(true)"><{|SCP001:forward-request|} /></when></choose>',
        '<retry condition="@(true)" count="1" interval="1"><{|SCP001:forward-request|} /></retry>',
        "<limit-concurrency key='a' max-count='1'><{|SCP001:forward-request|} /></limit-concurrency>",
    ],
)
def test_not_in_inbound(policies: str) -> None:
    check(inbound(policies), select=ONLY)


@pytest.mark.parametrize(
    "text",
    [
        outbound('<return-response><set-header name="a" /></return-response>'),
        "<fragment><forward-request /></fragment>",
        "<policies><forward-request /></policies>",
        "<policies><inbond><forward-request /></inbond></policies>",
        "<policies><backend><forward-request /></backend></policies>",
    ],
)
def test_nothing_to_say(text: str) -> None:
    check(text, select=ONLY)


def test_the_message_names_the_sections() -> None:
    text = inbound("<{|SCP001:forward-request|} />")
    assert message(text, ONLY) == "forward-request may stand only in backend, not in inbound."


def test_it_is_moved_to_the_only_section() -> None:
    text = """<policies>
    <inbound>
        <base />
        <{|SCP001:forward-request|} timeout="60" />
    </inbound>
    <backend>
    </backend>
</policies>
"""
    assert (
        mended(text, ONLY)
        == """<policies>
    <inbound>
        <base />
    </inbound>
    <backend>
        <forward-request timeout="60" />
    </backend>
</policies>
"""
    )


def test_what_depends_on_a_branch_is_not_moved() -> None:
    text = (
        '<policies><inbound><choose><when condition="@(true)"><forward-request /></when></choose></inbound>'
        "<backend /></policies>"
    )
    assert not lint(text, select=ONLY).the("SCP001").fixes


def test_a_section_that_sources_dispute_is_a_warning() -> None:
    linted = check(outbound('<{|SCP001:set-backend-service|} backend-id="a" />'), select=ONLY)
    finding = linted.the("SCP001")
    assert finding.severity.value == "warning"
    assert finding.message == (
        "Sources disagree whether set-backend-service may stand in outbound. It surely may in inbound or backend."
    )
