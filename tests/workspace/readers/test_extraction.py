"""Folders that hold only what the extractor of APIOps was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from apim_policy.workspace.model import ResourceKind
from support.layers import API, layers
from support.resources import described
from support.workspaces import open_workspace, write_files

if TYPE_CHECKING:
    from pathlib import Path

    from apim_policy.workspace.workspace import Workspace

FILE = "configuration.extractor.yaml"
FILES = {**layers(), **described("named value", "a", "b")}


def opened(folder: Path, configuration: str, name: str = FILE, base: str = "") -> Workspace:
    files = {f"{base}{name}": text for name, text in FILES.items()}
    root = write_files(folder.resolve(), {**files, name: configuration})
    return open_workspace(root).around(root / base / API)


@pytest.mark.parametrize(
    ("name", "base"),
    [
        (FILE, ""),
        (FILE, "artifacts/"),
        ("configuration.extractor.dev.yml", "dev/artifacts/"),
        ("artifacts/configuration.extractor.yaml", "artifacts/"),
    ],
)
def test_where_the_configuration_may_stand(tmp_path: Path, name: str, base: str) -> None:
    workspace = opened(tmp_path, "namedValueNames:\n  - a\n  - b\n", name, base)
    assert workspace.listing(ResourceKind.NAMED_VALUE) is None


@pytest.mark.parametrize(
    "configuration",
    [
        "namedValueNames:\n- A\n- 'b'\n",
        'apiNames:\n  - x\n\nnamedValueNames:  # all that we own\n\n  # two\n  - a # first\n  - "b"\n  - c\ntagNames:\n',
        "namedValueNames: [a, 'b']\n",
    ],
)
def test_a_list_that_was_used(tmp_path: Path, configuration: str) -> None:
    assert opened(tmp_path, configuration).listing(ResourceKind.NAMED_VALUE) is None


@pytest.mark.parametrize(
    "configuration",
    [
        "",
        "apiNames:\n  - a\n  - b\n",
        "namedValueNames:\n  - a\ntagNames:\n  - b\n",
        "# namedValueNames: [a, b]\n",
        "{",
    ],
)
def test_no_such_list_or_one_that_was_not_used(tmp_path: Path, configuration: str) -> None:
    assert opened(tmp_path, configuration).listing(ResourceKind.NAMED_VALUE) is not None


def test_a_configuration_that_cannot_be_read(tmp_path: Path) -> None:
    write_files(tmp_path, {FILE: b"\xff\xff\x00"})
    root = write_files(tmp_path.resolve(), FILES)
    assert open_workspace(root).around(root / API).listing(ResourceKind.NAMED_VALUE) is not None


@pytest.mark.parametrize(
    ("configuration", "known"),
    [
        ("apiNames:\n  - orders:\n      operationNames:\n        - get-order\n", False),
        ("productNames:\n", False),
        ("apiNames:\n  - another\n", True),
        ("loggerNames:\n  - orders\n", True),
    ],
)
def test_whether_all_policies_are_there(tmp_path: Path, configuration: str, known: bool) -> None:
    workspace = opened(tmp_path, configuration)
    assert bool(workspace.service_policies(workspace.root / API)) is known
