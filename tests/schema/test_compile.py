"""Faults in schemas are named with their file and line."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from apim_policy.schema import compile as compiler
from apim_policy.schema.compile import compiled
from apim_policy.schema.files import schemas_dir
from apim_policy.schema.sources import SchemaError

if TYPE_CHECKING:
    from pathlib import Path

CHOOSE = "policies/choose.xsd"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the schemas."""
    return shutil.copytree(schemas_dir(), tmp_path / "schemas")


def fault(folder: Path, file: str, old: str, new: str, *, at: str | None = None) -> SchemaError:
    """The error after a change to a file; it must stand on the line of the change, or on that of another text."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    line = text[: text.index(at or old)].count("\n") + 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        compiled(folder)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    return caught.value


def test_two_runs_give_the_same_bytes(folder: Path) -> None:
    assert compiled(folder) == compiled(schemas_dir())


def test_not_well_formed(folder: Path) -> None:
    error = fault(folder, CHOOSE, "</xs:appinfo>", "</xs:apinfo>")
    assert "apinfo" in error.message


def test_no_schema(folder: Path) -> None:
    error = fault(folder, CHOOSE, '<xs:element name="when"', "<xs:element")
    assert "The attribute 'name' is required but missing" in error.message


def test_no_documentation(folder: Path) -> None:
    text = (folder / CHOOSE).read_text(encoding="utf-8")
    start = text.index("<xs:documentation>A boolean")
    old = text[start : text.index("</xs:documentation>", start) + len("</xs:documentation>")]
    error = fault(folder, CHOOSE, old, "", at='<xs:attribute name="condition"')
    assert error.message == '"condition" has no xs:documentation'


def test_a_fact_outside_the_vocabulary(folder: Path) -> None:
    error = fault(folder, CHOOSE, "<p:sections>inbound", "<p:sections>imbound")
    assert "imbound" in error.message


def test_a_fact_in_the_wrong_place(folder: Path) -> None:
    error = fault(folder, CHOOSE, "<p:runs>if-chosen</p:runs>", "<p:once>section</p:once>")
    assert error.message == '"once" says nothing about an xs:element here'


def test_content_of_a_form_that_the_model_cannot_express(folder: Path) -> None:
    error = fault(folder, "policies/return-response.xsd", "<xs:sequence>", '<xs:sequence maxOccurs="2">')
    assert "at most once" in error.message


def test_a_policy_that_nothing_includes(folder: Path) -> None:
    path = folder / "policies/new-policy.xsd"
    text = (folder / CHOOSE).read_text(encoding="utf-8")
    path.write_text(text.replace('element name="choose"', 'element name="new-policy"'), encoding="utf-8")
    with pytest.raises(SchemaError, match=r"new-policy\.xsd:1: no root file includes it"):
        compiled(folder)


def test_the_command_writes_the_model(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "model.json"
    monkeypatch.setattr(compiler, "schemas_dir", lambda: folder)
    monkeypatch.setattr(compiler, "model_file", lambda: target)
    assert compiler.main() == 0
    assert target.read_text(encoding="utf-8") == compiled(folder)


def test_the_command_says_what_is_wrong(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / CHOOSE).write_text("<", encoding="utf-8")
    monkeypatch.setattr(compiler, "schemas_dir", lambda: folder)
    assert compiler.main() == 1
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith(f"{folder / CHOOSE}:1: ")
