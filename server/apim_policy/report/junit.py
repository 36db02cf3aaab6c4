"""Findings as test results in the XML that JUnit made common: a suite for each document, a case for each finding.

The shape is the one that the Jenkins plug-in xUnit checks (github.com/jenkinsci/xunit-plugin, ``junit-10.xsd``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apim_policy.rules.model import Severity
from apim_policy.rules.registry import url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element

    from apim_policy.report.findings import Findings
    from apim_policy.rules.model import Diagnostic

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML 1.0 document can hold."""


def render(findings: Findings) -> str:
    """The results; ends with a line end.

    Errors and warnings are failures; what is milder is said in the output of a case that passes. A document without
    findings is a case that passes.
    """
    from lxml import etree

    grouped: dict[str, list[Diagnostic]] = {findings.shown(path): [] for path in findings.checked}
    for finding in findings.found:
        grouped.setdefault(findings.shown(finding.path), []).append(finding)
    suites = [_suite(findings, name, found) for name, found in sorted(grouped.items())]
    root = etree.Element(
        "testsuites",
        name="apim-policy",
        tests=str(sum(int(suite.get("tests", "")) for suite in suites)),
        failures=str(sum(int(suite.get("failures", "")) for suite in suites)),
        errors="0",
    )
    root.extend(suites)
    etree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{etree.tostring(root, encoding="unicode")}\n'


def _suite(findings: Findings, name: str, found: Sequence[Diagnostic]) -> _Element:
    from lxml import etree

    failures = sum(_fails(finding) for finding in found)
    suite = etree.Element(
        "testsuite",
        name=_xml(name),
        tests=str(max(len(found), 1)),
        failures=str(failures),
        errors="0",
        skipped="0",
        time="0",
    )
    for finding in found:
        suite.append(_case(findings, name, finding))
    if not found:
        etree.SubElement(suite, "testcase", name="policy document", classname=_xml(name), time="0")
    return suite


def _case(findings: Findings, name: str, finding: Diagnostic) -> _Element:
    from lxml import etree

    start = findings.lines(finding.path).position(finding.span.start)
    place = f"{start.line + 1}:{start.column + 1}"
    case = etree.Element(
        "testcase", name=_xml(f"{finding.code} {finding.name} at {place}"), classname=_xml(name), time="0"
    )
    page = url(finding.code)
    text = f"{name}:{place}: {finding.message}" + (f"\n{page}" if page else "")
    if _fails(finding):
        failure = etree.SubElement(
            case, "failure", type=finding.severity.value, message=_xml(finding.message)
        )
        failure.text = _xml(text)
    else:
        etree.SubElement(case, "system-out").text = _xml(f"{finding.severity.value}: {text}")
    return case


def _fails(finding: Diagnostic) -> bool:
    return finding.severity.at_least(Severity.WARNING)


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
