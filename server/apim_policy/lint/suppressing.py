"""Writes comments that suppress findings, each in the form that fits its place.

A comment goes before the innermost element that the schema describes, since one inside foreign XML, such as the body of
``set-body``, would become part of it. Inside an expression of several lines it goes above the line. What stands in no
such element is suppressed for the file. A text is only changed where all that comes of it is that findings go.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.csharp.code import code_of
from apim_policy.lint.engine import check_document
from apim_policy.lint.fixes import with_line_ends_of
from apim_policy.lint.suppressions import find
from apim_policy.rules.walk import structure
from apim_policy.syntax.tree import Element, Expression, Text
from apim_policy.text.edits import TextEdit, apply_edits
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from apim_policy.lint.selection import Selection
    from apim_policy.lint.suppressions import Suppression
    from apim_policy.rules.model import Diagnostic
    from apim_policy.syntax.tree import Document, FaultKind
    from apim_policy.workspace.workspace import Workspace

_OWN = "LNT"
"""The family of what the linter says of itself, which no comment should hide."""


class _Target(NamedTuple):
    """Where a comment goes."""

    offset: int
    """Before this character."""
    covers: Span | None
    """What it covers; None for the file."""
    in_expression: bool = False


def suppressible(finding: Diagnostic) -> bool:
    """Whether a comment may suppress the finding."""
    return not finding.code.startswith(_OWN)


def with_suppressions(
    document: Document, found: Iterable[Diagnostic], custom: Iterable[str] = (), *, whole_file: bool = False
) -> str:
    """The text with comments that suppress ``found``; ``custom`` are the codes of custom rules.

    With ``whole_file``, one comment does it for the document.
    """
    places = _Places(document)
    wanted: dict[_Target, set[str]] = {}
    for finding in found:
        target = places.file if whole_file else places.target(finding.span.start)
        wanted.setdefault(target, set()).add(finding.code)
    present = {
        (None if item.whole_file else item.covers, item.in_expression): item
        for item in find(document, list(custom))
        if item.covers is not None and item.codes
    }
    edits = [_edit(document, target, codes, present) for target, codes in _needed(wanted)]
    return apply_edits(
        document.text,
        [edit._replace(new_text=with_line_ends_of(document.text, edit.new_text)) for edit in edits],
    )


def suppress_in(
    workspace: Workspace, found: Mapping[Path, Sequence[Diagnostic]], selection: Selection
) -> dict[Path, str]:
    """New texts of the documents in which ``found`` can be suppressed; the workspace is left as it was.

    A document in which a comment would do anything else, be it that a finding appears, is not among them.
    """
    store = workspace.store
    custom = [rule.code for rule in workspace.settings.custom_rules]
    texts: dict[Path, str] = {}
    for path, own in found.items():
        document = store.document(path)
        before = _State.of(workspace, path, selection)
        wanted = Counter(finding.code for finding in own)
        for whole_file in (False, True):
            text = with_suppressions(document, own, custom, whole_file=whole_file)
            store.open(path, text)
            workspace.update(path)
            after = _State.of(workspace, path, selection)
            store.close(path)
            workspace.update(path)
            if before.loses(wanted, after):
                texts[path] = text
                break
    return texts


class _State(NamedTuple):
    """What is wrong with a document."""

    faults: Counter[FaultKind]
    found: Counter[str]

    @classmethod
    def of(cls, workspace: Workspace, path: Path, selection: Selection) -> _State:
        faults = Counter(fault.kind for fault in workspace.store.document(path).faults)
        return cls(
            faults, Counter(finding.code for finding in check_document(workspace, path, selection).found)
        )

    def loses(self, wanted: Counter[str], after: _State) -> bool:
        """Whether nothing has come, and what is gone is ``wanted``, or more of the same codes in the same places."""
        gone = self.found - after.found
        come = after.found - self.found
        return after.faults == self.faults and not come and gone.keys() == wanted.keys() and gone >= wanted


class _Places:
    """Where comments may stand in a document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        found = structure(document)
        self._holders = {
            id(place.element) for place in found.places if place.decl.text is None and not place.decl.any_xml
        }
        self._expressions = [
            part
            for element in (document.root.walk() if document.root else ())
            for text in element.children
            if isinstance(text, Text)
            for part in _expressions(text)
        ]
        self._expressions.sort(key=lambda expression: expression.start)
        root = document.root
        self.file = _Target(root.start if root else 0, None)

    def target(self, offset: int) -> _Target:
        """Where a comment goes for a finding that begins at ``offset``."""
        return self._line(offset) or self._element(offset) or self.file

    def _element(self, offset: int) -> _Target | None:
        element = self._document.root
        if element is None or not element.start <= offset < element.end:
            return None
        best: Element | None = None
        while True:
            inner = _child_at(element, offset)
            if inner is None:
                break
            if id(element) in self._holders:
                best = inner
            element = inner
        return _Target(best.start, best.span) if best else None

    def _line(self, offset: int) -> _Target | None:
        """The line of an expression, where the line before it ends in code."""
        at = bisect_right(self._expressions, offset, key=lambda expression: expression.start) - 1
        if at < 0 or offset >= self._expressions[at].end:
            return None
        expression, lines = self._expressions[at], self._document.lines
        line = lines.line_of(offset)
        start = lines.line_start(line)
        if start <= expression.start or self._in_token(expression, start - 1):
            return None
        covers = Span(start, lines.line_end(line) + 1)
        return _Target(start, covers, in_expression=True)

    def _in_token(self, expression: Expression, offset: int) -> bool:
        """Whether a string or a comment of the C# goes over the line end at ``offset``."""
        code = code_of(self._document, expression)
        node = code.node_at(offset - expression.start)
        while node is not None:
            if "string" in node.type or node.type == "comment" or node.type == "interpolation":
                return True
            node = node.parent
        return False


