"""``lint --baseline``: what is listed is hidden, whatever happens around it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from support.command import Result, apim_policy
from support.schemas import check_sarif
from support.workspaces import write_files

if TYPE_CHECKING:
    from pathlib import Path

HEADER = '<set-header name="a" name="b"><value>1</value></set-header>'
FAULTY = f"<policies>\n    <inbound>\n        {HEADER}\n    </inbound>\n</policies>\n"
SOUND = FAULTY.replace(HEADER, "<base />")
FILE = "known.json"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return write_files(tmp_path, {"a/policy.xml": FAULTY, "b/policy.xml": FAULTY})


def lint(*arguments: str) -> Result:
    return apim_policy("lint", "--baseline", FILE, "--output-format", "json", *arguments)


def write(*arguments: str) -> Result:
    return lint("--write-baseline", *arguments)


def listed(folder: Path) -> list[tuple[str, str, int]]:
    data = json.loads((folder / FILE).read_text())
    return [(item["file"], item["code"], item["count"]) for item in data["findings"]]


def test_what_was_written_is_hidden(folder: Path):
    result = write()
    assert (result.status, result.codes) == (0, [])
    assert result.err == f'apim-policy: The baseline "{FILE}" now lists 2 findings.\n'
    assert listed(folder) == [("a/policy.xml", "XML006", 1), ("b/policy.xml", "XML006", 1)]
    result = lint()
    assert (result.status, result.codes, result.err) == (0, [], "")


def test_people_are_told_how_much_is_hidden():
    write()
    assert apim_policy("lint", "--baseline", FILE).text == (
        "2 documents checked, nothing to report.\nHidden by the baseline: 2 findings.\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<!-- new -->\n\n" + FAULTY, id="moved"),
        pytest.param(FAULTY.replace("    ", "\t"), id="indented"),
        pytest.param(FAULTY.replace("\n", "\r\n"), id="line ends"),
        pytest.param(FAULTY.replace("<inbound>", "<inbound>\n<base />"), id="neighbour"),
    ],
)
def test_entries_survive_edits_beside_them(folder: Path, text: str):
    write()
    write_files(folder, {"a/policy.xml": text})
    result = lint()
    assert (result.status, result.codes, result.err) == (0, [], "")


def test_a_finding_in_changed_text_is_new_and_its_entry_is_stale(folder: Path):
    write()
    write_files(folder, {"a/policy.xml": FAULTY.replace('name="b"', 'name="c"')})
    result = lint()
    assert (result.status, result.codes) == (1, ["XML006"])
    assert result.err == (
        f'apim-policy: The baseline "{FILE}" is out of date: 1 entry of it matches nothing any more '
        "(XML006 in a/policy.xml). To renew it, so that it lists all that is found now: "
        f"apim-policy lint --baseline {FILE} --write-baseline\n"
    )


def test_of_findings_that_look_the_same_only_as_many_as_are_listed_are_hidden(folder: Path):
    write()
    write_files(folder, {"a/policy.xml": FAULTY.replace(HEADER, f"{HEADER}\n        {HEADER}")})
    result = lint()
    assert [item["range"]["start"]["line"] for item in result.json["diagnostics"]] == [4]


def test_entries_of_files_that_are_gone_are_stale(folder: Path):
    write()
    (folder / "b" / "policy.xml").unlink()
    assert "(XML006 in b/policy.xml)" in lint("a").err


def test_nothing_is_said_about_what_was_not_checked(folder: Path):
    write()
    write_files(folder, {"a/policy.xml": SOUND, "b/policy.xml": SOUND})
    assert lint("--select", "MCP").err == ""
    result = lint("a")
    assert "(XML006 in a/policy.xml)" in result.err


def test_what_was_not_checked_stays_listed(folder: Path):
    write()
    write_files(folder, {"a/policy.xml": SOUND, "b/policy.xml": SOUND})
    write("a")
    assert listed(folder) == [("b/policy.xml", "XML006", 1)]
    write("--select", "MCP")
    assert listed(folder) == [("b/policy.xml", "XML006", 1)]
    write()
    assert listed(folder) == []


def test_paths_are_relative_to_the_baseline(folder: Path, monkeypatch: pytest.MonkeyPatch):
    write()
    monkeypatch.chdir(folder / "a")
    result = apim_policy("lint", "--baseline", f"../{FILE}", "policy.xml", "../b")
    assert (result.status, result.err) == (0, "")


def test_two_runs_write_the_same_bytes(folder: Path):
    write()
    before = (folder / FILE).read_bytes()
    write()
    assert (folder / FILE).read_bytes() == before
    assert HEADER[:11].encode() not in before


def test_a_file_that_cannot_be_read_is_never_hidden(folder: Path):
    write_files(folder, {"a/policy.xml": b"<policies>\xe9</policies>"})
    assert write("a/policy.xml").codes == ["LNT002"]
    assert listed(folder) == []


def test_a_file_that_cannot_be_read_now_makes_no_entry_stale(folder: Path):
    write()
    write_files(folder, {"a/policy.xml": b"<policies>\xe9</policies>"})
    result = lint("a/policy.xml")
    assert (result.codes, result.err) == (["LNT002"], "")


def test_sarif_marks_what_is_hidden(folder: Path):
    write()
    result = apim_policy("lint", "--baseline", FILE, "--output-format", "sarif")
    results = check_sarif(result.text)["runs"][0]["results"]
    assert [item["suppressions"] for item in results] == [[{"kind": "external"}]] * 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            None,
            f'There is no baseline "{FILE}". To write it: apim-policy lint --baseline {FILE} --write-baseline',
        ),
        ("", "it is no JSON (line 1: "),
        ('{"version": 1,\n', "it is no JSON (line 2: "),
        (b"\xff\xfe\x00", "it is no JSON"),
        ("[" * 100_000, "it is no JSON"),
        ("[]", "it is no list that --write-baseline wrote"),
        ('{"version": 2}', "its version is 2, and this program reads version 1"),
        ('{"version": 1, "findings": 3}', "its finding number 1 is not complete"),
        ('{"version": 1, "findings": [{"file": "a"}]}', "its finding number 1 is not complete"),
        (
            '{"version": 1, "findings": [{"file": "a", "code": "b", "fingerprint": "c", "count": true}]}',
            "its finding number 1 is not complete",
        ),
    ],
)
def test_a_baseline_that_cannot_be_used(folder: Path, content: str | bytes | None, reason: str):
    if content is not None:
        write_files(folder, {FILE: content})
    result = lint()
    assert (result.status, result.text) == (2, "")
    assert reason in result.err


def test_a_file_that_is_no_baseline_is_not_overwritten(folder: Path):
    result = apim_policy("lint", "--baseline", "a/policy.xml", "--write-baseline")
    assert result.status == 2
    assert "Restore it, or delete it and write it anew." in result.err
    assert (folder / "a" / "policy.xml").read_text() == FAULTY


def test_to_write_a_baseline_takes_a_file():
    result = apim_policy("lint", "--write-baseline")
    assert result.status == 2
    assert "--write-baseline needs --baseline FILE" in result.err


def test_a_folder_that_does_not_exist():
    result = apim_policy("lint", "--baseline", "gone/known.json", "--write-baseline")
    assert result.status == 2
    assert 'The baseline cannot be written to "gone/known.json"' in result.err
