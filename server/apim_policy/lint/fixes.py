"""Applies fixes, over several files at once, until nothing is left to fix.

All happens in memory: the caller writes the new texts, or shows them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.lint.engine import check_document
from apim_policy.rules.model import Applicability
from apim_policy.text.edits import TextEdit, apply_edits
from apim_policy.workspace.files import UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from apim_policy.lint.selection import Selection
    from apim_policy.lint.suppressions import Suppressed
    from apim_policy.rules.model import Diagnostic, Fix
    from apim_policy.syntax.tree import FaultKind
    from apim_policy.text.span import Span
    from apim_policy.workspace.workspace import Workspace

MAX_ROUNDS = 100
"""A fix may uncover another finding; a chain longer than this is taken for a circle."""


@dataclass(frozen=True, slots=True)
class AppliedFix:
    """A fix that was applied."""

    finding: Diagnostic
    """As it was found, with spans of the text at that time."""
    fix: Fix

    @property
    def paths(self) -> frozenset[Path]:
        """The files that it changes."""
        return frozenset(part.path for part in self.fix.edits)


@dataclass(slots=True)
class FixRun:
    """What came of applying fixes."""

    texts: dict[Path, str]
    """The new text of each file that changes."""
    applied: list[AppliedFix]
    remaining: list[Diagnostic]
    """What is found in the new texts; spans speak of them."""
    suppressed: list[Suppressed]
    """What comments suppress in the new texts."""
    converged: bool = True
    """False where fixes went round in a circle; ``texts`` is what the last round left."""

    def groups(self) -> list[tuple[dict[Path, str], list[AppliedFix]]]:
        """The changes in parts that must be written together, since a fix of theirs spans the files; in stable order."""
        group_of: dict[Path, set[Path]] = {path: {path} for path in self.texts}
        for item in self.applied:
            joined = {path for member in item.paths for path in group_of[member]}
            for path in joined:
                group_of[path] = joined
        done: set[Path] = set()
        found = []
        for path, group in group_of.items():
            if path not in done:
                done |= group
                fixes = [item for item in self.applied if item.paths & group]
                found.append(({member: self.texts[member] for member in sorted(group)}, fixes))
        return found


@dataclass(frozen=True, slots=True)
class FixChoice:
    """Which fixes a batch may apply."""

    unsafe: bool = False
    only: Collection[str] | None = None
    """Codes; None for all."""
    within: Collection[Path] | None = None
    """The files that may change; None for all."""

    def allows(self, finding: Diagnostic) -> Fix | None:
        """The fix that the batch applies to a finding."""
        fix = finding.batch_fix
        if fix is None or (self.only is not None and finding.code not in self.only):
            return None
        if fix.named and self.only is None:
            return None
        if self.within is not None and any(part.path not in self.within for part in fix.edits):
            return None
        return fix if self.unsafe or fix.applicability is Applicability.SAFE else None


def fix_documents(
    workspace: Workspace, paths: Sequence[Path], selection: Selection, choice: FixChoice
) -> FixRun:
    """Fix what is found in ``paths``, which may change other files of the workspace too.

    The workspace is left as it was. Of fixes that touch each other one is applied in each round. A fix that would leave
    a new syntax error, or after which its finding is still there, is not applied.
    """
    run = FixRun({}, [], [], [])
    with _Scratch(workspace, paths) as scratch:
        last = _START
        rejected: set[_Key] = set()
        seen = {scratch.state()}
        for _ in range(MAX_ROUNDS):
            _lint(run, workspace, paths, selection)
            fixable = [
                AppliedFix(finding, fix) for finding in run.remaining if (fix := choice.allows(finding))
            ]
            counts = Counter(_kind(item) for item in fixable)
            idle = {
                last.again[key]
                for item in fixable
                if (key := _key(item)) in last.again and counts[_kind(item)] >= last.counts[_kind(item)]
            }
            if idle:
                seen.discard(scratch.state())
                scratch.rewind(last.texts)
                del run.applied[last.applied :]
                rejected = last.rejected | idle
                last = _START
                continue
            chosen = _compatible([item for item in fixable if _key(item) not in rejected])
            sound = _sound(scratch, [], chosen, rejected)
            if sound:
                last = _Step(scratch.texts(), len(run.applied), counts, rejected, _moved(sound))
                # What did harm, or nothing, in the text as it was may do well in the new one.
                rejected = set()
                scratch.settle(sound)
                run.applied += sound
                if scratch.state() in seen:
                    break
                seen.add(scratch.state())
            elif not chosen:
                run.texts = scratch.texts()
                return run
        _lint(run, workspace, paths, selection)
        run.texts = scratch.texts()
        run.converged = False
    return run


class _Step(NamedTuple):
    """One round of fixes, so that it can be taken back."""

    texts: dict[Path, str]
    """What had changed before it."""
    applied: int
    """How many fixes were applied before it."""
    counts: Counter[_Kind]
    """How many fixes of each kind there were to apply before it."""
    rejected: set[_Key]
    """What was rejected for the texts before it."""
    again: dict[_Key, _Key]
    """The key that each fix will have if its finding is still there, and the one that it has."""


_START = _Step({}, 0, Counter(), set(), {})


def _lint(run: FixRun, workspace: Workspace, paths: Sequence[Path], selection: Selection) -> None:
    """Note what is found in the texts as they are now."""
    checked = [check_document(workspace, path, selection) for path in paths]
    run.remaining = [finding for one in checked for finding in one.found]
    run.suppressed = [item for one in checked for item in one.suppressed]


def _moved(items: Sequence[AppliedFix]) -> dict[_Key, _Key]:
    """For each fix the key that it will have if its finding is still there, and the one that it has."""
    edits: dict[Path, list[TextEdit]] = {}
    for item in items:
        for part in item.fix.edits:
            edits.setdefault(part.path, []).extend(part.edits)
    found = {}
    for item in items:
        start = item.finding.span.start
        before = (edit for edit in edits.get(item.finding.path, ()) if edit.span.end <= start)
        moved = sum(len(edit.new_text) - (edit.span.end - edit.span.start) for edit in before)
        found[_key(item, start + moved)] = _key(item)
    return found


def with_line_ends_of(text: str, new_text: str) -> str:
    """``new_text`` with its line ends as in ``text``, which may be that of a file from Windows."""
    first = _LINE_END.search(text)
    if first is None or first.group() == "\n" or "\n" not in new_text:
        return new_text
    return _LINE_END.sub(first.group(), new_text)


_LINE_END = re.compile(r"\r\n|\n|\r")
_Kind = tuple["Path", str, str, tuple[tuple["Path", tuple[str, ...]], ...]]
_Key = tuple[_Kind, int]


def _kind(item: AppliedFix) -> _Kind:
    """What the fix does, wherever it stands: fixes of one kind cannot be told apart but by their place."""
    edits = tuple((part.path, tuple(edit.new_text for edit in part.edits)) for part in item.fix.edits)
    return item.finding.path, item.finding.code, item.fix.title, edits


def _key(item: AppliedFix, start: int | None = None) -> _Key:
    """The fix and the place of its finding, which is that of the finding unless ``start`` says otherwise."""
    return _kind(item), item.finding.span.start if start is None else start


def _compatible(items: Iterable[AppliedFix]) -> list[AppliedFix]:
    """Those that can be applied together: of fixes that touch each other the first."""
    taken: dict[Path, list[Span]] = {}
    chosen = []
    for item in items:
        spans = [(part.path, edit.span) for part in item.fix.edits for edit in part.edits]
        if any(_touches(taken.get(path, ()), span) for path, span in spans):
            continue
        for path, span in spans:
            insort(taken.setdefault(path, []), span)
        chosen.append(item)
    return chosen


def _touches(taken: Sequence[Span], span: Span) -> bool:
    """Whether a span shares a character or an end with one of ``taken``, which are sorted and apart.

    What is inserted beside a change may have been meant for the text as it was before.
    """
    at = bisect_left(taken, span)
    after = taken[at].start <= span.end if at < len(taken) else False
    return after or (at > 0 and span.start <= taken[at - 1].end)


def _sound(
    scratch: _Scratch, base: list[AppliedFix], items: list[AppliedFix], rejected: set[_Key]
) -> list[AppliedFix]:
    """Those of ``items`` that, on top of ``base``, leave no new syntax error; the others become ``rejected``."""
    if not items or not scratch.harms([*base, *items]):
        return items
    if len(items) == 1:
        rejected.add(_key(items[0]))
        return []
    half = len(items) // 2
    first = _sound(scratch, base, items[:half], rejected)
    return first + _sound(scratch, base + first, items[half:], rejected)


class _Scratch:
    """Texts that are tried out in a workspace, which gets its own back at the end."""

    def __init__(self, workspace: Workspace, documents: Iterable[Path]) -> None:
        self._workspace = workspace
        self._documents = frozenset(documents)
        self._store = workspace.store
        self._before: dict[Path, tuple[str | None, bool]] = {}
        """Each file's text, None where there was none, and whether an editor held it."""
        self._now: dict[Path, str] = {}

    def __enter__(self) -> _Scratch:
        return self

    def __exit__(self, *_: object) -> None:
        self.rewind({})

    def rewind(self, texts: Mapping[Path, str]) -> None:
        """Go back to an earlier state, whose changes were ``texts``."""
        for path, (before, was_open) in self._before.items():
            text = texts.get(path, before)
            if text is None:
                self._store.close(path)
                self._workspace.update(path)
                continue
            # While a text is open the workspace takes it; so the file on the disk need not be read again, and it will
            # still be known which text the fixes speak of.
            self._store.open(path, text)
            self._workspace.update(path)
            if path not in texts and not was_open:
                self._store.close(path)
        self._now = dict(texts)

    def texts(self) -> dict[Path, str]:
        """The new text of each file that was settled."""
        return dict(self._now)

    def state(self) -> frozenset[tuple[Path, str]]:
        """All changes so far; equal where the texts are."""
        return frozenset(self._now.items())

    def harms(self, items: Sequence[AppliedFix]) -> bool:
        """Whether the fixes cannot be applied, or some file then has more syntax errors of some kind."""
        try:
            after = self._after(items)
        except (ValueError, UnreadableFileError):
            return True
        for path, new_text in after.items():
            if path not in self._documents and not self._store.is_policy_document(path):
                continue
            before = self._faults(path)
            known = path in self._now or self._store.is_open(path)
            old_text = self._store.read(path).text
            self._store.open(path, new_text)
            new = self._faults(path) - before
            if known:
                self._store.open(path, old_text)
            else:
                self._store.close(path)
            if new:
                return True
        return False

    def settle(self, items: Sequence[AppliedFix]) -> None:
        """Apply the fixes."""
        for path, text in self._after(items).items():
            if path not in self._before:
                before = self._store.read(path).text if self._store.exists(path) else None
                self._before[path] = (before, self._store.is_open(path))
            self._now[path] = text
            self._store.open(path, text)
            self._workspace.update(path)

    def _after(self, items: Sequence[AppliedFix]) -> dict[Path, str]:
        edits: dict[Path, list[TextEdit]] = {}
        for item in items:
            for part in item.fix.edits:
                edits.setdefault(part.path, []).extend(part.edits)
        texts = {}
        for path, changes in edits.items():
            text = self._store.read(path).text if self._store.exists(path) else ""
            texts[path] = apply_edits(
                text, [TextEdit(edit.span, with_line_ends_of(text, edit.new_text)) for edit in changes]
            )
        return texts

    def _faults(self, path: Path) -> Counter[FaultKind]:
        return Counter(fault.kind for fault in self._store.document(path).faults)
