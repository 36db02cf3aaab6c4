"""Every output format, with the options that go with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from support.command import apim_policy
from support.schemas import check_gitlab, check_junit, check_sarif
from support.workspaces import write_files

if TYPE_CHECKING:
    from pathlib import Path

FAULTY = '<policies>\n    <inbound>\n        <set-header name="a" name="b"><value>1</value></set-header>\n    </inbound>\n</policies>\n'
READERS = {
    "text": str,
    "concise": str,
    "json": json.loads,
    "sarif": check_sarif,
    "github": str,
    "azure-pipelines": str,
    "gitlab": check_gitlab,
    "junit": check_junit,
}
FOR_MACHINES = ["sarif", "github", "azure-pipelines", "gitlab", "junit"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return write_files(tmp_path, {"apis/a/policy.xml": FAULTY})


@pytest.mark.parametrize("form", READERS)
def test_each_names_the_finding_and_its_file(form: str):
    result = apim_policy("lint", "--output-format", form)
    assert (result.status, result.err) == (1, "")
    READERS[form](result.text)
    assert "XML006" in result.text
    assert "apis/a/policy.xml" in result.text


@pytest.mark.parametrize("form", READERS)
def test_each_may_go_to_a_file(form: str, folder: Path):
    printed = apim_policy("lint", "--output-format", form)
    written = apim_policy("lint", "--output-format", form, "--output-file", "report")
    assert (written.status, written.text, written.err) == (1, "", "")
    assert (folder / "report").read_bytes() == printed.out


@pytest.mark.parametrize("form", FOR_MACHINES)
def test_statistics_stand_beside_a_report_for_machines(form: str):
    report = apim_policy("lint", "--output-format", form)
    counted = apim_policy("lint", "--output-format", form, "--statistics")
    assert counted.out == report.out
    assert counted.err.startswith("Count  Code    Name                 Level\n1      XML006  ")


def test_fix_reports_what_remains(folder: Path):
    result = apim_policy("fix", "--output-format", "gitlab")
    assert result.status == 1
    assert [issue["check_name"] for issue in check_gitlab(result.text)] == ["duplicate-attribute"]


@pytest.mark.parametrize("command", ["lint", "fix"])
def test_a_comment_that_suppresses_shows_in_sarif(folder: Path, command: str):
    comment = "<!-- apim-policy: ignore[XML006] the gateway takes the first -->\n"
    write_files(folder, {"apis/a/policy.xml": FAULTY.replace("<set-header", f"{comment}<set-header")})
    result = apim_policy(command, "--output-format", "sarif")
    (found,) = check_sarif(result.text)["runs"][0]["results"]
    assert result.status == 0
    assert found["suppressions"] == [{"kind": "inSource", "justification": "the gateway takes the first"}]
