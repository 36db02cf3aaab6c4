"""``--baseline`` and ``--add-suppressions``: findings that a project lives with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.cli.main import PROGRAM, UsageError, complain
from apim_policy.lint.baseline import Baseline, BaselineError
from apim_policy.lint.suppressing import suppress_in, suppressible
from apim_policy.report.findings import number_of, shown
from apim_policy.workspace.files import FileStore
from apim_policy.workspace.writing import UnwritableFileError, write_files

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from apim_policy.cli.session import Session
    from apim_policy.lint.baseline import Entry
    from apim_policy.rules.model import Diagnostic

_MOST_NAMED = 5


def read(file: Path, *, may_be_new: bool) -> Baseline:
    """The baseline of a file. Raises UsageError where it cannot be used."""
    try:
        return Baseline.read(file.absolute())
    except FileNotFoundError:
        if may_be_new:
            return Baseline(file.absolute())
        raise UsageError(
            f'There is no baseline "{file}". To write it: {PROGRAM} lint --baseline {file} --write-baseline'
        ) from None
    except BaselineError as error:
        raise UsageError(
            f'The baseline "{file}" cannot be used: {error}. Restore it, or delete it and write it anew.'
        ) from None


def hide(session: Session, baseline: Baseline | None, found: Sequence[Diagnostic]) -> Sequence[Diagnostic]:
    """The findings that are not listed; all of them where there is no baseline."""
    if baseline is None:
        return found
    new, session.known = baseline.split(found, session.lines)
    return new


def remark(session: Session, baseline: Baseline, found: Sequence[Diagnostic]) -> None:
    """Say which entries nothing matches any more, ``found`` being all that was found, listed or not."""
    stale = baseline.stale(found, session.lines, _ran(session))
    if stale:
        complain(_stale(stale, session.options.baseline))


def renew(session: Session, baseline: Baseline, found: Sequence[Diagnostic]) -> Baseline:
    """Write all that was found into the file of the baseline. Raises UsageError where it cannot be written."""
    renewed = baseline.renewed(found, session.lines, _ran(session))
    try:
        write_files(FileStore(), {baseline.path: renewed.render()}, baseline.path.parent)
    except UnwritableFileError as error:
        raise UsageError(
            f'The baseline cannot be written to "{session.options.baseline}": {error.reason}.'
        ) from None
    complain(f'The baseline "{session.options.baseline}" now lists {number_of(len(renewed), "finding")}.')
    return renewed


def suppress(session: Session, found: Sequence[Diagnostic]) -> None:
    """Write comments that suppress what was found into the documents, and say how much that was."""
    written: list[Diagnostic] = []
    documents = 0
    for part in session.parts:
        own = set(part.paths)
        wanted: dict[Path, list[Diagnostic]] = {}
        for finding in found:
            if finding.path in own and suppressible(finding):
                wanted.setdefault(finding.path, []).append(finding)
        texts = suppress_in(part.workspace, wanted, part.selection)
        for path, findings in wanted.items():
            name = shown(path, session.folder)
            if path not in texts:
                complain(
                    f'"{name}" was not changed: no comment can suppress its findings and do nothing else. '
                    f"Where it has syntax errors, mend them first."
                )
                continue
            try:
                write_files(part.workspace.store, {path: texts[path]}, part.group.root)
            except UnwritableFileError as error:
                complain(f'"{name}" was not changed: {error.reason}.')
                session.inputs.failed = True
                continue
            part.workspace.update(path)
            written += findings
            documents += 1
    session.shows({})
    complain(f"{number_of(len(written), 'finding')} suppressed in {number_of(documents, 'document')}.")


def _ran(session: Session) -> dict[Path, Collection[str]]:
    """The codes of the rules that ran on each document."""
    return {path: part.selection.rules(path).levels for part in session.parts for path in part.paths}


def _stale(stale: Sequence[Entry], file: Path) -> str:
    named = ", ".join(f"{entry.code} in {entry.file}" for entry in stale[:_MOST_NAMED])
    if len(stale) > _MOST_NAMED:
        named += f" and {number_of(len(stale) - _MOST_NAMED, 'other')}"
    entries = "1 entry of it matches" if len(stale) == 1 else f"{len(stale)} entries of it match"
    return (
        f'The baseline "{file}" is out of date: {entries} nothing any more ({named}). '
        f"To renew it, so that it lists all that is found now: {PROGRAM} lint --baseline {file} --write-baseline"
    )
