"""``lint --changed-since``: what a change concerns is checked, the rest is not."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from support.command import apim_policy
from support.workspaces import write_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")

HEADER = '<set-header name="a" name="b"><value>1</value></set-header>'
FAULTY = f"<policies><inbound><base />{HEADER}</inbound></policies>\n"
INCLUDES = f'<policies><inbound><include-fragment fragment-id="common" />{HEADER}</inbound></policies>\n'
NESTS = f'<fragment><include-fragment fragment-id="common" />{HEADER}</fragment>\n'
USES_NEST = INCLUDES.replace("common", "nest")
FRAGMENT = f"<fragment>{HEADER}</fragment>\n"
GLOBAL = f"<policies><inbound>{HEADER}</inbound><backend><forward-request /></backend></policies>\n"


def api(name: str, policy: str = FAULTY, **properties: object) -> dict[str, str]:
    import json

    return {
        f"apis/{name}/policy.xml": policy,
        f"apis/{name}/apiInformation.json": json.dumps(
            {"properties": {"displayName": name, "path": name, **properties}}
        ),
    }


SERVICE = {
    **api("one"),
    **api("two", INCLUDES),
    **api("three", USES_NEST),
    **api("backed", FAULTY.replace("<base />", '<base /><set-backend-service backend-id="store" />')),
    **api(
        "server",
        type="mcp",
        mcpTools=[{"name": "list", "operationId": "/apis/one/operations/list"}],
    ),
    "apis/one/operations/list/policy.xml": FAULTY,
    "backends/store/backendInformation.json": "{}",
    "policyFragments/common/policy.xml": FRAGMENT,
    "policyFragments/nest/policy.xml": NESTS,
    "policy.xml": GLOBAL,
}
ALL = sorted(name for name in SERVICE if name.endswith("policy.xml"))


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_files(tmp_path_factory.mktemp("committed"), SERVICE)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    return folder


@pytest.fixture
def service(committed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "service"
    shutil.copytree(committed, folder)
    monkeypatch.chdir(folder)
    return folder


def checked(*arguments: str) -> list[str]:
    result = apim_policy(
        "lint", "--select", "XML", "--changed-since", *(arguments or ("HEAD",)), "--output-format", "json"
    )
    assert "Traceback" not in result.err
    return sorted({item["file"] for item in result.json["diagnostics"]})


def edit(name: str) -> Callable[[Path], None]:
    return lambda folder: write_files(folder, {name: (folder / name).read_text() + "\n"}) and None


def delete(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(lambda folder: None, [], id="nothing"),
        pytest.param(edit("apis/two/policy.xml"), ["apis/two/policy.xml"], id="a document"),
        pytest.param(
            lambda folder: write_files(folder, {"apis/new/policy.xml": FAULTY}),
            ["apis/new/policy.xml"],
            id="a new document",
        ),
        pytest.param(
            edit("policyFragments/common/policy.xml"),
            [
                "apis/three/policy.xml",
                "apis/two/policy.xml",
                "policyFragments/common/policy.xml",
                "policyFragments/nest/policy.xml",
            ],
            id="a fragment, included directly and by another",
        ),
        pytest.param(
            delete("policyFragments/common/policy.xml"),
            ["apis/three/policy.xml", "apis/two/policy.xml", "policyFragments/nest/policy.xml"],
            id="a fragment that is gone",
        ),
        pytest.param(
            edit("apis/server/policy.xml"),
            ["apis/one/operations/list/policy.xml", "apis/one/policy.xml", "apis/server/policy.xml"],
            id="an MCP server",
        ),
        pytest.param(
            edit("apis/server/apiInformation.json"),
            ["apis/one/operations/list/policy.xml", "apis/one/policy.xml", "apis/server/policy.xml"],
            id="what describes an MCP server",
        ),
        pytest.param(
            edit("apis/one/policy.xml"),
            ["apis/one/operations/list/policy.xml", "apis/one/policy.xml", "apis/server/policy.xml"],
            id="an API behind tools",
        ),
        pytest.param(
            edit("apis/one/operations/list/policy.xml"),
            ["apis/one/operations/list/policy.xml", "apis/server/policy.xml"],
            id="an operation behind a tool",
        ),
        pytest.param(edit("policy.xml"), ALL, id="the policy of all APIs"),
        pytest.param(
            edit("backends/store/backendInformation.json"), ["apis/backed/policy.xml"], id="a backend"
        ),
        pytest.param(
            lambda folder: write_files(
                folder,
                {"named values/65a1/namedValueInformation.json": '{"properties": {"displayName": "store"}}'},
            ),
            ["apis/backed/policy.xml"],
            id="a named value by the name that is shown",
        ),
        pytest.param(
            lambda folder: write_files(folder, {"apim-policy.toml": 'profile = "strict"\n'}),
            ALL,
            id="settings",
        ),
        pytest.param(lambda folder: write_files(folder, {"README.md": "policy\n"}), [], id="another file"),
    ],
)
def test_what_a_change_concerns_is_checked(
    service: Path, change: Callable[[Path], object], expected: list[str]
):
    change(service)
    assert checked() == expected


def test_commits_and_the_index_count_too(service: Path):
    edit("apis/two/policy.xml")(service)
    git(service, "commit", "-q", "-a", "-m", "second")
    edit("apis/three/policy.xml")(service)
    git(service, "add", ".")
    assert checked() == ["apis/three/policy.xml"]
    assert checked("HEAD~1") == ["apis/three/policy.xml", "apis/two/policy.xml"]


def test_what_the_other_branch_did_meanwhile_does_not_count(service: Path):
    git(service, "checkout", "-q", "-b", "topic")
    edit("apis/two/policy.xml")(service)
    git(service, "commit", "-q", "-a", "-m", "mine")
    git(service, "checkout", "-q", "main")
    edit("apis/three/policy.xml")(service)
    git(service, "commit", "-q", "-a", "-m", "theirs")
    git(service, "checkout", "-q", "topic")
    assert checked("main") == ["apis/two/policy.xml"]


@pytest.mark.parametrize("change", ["main.bicep", "naming.bicep", "gone"])
def test_files_that_deploy_a_service_concern_its_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
):
    bicep = """module names 'naming.bicep' = { name: 'names' }
