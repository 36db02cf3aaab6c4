"""Runs the rules over one document."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.lint.suppressions import suppress
from apim_policy.rules.context import RuleContext
from apim_policy.rules.lnt import lnt002_unreadable_file, lnt003_internal_error
from apim_policy.workspace.files import UnreadableFileError

if TYPE_CHECKING:
    from pathlib import Path

    from apim_policy.lint.selection import ActiveRules, Selection
    from apim_policy.lint.suppressions import Suppressed
    from apim_policy.rules.model import Diagnostic
    from apim_policy.text.span import Span
    from apim_policy.workspace.workspace import Workspace


class Checked(NamedTuple):
    """What came of checking one document."""

    found: list[Diagnostic]
    """In the order of the text."""
    suppressed: list[Suppressed]
    """In the order of the text."""


def lint_document(workspace: Workspace, path: Path, selection: Selection) -> list[Diagnostic]:
    """The findings in one document, in the order of the text.

    Never raises: a file that cannot be read and a part of the program that fails are findings themselves.
    """
    return check_document(workspace, path, selection).found


def check_document(workspace: Workspace, path: Path, selection: Selection) -> Checked:
    """The findings in one document, and those that its comments suppress. Never raises."""
    active = selection.rules(path)
    try:
        document = workspace.store.document(path)
    except UnreadableFileError as error:
        failure = lnt002_unreadable_file.finding(path, error.reason)
        return Checked(_levelled([failure], active), [])
    except Exception as error:
        failure = lnt003_internal_error.finding(path, None, "The parser", error)
        return Checked(_levelled([failure], active), [])
    context = RuleContext(workspace.around(path), path, document)
    found: list[Diagnostic] = []
    failed: set[str] = set()
    for rule, check in active.checks:
        try:
            found.extend(check(context))
        except Exception as error:
            # A defect of one rule must not take the findings of the others away.
            failed.add(rule.code)
            found.append(lnt003_internal_error.finding(path, document.root, rule.code, error))
    remaining, hidden = suppress(context, found, active.levels.keys(), failed)
    found = _levelled(remaining, active)
    found.sort(key=_order)
    # A finding of a rule that is off is none, suppressed or not.
    suppressed = [
        item._replace(finding=finding) for item in hidden for finding in _levelled([item.finding], active)
    ]
    suppressed.sort(key=lambda item: _order(item.finding))
    return Checked(found, suppressed)


def _order(finding: Diagnostic) -> tuple[Span, str, str]:
    return finding.span, finding.code, finding.message


def _levelled(found: list[Diagnostic], active: ActiveRules) -> list[Diagnostic]:
    """The findings of active rules, at the levels that the settings ask for.

    A finding that its rule reports milder than usual, because it rests on an assumption, is never raised.
    """
    remaining = []
    for finding in found:
        if finding.code not in active.levels:
            continue
        level = active.levels[finding.code]
        if level is not None and finding.severity is not level:
            milder = finding.severity.rank > active.usual[finding.code].rank
            if not milder or level.rank > finding.severity.rank:
                finding = replace(finding, severity=level)
        remaining.append(finding)
    return remaining
