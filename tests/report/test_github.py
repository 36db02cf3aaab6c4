"""Workflow commands of GitHub: one line each, and everything comes back as it was."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import given, settings

from apim_policy.report import github
from apim_policy.rules.model import Severity
from apim_policy.text.span import Span
from support.findings import FOLDER, as_shown, file_names, finding, findings, span_of, special_texts

TEXT = "<policies>\n  <inbound>\n</policies>"
COMMAND = re.compile(r"::(?P<name>\w+) (?P<properties>[^\r\n]*?)::(?P<message>[^\r\n]*)")


def read(line: str) -> tuple[str, dict[str, str], str]:
    """A command as the runner reads it: the properties end at the first ``::`` behind the name."""
    match = COMMAND.fullmatch(line)
    assert match, line
    properties = dict(part.split("=", 1) for part in match["properties"].split(","))
    return (
        match["name"],
        {name: unquote(value) for name, value in properties.items()},
        unquote(match["message"]),
    )


def test_a_finding_in_one_line():
    found = findings(TEXT, finding(span_of(TEXT, "<inbound>"), "It is never closed."))
    assert github.render(found) == (
        "::warning file=policy.xml,line=2,col=3,endLine=2,endColumn=12,title=XML001 unclosed-element"
        "::It is never closed.\n"
    )


def test_a_finding_over_several_lines_has_no_columns():
    found = findings(TEXT, finding(span_of(TEXT, TEXT[2:20])))
    assert "line=1,endLine=2,title" in github.render(found)


@pytest.mark.parametrize(
    ("severity", "command"),
    [
        (Severity.ERROR, "error"),
        (Severity.WARNING, "warning"),
        (Severity.INFO, "notice"),
        (Severity.HINT, "notice"),
    ],
)
def test_levels(severity: Severity, command: str):
    assert read(github.render(findings(TEXT, finding(Span(0, 1), severity=severity)))[:-1])[0] == command


def test_nothing_found():
    assert github.render(findings(TEXT)) == ""


@settings(deadline=None)
@given(message=special_texts(), name=file_names())
def test_every_character_is_escaped_and_comes_back(message: str, name: str):
    path = FOLDER / name
    line = github.render(findings({path: TEXT}, finding(Span(0, 1), message, path=path)))
    assert line.count("\n") == 1
    _, properties, data = read(line[:-1])
    assert data == as_shown(message)
    assert properties["file"] == as_shown(name)
    assert properties["title"] == "XML001 unclosed-element"
