"""Where base stands for nothing."""

from __future__ import annotations

import pytest

from support.policies import inbound, message
from support.workspaces import check

ONLY = ["SCP004"]


@pytest.mark.parametrize(
    "text",
    [
        "<fragment><{|SCP004:base|} /></fragment>",
        inbound('<choose><when condition="@(true)"><{|SCP004:base|} /></when></choose>'),
        inbound("<return-response><{|SCP004:base|} /></return-response>"),
        "<http-data-source><{|SCP004:base|} /></http-data-source>",
    ],
)
def test_nothing_is_inherited(text: str) -> None:
    linted = check(text, select=ONLY)
    assert linted.the("SCP004").severity.value == "error"


def test_in_a_section() -> None:
    check("<policies><inbound><base /></inbound><on-error><base /></on-error></policies>", select=ONLY)


def test_the_message_says_where_it_may_stand() -> None:
    text = inbound("<return-response><{|SCP004:base|} /></return-response>")
    assert message(text, ONLY) == "<base /> may stand only directly in a section, not in return-response."


def test_global_scope_is_information() -> None:
    files = {
        "policies/global.xml": inbound("<{|SCP004:base|} />"),
        "apim-policy.toml": '[[document]]\npath = "policies/global.xml"\nscope = "global"\n',
    }
    assert check(files, select=ONLY).the("SCP004").severity.value == "info"
