"""``apim-policy effective``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.command import apim_policy
from support.layers import COMMON, FRAGMENT, GLOBAL, OPERATION, layers, put
from support.workspaces import write_files

if TYPE_CHECKING:
    from pathlib import Path

FILES = layers(everywhere=put("a"), operation=COMMON, fragment=put("d"))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(write_files(tmp_path, FILES))
    return tmp_path


def test_text() -> None:
    result = apim_policy("effective", OPERATION)
    assert result.status == 0
    assert not result.err
    lines = result.text.splitlines()
    assert lines[0] == '<!-- Effective policy: operation "get-order" of the API "orders" -->'
    assert f"{' ' * 8}{put('a')}" in lines
    assert f"{' ' * 8}{put('d')}" in lines
    assert any(line.strip().startswith(f"<!-- {FRAGMENT}:1: ") for line in lines)


def test_json() -> None:
    result = apim_policy("effective", "--output-format", "json", OPERATION)
    found = result.json
    assert (found["version"], found["file"], found["scope"], found["complete"]) == (
        1,
        OPERATION,
        "operation",
        True,
    )
    assert found["text"] == apim_policy("effective", OPERATION).text
    lines = found["text"].splitlines()
    (part,) = [part for part in found["parts"] if part["file"] == FRAGMENT]
    start, end = part["lines"]["start"], part["lines"]["end"]
    assert [line.strip() for line in lines[start - 1 : end - 1]] == [put("d")]
    assert part["kind"] == "policy"
    assert part["section"] == "inbound"
    assert part["of"] == 'fragment "common"'
    first = FILES[FRAGMENT].index("<set") + 1
    assert part["range"] == {
        "start": {"line": 1, "column": first},
        "end": {"line": 1, "column": first + len(put("d"))},
    }
    (way,) = part["through"]
    assert way["file"] == OPERATION
    first = FILES[OPERATION].index(COMMON) + 1
    assert way["range"]["start"] == {"line": 1, "column": first}


def test_parts_follow_each_other_and_hold_each_line_but_the_names_of_origins() -> None:
    found = apim_policy("effective", "--output-format", "json", OPERATION).json
    lines = found["text"].splitlines()
    covered = [
        number for part in found["parts"] for number in range(part["lines"]["start"], part["lines"]["end"])
    ]
    assert covered == sorted(set(covered))
    rest = [line for number, line in enumerate(lines, 1) if number not in covered]
    assert all(line.strip().startswith("<!-- ") for line in rest)


def test_a_file_to_write_to(folder: Path) -> None:
    result = apim_policy("effective", "--output-file", "out.xml", GLOBAL)
    assert result.out == b""
    assert (folder / "out.xml").read_text() == apim_policy("effective", GLOBAL).text


def test_standard_input_in_its_place() -> None:
    text = FILES[OPERATION].replace(COMMON, put("new"))
    result = apim_policy("effective", "-", "--stdin-filename", OPERATION, stdin=text.encode())
    assert put("new") in result.text
    assert put("a") in result.text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("apis", '"apis" is a folder. Name one policy document in it.'),
        ("gone.xml", '"gone.xml" was not checked: it does not exist.'),
        ("notes.xml", '"notes.xml" is no policy document.'),
        ("empty.xml", '"empty.xml" is no policy document.'),
        ("binary.xml", '"binary.xml" cannot be read: it is neither UTF-8 nor UTF-16'),
    ],
)
def test_what_has_no_effective_policy(folder: Path, name: str, said: str) -> None:
    write_files(folder, {"notes.xml": "<notes />", "empty.xml": "", "binary.xml": b"\xff\xff<policies"})
    result = apim_policy("effective", name)
    assert result.status == 2
    assert result.out == b""
    assert said in result.err


def test_more_than_one_document_is_too_many() -> None:
    assert apim_policy("effective", GLOBAL, OPERATION).status == 2
    assert apim_policy("effective").status == 2
