"""What a policy fragment may not hold."""

from __future__ import annotations

import pytest

from support.policies import inbound, message
from support.workspaces import check

ONLY = ["SCP008"]


@pytest.mark.parametrize(
    "text",
    [
        "<fragment><{|SCP008:inbound|}><base /><set-method>GET</set-method></inbound></fragment>",
        '<fragment><{|SCP008:include-fragment|} fragment-id="a" /></fragment>',
        '<fragment><choose><otherwise><{|SCP008:include-fragment|} fragment-id="a" /></otherwise>'
        '<when condition="@(true)" /></choose></fragment>',
    ],
)
def test_not_in_a_fragment(text: str) -> None:
    check(text, select=["SCP"])


@pytest.mark.parametrize(
    "text",
    [
        '<fragment><set-variable name="a" value="b" /></fragment>',
        '<fragment><cache-lookup-value key="a" variable-name="b" /></fragment>',
        inbound('<include-fragment fragment-id="a" />'),
    ],
)
def test_nothing_to_say(text: str) -> None:
    check(text, select=ONLY)


def test_the_messages() -> None:
    assert message('<fragment><{|SCP008:include-fragment|} fragment-id="a" /></fragment>', ONLY) == (
        "A policy fragment cannot include another. Include both where they are needed."
    )
    assert message("<fragment><{|SCP008:outbound|} /></fragment>", ONLY) == (
        "A policy fragment has no sections: put what <outbound> holds directly into <fragment>, "
        "and include the fragment in outbound."
    )
