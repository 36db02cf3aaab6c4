from __future__ import annotations

from pathlib import Path

import pytest

from apim_policy.workspace.roots import project_root
from apim_policy.workspace.settings import Settings
from support.workspaces import write_files

ORDERS = "work/artifacts/apis/orders"


@pytest.fixture
def top(tmp_path: Path) -> Path:
    return write_files(tmp_path, {f"{ORDERS}/policy.xml": "<policies />"})


def test_a_folder_by_itself_is_all_there_is(top: Path) -> None:
    assert project_root(top / ORDERS, Settings()) == top / ORDERS


def test_the_settings_say_how_far_a_project_reaches(top: Path) -> None:
    write_files(top, {".git/HEAD": ""})
    settings = Settings(path=top / "work" / "apim-policy.toml")
    assert project_root(top / ORDERS, settings) == top / "work"
    assert project_root(top / "elsewhere", settings) == top


def test_a_repository_reaches_to_its_root(top: Path) -> None:
    write_files(top, {"work/.git": "gitdir: elsewhere"})
    assert project_root(top / ORDERS, Settings(), [top]) == top / "work"


def test_elsewhere_a_service_is_seen_from_each_of_its_folders(top: Path) -> None:
    write_files(top, {f"{ORDERS}/apiInformation.json": "{}"})
    for folder in (ORDERS, f"{ORDERS}/operations/list", "work/artifacts"):
        assert project_root(top / folder, Settings()) == top / "work/artifacts"
    assert project_root(top / "work", Settings()) == top / "work"


def test_what_the_user_opened_counts_where_it_reaches_further(top: Path) -> None:
    write_files(top, {f"{ORDERS}/apiInformation.json": "{}"})
    assert project_root(top / ORDERS, Settings(), [top / "work"]) == top / "work"
    assert project_root(top / ORDERS, Settings(), [top / ORDERS]) == top / "work/artifacts"
    assert project_root(top / ORDERS, Settings(), [top / "elsewhere"]) == top / "work/artifacts"


def test_the_home_folder_is_no_project(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: top)
    assert project_root(top / ORDERS, Settings(), [top, Path("/")]) == top / ORDERS
