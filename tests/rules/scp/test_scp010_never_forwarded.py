"""Backend sections that send nothing on."""

from __future__ import annotations

import pytest

from support.policies import backend
from support.workspaces import check

ONLY = ["SCP010"]


@pytest.mark.parametrize(
    "policies",
    [
        '<set-backend-service backend-id="a" />',
        '<choose><when condition="@(true)"><set-variable name="a" value="b" /></when></choose>',
        '<include-fragment fragment-id="known" />',
    ],
)
def test_nothing_forwards(policies: str) -> None:
    files = {
        "apis/orders/apiInformation.json": "{}",
        "apis/orders/policy.xml": f"<policies><{{|SCP010:backend|}}>{policies}</backend></policies>",
        "policy fragments/known/policy.xml": '<fragment><set-variable name="a" value="b" /></fragment>',
    }
    assert check(files, select=ONLY).the("SCP010").severity.value == "warning"


@pytest.mark.parametrize(
    "policies",
    [
        "<base />",
        "<forward-request />",
        '<choose><when condition="@(true)"><forward-request /></when></choose>',
        '<include-fragment fragment-id="unknown" />',
        '<include-fragment fragment-id="forwards" />',
        "<return-response />",
        "<nobody-knows />",
        "${backend}",
    ],
)
def test_something_may_forward(policies: str) -> None:
    files = {
        "apis/orders/apiInformation.json": "{}",
        "apis/orders/policy.xml": backend(policies),
        "policy fragments/forwards/policy.xml": "<fragment><forward-request /></fragment>",
    }
    check(files, select=ONLY)


def test_an_empty_section_is_a_hint() -> None:
    linted = check("<policies><{|SCP010:backend|} /></policies>", select=ONLY)
    assert linted.the("SCP010").severity.value == "hint"
