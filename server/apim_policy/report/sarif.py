"""Findings as SARIF 2.1.0, for code scanning.

The standard: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. Lines and columns count from 1, columns
in UTF-16 units, which the run says; ends are exclusive. What was suppressed is listed and marked, so that a viewer
closes it and does not take it for mended.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from apim_policy import __version__
from apim_policy.lint.fingerprints import numbered
from apim_policy.report.json_report import list_of
from apim_policy.rules.documentation import markdown
from apim_policy.rules.model import Severity
from apim_policy.rules.registry import find, rule, url
from apim_policy.text.lines import Unit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from apim_policy.report.findings import Findings
    from apim_policy.rules.model import Diagnostic, Fix
    from apim_policy.text.span import Span

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_HOME = "https://github.com/apim-policy/apim-policy"
_ROOT = "%SRCROOT%"
"""What relative addresses start from, in the name that code scanning services know."""
_LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
    Severity.HINT: "note",
}
_SECURITY = "SEC"
_SECURITY_SEVERITIES = {
    Severity.ERROR: "8.0",
    Severity.WARNING: "6.0",
    Severity.INFO: "3.0",
    Severity.HINT: "1.0",
}
"""How grave code scanning shows a security finding, from 0 to 10: high from 7, medium from 4."""


def render(findings: Findings) -> str:
    """The whole log, with one run; each rule and each result stands on a line of its own."""
    inactive = {id(item): [{"kind": "external"}] for item in findings.known}
    inactive |= {
        id(item.finding): [
            {"kind": "inSource", **({"justification": item.reason} if item.reason else {})},
        ]
        for item in findings.suppressed
    }
    results = [*findings.found, *findings.known, *(item.finding for item in findings.suppressed)]
    results.sort(key=lambda finding: (finding.path, finding.span, finding.code))
    index = {code: place for place, code in enumerate(sorted({finding.code for finding in results}))}
    names = {finding.code: finding for finding in results}
    rules = list_of([_rule(names[code]) for code in index])
    written = list_of(
        [
            _result(findings, finding, index[finding.code], f"{mark}:{position}", inactive.get(id(finding)))
            for finding, mark, position in numbered(results, findings.lines)
        ]
    )
    driver = _object(
        {
            "name": json.dumps("apim-policy"),
            "version": json.dumps(__version__),
            "informationUri": json.dumps(_HOME),
            "rules": rules,
        }
    )
    run = _object(
        {
            "tool": f'{{"driver": {driver}}}',
            "columnKind": json.dumps("utf16CodeUnits"),
            "newlineSequences": json.dumps(["\r\n", "\n", "\r"]),
            "results": written,
        }
    )
    return f'{{"$schema": {json.dumps(_SCHEMA)},\n "version": "2.1.0",\n "runs": [{run}]}}\n'


def _object(members: Mapping[str, str]) -> str:
    return "{" + ",\n ".join(f'"{name}": {value}' for name, value in members.items()) + "}"


def _rule(finding: Diagnostic) -> dict[str, Any]:
    """The descriptor of the rule that reported a finding; a rule of the organisation's own has no page."""
    described: dict[str, Any] = {"id": finding.code, "name": finding.name}
    if find(finding.code) is None:
        return described
    own = rule(finding.code)
    page, address = markdown(own), url(own.code)
    tags = [own.family]
    properties: dict[str, Any] = {"tags": tags}
    if own.family == _SECURITY:
        tags.append("security")
        properties["security-severity"] = _SECURITY_SEVERITIES[own.level]
    described |= {
        "shortDescription": {"text": f"{own.summary}."},
        "fullDescription": {"text": f"{own.summary}."},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": _LEVELS[own.level]},
        "properties": properties,
    }
    if address:
        described["helpUri"] = address
    return described


def _result(
    findings: Findings,
    finding: Diagnostic,
    index: int,
    mark: str,
    suppressions: list[dict[str, str]] | None,
) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        # Braces stay single: viewers show them as they stand, although the standard (3.11.5) would double them.
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": _place(findings, finding.path, finding.span)}],
        "partialFingerprints": {"findingContext/v1": mark},
    }
    if finding.related:
        result["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": _place(findings, place.path, place.span),
                "message": {"text": place.message},
            }
            for number, place in enumerate(finding.related)
        ]
    if finding.fixes:
        result["fixes"] = [_fix(findings, fix) for fix in finding.fixes]
    if suppressions:
        result["suppressions"] = suppressions
    return result


def _fix(findings: Findings, fix: Fix) -> dict[str, Any]:
    return {
        "description": {"text": fix.title},
        "artifactChanges": [
            {
                "artifactLocation": _artifact(findings, part.path),
                "replacements": [
                    {
                        "deletedRegion": _region(findings, part.path, edit.span),
                        "insertedContent": {"text": edit.new_text},
                    }
                    for edit in part.edits
                ],
            }
            for part in fix.edits
        ],
        "properties": {"applicability": fix.applicability.value},
    }


def _place(findings: Findings, path: Path, span: Span) -> dict[str, Any]:
    return {"artifactLocation": _artifact(findings, path), "region": _region(findings, path, span)}


def _artifact(findings: Findings, path: Path) -> dict[str, str]:
    shown = findings.shown(path)
    address = quote(shown, safe="/", errors="surrogatepass")
    if path.is_absolute() and shown == path.as_posix():
        return {"uri": f"file://{'' if address.startswith('/') else '/'}{address}"}
    return {"uri": address, "uriBaseId": _ROOT}


def _region(findings: Findings, path: Path, span: Span) -> dict[str, int]:
    lines = findings.lines(path)
    start, end = lines.position(span.start, Unit.UTF16), lines.position(span.end, Unit.UTF16)
    return {
        "startLine": start.line + 1,
        "startColumn": start.column + 1,
        "endLine": end.line + 1,
        "endColumn": end.column + 1,
    }
