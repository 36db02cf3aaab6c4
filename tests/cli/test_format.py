"""``apim-policy format``: what is written, what is only shown, and what is left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.command import apim_policy
from support.workspaces import write_files

if TYPE_CHECKING:
    from pathlib import Path

SOUND = "<policies>\n    <inbound>\n        <base />\n    </inbound>\n</policies>\n"
SPOILT = SOUND.replace("        <base />", "  <base/>")
BROKEN = "<policies>\n  <inbound>\n</policies>\n"
TEMPLATE = "<fragment>\n%{ if a }\n<base/>\n%{ endif }\n</fragment>\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_documents_are_laid_out(folder: Path):
    write_files(folder, {"a.xml": SPOILT, "b.xml": SOUND, "notes.xml": "<notes><a/>\n</notes>"})
    result = apim_policy("format")
    assert (result.status, result.text, result.err) == (0, "Formatted 1 of 2 documents.\n", "")
    assert (folder / "a.xml").read_text() == SOUND
    assert (folder / "notes.xml").read_text() == "<notes><a/>\n</notes>"


def test_a_second_run_writes_nothing(folder: Path):
    write_files(folder, {"a.xml": SPOILT})
    apim_policy("format")
    before = (folder / "a.xml").stat().st_mtime_ns
    result = apim_policy("format")
    assert (result.status, result.text) == (0, "1 document checked, nothing to format.\n")
    assert (folder / "a.xml").stat().st_mtime_ns == before


@pytest.mark.parametrize(
    "encoded",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.removesuffix("\n").encode(),
        lambda text: text.replace("inbound>\n", "inbound> <!-- 🚀 é -->\n").encode(),
    ],
    ids=["mark", "utf-16", "crlf", "no last line end", "astral"],
)
def test_encoding_mark_and_line_ends_are_kept(folder: Path, encoded):
    write_files(folder, {"a.xml": encoded(SPOILT)})
    apim_policy("format")
    assert (folder / "a.xml").read_bytes() == encoded(SOUND)


def test_placeholders_of_the_settings_are_known(folder: Path):
    text = "<fragment>\n[[POLICIES]]\n<base/>\n</fragment>\n"
    settings = "[placeholders]\npatterns = ['\\[\\[\\w+\\]\\]']\n"
    write_files(folder, {"a.xml": text, "apim-policy.toml": settings})
    assert 'it is a template: "[[POLICIES]]" on line 2' in apim_policy("format").err


class TestLeftAsItIs:
    def test_a_document_with_syntax_errors_is_named_and_the_others_are_laid_out(self, folder: Path):
        write_files(folder, {"a.xml": BROKEN, "b.xml": SPOILT})
        result = apim_policy("format")
        assert result.status == 2
        assert result.err == (
            'apim-policy: "a.xml" was not formatted: it has a syntax error on line 2. '
            'To see what is wrong: apim-policy lint "a.xml"\n'
        )
        assert (folder / "a.xml").read_text() == BROKEN
        assert (folder / "b.xml").read_text() == SOUND

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            (TEMPLATE, 'it is a template: "%{ if a }" on line 2 decides about markup that is not there yet'),
            ("<notes/>", "it is no policy document, its root is notes"),
            ("", "it is empty"),
        ],
        ids=["template", "other root", "empty"],
    )
    def test_other_documents_are_no_failure(self, folder: Path, text: str, reason: str):
        write_files(folder, {"a.xml": text})
        result = apim_policy("format", "a.xml")
        assert result.err == f'apim-policy: "a.xml" was not formatted: {reason}.\n'
        assert result.status == 0
        assert (folder / "a.xml").read_text() == text

    @pytest.mark.parametrize("content", [b"<policies>\xe9</policies>", None], ids=["no text", "missing"])
    def test_what_cannot_be_read_is_named_and_the_others_are_laid_out(
        self, folder: Path, content: bytes | None
    ):
        write_files(folder, {"b.xml": SPOILT, **({"a.xml": content} if content else {})})
        result = apim_policy("format", "a.xml", "b.xml")
        assert result.status == 2
        assert result.err.startswith('apim-policy: "a.xml" was not ')
        assert (folder / "b.xml").read_text() == SOUND

    def test_a_read_only_file_is_named_and_the_others_are_laid_out(self, folder: Path):
        write_files(folder, {"a.xml": SPOILT, "b.xml": SPOILT})
        (folder / "a.xml").chmod(0o444)
        result = apim_policy("format")
        assert result.err == 'apim-policy: "a.xml" was not changed: it is read-only.\n'
        assert (result.status, result.text) == (2, "Formatted 1 of 2 documents.\n")
        assert (folder / "b.xml").read_text() == SOUND

    def test_a_link_that_leads_out_of_the_repository_is_not_followed(self, folder: Path, tmp_path_factory):
        outside = tmp_path_factory.mktemp("outside") / "policy.xml"
        outside.write_text(SPOILT)
        (folder / "a.xml").symlink_to(outside)
        result = apim_policy("format", "a.xml")
        assert result.status == 2
        assert '"a.xml" was not changed: it leads to' in result.err
        assert outside.read_text() == SPOILT


class TestCheck:
    def test_it_names_what_would_change(self, folder: Path):
        write_files(folder, {"a/b.xml": SPOILT, "c.xml": SOUND})
        result = apim_policy("format", "--check")
        assert (result.status, result.text) == (1, "Would format a/b.xml\n")
        assert result.err == "apim-policy: 1 of 2 documents would be formatted. Nothing was changed.\n"
        assert (folder / "a/b.xml").read_text() == SPOILT

    def test_nothing_to_change(self, folder: Path):
        write_files(folder, {"a.xml": SOUND})
        result = apim_policy("format", "--check")
        assert (result.status, result.text) == (0, "")
        assert result.err == "apim-policy: 1 document checked, nothing to format.\n"

    def test_a_syntax_error_outweighs_a_change(self, folder: Path):
        write_files(folder, {"a.xml": BROKEN, "b.xml": SPOILT})
        assert apim_policy("format", "--check").status == 2

    @pytest.mark.parametrize("also", [[], ["--check"]])
    def test_a_diff_shows_how(self, folder: Path, also: list[str]):
        write_files(folder, {"a.xml": SPOILT})
        result = apim_policy("format", "--diff", *also)
        assert result.text == (
            "--- a/a.xml\n+++ b/a.xml\n@@ -1,5 +1,5 @@\n <policies>\n     <inbound>\n-  <base/>\n"
            "+        <base />\n     </inbound>\n </policies>\n"
        )
        assert result.status == 1
        assert (folder / "a.xml").read_text() == SPOILT


class TestStandardInput:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_the_text_comes_out_laid_out(self, encoding: str):
        result = apim_policy("format", "-", stdin=SPOILT.encode(encoding))
        assert (result.status, result.out, result.err) == (0, SOUND.encode(encoding), "")

    @pytest.mark.parametrize("text", [SOUND, TEMPLATE])
    def test_what_is_left_alone_comes_out_as_it_was(self, text: str):
        result = apim_policy("format", "-", stdin=text.encode())
        assert (result.status, result.text) == (0, text)

    def test_a_document_with_syntax_errors_comes_out_as_it_was(self):
        result = apim_policy("format", "-", "--stdin-filename", "a.xml", stdin=BROKEN.encode())
        assert (result.status, result.text) == (2, BROKEN)
        assert '"a.xml" was not formatted' in result.err

    def test_what_cannot_be_read_gives_nothing(self):
        result = apim_policy("format", "-", stdin=b"<policies>\xe9</policies>")
        assert (result.status, result.text) == (2, "")

    def test_checks_and_diffs(self):
        assert apim_policy("format", "--check", "-", stdin=SPOILT.encode()).status == 1
        result = apim_policy("format", "--diff", "-", "--stdin-filename", "a.xml", stdin=SPOILT.encode())
        assert "--- a/a.xml\n" in result.text

    def test_no_file_is_changed(self, folder: Path):
        write_files(folder, {"a.xml": SPOILT})
        apim_policy("format", "-", "--stdin-filename", "a.xml", stdin=SPOILT.encode())
        assert (folder / "a.xml").read_text() == SPOILT

    def test_it_stands_alone(self, folder: Path):
        write_files(folder, {"a.xml": SPOILT})
        result = apim_policy("format", "-", "a.xml", stdin=SPOILT.encode())
        assert result.status == 2
        assert (folder / "a.xml").read_text() == SPOILT