resource policy 'Microsoft.ApiManagement/service/apis/policies@2024-05-01' = {
  name: 's/${names.outputs.api}/policy'
  properties: { value: loadTextContent('loaded.xml') }
}
"""
    files = {"main.bicep": bicep, "naming.bicep": "output api string = 'one'\n", "other.bicep": "var a = 1\n"}
    write_files(tmp_path, {**files, "loaded.xml": FAULTY, "loose.xml": FAULTY})
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "first")
    (tmp_path / "other.bicep").write_text("var a = 2\n")
    assert checked() == []
    if change == "gone":
        (tmp_path / "main.bicep").unlink()
        assert checked() == ["loaded.xml", "loose.xml"]
    else:
        (tmp_path / change).write_text(f"{files[change]}// changed\n")
        assert checked() == ["loaded.xml"]


def test_names_that_need_care(service: Path):
    names = ["apis/a b/policy.xml", "apis/ü\n\"'$(x)/policy.xml"]
    write_files(service, dict.fromkeys(names, FAULTY))
    assert checked() == sorted(names)


def test_only_paths_that_were_named(service: Path):
    edit("policy.xml")(service)
    assert checked("HEAD", "apis/two") == ["apis/two/policy.xml"]


def test_from_a_folder_below(service: Path, monkeypatch: pytest.MonkeyPatch):
    edit("apis/two/policy.xml")(service)
    monkeypatch.chdir(service / "apis")
    assert checked() == ["two/policy.xml"]


@pytest.mark.parametrize("revision", ["gone", "--help", "-p", "HEAD;touch x", "$(touch x)", "--output=x", ""])
def test_a_revision_that_git_does_not_know(service: Path, revision: str):
    before = sorted(path.name for path in service.iterdir())
    result = apim_policy("lint", f"--changed-since={revision}")
    assert (result.status, result.text) == (2, "")
    assert result.err.startswith(f'apim-policy: Git knows no revision "{revision}" in "')
    assert sorted(path.name for path in service.iterdir()) == before


def test_outside_any_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write_files(tmp_path, {"policy.xml": FAULTY})
    monkeypatch.chdir(tmp_path)
    result = apim_policy("lint", "--changed-since", "HEAD")
    assert (result.status, result.text) == (2, "")
    assert "is in no git repository, so nothing says what changed there" in result.err


def test_without_git(service: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "")
    result = apim_policy("lint", "--changed-since", "HEAD")
    assert result.status == 2
    assert "Git was not found" in result.err
