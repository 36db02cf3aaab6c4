"""``lint --add-suppressions``: everything is quiet afterwards, and nothing else has changed."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from corpus.measure import CORPUS
from support.command import apim_policy
from support.workspaces import write_files

if TYPE_CHECKING:
    from pathlib import Path

HEADER = '<set-header name="a" name="b"><value>1</value></set-header>'
FAULTY = f"<policies>\r\n    <inbound>\r\n        {HEADER}\r\n    </inbound>\r\n</policies>\r\n"
MARK = "<!-- apim-policy: ignore[XML006] -->\r\n        "


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_comments_are_written_and_nothing_remains(folder: Path):
    write_files(folder, {"a.xml": FAULTY, "b.xml": b"\xef\xbb\xbf" + FAULTY.encode()})
    result = apim_policy("lint", "--add-suppressions")
    assert result.status == 0
    assert result.err == "apim-policy: 2 findings suppressed in 2 documents.\n"
    assert result.text == "2 documents checked, nothing to report.\n"
    expected = FAULTY.replace(HEADER, MARK + HEADER).encode()
    assert (folder / "a.xml").read_bytes() == expected
    assert (folder / "b.xml").read_bytes() == b"\xef\xbb\xbf" + expected


def test_twice_changes_no_more_than_once(folder: Path):
    write_files(folder, {"a.xml": FAULTY})
    apim_policy("lint", "--add-suppressions")
    before = (folder / "a.xml").read_bytes()
    result = apim_policy("lint", "--add-suppressions")
    assert (result.status, result.err) == (0, "apim-policy: 0 findings suppressed in 0 documents.\n")
    assert (folder / "a.xml").read_bytes() == before


def test_only_what_is_selected(folder: Path):
    write_files(folder, {"a.xml": FAULTY})
    apim_policy("lint", "--add-suppressions", "--select", "MCP")
    assert (folder / "a.xml").read_bytes() == FAULTY.encode()


def test_what_the_linter_says_of_itself_stays(folder: Path):
    idle = FAULTY.replace(HEADER, "<!-- apim-policy: ignore[XML001] -->\r\n<base />")
    write_files(folder, {"a.xml": idle, "b.xml": b"\xff"})
    result = apim_policy("lint", "--add-suppressions", "a.xml", "b.xml", "--output-format", "json")
    assert (result.status, result.codes) == (1, ["LNT001", "LNT002"])
    assert (folder / "a.xml").read_bytes() == idle.encode()


def test_what_the_baseline_hides_stays(folder: Path):
    write_files(folder, {"a.xml": FAULTY})
    apim_policy("lint", "--baseline", "known.json", "--write-baseline")
    write_files(folder, {"b.xml": FAULTY})
    result = apim_policy("lint", "--baseline", "known.json", "--add-suppressions")
    assert (result.status, result.err) == (0, "apim-policy: 1 finding suppressed in 1 document.\n")
    assert (folder / "a.xml").read_bytes() == FAULTY.encode()


def test_a_line_in_an_expression(folder: Path):
    text = (
        "<policies>\n    <inbound>\n        <set-body>@{\n            var a = 1;\n"
        '            return (string)context.Variables["unknown"];\n        }</set-body>\n    </inbound>\n</policies>\n'
    )
    write_files(folder, {"policy.xml": text})
    assert apim_policy("lint", "--select", "REF", "--output-format", "json").codes == ["REF004"]
    assert apim_policy("lint", "--select", "REF", "--add-suppressions").status == 0
    comment = "            // apim-policy: ignore[REF004]\n"
    assert (folder / "policy.xml").read_text() == text.replace(
        "            return", f"{comment}            return"
    )


@pytest.mark.parametrize(
    "text",
    ["", "<policies", "<policies><!-- ", '<?xml version="1.0"?>', "<a b='1' b='2'/>", "text", "<![CDATA[ "],
)
def test_documents_that_are_torn_keep_what_they_hold(folder: Path, text: str):
    write_files(folder, {"a.xml": text})
    result = apim_policy("lint", "--add-suppressions", "a.xml", "--output-format", "json")
    assert "Traceback" not in result.err
    after = (folder / "a.xml").read_text()
    assert after == text or (text in after and result.codes == [])


def test_a_document_that_no_comment_helps_is_named(folder: Path):
    text = "<!-- <policies><inbound /></policies>"
    write_files(folder, {"a.xml": text})
    result = apim_policy("lint", "--add-suppressions", "a.xml", "--output-format", "json")
    assert (result.status, result.codes) == (1, ["XML009"])
    assert '"a.xml" was not changed: no comment can suppress its findings and do nothing else.' in result.err
    assert (folder / "a.xml").read_text() == text


def test_a_file_that_may_not_be_written(folder: Path):
    write_files(folder, {"a.xml": FAULTY, "b.xml": FAULTY})
    (folder / "a.xml").chmod(0o444)
    result = apim_policy("lint", "--add-suppressions", "--output-format", "json")
    assert (result.status, result.codes) == (2, ["XML006"])
    assert result.err == (
        'apim-policy: "a.xml" was not changed: it is read-only.\napim-policy: 1 finding suppressed in 1 document.\n'
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-"], "takes no standard input"),
        (["--baseline", "a.json", "--write-baseline"], "give only one"),
    ],
)
def test_wrong_usage(arguments: list[str], message: str):
    result = apim_policy("lint", "--add-suppressions", *arguments)
    assert (result.status, result.text) == (2, "")
    assert message in result.err


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no documents at {CORPUS}")
def test_nothing_remains_of_the_corpus(folder: Path):
    shutil.copytree(CORPUS, folder / "corpus", copy_function=shutil.copyfile)
    for path in (folder / "corpus").rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    result = apim_policy("lint", "corpus", "--no-config", "--add-suppressions", "--output-format", "json")
    assert (result.status, result.codes) == (0, [])
