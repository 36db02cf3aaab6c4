"""A diff that patch understands and a terminal survives."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from apim_policy.report import diff
from apim_policy.report.style import PLAIN, Style, without_escapes

if TYPE_CHECKING:
    from pathlib import Path


def test_a_change_in_its_context():
    before = "".join(f"line {number}\n" for number in range(1, 9))
    after = before.replace("line 5\n", "line five\nand more\n")
    assert diff.render("a/policy.xml", before, after, PLAIN) == (
        "--- a/a/policy.xml\n"
        "+++ b/a/policy.xml\n"
        "@@ -2,7 +2,8 @@\n"
        " line 2\n"
        " line 3\n"
        " line 4\n"
        "-line 5\n"
        "+line five\n"
        "+and more\n"
        " line 6\n"
        " line 7\n"
        " line 8\n"
    )


def test_a_new_file():
    assert diff.render("new.xml", None, "a\n", PLAIN) == "--- /dev/null\n+++ b/new.xml\n@@ -0,0 +1 @@\n+a\n"


def test_colour_changes_nothing_in_the_text():
    coloured = diff.render("x", "a\nb\n", "a\nc\n", Style(colour=True))
    assert "\x1b[32m+c\x1b[0m\n" in coloured
    assert without_escapes(coloured) == diff.render("x", "a\nb\n", "a\nc\n", PLAIN)


def test_on_a_terminal_the_text_cannot_steer_it():
    assert "\x1b]0;" not in diff.render("x", "", "\x1b]0;title\x07\n", Style(colour=True))


@pytest.mark.skipif(shutil.which("patch") is None, reason="patch is not installed")
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\nb\n", "a\nc\n"),
        ("a\r\nb\r\n", "a\r\nc\r\n"),
        ("a\nb", "a\nc"),
        ("a\nb", "a\nb\n"),
        ("a\u2028b\x0bc\n", "a\u2028b\x0bd\n"),
    ],
    ids=["lf", "crlf", "no end", "end added", "separators"],
)
def test_patch_makes_the_same_change(tmp_path: Path, before: str, after: str):
    file = tmp_path / "policy.xml"
    file.write_bytes(before.encode())
    text = diff.render("policy.xml", before, after, PLAIN)
    subprocess.run(["patch", "--binary", "-p1", "-s"], input=text.encode(), cwd=tmp_path, check=True)
    assert file.read_bytes().decode() == after
