from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from apim_policy.workspace.model import Scope
from apim_policy.workspace.settings import Settings
from apim_policy.workspace.workspace import Workspace
from support.workspaces import write_files

if TYPE_CHECKING:
    from pathlib import Path

POLICY = "<policies />"
MCP = "<!-- apim-policy: scope=mcp tools-from=orders --><policies />"
API = '{"properties": {}}'
SERVER = '{"properties": {"type": "mcp", "mcpTools": [{"operationId": "/apis/orders/operations/list"}]}}'


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    write_files(
        tmp_path,
        {
            "apis/orders/apiInformation.json": API,
            "apis/orders/policy.xml": POLICY,
            "apis/server/apiInformation.json": API,
            "apis/server/policy.xml": POLICY,
            "loose.xml": POLICY,
        },
    )
    return Workspace.discover(tmp_path, Settings(exclude=("old",)))


def names(workspace: Workspace) -> list[str]:
    return [path.relative_to(workspace.root).as_posix() for path in workspace.documents]


def callers(workspace: Workspace) -> list[str]:
    path = workspace.root / "apis/orders/policy.xml"
    return [server.path.parent.name for server in workspace.around(path).servers_calling("orders")]


def test_typing_in_a_document_concerns_no_other(workspace: Workspace) -> None:
    path = workspace.root / "loose.xml"
    workspace.info(path)
    version = workspace.version
    workspace.store.open(path, "<policies><inbound /></policies>")
    assert workspace.update(path) is False
    assert workspace.version > version


def test_a_comment_makes_a_document_another(workspace: Workspace) -> None:
    path = workspace.root / "loose.xml"
    assert workspace.info(path).scope is Scope.UNKNOWN
    assert callers(workspace) == []
    workspace.store.open(path, MCP)
    assert workspace.update(path) is True
    assert workspace.info(path).scope is Scope.MCP
    assert callers(workspace) == [workspace.root.name]
    workspace.store.close(path)
    assert workspace.update(path) is True
    assert callers(workspace) == []


def test_a_document_stays_one_while_its_root_is_typed(workspace: Workspace) -> None:
    path = workspace.root / "loose.xml"
    workspace.store.open(path, "<poli")
    workspace.update(path)
    assert "loose.xml" in names(workspace)


def test_information_that_changes_on_the_disk_is_read_again(workspace: Workspace) -> None:
    assert callers(workspace) == []
    path = workspace.root / "apis/server/apiInformation.json"
    path.write_text(SERVER)
    assert workspace.update(path) is True
    assert workspace.info(path.with_name("policy.xml")).scope is Scope.MCP
    assert callers(workspace) == ["server"]
    path.unlink()
    assert workspace.update(path) is True
    assert callers(workspace) == []


def test_information_that_is_open_in_an_editor_counts(workspace: Workspace) -> None:
    path = workspace.root / "apis/server/apiInformation.json"
    workspace.store.open(path, SERVER)
    workspace.update(path)
    assert callers(workspace) == ["server"]
    workspace.store.open(path, SERVER[:-2])
    workspace.update(path)
    assert callers(workspace) == []


def test_new_documents_are_taken_in(workspace: Workspace) -> None:
    path = workspace.root / "apis/orders/operations/list/policy.xml"
    api = workspace.api("orders")
    assert api is not None
    assert api.operation_policies == {}
    write_files(workspace.root, {"apis/orders/operations/list/policy.xml": POLICY})
    assert workspace.update(path) is True
    assert "apis/orders/operations/list/policy.xml" in names(workspace)
    api = workspace.api("orders")
    assert api is not None
    assert api.operation_policies == {"list": path}


def test_a_file_becomes_a_document_when_its_root_says_so(workspace: Workspace) -> None:
    path = workspace.root / "draft.xml"
    path.write_text("<draft />")
    assert workspace.update(path) is False
    path.write_text("<fragment />")
    assert workspace.update(path) is True
    assert workspace.fragment("draft") == path


@pytest.mark.parametrize("name", ["old/x.xml", "node_modules/x.xml", "../elsewhere.xml", "x.json.md"])
def test_other_files_stay_out(workspace: Workspace, name: str) -> None:
    path = (workspace.root / name).resolve()
    path.parent.mkdir(exist_ok=True)
    path.write_text(POLICY)
    before = names(workspace)
    assert workspace.update(path) is False
    assert names(workspace) == before


def test_deleted_documents_are_gone(workspace: Workspace) -> None:
    path = workspace.root / "apis/server/policy.xml"
    workspace.info(path)
    path.unlink()
    assert workspace.update(path) is True
    assert "apis/server/policy.xml" not in names(workspace)
    api = workspace.api("server")
    assert api is not None
    assert api.policy is None


def test_folders_come_and_go(workspace: Workspace) -> None:
    folder = workspace.root / "apis/server"
    shutil.rmtree(folder)
    assert workspace.update(folder) is True
    assert names(workspace) == ["apis/orders/policy.xml", "loose.xml"]
    assert workspace.api("server") is None
    write_files(folder, {"apiInformation.json": SERVER, "policy.xml": POLICY})
    assert workspace.update(folder) is True
    assert "apis/server/policy.xml" in names(workspace)
    assert callers(workspace) == ["server"]


def test_a_gitignore_takes_documents_out_and_lets_them_in(workspace: Workspace) -> None:
    path = workspace.root / ".gitignore"
    path.write_text("loose.xml\n")
    assert workspace.update(path) is True
    assert "loose.xml" not in names(workspace)
    path.write_text("\n")
    assert workspace.update(path) is True
    assert "loose.xml" in names(workspace)


def test_what_a_document_sees_is_kept_up_to_date(workspace: Workspace) -> None:
    path = workspace.root / "apis/orders/policy.xml"
    seen = workspace.around(path)
    assert list(seen.servers_calling("orders")) == []
    information = workspace.root / "apis/server/apiInformation.json"
    information.write_text(SERVER)
    workspace.update(information)
    assert [server.api for server in seen.servers_calling("orders")] == ["server"]
    assert workspace.around(path) is seen
    assert seen.version == workspace.version


def test_a_file_made_by_a_fix_is_seen_when_only_some_were_named(tmp_path: Path) -> None:
    write_files(tmp_path, {"apis/orders/apiInformation.json": API, "apis/server/apiInformation.json": SERVER})
    write_files(tmp_path, {"apis/server/policy.xml": POLICY})
    workspace = Workspace.discover(tmp_path, files=[tmp_path / "apis/server/policy.xml"])
    api = workspace.api("orders")
    assert api is not None
    assert api.policy is None
    path = tmp_path / "apis/orders/policy.xml"
    path.write_text(POLICY)
    assert workspace.update(path) is True
    api = workspace.api("orders")
    assert api is not None
    assert api.policy == path
