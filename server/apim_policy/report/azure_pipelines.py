"""Findings as logging commands of Azure Pipelines, which become issues of the run.

Commands and their escapes: https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apim_policy.report.style import printable
from apim_policy.rules.model import Severity

if TYPE_CHECKING:
    from apim_policy.report.findings import Findings
    from apim_policy.rules.model import Diagnostic

_ESCAPES = {"%": "%AZP25", "\r": "%0D", "\n": "%0A", ";": "%3B", "]": "%5D"}
_IN_DATA = re.compile(r"[%\r\n]")
_IN_PROPERTY = re.compile(r"[%\r\n;\]]")


def render(findings: Findings) -> str:
    """A line for each finding; nothing where nothing was found."""
    return "".join(f"{_command(findings, finding)}\n" for finding in findings.found)


def _command(findings: Findings, finding: Diagnostic) -> str:
    start = findings.lines(finding.path).position(finding.span.start)
    properties = {
        # There are no other types.
        "type": "error" if finding.severity is Severity.ERROR else "warning",
        "sourcepath": findings.shown(finding.path),
        "linenumber": str(start.line + 1),
        "columnnumber": str(start.column + 1),
        "code": finding.code,
    }
    written = "".join(f"{name}={as_property(value)};" for name, value in properties.items())
    return f"##vso[task.logissue {written}]{as_data(finding.message)}"


def as_data(text: str) -> str:
    """What stands after the bracket."""
    return printable(_IN_DATA.sub(_escape, text))


def as_property(text: str) -> str:
    """The value of a property."""
    return printable(_IN_PROPERTY.sub(_escape, text))


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES[match.group()]
