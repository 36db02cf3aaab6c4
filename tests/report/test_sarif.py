"""SARIF: what code scanning shows, and by what it knows a finding again."""

from __future__ import annotations

from typing import Any

import pytest

from apim_policy.lint.suppressions import Suppressed
from apim_policy.report import sarif
from apim_policy.rules.model import Applicability, FileEdit, Fix, Related, Severity
from apim_policy.rules.registry import url
from apim_policy.text.edits import TextEdit
from apim_policy.text.span import Span
from support.findings import FILE, FOLDER, finding, findings, span_of
from support.schemas import check_sarif

TEXT = "<policies>\r\n  🚀 <inbound>\r\n</policies>"
OUTSIDE = FOLDER.parent / "else where" / "api.xml"


def run_of(found: Any) -> dict[str, Any]:
    (run,) = check_sarif(sarif.render(found))["runs"]
    return run


def result_of(found: Any) -> dict[str, Any]:
    (result,) = run_of(found)["results"]
    return result


def mark_of(text: str, part: str, **fields: Any) -> str:
    result = result_of(findings(text, finding(span_of(text, part), **fields)))
    return result["partialFingerprints"]["findingContext/v1"]


def test_columns_count_utf_16_units_and_the_run_says_so():
    found = findings(TEXT, finding(span_of(TEXT, "<inbound>")))
    assert run_of(found)["columnKind"] == "utf16CodeUnits"
    (location,) = result_of(found)["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "policy.xml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 2, "startColumn": 6, "endLine": 2, "endColumn": 15},
    }


def test_all_that_a_finding_can_carry():
    fix = Fix(
        "Close it", (FileEdit(FILE, (TextEdit.insert(len(TEXT), "\n</inbound>"),)),), Applicability.UNSAFE
    )
    found = findings(
        {FILE: TEXT, OUTSIDE: "<policies/>"},
        finding(
            span_of(TEXT, "<inbound>"),
            severity=Severity.ERROR,
            related=(Related(OUTSIDE, Span(0, 9), "here"),),
            fixes=(fix,),
        ),
    )
    result = result_of(found)
    assert result["level"] == "error"
    assert result["relatedLocations"][0]["message"] == {"text": "here"}
    place = result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": f"file://{OUTSIDE.as_posix().replace(' ', '%20')}"}
    assert result["fixes"] == [
        {
            "description": {"text": "Close it"},
            "artifactChanges": [
                {
                    "artifactLocation": {"uri": "policy.xml", "uriBaseId": "%SRCROOT%"},
                    "replacements": [
                        {
                            "deletedRegion": {
                                "startLine": 3,
                                "startColumn": 12,
                                "endLine": 3,
                                "endColumn": 12,
                            },
                            "insertedContent": {"text": "\n</inbound>"},
                        }
                    ],
                }
            ],
            "properties": {"applicability": "unsafe"},
        }
    ]


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        (Severity.ERROR, "error"),
        (Severity.WARNING, "warning"),
        (Severity.INFO, "note"),
        (Severity.HINT, "note"),
    ],
)
def test_levels(severity: Severity, level: str):
    assert result_of(findings(TEXT, finding(Span(0, 1), severity=severity)))["level"] == level


def test_a_rule_carries_its_page():
    (rule,) = run_of(findings(TEXT, *[finding(Span(0, 1))] * 2))["tool"]["driver"]["rules"]
    assert (rule["id"], rule["name"], rule["helpUri"]) == ("XML001", "unclosed-element", url("XML001"))
    assert rule["help"]["markdown"].startswith("# XML001 unclosed-element\n")
    assert "## Why is this bad?" in rule["help"]["text"]


def test_results_point_at_their_rules():
    found = findings(TEXT, finding(Span(0, 1), code="XML002", name="mismatched-end-tag"), finding(Span(1, 2)))
    run = run_of(found)
    rules = run["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == ["XML002", "XML001"]
    assert [result["ruleId"] for result in run["results"]] == ["XML002", "XML001"]


def test_a_rule_of_the_organisation_has_no_page():
    (rule,) = run_of(findings(TEXT, finding(Span(0, 1), code="ORG001", name="org001")))["tool"]["driver"][
        "rules"
    ]
    assert rule == {"id": "ORG001", "name": "org001"}


def test_a_fingerprint_survives_lines_that_move_and_other_indentation():
    assert mark_of("<a>\n  <b c='1'/>\n</a>", "<b c='1'/>") == mark_of(
        "<!-- new -->\r\n<a>\r\n\r\n\t<b   c='1'/>\r\n</a>", "<b   c='1'/>"
    )


def test_a_fingerprint_changes_with_the_text_and_the_code():
    text = "<a>\n<b c='1'/>\n</a>"
    marks = {
        mark_of(text, "<b c='1'/>"),
        mark_of(text, "c='1'"),
        mark_of(text.replace("1", "2"), "<b c='2'/>"),
        mark_of(text, "<b c='1'/>", code="XML002"),
    }
    assert len(marks) == 4


def test_findings_that_look_the_same_are_told_apart():
    text = "<a>\n<base/>\n<base/>\n</a>"
    found = findings(text, finding(Span(4, 11)), finding(Span(12, 19)))
    marks = [result["partialFingerprints"]["findingContext/v1"] for result in run_of(found)["results"]]
    assert [mark.partition(":")[2] for mark in marks] == ["0", "1"]
    assert len({mark.partition(":")[0] for mark in marks}) == 1


def test_what_is_suppressed_is_marked():
    hidden = [
        Suppressed(finding(Span(0, 1)), "agreed with security"),
        Suppressed(finding(Span(1, 2)), ""),
    ]
    known = [finding(Span(2, 3))]
    found = findings(TEXT, finding(Span(3, 4)), suppressed=hidden, known=known)
    assert [result.get("suppressions") for result in run_of(found)["results"]] == [
        [{"kind": "inSource", "justification": "agreed with security"}],
        [{"kind": "inSource"}],
        [{"kind": "external"}],
        None,
    ]


def test_nothing_found():
    assert run_of(findings(TEXT))["results"] == []


@pytest.mark.parametrize("name", ["a b.xml", "100%.xml", "ü#?.xml", "a:b.xml"])
def test_addresses_are_encoded(name: str):
    path = FOLDER / name
    found = findings({path: TEXT}, finding(Span(0, 1), path=path))
    (location,) = result_of(found)["locations"]
    from urllib.parse import unquote

    address = location["physicalLocation"]["artifactLocation"]["uri"]
    assert address.isascii()
    assert not set(address) & set(" #?:")
    assert unquote(address) == name


def test_the_same_findings_give_the_same_bytes():
    found = findings(TEXT, finding(Span(0, 1)), finding(Span(2, 3)))
    assert sarif.render(found) == sarif.render(found)
