"""``--changed-since``: only what a change concerns is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.cli.main import UsageError
from apim_policy.lint.changed import concerned
from apim_policy.workspace.git import GitError, changed_since, repository

if TYPE_CHECKING:
    from pathlib import Path

    from apim_policy.cli.session import Session


def narrow(session: Session, revision: str) -> None:
    """Leave out the documents whose findings no change since ``revision`` concerns.

    Raises UsageError where git cannot say what changed.
    """
    changed: dict[Path, frozenset[Path]] = {}
    stdin = session.inputs.stdin
    for part in session.parts:
        for folder in {path.parent for path in part.paths}:
            top = repository(folder)
            if top is None:
                raise UsageError(
                    f'"{folder}" is in no git repository, so nothing says what changed there since "{revision}".'
                )
            if top not in changed:
                changed[top] = _changed(top, revision)
    files = frozenset().union(*changed.values(), {stdin.path} if stdin else ())
    for part in session.parts:
        part.paths = concerned(part.workspace, part.paths, files)


def _changed(top: Path, revision: str) -> frozenset[Path]:
    try:
        return changed_since(top, revision)
    except GitError as error:
        message = str(error)
        raise UsageError(message[0].upper() + message[1:]) from None
