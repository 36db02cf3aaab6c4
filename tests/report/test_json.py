"""What programs read; the shape is a promise."""

from __future__ import annotations

import json

from apim_policy.report import json_report, statistics
from apim_policy.report.style import PLAIN
from apim_policy.rules.model import Applicability, FileEdit, Fix, Related, Severity
from apim_policy.rules.registry import PAGES
from apim_policy.text.edits import TextEdit
from apim_policy.text.span import Span
from support.findings import FILE, FOLDER, finding, findings, span_of

OUTSIDE = FOLDER.parent / "elsewhere" / "api.xml"
TEXT = "<policies>\r\n  🚀 <inbound>\r\n</policies>"


def test_a_finding_with_all_that_it_can_carry():
    found = findings(
        {FILE: TEXT, OUTSIDE: "<policies/>"},
        finding(
            span_of(TEXT, "<inbound>\r\n"),
            'It is "never" closed.',
            severity=Severity.ERROR,
            related=(Related(OUTSIDE, Span(0, 9), "here"),),
            fixes=(
                Fix(
                    "Close it",
                    (FileEdit(FILE, (TextEdit.insert(len(TEXT), "\n</inbound>"),)),),
                    Applicability.UNSAFE,
                ),
            ),
        ),
    )
    assert json.loads(json_report.render(found)) == {
        "version": 1,
        "diagnostics": [
            {
                "file": "policy.xml",
                "range": {"start": {"line": 2, "column": 5}, "end": {"line": 3, "column": 1}},
                "code": "XML001",
                "name": "unclosed-element",
                "severity": "error",
                "message": 'It is "never" closed.',
                "url": f"{PAGES}/XML001.md",
                "related": [
                    {
                        "file": OUTSIDE.as_posix(),
                        "range": {"start": {"line": 1, "column": 1}, "end": {"line": 1, "column": 10}},
                        "message": "here",
                    }
                ],
                "fixes": [
                    {
                        "title": "Close it",
                        "applicability": "unsafe",
                        "edits": [
                            {
                                "file": "policy.xml",
                                "range": {
                                    "start": {"line": 3, "column": 12},
                                    "end": {"line": 3, "column": 12},
                                },
                                "new_text": "\n</inbound>",
                            }
                        ],
                    }
                ],
            }
        ],
        "summary": {"files": 2, "errors": 1, "warnings": 0, "infos": 0, "hints": 0},
    }


def test_nothing_found():
    assert json_report.render(findings(TEXT)) == (
        '{"version": 1,\n "diagnostics": [],\n'
        ' "summary": {"files": 1, "errors": 0, "warnings": 0, "infos": 0, "hints": 0}}\n'
    )


def test_each_finding_is_a_line_of_plain_characters():
    text = json_report.render(findings(TEXT, *[finding(Span(0, 1), 'An "é".\n')] * 3))
    assert text.isascii()
    assert text.count("\n") == 6
    assert len(json.loads(text)["diagnostics"]) == 3


def test_a_lone_surrogate_survives():
    text = json_report.render(findings(TEXT, finding(Span(0, 1), "\ud83d")))
    assert json.loads(text)["diagnostics"][0]["message"] == "\ud83d"


def test_a_folder_whose_name_only_begins_the_same_is_outside():
    near = FOLDER.with_name(FOLDER.name + "-old") / "policy.xml"
    assert findings(TEXT).shown(near) == near.as_posix()
    assert findings(TEXT).shown(FOLDER / "a" / "b.xml") == "a/b.xml"


COUNTED = [
    finding(Span(0, 1), code="XML002", name="mismatched-end-tag"),
    finding(Span(0, 1), severity=Severity.ERROR),
    finding(Span(0, 1), code="XML002", name="mismatched-end-tag"),
    finding(Span(0, 1)),
]


def test_statistics_count_rules_and_levels():
    assert statistics.render(findings(TEXT, *COUNTED), PLAIN) == (
        "Count  Code    Name                Level\n"
        "2      XML002  mismatched-end-tag  warning\n"
        "1      XML001  unclosed-element    error\n"
        "1      XML001  unclosed-element    warning\n"
        "\n"
        "1 document checked: 1 error, 3 warnings.\n"
    )


def test_statistics_as_json():
    found = json.loads(statistics.render_json(findings(TEXT, *COUNTED)))
    assert found["statistics"][0] == {
        "code": "XML002",
        "name": "mismatched-end-tag",
        "severity": "warning",
        "count": 2,
    }
    assert found["summary"]["warnings"] == 3


def test_statistics_of_nothing():
    assert statistics.render(findings(TEXT), PLAIN) == "1 document checked, nothing to report.\n"
