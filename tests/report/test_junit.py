"""Test results in JUnit's XML, as a reader of such results understands them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from junitparser import Failure, JUnitXml

from apim_policy.report import junit
from apim_policy.rules.model import Severity
from apim_policy.text.span import Span
from support.findings import FILE, FOLDER, finding, findings
from support.schemas import check_junit

if TYPE_CHECKING:
    from apim_policy.report.findings import Findings

TEXT = "<policies>\n</policies>"
OTHER = FOLDER / "a" / "other.xml"


def read(found: Findings) -> JUnitXml:
    text = junit.render(found)
    check_junit(text)
    return JUnitXml.fromstring(text.encode())


def test_a_suite_for_each_document_and_a_case_for_each_finding():
    found = findings({FILE: TEXT, OTHER: TEXT}, finding(Span(0, 1), 'A "<b>" & c.'), checked=[OTHER, FILE])
    results = read(found)
    clean, faulty = results
    assert [(suite.name, suite.tests, suite.failures) for suite in results] == [
        ("a/other.xml", 1, 0),
        ("policy.xml", 1, 1),
    ]
    assert [case.is_passed for case in clean] == [True]
    (case,) = faulty
    (failure,) = case.result
    assert (case.name, case.classname) == ("XML001 unclosed-element at 1:1", "policy.xml")
    assert isinstance(failure, Failure)
    assert (failure.type, failure.message) == ("warning", 'A "<b>" & c.')
    assert failure.text.startswith('policy.xml:1:1: A "<b>" & c.\nhttps://')


@pytest.mark.parametrize(
    ("severity", "fails"),
    [(Severity.ERROR, True), (Severity.WARNING, True), (Severity.INFO, False), (Severity.HINT, False)],
)
def test_what_is_mild_fails_nothing(severity: Severity, fails: bool):
    results = read(findings(TEXT, finding(Span(0, 1), severity=severity)))
    (suite,) = results
    (case,) = suite
    assert case.is_failure == fails
    assert fails or case.system_out.startswith(f"{severity.value}: policy.xml:1:1: This is wrong.")


def test_what_no_xml_can_hold_is_replaced():
    (suite,) = read(findings(TEXT, finding(Span(0, 1), "a\x00\x1b[31m\ud83d\uffff b")))
    (case,) = suite
    assert case.result[0].message == "a\ufffd\ufffd[31m\ufffd\ufffd b"


def test_nothing_checked():
    assert list(read(findings({}))) == []
