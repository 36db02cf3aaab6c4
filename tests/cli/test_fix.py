"""``apim-policy fix``: what is written, what is only shown, and what is left alone."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from support.command import apim_policy
from support.workspaces import write_files

if TYPE_CHECKING:
    from pathlib import Path

SOUND = "<policies>\n    <inbound>\n        <base />\n    </inbound>\n</policies>\n"
UNUSED = SOUND.replace("<base />", "<!-- apim-policy: ignore[XML006] -->\n        <base />")
TWICE = SOUND.replace("<base />", '<set-header name="a" name="b"><value>1</value></set-header>')
ONCE = SOUND.replace("<base />", '<set-header name="a"><value>1</value></set-header>')


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_safe_fixes_are_written(folder: Path):
    write_files(folder, {"a.xml": UNUSED, "b.xml": TWICE})
    result = apim_policy("fix", "--output-format", "concise")
    assert (folder / "a.xml").read_text() == SOUND
    assert (folder / "b.xml").read_text() == TWICE
    assert result.status == 1
    assert result.text.startswith("b.xml:3:30 error XML006 ")
    assert result.text.endswith(
        "Fixed 1 finding in 1 document.\n"
        "2 documents checked: 1 error.\n"
        "Fixable: 1 with apim-policy fix --unsafe-fixes.\n"
    )


def test_unsafe_fixes_are_written_when_they_are_allowed(folder: Path):
    write_files(folder, {"a.xml": UNUSED, "b.xml": TWICE})
    result = apim_policy("fix", "--unsafe-fixes")
    assert (folder / "b.xml").read_text() == ONCE
    assert (result.status, result.text) == (
        0,
        "Fixed 2 findings in 2 documents.\n2 documents checked, nothing remains to report.\n",
    )


@pytest.mark.parametrize(
    ("arguments", "a", "b"),
    [
        (["--fix-only", "XML006"], UNUSED, TWICE),
        (["--fix-only", "XML006", "--unsafe-fixes"], UNUSED, ONCE),
        (["--fix-only", "LNT,duplicate-attribute", "--unsafe-fixes"], SOUND, ONCE),
        (["--fix-only", "LNT001"], SOUND, TWICE),
        (["--ignore", "LNT001"], UNUSED, TWICE),
    ],
)
def test_fix_only_selects_and_permits_nothing(folder: Path, arguments: list[str], a: str, b: str):
    write_files(folder, {"a.xml": UNUSED, "b.xml": TWICE})
    apim_policy("fix", *arguments)
    assert ((folder / "a.xml").read_text(), (folder / "b.xml").read_text()) == (a, b)


def test_an_unknown_code_to_fix(folder: Path):
    write_files(folder, {"a.xml": UNUSED})
    result = apim_policy("fix", "--fix-only", "XLM006")
    assert result.status == 2
    assert 'Did you mean "XML006"?' in result.err
    assert (folder / "a.xml").read_text() == UNUSED


def test_json_lists_what_was_fixed_and_what_remains(folder: Path):
    write_files(folder, {"a.xml": UNUSED, "b.xml": TWICE})
    found = apim_policy("fix", "--output-format", "json").json
    assert found["fixed"] == [{"file": "a.xml", "code": "LNT001", "title": "Remove the suppression"}]
    assert [item["code"] for item in found["diagnostics"]] == ["XML006"]


def test_a_second_run_changes_nothing(folder: Path):
    write_files(folder, {"a.xml": UNUSED})
    apim_policy("fix")
    before = (folder / "a.xml").stat().st_mtime_ns
    assert apim_policy("fix").text == "1 document checked, nothing to report.\n"
    assert (folder / "a.xml").stat().st_mtime_ns == before


@pytest.mark.parametrize(
    "encoded",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.removesuffix("\n").encode(),
        lambda text: text.replace("<base />", "<base /><!-- 🚀 é -->").encode(),
    ],
    ids=["mark", "utf-16", "crlf", "no last line end", "astral"],
)
def test_encoding_mark_and_line_ends_are_kept(folder: Path, encoded):
    write_files(folder, {"a.xml": encoded(UNUSED)})
    apim_policy("fix")
    assert (folder / "a.xml").read_bytes() == encoded(SOUND)


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no permission bits")
def test_permissions_are_kept(folder: Path):
    write_files(folder, {"a.xml": UNUSED})
    (folder / "a.xml").chmod(0o640)
    apim_policy("fix")
    assert stat.S_IMODE((folder / "a.xml").stat().st_mode) == 0o640


def test_no_other_file_is_left_behind(folder: Path):
    write_files(folder, {"a.xml": UNUSED})
    apim_policy("fix")
    assert sorted(path.name for path in folder.iterdir()) == [".git", "a.xml"]


class TestUnwritable:
    def test_a_read_only_file_is_named_and_the_others_are_fixed(self, folder: Path):
        write_files(folder, {"a.xml": UNUSED, "b.xml": UNUSED})
        (folder / "a.xml").chmod(0o444)
        result = apim_policy("fix", "--output-format", "concise")
        assert result.err == 'apim-policy: "a.xml" was not changed: it is read-only.\n'
        assert (folder / "a.xml").read_text() == UNUSED
        assert (folder / "b.xml").read_text() == SOUND
        assert "a.xml:3:9 warning LNT001" in result.text
        assert "Fixed 1 finding in 1 document." in result.text
        assert result.status == 2

    def test_a_link_that_leads_out_of_the_repository_is_not_followed(self, folder: Path, tmp_path_factory):
        outside = tmp_path_factory.mktemp("outside") / "policy.xml"
        outside.write_text(UNUSED)
        (folder / "a.xml").symlink_to(outside)
        result = apim_policy("fix", "a.xml")
        assert result.status == 2
        assert '"a.xml" was not changed: it leads to' in result.err
        assert outside.read_text() == UNUSED

    @pytest.mark.parametrize(
        ("interfere", "message"),
        [
            (lambda path: path.unlink(), "it was deleted by another program in the meantime"),
            (
                lambda path: path.write_text("<policies/>"),
                "it was changed by another program in the meantime",
            ),
        ],
        ids=["deleted", "changed"],
    )
    def test_a_file_that_another_program_touches_is_left_alone(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, interfere, message: str
    ):
        from apim_policy.cli import fix_command

        write_files(folder, {"a.xml": UNUSED, "b.xml": UNUSED})
        fix_documents = fix_command.fix_documents

        def fix(*arguments):
            run = fix_documents(*arguments)
            interfere(folder / "a.xml")
            return run

        monkeypatch.setattr(fix_command, "fix_documents", fix)
        result = apim_policy("fix", "--output-format", "concise")
        assert result.err == f'apim-policy: "a.xml" was not changed: {message}.\n'
        assert (folder / "b.xml").read_text() == SOUND
        assert not (folder / "a.xml").exists() or (folder / "a.xml").read_text() == "<policies/>"
        assert result.status == 2


class TestDiff:
    def test_it_shows_and_changes_nothing(self, folder: Path):
        write_files(folder, {"a.xml": UNUSED, "b.xml": SOUND})
        result = apim_policy("fix", "--diff")
        assert result.text == (
            "--- a/a.xml\n"
            "+++ b/a.xml\n"
            "@@ -1,6 +1,5 @@\n"
            " <policies>\n"
            "     <inbound>\n"
            "-        <!-- apim-policy: ignore[XML006] -->\n"
            "         <base />\n"
            "     </inbound>\n"
            " </policies>\n"
        )
        assert result.err == "apim-policy: 1 of 1 finding would be fixed, in 1 file. Nothing was changed.\n"
        assert result.status == 1
        assert (folder / "a.xml").read_text() == UNUSED

    def test_nothing_to_change(self, folder: Path):
        write_files(folder, {"a.xml": SOUND})
        result = apim_policy("fix", "--diff")
        assert (result.status, result.text) == (0, "")

    def test_of_standard_input(self):
        result = apim_policy("fix", "--diff", "-", "--stdin-filename", "a.xml", stdin=UNUSED.encode())
        assert "-        <!-- apim-policy: ignore[XML006] -->\n" in result.text


class TestStandardInput:
    def test_the_fixed_text_comes_out_and_the_report_goes_to_standard_error(self):
        result = apim_policy("fix", "-", stdin=UNUSED.encode())
        assert (result.status, result.text) == (0, SOUND)
        assert "Fixed 1 finding in 1 document." in result.err

    def test_a_text_without_findings_comes_out_as_it_was(self):
        text = SOUND.replace("\n", "\r\n").encode("utf-16")
        assert apim_policy("fix", "-", stdin=text).out == text

    def test_what_cannot_be_read_gives_nothing(self):
        result = apim_policy("fix", "-", stdin=b"<policies>\xe9</policies>")
        assert (result.status, result.text) == (2, "")

    def test_no_file_is_changed(self, folder: Path):
        write_files(folder, {"a.xml": UNUSED})
        apim_policy("fix", "-", "--stdin-filename", "a.xml", stdin=UNUSED.encode())
        assert (folder / "a.xml").read_text() == UNUSED

    def test_it_stands_alone(self, folder: Path):
        write_files(folder, {"a.xml": UNUSED})
        result = apim_policy("fix", "-", "a.xml", stdin=UNUSED.encode())
        assert result.status == 2
        assert (folder / "a.xml").read_text() == UNUSED
