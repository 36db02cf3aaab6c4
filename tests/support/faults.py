"""Findings about the text alone: the XML family and SCP007 over one text, without files around it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from apim_policy.rules import registry
from apim_policy.rules.context import RuleContext
from apim_policy.syntax.parser import parse
from apim_policy.text.edits import apply_edits
from support.markers import parse_markers, with_markers

if TYPE_CHECKING:
    from apim_policy.rules.model import Diagnostic, Fix

_CODES = [name.code for name in registry.names() if name.code.startswith("XML")] + ["SCP007"]
PATH = Path("policy.xml")


def findings(text: str) -> list[Diagnostic]:
    """What the rules find, in the order of the text."""
    # These rules ask nothing of the workspace.
    context = RuleContext(None, PATH, parse(text))  # type: ignore[arg-type]
    found = []
    for code in _CODES:
        check = registry.rule(code).check
        assert check is not None
        found.extend(check(context))
    return sorted(found, key=lambda finding: (finding.span, finding.code))


def check_faults(source: str) -> tuple[str, list[Diagnostic]]:
    """The text of a fixture without its marks and its findings, which are those that the marks say, and no more."""
    marked = parse_markers(source)
    found = findings(marked.text)
    actual = [(item.code, item.span) for item in found]
    assert Counter(actual) == Counter(marked.expected), (
        f"marks and findings differ; the findings are\n{with_markers(marked.text, actual)}\n"
        + "\n".join(f"{item.code} {item.message}" for item in found)
    )
    return marked.text, found


def the_fault(source: str) -> tuple[str, Diagnostic]:
    """The text of a fixture with one mark, and its only finding."""
    text, found = check_faults(source)
    assert len(found) == 1
    return text, found[0]


def applied(text: str, fix: Fix) -> str:
    """The text after a fix of it."""
    (change,) = fix.edits
    assert change.path == PATH
    return apply_edits(text, change.edits)


def mended(source: str) -> str:
    """The text of a fixture after the first fix of its only finding, which leaves nothing to find."""
    text, finding = the_fault(source)
    after = applied(text, finding.fixes[0])
    assert findings(after) == [], f"the fix leaves findings in\n{after}"
    return after
