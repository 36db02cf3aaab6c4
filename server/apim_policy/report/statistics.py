"""How often each rule found something."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from apim_policy.report.json_report import document, list_of, summary_of
from apim_policy.report.table import table
from apim_policy.report.text import summary
from apim_policy.rules.model import Severity

if TYPE_CHECKING:
    from apim_policy.report.findings import Findings
    from apim_policy.report.style import Style


def render(findings: Findings, style: Style) -> str:
    """A table of the rules that found something, the most frequent first, then the summary."""
    if not findings.found:
        return summary(findings, style)
    rows = [
        [str(entry["count"]), entry["code"], entry["name"], _level(entry["severity"], style)]
        for entry in count(findings)
    ]
    return table(("Count", "Code", "Name", "Level"), rows, style) + "\n" + summary(findings, style)


def render_json(findings: Findings) -> str:
    """The same as JSON."""
    return document({"statistics": list_of(count(findings)), "summary": summary_of(findings)})


def count(findings: Findings) -> list[dict[str, Any]]:
    """Each rule with the number of its findings at each level, the most frequent first."""
    found = Counter((finding.code, finding.name, finding.severity) for finding in findings.found)
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0][0], item[0][2].rank))
    return [
        {"code": code, "name": name, "severity": severity.value, "count": number}
        for (code, name, severity), number in ordered
    ]


def _level(value: str, style: Style) -> str:
    return style.severity(value, Severity(value))
