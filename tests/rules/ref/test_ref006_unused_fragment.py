"""Fragments that no policy of the service includes."""

from __future__ import annotations

import pytest

from apim_policy.flow.inclusions import Inclusions
from apim_policy.rules.model import Severity, Tag
from support.layers import API, COMMON, FRAGMENT, OPERATION, layers, policies
from support.workspaces import check, open_workspace, write_files

ONLY = ["REF006"]
INFORMATION = "policy fragments/common/policyFragmentInformation.json"


def files(**policies_: str) -> dict[str, str]:
    found = {**layers(**policies_), INFORMATION: "{}"}
    found[FRAGMENT] = "<{|REF006:fragment|}></fragment>"
    return found


def used(found: dict[str, str]) -> dict[str, str]:
    return {**found, FRAGMENT: "<fragment></fragment>"}


def test_a_fragment_that_is_not_used() -> None:
    finding = check(files(), ONLY).the("REF006")
    assert finding.severity is Severity.HINT
    assert finding.message == 'No policy of the service includes the fragment "common", so it can go.'
    assert finding.tags == {Tag.UNNECESSARY}


def test_a_comment_uses_nothing() -> None:
    check(files(api=f"<!-- {COMMON} -->"), ONLY)


@pytest.mark.parametrize(
    "found",
    [
        files(everywhere=COMMON),
        files(api=COMMON),
        files(operation=COMMON.replace("common", "Common").replace('"', "'")),
        {**files(), "products/gold/policy.xml": policies(COMMON)},
        {**files(), "workspaces/team/apis/a/policy.xml": policies(COMMON)},
        {**files(), "policy fragments/other/policy.xml": f"<{{|REF006:fragment|}}>{COMMON}</fragment>"},
    ],
)
def test_wherever_it_is_included(found: dict[str, str]) -> None:
    check(used(found), ONLY)


@pytest.mark.parametrize("name", ["${fragment}", "{{fragment}}", "common-__ENV__"])
def test_an_id_that_a_template_completes_may_be_any(name: str) -> None:
    check(used(files(api=f'<include-fragment fragment-id="{name}" />')), ONLY)


def test_nothing_outside_of_a_service_s_folder() -> None:
    check("<!-- apim-policy: scope=fragment fragment=a --><fragment />", ONLY)
    found = used(files())
    del found[INFORMATION]
    del found["apis/orders/apiInformation.json"]
    check(found, ONLY)


def test_a_document_elsewhere_that_says_whose_it_is_may_use_it() -> None:
    other = f"<!-- apim-policy: scope=api api=billing -->{policies(COMMON)}"
    check({**used(files()), "other/billing.xml": other}, ONLY)


def test_policies_that_were_not_asked_for_count(tmp_path) -> None:
    from apim_policy.workspace.workspace import Workspace

    root = write_files(tmp_path.resolve(), used(files(api=COMMON)))
    workspace = Workspace.discover(root, files=[root / FRAGMENT]).around(root / FRAGMENT)
    assert API not in [path.relative_to(root).as_posix() for path in workspace.documents]
    assert not Inclusions.of(workspace).unused(root / FRAGMENT, "common")


def test_edits_are_seen(tmp_path) -> None:
    root = write_files(tmp_path.resolve(), used(files(operation=COMMON)))
    workspace = open_workspace(root)
    around = workspace.around(root / FRAGMENT)
    answers = []
    for text in (policies(COMMON), policies(""), policies(COMMON)):
        workspace.store.open(root / OPERATION, text)
        workspace.update(root / OPERATION)
        answers.append(Inclusions.of(around).unused(root / FRAGMENT, "common"))
    assert answers == [False, True, False]
