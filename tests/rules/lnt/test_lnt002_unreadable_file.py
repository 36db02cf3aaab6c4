"""A file that cannot be read is a finding; the others are checked all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.lint.engine import lint_document
from apim_policy.lint.selection import Selection
from apim_policy.rules.model import Severity
from apim_policy.text.span import Span
from support.workspaces import open_workspace, write_files

if TYPE_CHECKING:
    from pathlib import Path

    from apim_policy.workspace.settings import Settings


def lint(folder: Path, name: str, settings: Settings | None = None, **options: list[str]):
    workspace = open_workspace(folder)
    return lint_document(workspace, folder / name, Selection(settings or workspace.settings, **options))


def test_a_file_in_an_old_code_page(tmp_path: Path):
    write_files(tmp_path, {"policy.xml": "<policies><!-- é --></policies>".encode("cp1252")})
    (finding,) = lint(tmp_path, "policy.xml")
    assert (finding.code, finding.span, finding.severity) == ("LNT002", Span(0, 0), Severity.ERROR)
    assert finding.message == (
        '"policy.xml" was not checked: it is neither UTF-8 nor UTF-16 (byte 15 does not fit UTF-8).'
    )


def test_a_file_that_is_gone(tmp_path: Path):
    (finding,) = lint(tmp_path, "policy.xml")
    assert finding.message == '"policy.xml" was not checked: it does not exist.'


def test_a_folder_in_place_of_a_file(tmp_path: Path):
    (tmp_path / "policy.xml").mkdir()
    (finding,) = lint(tmp_path, "policy.xml")
    assert finding.message == '"policy.xml" was not checked: it is a folder.'


def test_utf_16_is_read(tmp_path: Path):
    write_files(tmp_path, {"policy.xml": "<policies><!-- é --></policies>".encode("utf-16")})
    assert "LNT002" not in [finding.code for finding in lint(tmp_path, "policy.xml")]


def test_it_can_be_ignored(tmp_path: Path):
    assert lint(tmp_path, "policy.xml", ignore=["LNT002"]) == []
