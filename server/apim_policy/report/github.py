"""Findings as workflow commands of GitHub Actions, which become annotations of a pull request.

Commands and their escapes: https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apim_policy.report.style import printable
from apim_policy.rules.model import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.report.findings import Findings
    from apim_policy.rules.model import Diagnostic

_COMMANDS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "notice",
    Severity.HINT: "notice",
}
_IN_DATA = re.compile(r"[%\r\n]")
_IN_PROPERTY = re.compile(r"[%\r\n:,]")


def render(findings: Findings) -> str:
    """A line for each finding; nothing where nothing was found."""
    return "".join(f"{_command(findings, finding)}\n" for finding in findings.found)


def _command(findings: Findings, finding: Diagnostic) -> str:
    properties = ",".join(f"{name}={as_property(value)}" for name, value in _properties(findings, finding))
    return f"::{_COMMANDS[finding.severity]} {properties}::{as_data(finding.message)}"


def _properties(findings: Findings, finding: Diagnostic) -> Iterator[tuple[str, str]]:
    lines = findings.lines(finding.path)
    start, end = lines.position(finding.span.start), lines.position(finding.span.end)
    yield "file", findings.shown(finding.path)
    yield "line", str(start.line + 1)
    if start.line == end.line:
        # The runner refuses columns of an annotation over several lines.
        yield "col", str(start.column + 1)
    yield "endLine", str(end.line + 1)
    if start.line == end.line:
        yield "endColumn", str(end.column + 1)
    yield "title", f"{finding.code} {finding.name}"


def as_data(text: str) -> str:
    """What stands after the second ``::``."""
    return printable(_IN_DATA.sub(_percent, text))


def as_property(text: str) -> str:
    """The value of a property."""
    return printable(_IN_PROPERTY.sub(_percent, text))


def _percent(match: re.Match[str]) -> str:
    return f"%{ord(match.group()):02X}"
