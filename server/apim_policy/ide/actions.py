"""What an editor offers to do about findings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from apim_policy.ide.places import stands_as_policy
from apim_policy.lint import suppressions
from apim_policy.rules.model import FileEdit, Fix
from apim_policy.syntax.tree import Element
from apim_policy.text.edits import TextEdit
from apim_policy.text.lines import LineIndex
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from apim_policy.lint.selection import Selection
    from apim_policy.rules.model import Diagnostic
    from apim_policy.syntax.tree import Document
    from apim_policy.workspace.workspace import Workspace


class ActionKind(Enum):
    """In which list an action stands."""

    QUICK_FIX = "quick-fix"
    """Mends one finding."""
    SUPPRESS = "suppress"
    """Silences one finding with a comment."""


@dataclass(frozen=True, slots=True)
class Action:
    """One entry of the list."""

    kind: ActionKind
    finding: Diagnostic
    fix: Fix
    preferred: bool = False


# What says that a file cannot be read, or a rule failed, is about no place in the document.
_NOT_SUPPRESSIBLE = frozenset({"LNT002", "LNT003"})


def actions(document: Document, path: Path, findings: Iterable[Diagnostic], span: Span) -> list[Action]:
    """The fixes of the findings that ``span`` touches, and for each the comment that suppresses it.

    An empty span is a caret. The comments come after all fixes.
    """
    touched = [
        finding for finding in findings if finding.span.start <= span.end and span.start <= finding.span.end
    ]
    fixes = [
        Action(ActionKind.QUICK_FIX, finding, fix, fix.preferred)
        for finding in touched
        for fix in finding.fixes
    ]
    comments: dict[Fix, Action] = {}
    for finding in touched:
        fix = suppression(document, path, finding)
        if fix is not None:
            comments.setdefault(fix, Action(ActionKind.SUPPRESS, finding, fix))
    return fixes + list(comments.values())


def suppression(document: Document, path: Path, finding: Diagnostic) -> Fix | None:
    """The change that suppresses a finding: a comment before the policy it is in, or before the root.

    A suppression that is there already takes the code in. None for what cannot be suppressed.
    """
    root = document.root
    if root is None or finding.code in _NOT_SUPPRESSIBLE:
        return None
    element = _covering(document, finding.span.start)
    whole_file = element is None or element is root
    form = "ignore-file" if whole_file else "ignore"
    place = root if element is None or whole_file else element
    edit = _extended(document, place, whole_file, finding.code) or _comment(
        document, place, form, finding.code
    )
    where = "in this file" if whole_file else "here"
    return Fix(f"Suppress {finding.code} {finding.name} {where}", (FileEdit(path, (edit,)),))


def _covering(document: Document, offset: int) -> Element | None:
    """The policy, section or root that holds ``offset``."""
    element = next(
        (node for node in document.nodes if isinstance(node, Element) and node.start <= offset < node.end),
        None,
    )
    found = element
    while element is not None:
        # A comment inside a body would become part of the message.
        if element.name == "set-body":
            return element
        child = next((child for child in element.elements() if child.start <= offset < child.end), None)
        if child is not None and stands_as_policy(element, child):
            found = child
        element = child
    return found


def _extended(document: Document, element: Element, whole_file: bool, code: str) -> TextEdit | None:
    for item in suppressions.find(document):
        if item.in_expression or item.whole_file is not whole_file or not item.codes:
            continue
        if item.covers is not None and (whole_file or item.covers == element.span):
            return TextEdit.insert(item.codes[-1].span.end, f", {code}")
    return None


def _comment(document: Document, element: Element, form: str, code: str) -> TextEdit:
    lines = document.lines
    start = lines.line_start(lines.line_of(element.start))
    indent = document.text[start : element.start]
    comment = f"<!-- apim-policy: {form}[{code}] -->"
    if indent.strip():
        return TextEdit.insert(element.start, comment)
    return TextEdit.insert(element.start, f"{comment}\n{indent}")


def fixable(findings: Iterable[Diagnostic]) -> bool:
    """Whether fixing all safely would change something, as far as the findings tell."""
    from apim_policy.lint.fixes import FixChoice

    return any(FixChoice().allows(finding) is not None for finding in findings)


def fix_all(workspace: Workspace, path: Path, selection: Selection, title: str) -> Fix | None:
    """All safe fixes of a document as one change, which may reach into other files; None where there are none."""
    from apim_policy.lint.fixes import FixChoice, fix_documents

    run = fix_documents(workspace, [path], selection, FixChoice())
    edits = []
    for changed, text in run.texts.items():
        before = workspace.store.read(changed).text if workspace.store.exists(changed) else ""
        if differing := line_edits(before, text):
            edits.append(FileEdit(changed, differing))
    return Fix(title, tuple(edits)) if edits else None


def line_edits(before: str, after: str) -> tuple[TextEdit, ...]:
    """The changes that make ``before`` into ``after``, each of whole lines, so that the rest keeps its marks."""
    from difflib import SequenceMatcher

    old, new = _lines(before), _lines(after)
    starts = [0, *accumulate(map(len, old))]
    found = []
    for tag, first, last, new_first, new_last in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if tag != "equal":
            found.append(TextEdit(Span(starts[first], starts[last]), "".join(new[new_first:new_last])))
    return tuple(found)


def _lines(text: str) -> list[str]:
    lines = LineIndex(text)
    starts = [lines.line_start(line) for line in range(lines.line_count)]
    return [text[start:end] for start, end in pairwise([*starts, len(text)]) if start < end]