def _child_at(element: Element, offset: int) -> Element | None:
    children = element.children
    at = bisect_right(children, offset, key=lambda node: node.start) - 1
    if at < 0:
        return None
    child = children[at]
    return child if isinstance(child, Element) and offset < child.end else None


def _expressions(text: Text) -> Iterator[Expression]:
    for part in text.parts:
        # Where the C# is escaped or torn, nothing says for sure where its lines end.
        if isinstance(part, Expression) and part.closed and not part.escaped:
            yield part


def _needed(wanted: Mapping[_Target, set[str]]) -> Iterator[tuple[_Target, list[str]]]:
    """The codes for each target that no comment for what is around it suppresses already."""
    everywhere = next((codes for target, codes in wanted.items() if target.covers is None), set())
    around: list[tuple[int, set[str]]] = []
    for target, codes in sorted(wanted.items(), key=lambda item: (item[0].offset, -_end(item[0]))):
        while around and around[-1][0] <= target.offset:
            around.pop()
        if target.covers is None:
            yield target, sorted(codes)
            continue
        known = everywhere.union(*(own for _, own in around[-1:]))
        if codes - known:
            yield target, sorted(codes - known)
        around.append((_end(target), codes | known))


def _end(target: _Target) -> int:
    return target.covers.end if target.covers else 0


def _edit(
    document: Document,
    target: _Target,
    codes: Sequence[str],
    present: Mapping[tuple[Span | None, bool], Suppression],
) -> TextEdit:
    known = present.get((target.covers, target.in_expression))
    if known is not None:
        return TextEdit.insert(known.codes[-1].span.end, f", {', '.join(codes)}")
    listed = f"[{', '.join(codes)}]"
    lines = document.lines
    line = lines.line_of(target.offset)
    before = document.text[lines.line_start(line) : target.offset]
    if target.in_expression:
        content = lines.line_text(line)
        indent = content[: len(content) - len(content.lstrip())]
        return TextEdit.insert(target.offset, f"{indent}// apim-policy: ignore{listed}\n")
    form = "ignore" if target.covers is not None else "ignore-file"
    comment = f"<!-- apim-policy: {form}{listed} -->"
    # Beside other things in its line, the element stays in it: a line end could become part of a text.
    return TextEdit.insert(target.offset, comment if before.strip() else f"{comment}\n{before}")
