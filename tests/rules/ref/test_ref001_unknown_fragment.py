"""Fragments that the service does not have."""

from __future__ import annotations

import pytest

from apim_policy.rules.model import Severity
from support.layers import COMMON, FRAGMENT, OPERATION, layers, policies
from support.policies import inbound
from support.workspaces import check

ONLY = ["REF001"]
INFORMATION = "policy fragments/common/policyFragmentInformation.json"


def include(name: str) -> str:
    return f'<include-fragment fragment-id="{name}" />'


def listed(operation: str) -> dict[str, str]:
    return {**layers(operation=operation), INFORMATION: "{}"}


def test_a_misspelled_name() -> None:
    linted = check(listed(include("{|REF001:comon|}")), ONLY)
    finding = linted.the("REF001")
    assert finding.severity is Severity.WARNING
    assert finding.message == 'There is no fragment "comon" in "policy fragments". Did you mean "common"?'
    (related,) = finding.related
    assert linted.name(related.path) == FRAGMENT
    assert linted.after(finding.fixes[0])[OPERATION] == policies(COMMON)


def test_a_name_that_is_near_none() -> None:
    finding = check(listed(include("{|REF001:zzz|}")), ONLY).the("REF001")
    assert finding.message == (
        'There is no fragment "zzz" in "policy fragments". '
        "Correct the name, or add it there before this is deployed."
    )
    assert not finding.related
    assert not finding.fixes


def test_every_include_counts_also_in_branches_and_in_fragments() -> None:
    files = listed(f'<choose><when condition="@(true)">{include("{|REF001:zzz|}")}</when></choose>')
    files[FRAGMENT] = f"<fragment>{include('{|REF001:yyy|}')}</fragment>"
    check(files, ONLY)


@pytest.mark.parametrize(
    "name",
    [
        "common",
        "Common",
        "${fragment}",
        "{{fragment}}",
        "__FRAGMENT__",
        "#{fragment}#",
        "",
        "@(context.Api.Id)",
    ],
)
def test_names_that_exist_or_are_not_known(name: str) -> None:
    check(listed(include(name)), ONLY)


def test_a_fragment_without_a_policy_exists_too() -> None:
    check({**listed(include("other")), "policy fragments/other/policyFragmentInformation.json": "{}"}, ONLY)


def test_nothing_without_a_list_of_fragments() -> None:
    check(inbound(include("zzz")), ONLY)
    files = listed(include("zzz"))
    del files[INFORMATION]
    check(files, ONLY)


def test_a_workspace_may_see_the_fragments_of_its_service() -> None:
    own = "workspaces/team/policyFragments/own"
    files = {
        **listed(""),
        "workspaces/team/apis/orders/policy.xml": policies(
            COMMON + include("own") + include("{|REF001:zzz|}")
        ),
        f"{own}/policyFragmentInformation.json": "{}",
        f"{own}/policy.xml": "<fragment />",
    }
    finding = check(files, ONLY).the("REF001")
    assert '"workspaces/team/policyFragments"' in finding.message


def test_a_workspace_without_a_list_of_its_own() -> None:
    files = {**listed(""), "workspaces/team/apis/orders/policy.xml": policies(include("zzz"))}
    check(files, ONLY)
