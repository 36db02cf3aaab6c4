"""Findings made by hand, for tests of reports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from apim_policy.report.findings import Findings
from apim_policy.rules.model import Diagnostic, Severity
from apim_policy.text.lines import LineIndex
from apim_policy.text.span import Span

FOLDER = Path("/project").absolute()
FILE = FOLDER / "policy.xml"


def span_of(text: str, part: str) -> Span:
    """Where ``part``, which stands in ``text`` once, stands."""
    assert text.count(part) == 1, f"{part!r} stands in the text {text.count(part)} times"
    start = text.index(part)
    return Span(start, start + len(part))


def finding(span: Span, message: str = "This is wrong.", **fields: Any) -> Diagnostic:
    """A warning XML001 in ``policy.xml``, unless ``fields`` say otherwise."""
    given = {
        "path": FILE,
        "code": "XML001",
        "name": "unclosed-element",
        "severity": Severity.WARNING,
        **fields,
    }
    return Diagnostic(span=span, message=message, **given)


def findings(texts: str | dict[Path, str], *found: Diagnostic, **fields: Any) -> Findings:
    """A run over these texts, a lone one being ``policy.xml``."""
    given = {FILE: texts} if isinstance(texts, str) else texts
    lines = {path: LineIndex(text) for path, text in given.items()}
    return Findings(found, len(given), lambda path: lines.get(path, LineIndex("")), FOLDER, **fields)
