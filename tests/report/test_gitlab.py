"""GitLab's code quality report."""

from __future__ import annotations

import pytest

from apim_policy.report import gitlab
from apim_policy.rules.model import Severity
from apim_policy.text.span import Span
from support.findings import FOLDER, finding, findings, span_of
from support.schemas import check_gitlab

TEXT = "<policies>\n  <base />\n  <base />\n</policies>"


def test_a_finding():
    (issue,) = check_gitlab(gitlab.render(findings(TEXT, finding(span_of(TEXT, "</policies>")))))
    assert issue.pop("fingerprint")
    assert issue == {
        "description": "XML001: This is wrong.",
        "check_name": "unclosed-element",
        "severity": "major",
        "location": {"path": "policy.xml", "lines": {"begin": 4, "end": 4}},
    }


@pytest.mark.parametrize(
    ("severity", "word"),
    [
        (Severity.ERROR, "critical"),
        (Severity.WARNING, "major"),
        (Severity.INFO, "minor"),
        (Severity.HINT, "info"),
    ],
)
def test_severities(severity: Severity, word: str):
    (issue,) = check_gitlab(gitlab.render(findings(TEXT, finding(Span(0, 1), severity=severity))))
    assert issue["severity"] == word


def test_fingerprints_are_unique_and_stay():
    other = FOLDER / "other.xml"
    first, second = Span(13, 21), Span(24, 32)
    assert TEXT[slice(*first)] == TEXT[slice(*second)] == "<base />"
    before = check_gitlab(gitlab.render(findings(TEXT, finding(first), finding(second))))
    moved = findings(f"\n\n{TEXT}", *(finding(Span(start + 2, end + 2)) for start, end in (first, second)))
    after = check_gitlab(gitlab.render(moved))
    assert [issue["fingerprint"] for issue in before] == [issue["fingerprint"] for issue in after]
    elsewhere = check_gitlab(gitlab.render(findings({other: TEXT}, finding(first, path=other))))
    assert elsewhere[0]["fingerprint"] not in {issue["fingerprint"] for issue in before}


def test_nothing_found():
    assert check_gitlab(gitlab.render(findings(TEXT))) == []
