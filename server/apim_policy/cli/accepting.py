"""``--baseline``: findings that a project lives with for now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.cli.main import PROGRAM, UsageError, complain
from apim_policy.lint.baseline import Baseline, BaselineError
from apim_policy.report.findings import number_of
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


def hide(session: Session, baseline: Baseline, found: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The findings that are not listed. Says which entries nothing matches any more."""
    new, session.known = baseline.split(found, session.lines)
    stale = baseline.stale(found, session.lines, _ran(session))
    if stale:
        complain(_stale(stale, session.options.baseline))
    return new


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
        f"To bring it up to date: {PROGRAM} lint --baseline {file} --write-baseline"
    )
