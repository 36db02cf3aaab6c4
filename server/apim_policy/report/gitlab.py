"""Findings as a code quality report of GitLab.

Its members: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apim_policy.lint.fingerprints import digest, numbered
from apim_policy.report.json_report import list_of
from apim_policy.rules.model import Severity

if TYPE_CHECKING:
    from apim_policy.report.findings import Findings
    from apim_policy.rules.model import Diagnostic

_SEVERITIES = {
    Severity.ERROR: "critical",
    Severity.WARNING: "major",
    Severity.INFO: "minor",
    Severity.HINT: "info",
}


def render(findings: Findings) -> str:
    """A JSON list; each finding stands on a line of its own."""
    issues = [
        _issue(findings, finding, f"{mark}:{position}")
        for finding, mark, position in numbered(findings.found, findings.lines)
    ]
    return list_of(issues) + "\n"


def _issue(findings: Findings, finding: Diagnostic, mark: str) -> dict[str, Any]:
    lines = findings.lines(finding.path)
    path = findings.shown(finding.path)
    return {
        "description": f"{finding.code}: {finding.message}",
        "check_name": finding.name,
        "fingerprint": digest(path, mark),
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": path,
            "lines": {
                "begin": lines.position(finding.span.start).line + 1,
                "end": lines.position(finding.span.end).line + 1,
            },
        },
    }
