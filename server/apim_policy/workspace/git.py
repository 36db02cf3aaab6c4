"""What git says of a folder: the files that differ from an earlier revision."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# Nothing that a repository's own settings name is run, and no lock is taken that another git would wait for.
_GIT = ("git", "-c", "core.fsmonitor=false", "--no-optional-locks", "--literal-pathspecs")


class GitError(Exception):
    """Git cannot say; the message is for the user, in full sentences."""


def repository(folder: Path) -> Path | None:
    """The top of the repository that holds a folder; None where it is in none."""
    return next((path for path in (folder, *folder.parents) if (path / ".git").exists()), None)


def changed_since(top: Path, revision: str) -> frozenset[Path]:
    """The files below ``top``, a repository's, that differ from what they were when its branch left ``revision``.

    Files that git does not know are among them unless it ignores them, and so are files that are gone. Where the two
    have no common ancestor, as in a shallow clone, the revision itself is compared. Raises GitError.
    """
    commit = _text(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if not commit:
        raise GitError(
            f'git knows no revision "{revision}" in "{top}". '
            f"Where it is a branch of another clone, fetch it first; a pipeline may have cloned without history."
        )
    base = _text(top, "merge-base", commit, "HEAD") or commit
    changed = _run(
        top, "diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-relative", base, "--"
    )
    unknown = _run(top, "ls-files", "--others", "--exclude-standard", "-z")
    for done in (changed, unknown):
        if done.returncode:
            raise GitError(f'git failed in "{top}": {_complaint(done)}')
    names = (changed.stdout + unknown.stdout).split(b"\0")
    return frozenset(top / os.fsdecode(name) for name in names if name)


def _text(top: Path, *arguments: str) -> str:
    """What git prints; nothing where it says by its status alone that there is nothing to print."""
    done = _run(top, *arguments)
    if done.returncode and done.stderr:
        raise GitError(f'git failed in "{top}": {_complaint(done)}')
    return "" if done.returncode else os.fsdecode(done.stdout).strip()


def _run(top: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run((*_GIT, *arguments), cwd=top, capture_output=True, check=False)
    except FileNotFoundError:
        raise GitError("git was not found, and only git knows what changed.") from None
    except (OSError, ValueError) as error:
        raise GitError(f"git cannot be run: {error}.") from None


def _complaint(done: subprocess.CompletedProcess[bytes]) -> str:
    text = os.fsdecode(done.stderr).strip()
    return text.splitlines()[0].removeprefix("fatal: ").rstrip(".") + "." if text else "it does not say why."
