"""The schemas are found in an installed package and in a checkout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from apim_policy.schema import files

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("inside", ["server/apim_policy/schemas", "schemas"])
def test_beside_the_code_or_in_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    folder = tmp_path / inside
    folder.mkdir(parents=True)
    (folder / "types.xsd").touch()
    monkeypatch.setattr(files, "_PACKAGE", tmp_path / "server" / "apim_policy")
    assert files.schemas_dir() == folder


def test_a_broken_installation_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_PACKAGE", tmp_path / "server" / "apim_policy")
    with pytest.raises(FileNotFoundError, match="install the package again"):
        files.schemas_dir()
