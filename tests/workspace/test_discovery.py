from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from apim_policy.workspace import discovery
from apim_policy.workspace.discovery import find_documents
from apim_policy.workspace.files import FileStore
from apim_policy.workspace.ignoring import Ignoring
from support.workspaces import write_files

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

POLICY = "<policies />"


def found(root: Path, exclude: Sequence[str] = (), base: Path | None = None) -> list[str]:
    paths = find_documents(root, FileStore(), Ignoring(root, exclude, base))
    return sorted(path.relative_to(root).as_posix() for path in paths)


def test_documents_are_found_by_their_root_whatever_they_are_called(tmp_path: Path) -> None:
    names = ["a.xml", "b.cshtml", "c.policy", "d.xml.tpl", "e.tftpl", "f.tmpl", "Makefile", "G.XML"]
    write_files(tmp_path, dict.fromkeys(names, POLICY) | {"pom.xml": "<project/>", "notes.md": POLICY})
    assert found(tmp_path) == sorted(names)


@pytest.mark.parametrize(
    "root", ["policies", "fragment", "http-data-source", "sql-data-source", "cosmosdb-data-source"]
)
def test_all_kinds_of_documents_are_found(tmp_path: Path, root: str) -> None:
    write_files(tmp_path, {"x.xml": f"<{root}></{root}>"})
    assert found(tmp_path) == ["x.xml"]


def test_hidden_files_and_folders_of_tools_are_passed_over(tmp_path: Path) -> None:
    names = [
        "apis/policy.xml",
        ".policy.xml",
        ".git/policy.xml",
        "node_modules/x/policy.xml",
        ".venv/policy.xml",
    ]
    write_files(tmp_path, dict.fromkeys(names, POLICY) | {"env/pyvenv.cfg": "", "env/lib/policy.xml": POLICY})
    assert found(tmp_path) == ["apis/policy.xml"]


def test_gitignore_files_count_for_their_folder_and_those_below(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            ".gitignore": "build/\n*.gen.xml\n/top.xml\n",
            "top.xml": POLICY,
            "deep/top.xml": POLICY,
            "deep/a.gen.xml": POLICY,
            "deep/kept/.gitignore": "!b.gen.xml\nsecret.xml\n",
            "deep/kept/b.gen.xml": POLICY,
            "deep/kept/secret.xml": POLICY,
            "secret.xml": POLICY,
            "deep/build/policy.xml": POLICY,
        },
    )
    assert found(tmp_path) == ["deep/kept/b.gen.xml", "deep/top.xml", "secret.xml"]


def test_rules_of_the_repository_above_count_too(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {".git/HEAD": "", ".gitignore": "*.gen.xml\n", "apis/a.xml": POLICY, "apis/b.gen.xml": POLICY},
    )
    assert found(tmp_path / "apis") == ["a.xml"]


def test_rules_above_do_not_count_outside_a_repository(tmp_path: Path) -> None:
    write_files(tmp_path, {".gitignore": "*.xml\n", "apis/a.xml": POLICY})
    assert found(tmp_path / "apis") == ["a.xml"]


def test_a_folder_that_was_named_is_searched_although_it_is_ignored(tmp_path: Path) -> None:
    write_files(tmp_path, {".git/HEAD": "", ".gitignore": "build/\n", "build/policy.xml": POLICY})
    assert found(tmp_path) == []
    assert found(tmp_path / "build") == ["policy.xml"]
    assert found(tmp_path / "build", ["build/"], tmp_path) == ["policy.xml"]


def test_a_line_that_is_no_pattern_does_not_spoil_the_others(tmp_path: Path) -> None:
    write_files(tmp_path, {".gitignore": b"!\n[z-a]\n\xff\nb.xml\n", "a.xml": POLICY, "b.xml": POLICY})
    assert found(tmp_path) == ["a.xml"]


def test_exclude_speaks_of_paths_below_the_settings(tmp_path: Path) -> None:
    write_files(tmp_path, dict.fromkeys(["a/archive/x.xml", "a/y.xml", "old.xml"], POLICY))
    assert found(tmp_path, ["**/archive/**", "/old.xml"]) == ["a/y.xml"]
    assert found(tmp_path / "a", ["a/archive/"], tmp_path) == ["y.xml"]


def test_exclude_wins_over_a_gitignore_that_keeps_a_file(tmp_path: Path) -> None:
    write_files(tmp_path, {".gitignore": "!a.xml\n", "a.xml": POLICY})
    assert found(tmp_path, ["a.xml"]) == []


def test_links_are_followed_to_files_inside_only(tmp_path: Path) -> None:
    write_files(tmp_path, {"root/shared.xml": POLICY, "outside/secret.xml": POLICY, "root/apis/.keep": ""})
    (tmp_path / "root/apis/policy.xml").symlink_to(tmp_path / "root/shared.xml")
    (tmp_path / "root/apis/secret.xml").symlink_to(tmp_path / "outside/secret.xml")
    (tmp_path / "root/apis/broken.xml").symlink_to(tmp_path / "root/nothing.xml")
    (tmp_path / "root/apis/outside").symlink_to(tmp_path / "outside")
    (tmp_path / "root/apis/loop").symlink_to(tmp_path / "root")
    assert found(tmp_path / "root") == ["apis/policy.xml", "shared.xml"]


def test_what_cannot_be_read_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, {"a.xml": POLICY, "closed/b.xml": POLICY})
    (tmp_path / "broken.xml").symlink_to("broken.xml")
    scan = os.scandir

    def deny(path: str) -> object:
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(discovery.os, "scandir", deny)
    assert found(tmp_path) == ["a.xml"]


def test_a_folder_that_does_not_exist_has_no_documents(tmp_path: Path) -> None:
    assert found(tmp_path / "nowhere") == []


@pytest.mark.parametrize(
    ("path", "left_out"),
    [
        ("apis/policy.xml", False),
        ("build/policy.xml", True),
        ("apis/a.gen.xml", True),
        ("apis/kept.gen.xml", False),
        ("node_modules/a/policy.xml", True),
        ("archive/policy.xml", True),
    ],
)
def test_a_single_path_is_judged_as_a_search_would(tmp_path: Path, path: str, left_out: bool) -> None:
    write_files(
        tmp_path, {".gitignore": "build/\n*.gen.xml\n", "apis/.gitignore": "!kept.gen.xml\n", path: POLICY}
    )
    assert Ignoring(tmp_path, ["archive"]).leaves_out(tmp_path / path) is left_out
    assert found(tmp_path, ["archive"]) == ([] if left_out else [path])


def test_pathspec_is_not_imported_for_nothing(tmp_path: Path) -> None:
    import subprocess
    import sys

    write_files(tmp_path, {"a.xml": POLICY})
    program = (
        "import sys; from pathlib import Path\n"
        "from apim_policy.workspace.workspace import Workspace\n"
        "workspace = Workspace.discover(Path(sys.argv[1]))\n"
        "assert len(workspace.documents) == 1\n"
        "workspace.info(workspace.documents[0])\n"
        "print([name for name in ('pathspec', 'rapidfuzz', 'tomllib', 'json', 'lxml') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
