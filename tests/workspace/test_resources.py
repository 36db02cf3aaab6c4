"""Named values, backends and their kind in what APIOps writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from apim_policy.workspace.model import ResourceKind
from support.layers import API, FRAGMENT, layers
from support.resources import described
from support.workspaces import open_workspace, write_files

if TYPE_CHECKING:
    from pathlib import Path

    from apim_policy.workspace.workspace import Workspace

FILES = {
    **layers(),
    "policy fragments/common/policyFragmentInformation.json": "{}",
    **described("named value", "65a1", displayName="tenant"),
    **described("named value", "plain"),
    **described("backend", "b", "a"),
}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    root = write_files(tmp_path.resolve(), FILES)
    return open_workspace(root).around(root / API)


def file_of(workspace: Workspace, kind: ResourceKind, name: str) -> str | None:
    found = workspace.resource(kind, name)
    return found.file.relative_to(workspace.root).as_posix() if found else None


def test_a_named_value_answers_to_both_of_its_names(workspace: Workspace) -> None:
    described_in = "named values/65a1/namedValueInformation.json"
    assert file_of(workspace, ResourceKind.NAMED_VALUE, "Tenant") == described_in
    assert file_of(workspace, ResourceKind.NAMED_VALUE, "65a1") == described_in
    assert [item.name for item in workspace.resources(ResourceKind.NAMED_VALUE)] == ["plain", "tenant"]


def test_a_fragment_leads_to_its_policy(workspace: Workspace) -> None:
    assert file_of(workspace, ResourceKind.FRAGMENT, "common") == FRAGMENT


def test_resources_are_ordered_by_name(workspace: Workspace) -> None:
    assert [item.name for item in workspace.resources(ResourceKind.BACKEND)] == ["a", "b"]
    assert workspace.resource(ResourceKind.BACKEND, "c") is None


def test_which_folders_list_all(workspace: Workspace) -> None:
    folders = {kind.value: workspace.listing(kind) for kind in ResourceKind}
    assert {name: folder.name for name, folder in folders.items() if folder} == {
        "fragment": "policy fragments",
        "named value": "named values",
        "backend": "backends",
    }


def test_a_folder_of_something_else_lists_nothing(tmp_path: Path) -> None:
    root = write_files(tmp_path.resolve(), {**layers(), "backends/orders/main.py": ""})
    workspace = open_workspace(root).around(root / API)
    assert workspace.listing(ResourceKind.BACKEND) is None


def test_a_new_file_is_noticed(workspace: Workspace) -> None:
    write_files(workspace.root, described("backend", "c"))
    workspace.update(workspace.root / "backends/c/backendInformation.json")
    assert file_of(workspace, ResourceKind.BACKEND, "c") == "backends/c/backendInformation.json"


def test_all_policies_of_the_service(workspace: Workspace) -> None:
    found = [
        path.relative_to(workspace.root).as_posix()
        for path in workspace.service_policies(workspace.root / API)
    ]
    assert found == sorted(name for name in FILES if name.endswith(".xml"))
