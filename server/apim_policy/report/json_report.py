"""Findings as JSON, version 1.

The shape is kept stable: keys may be added, none is renamed or removed. Lines and columns count from 1, columns in
Unicode code points; ``end`` is exclusive.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from apim_policy.rules.model import Severity
from apim_policy.rules.registry import url

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from apim_policy.report.findings import Findings
    from apim_policy.rules.model import Diagnostic, Fix
    from apim_policy.text.span import Span

VERSION = 1


def render(findings: Findings) -> str:
    """The whole report; each finding stands on a line of its own."""
    members = {"diagnostics": list_of([diagnostic(findings, finding) for finding in findings.found])}
    if findings.fixed:
        members["fixed"] = list_of(
            [
                {
                    "file": findings.shown(item.finding.path),
                    "code": item.finding.code,
                    "title": item.fix.title,
                }
                for item in findings.fixed
            ]
        )
    members["summary"] = summary_of(findings)
    return document(members)


def document(members: Mapping[str, str]) -> str:
    """A JSON object with the version and members that are JSON already."""
    body = "".join(f',\n "{name}": {value}' for name, value in members.items())
    return f'{{"version": {VERSION}{body}}}\n'


def objects(name: str, items: Sequence[Mapping[str, Any]]) -> str:
    """A JSON object with the version and a list of objects, each on a line of its own."""
    return document({name: list_of(items)})


def list_of(items: Sequence[Mapping[str, Any]]) -> str:
    """A JSON list of objects, each on a line of its own."""
    return "[\n  " + ",\n  ".join(map(json.dumps, items)) + "]" if items else "[]"


def summary_of(findings: Findings) -> str:
    """A JSON object with the number of documents and of findings at each level."""
    counts = {f"{severity.value}s": findings.count(severity) for severity in Severity}
    return json.dumps({"files": findings.documents, **counts})


def diagnostic(findings: Findings, finding: Diagnostic) -> dict[str, Any]:
    """One finding."""
    return {
        "file": findings.shown(finding.path),
        "range": _range(findings, finding.path, finding.span),
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.value,
        "message": finding.message,
        "url": url(finding.code),
        "related": [
            {
                "file": findings.shown(place.path),
                "range": _range(findings, place.path, place.span),
                "message": place.message,
            }
            for place in finding.related
        ],
        "fixes": [_fix(findings, fix) for fix in finding.fixes],
    }


def _fix(findings: Findings, fix: Fix) -> dict[str, Any]:
    return {
        "title": fix.title,
        "applicability": fix.applicability.value,
        "edits": [
            {
                "file": findings.shown(part.path),
                "range": _range(findings, part.path, edit.span),
                "new_text": edit.new_text,
            }
            for part in fix.edits
            for edit in part.edits
        ],
    }


def _range(findings: Findings, path: Path, span: Span) -> dict[str, dict[str, int]]:
    lines = findings.lines(path)
    start, end = lines.position(span.start), lines.position(span.end)
    return {
        "start": {"line": start.line + 1, "column": start.column + 1},
        "end": {"line": end.line + 1, "column": end.column + 1},
    }
