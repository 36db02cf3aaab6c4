"""``apim-policy lint``: which files, which findings, which exit status; and what happens with bad input."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from support.command import apim_policy
from support.workspaces import write_files

if TYPE_CHECKING:
    from pathlib import Path

SOUND = "<policies>\n    <inbound>\n        <base />\n    </inbound>\n</policies>\n"
FAULTY = SOUND.replace("<base />", '<set-header name="a" name="b"><value>1</value></set-header>')
UNUSED = SOUND.replace("<base />", "<!-- apim-policy: ignore[XML006] -->\n        <base />")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


class TestFiles:
    def test_without_a_path_the_current_folder_is_checked(self, folder: Path):
        write_files(folder, {"a/policy.xml": FAULTY, "b.cshtml": SOUND, "pom.xml": "<project/>"})
        result = apim_policy("lint", "--output-format", "json")
        assert result.json["summary"]["files"] == 2
        assert [item["file"] for item in result.json["diagnostics"]] == ["a/policy.xml"]

    def test_a_file_that_is_named_twice_is_checked_once(self, folder: Path):
        write_files(folder, {"a/policy.xml": FAULTY})
        result = apim_policy("lint", "a/policy.xml", "a", "./a/../a/policy.xml", "--output-format", "json")
        assert result.codes == ["XML006"]

    def test_files_come_in_order(self, folder: Path):
        write_files(folder, dict.fromkeys(("c.xml", "a.xml", "b/a.xml"), FAULTY))
        result = apim_policy("lint", "c.xml", "b", "a.xml", "--output-format", "json")
        assert [item["file"] for item in result.json["diagnostics"]] == ["a.xml", "b/a.xml", "c.xml"]

    def test_paths_are_relative_to_the_working_folder_or_absolute(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ):
        write_files(folder, {"a/policy.xml": FAULTY, "b/policy.xml": FAULTY})
        monkeypatch.chdir(folder / "a")
        result = apim_policy("lint", ".", "../b", "--output-format", "json")
        assert [item["file"] for item in result.json["diagnostics"]] == [
            "policy.xml",
            (folder / "b" / "policy.xml").as_posix(),
        ]

    def test_what_git_ignores_is_left_out_unless_it_is_named(self, folder: Path):
        write_files(folder, {".gitignore": "out/\n", "out/policy.xml": FAULTY})
        assert apim_policy("lint").status == 0
        assert apim_policy("lint", "out/policy.xml").status == 1

    def test_what_the_settings_exclude_is_left_out_unless_it_is_named(self, folder: Path):
        write_files(folder, {"apim-policy.toml": 'exclude = ["old/"]', "old/policy.xml": FAULTY})
        assert apim_policy("lint").status == 0
        assert apim_policy("lint", "old/policy.xml").status == 1


class TestStandardInput:
    def test_it_is_checked(self):
        result = apim_policy("lint", "-", "--output-format", "concise", stdin=FAULTY.encode())
        assert result.status == 1
        assert result.text.startswith("<stdin>:3:30 error XML006 ")

    def test_it_stands_for_a_file(self, folder: Path):
        write_files(
            folder,
            {"a/policy.xml": SOUND, "apim-policy.toml": '[per-file]\n"a/*" = { ignore = ["XML006"] }'},
        )
        result = apim_policy("lint", "-", "--stdin-filename", "a/policy.xml", stdin=FAULTY.encode())
        assert result.status == 0

    def test_a_name_needs_standard_input(self):
        result = apim_policy("lint", "--stdin-filename", "a.xml")
        assert (result.status, result.text) == (2, "")
        assert "--stdin-filename needs - as a path" in result.err

    def test_it_may_be_utf_16(self):
        assert apim_policy("lint", "-", stdin=SOUND.encode("utf-16")).status == 0

    def test_it_may_not_be_anything_else(self):
        result = apim_policy("lint", "-", stdin=b"<policies>\xe9</policies>")
        assert result.status == 2
        assert '"<stdin>" was not checked: it is neither UTF-8 nor UTF-16' in result.err


class TestExitStatus:
    @pytest.mark.parametrize(
        ("files", "arguments", "status"),
        [
            ({"a.xml": SOUND}, [], 0),
            ({"a.xml": FAULTY}, [], 1),
            ({"a.xml": UNUSED}, [], 1),
            ({"a.xml": UNUSED}, ["--fail-on", "error"], 0),
            ({"a.xml": FAULTY}, ["--fail-on", "error"], 1),
            ({"a.xml": UNUSED, "apim-policy.toml": '[rules]\nLNT001 = "info"'}, [], 0),
            ({"a.xml": UNUSED, "apim-policy.toml": '[rules]\nLNT001 = "info"'}, ["--fail-on", "info"], 1),
            ({"a.xml": UNUSED, "apim-policy.toml": '[rules]\nLNT001 = "info"'}, ["--fail-on", "hint"], 1),
            ({"a.xml": FAULTY}, ["--exit-zero"], 0),
            ({"a.xml": FAULTY}, ["--ignore", "XML"], 0),
            ({"a.xml": FAULTY}, ["--select", "LNT"], 0),
            ({"a.xml": FAULTY}, ["--select", "LNT,duplicate-attribute"], 1),
            ({"a.xml": FAULTY}, ["--select", "LNT", "--select", "XML006"], 1),
        ],
    )
    def test_findings_decide(self, folder: Path, files: dict[str, str], arguments: list[str], status: int):
        write_files(folder, files)
        assert apim_policy("lint", *arguments).status == status

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (
                ["--select", "XLM006"],
                '"XLM006" is no rule, family or prefix of rules. Did you mean "XML006"?',
            ),
            (["--ignore", "nonsense"], '"nonsense" is no rule'),
            (["--config", "gone.toml"], 'There is no settings file "gone.toml".'),
            (["--config", "a.xml", "--no-config"], "not allowed with"),
            (["--fail-on", "fatal"], "'fatal'"),
            (["--output-format", "yaml"], "'yaml'"),
            (["--outputformat"], "--outputformat"),
            (["--output-file", "gone/report.txt"], 'The report cannot be written to "gone/report.txt"'),
        ],
    )
    def test_wrong_usage_says_what_is_wrong(self, folder: Path, arguments: list[str], message: str):
        write_files(folder, {"a.xml": FAULTY})
        result = apim_policy("lint", *arguments)
        assert (result.status, result.text) == (2, "")
        assert message in result.err


BAD_INPUT = [
    pytest.param(
        {"bad.xml": "<policies>\u00e9</policies>".encode("latin-1")},
        ["bad.xml"],
        1,
        "",
        "bad.xml:1:1 error LNT002",
        id="no UTF-8",
    ),
    pytest.param(
        {"bad.xml": b""}, ["bad.xml"], 1, '"bad.xml" is empty: there is nothing to check.', "", id="empty"
    ),
    pytest.param(
        {"bad.xml": b" \n"}, ["bad.xml"], 1, '"bad.xml" is empty: there is nothing to check.', "", id="blank"
    ),
    pytest.param(
        {"bad.xml": b"<project/>"},
        ["bad.xml"],
        1,
        '"bad.xml" is no policy document, its root is project: only its XML was checked.',
        "",
        id="other root",
    ),
    pytest.param({}, ["bad.xml"], 2, '"bad.xml" was not checked: it does not exist.', "", id="missing"),
    pytest.param(
        {}, ["good.xml/x"], 2, '"good.xml/x" was not checked: it does not exist.', "", id="below a file"
    ),
    pytest.param(
        {"bad/x.txt": b""}, ["bad"], 1, 'No policy documents were found in "bad".', "", id="empty folder"
    ),
    pytest.param({"bad.xml": b"\x00\x01\x02"}, ["bad.xml"], 1, "", "", id="binary"),
    pytest.param({"bad.xml": b"<" * 5000}, ["bad.xml"], 1, "", "bad.xml:1:1 error XML", id="hostile"),
]


class TestBadInput:
    @pytest.mark.parametrize(("files", "paths", "status", "said", "reported"), BAD_INPUT)
    def test_it_is_named_and_the_other_files_are_checked(
        self, folder: Path, files: dict[str, bytes], paths: list[str], status: int, said: str, reported: str
    ):
        write_files(folder, {**files, "good.xml": FAULTY})
        result = apim_policy("lint", *paths, "good.xml", "--output-format", "concise")
        assert "good.xml:3:30 error XML006" in result.text
        assert reported in result.text
        assert said in result.err
        assert result.status == status
        assert "Traceback" not in result.err

    def test_an_empty_folder_is_no_failure(self, folder: Path):
        result = apim_policy("lint")
        assert (result.status, result.text) == (0, "0 documents checked, nothing to report.\n")
        assert result.err == 'apim-policy: No policy documents were found in ".".\n'

    @pytest.mark.parametrize(
        ("settings", "message"),
        [
            ('selct = ["XML"]', 'apim-policy.toml:1: "selct" is no setting. Did you mean "select"?'),
            (
                "\n[gateway]\ntyp = 'v2'",
                'apim-policy.toml:3: "typ" is no setting of "gateway". Did you mean "type"?',
            ),
            ("\nignore = ['XLM006']", 'apim-policy.toml:2: "XLM006" is no rule'),
            ("[rules", "apim-policy.toml:1: This is not TOML"),
            (b"\xff\xfe\x00", "apim-policy.toml:1: The settings are not UTF-8"),
        ],
    )
    def test_settings_that_make_no_sense(self, folder: Path, settings: str | bytes, message: str):
        write_files(folder, {"apim-policy.toml": settings, "a/good.xml": FAULTY})
        result = apim_policy("lint", "a/good.xml", "--output-format", "json")
        assert (result.status, result.json["summary"]["files"]) == (2, 0)
        assert result.err.startswith(f"apim-policy: {message}")
        assert result.err.endswith(" The documents that these settings are for were not checked.\n")

    @pytest.mark.parametrize("settings", ['selct = ["XML"]', 'select = ["XLM"]'])
    def test_documents_with_other_settings_are_checked_all_the_same(self, folder: Path, settings: str):
        write_files(
            folder,
            {
                "apim-policy.toml": settings,
                "one/policy.xml": FAULTY,
                "two/policy.xml": FAULTY,
                "sound/apim-policy.toml": "",
                "sound/policy.xml": FAULTY,
            },
        )
        result = apim_policy("lint", "--output-format", "json")
        assert [item["file"] for item in result.json["diagnostics"]] == ["sound/policy.xml"]
        assert result.status == 2
        assert result.err.count("apim-policy.toml:1: ") == 1

    def test_a_file_that_vanishes_between_search_and_reading(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ):
        from apim_policy.lint import engine

        write_files(folder, {"bad.xml": FAULTY, "good.xml": FAULTY})
        whole = engine.RuleContext

        def vanish(*arguments):
            (folder / "good.xml").unlink(missing_ok=True)
            return whole(*arguments)

        monkeypatch.setattr(engine, "RuleContext", vanish)
        result = apim_policy("lint", "--output-format", "concise")
        assert "bad.xml:3:30 error XML006" in result.text
        assert 'good.xml:1:1 error LNT002 "good.xml" was not checked: it does not exist.' in result.text
        assert result.status == 1

    @pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="the user may read every file")
    def test_a_file_that_may_not_be_read(self, folder: Path):
        write_files(folder, {"bad.xml": FAULTY, "good.xml": FAULTY})
        (folder / "bad.xml").chmod(0)
        result = apim_policy("lint", "bad.xml", "good.xml", "--output-format", "concise")
        assert "bad.xml:1:1 error LNT002" in result.text
        assert "good.xml:3:30 error XML006" in result.text


class TestSettings:
    FILES = {  # noqa: RUF012
        "apim-policy.toml": 'ignore = ["XML006"]',
        "a/policy.xml": FAULTY,
        "b/apim-policy.toml": "",
        "b/policy.xml": FAULTY,
        "other.toml": 'ignore = ["XML"]',
    }

    def found(self, folder: Path, *arguments: str) -> list[str]:
        write_files(folder, self.FILES)
        result = apim_policy("lint", "--output-format", "json", *arguments)
        return [item["file"] for item in result.json["diagnostics"]]

    def test_each_file_has_the_nearest(self, folder: Path):
        assert self.found(folder) == ["b/policy.xml"]

    def test_none(self, folder: Path):
        assert self.found(folder, "--no-config") == ["a/policy.xml", "b/policy.xml"]

    def test_one_for_all(self, folder: Path):
        assert self.found(folder, "--config", "other.toml") == []

    def test_they_are_not_looked_for_above_the_repository(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ):
        write_files(folder, {"apim-policy.toml": 'ignore = ["XML006"]', "repo/policy.xml": FAULTY})
        (folder / "repo" / ".git").mkdir()
        monkeypatch.chdir(folder / "repo")
        assert apim_policy("lint").status == 1


class TestOutput:
    def test_the_report_goes_to_a_file(self, folder: Path):
        write_files(folder, {"a.xml": FAULTY})
        result = apim_policy("lint", "--output-file", "report.txt")
        assert (result.status, result.text, result.err) == (1, "", "")
        assert (folder / "report.txt").read_text(encoding="utf-8").startswith("a.xml:3:30 error XML006 ")

    def test_statistics(self, folder: Path):
        write_files(folder, {"a.xml": FAULTY, "b.xml": FAULTY})
        assert apim_policy("lint", "--statistics").text == (
            "Count  Code    Name                 Level\n"
            "2      XML006  duplicate-attribute  error\n"
            "\n"
            "2 documents checked: 2 errors.\n"
            "Fixable: 2 with apim-policy fix --unsafe-fixes.\n"
        )

    def test_two_runs_print_the_same(self, folder: Path):
        write_files(folder, {f"{name}/policy.xml": FAULTY for name in "cab"})
        assert apim_policy("lint").out == apim_policy("lint").out
