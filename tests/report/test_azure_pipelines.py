"""Logging commands of Azure Pipelines: one line each, and everything comes back as it was."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings

from apim_policy.report import azure_pipelines
from apim_policy.rules.model import Severity
from apim_policy.text.span import Span
from support.findings import FOLDER, as_shown, file_names, finding, findings, span_of, special_texts

TEXT = "<policies>\n  <inbound>\n</policies>"
COMMAND = re.compile(r"##vso\[task\.logissue (?P<properties>[^\]\r\n]*)\](?P<message>[^\r\n]*)")
ESCAPES = {"%AZP25": "%", "%0D": "\r", "%0A": "\n", "%3B": ";", "%5D": "]"}


def unescaped(text: str, known: str) -> str:
    return re.sub(known, lambda match: ESCAPES[match.group()], text)


def read(line: str) -> tuple[dict[str, str], str]:
    """A command as the agent reads it: properties end at the first bracket, each at a semicolon."""
    match = COMMAND.fullmatch(line)
    assert match, line
    assert match["properties"].endswith(";")
    properties = dict(part.split("=", 1) for part in match["properties"][:-1].split(";"))
    return (
        {name: unescaped(value, "%AZP25|%0D|%0A|%3B|%5D") for name, value in properties.items()},
        unescaped(match["message"], "%AZP25|%0D|%0A"),
    )


def test_a_finding():
    found = findings(TEXT, finding(span_of(TEXT, "<inbound>"), "It is never closed."))
    assert azure_pipelines.render(found) == (
        "##vso[task.logissue type=warning;sourcepath=policy.xml;linenumber=2;columnnumber=3;code=XML001;]"
        "It is never closed.\n"
    )


@pytest.mark.parametrize(
    ("severity", "kind"),
    [
        (Severity.ERROR, "error"),
        (Severity.WARNING, "warning"),
        (Severity.INFO, "warning"),
        (Severity.HINT, "warning"),
    ],
)
def test_levels(severity: Severity, kind: str):
    line = azure_pipelines.render(findings(TEXT, finding(Span(0, 1), severity=severity)))
    assert read(line[:-1])[0]["type"] == kind


def test_nothing_found():
    assert azure_pipelines.render(findings(TEXT)) == ""


@settings(deadline=None)
@given(message=special_texts(), name=file_names())
def test_every_character_is_escaped_and_comes_back(message: str, name: str):
    path = FOLDER / name
    line = azure_pipelines.render(findings({path: TEXT}, finding(Span(0, 1), message, path=path)))
    assert line.count("\n") == 1
    properties, data = read(line[:-1])
    assert data == as_shown(message)
    assert properties["sourcepath"] == as_shown(name)
    assert properties["code"] == "XML001"
