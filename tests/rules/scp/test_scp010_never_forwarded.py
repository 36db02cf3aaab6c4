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
        '<choose><when condition="@(true)"><foward-request /></when></choose>',
        '<choose><when condition="@(true)">${policies}</when></choose>',
        '<choose><when condition="@(true)">{{policies}}</when></choose>',
        '<choose>%{ if a }<when condition="@(true)" />%{ endif }</choose>',
        '<include-fragment fragment-id="${fragment}" />',
        '<include-fragment fragment-id="template" />',
        "{{backend}}",
        "<set-header",
        "${backend}",
    ],
)
def test_something_may_forward(policies: str) -> None:
    files = {
        "apis/orders/apiInformation.json": "{}",
        "apis/orders/policy.xml": backend(policies),
        "policy fragments/forwards/policy.xml": "<fragment><forward-request /></fragment>",
        "policy fragments/template/policy.xml": "<fragment>${policies}</fragment>",
    }
    check(files, select=ONLY)


def test_an_empty_section_is_a_hint() -> None:
    for content in ("", " ", "<!-- no backend -->"):
        linted = check(f"<policies><{{|SCP010:backend|}}>{content}</backend></policies>", select=ONLY)
        assert linted.the("SCP010").severity.value == "hint"


@pytest.mark.parametrize(
    "text",
    ["<policies><inbound /></policies>", '<fragment><set-backend-service backend-id="a" /></fragment>'],
)
def test_only_a_backend_section_forwards(text: str) -> None:
    check(text, select=ONLY)


def test_a_value_of_a_policy_is_no_policy() -> None:
    text = "<policies><{|SCP010:backend|}><set-body>{{body}}</set-body></backend></policies>"
    assert check(text, select=ONLY).the("SCP010").severity.value == "warning"
