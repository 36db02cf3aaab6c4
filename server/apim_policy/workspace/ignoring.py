"""Which paths a search leaves out: by ``.gitignore`` files, by the settings' ``exclude``, and by name."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pathspec import GitIgnoreSpec

GITIGNORE = ".gitignore"
SKIPPED_FOLDERS = frozenset(
    {
        ".git",
        ".hg",
        ".mypy_cache",
        ".nox",
        ".pytest_cache",
        ".ruff_cache",
        ".svn",
        ".terraform",
        ".tox",
        ".venv",
        "__pycache__",
        "node_modules",
    }
)
"""Folders of tools, which hold no source text."""
ENVIRONMENT_MARK = "pyvenv.cfg"
"""A folder with this file is a Python environment, whatever it is called."""


class Rules(NamedTuple):
    """The patterns of one file; they speak of paths relative to the folder that the file stands in."""

    skip: int
    """How many characters of an absolute path come before the part that the patterns speak of."""
    spec: GitIgnoreSpec

    def verdict(self, path: str, *, is_folder: bool) -> bool | None:
        """Whether the patterns leave out an absolute path; None where none of them speaks of it."""
        relative = path[self.skip :]
        return self.spec.check_file(f"{relative}/" if is_folder else relative).include


def rules_from(lines: Iterable[str], folder: str) -> Rules:
    """The patterns of ``lines``, relative to ``folder``; a line that is no pattern is passed over, as git does."""
    from pathspec import GitIgnoreSpec

    sound = []
    for line in lines:
        try:
            GitIgnoreSpec.from_lines([line])
        except (ValueError, re.error):
            continue
        sound.append(line)
    return Rules(len(folder.rstrip(os.sep)) + 1, GitIgnoreSpec.from_lines(sound))


def gitignore_of(folder: str) -> Rules | None:
    """The patterns of a folder's own ``.gitignore``; None where there is none that can be read."""
    try:
        text = Path(folder, GITIGNORE).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return rules_from(text.splitlines(), folder)


class Ignoring:
    """What a search below ``start`` leaves out.

    ``exclude`` holds patterns as in a ``.gitignore``, relative to ``base``. A folder that is searched because it was named
    is searched even where rules from further up, or ``exclude``, leave it out.
    """

    def __init__(self, start: Path, exclude: Sequence[str] = (), base: Path | None = None) -> None:
        self._start = str(start)
        self._exclude = rules_from(exclude, str(base or start)) if exclude else None
        self._base = str(base or start).rstrip(os.sep) + os.sep
        self.above = _rules_above(start)
        """Rules of the folders above ``start``, as far as its repository's root."""
        if ignored(self.above, self._start, is_folder=True):
            self.above = ()
        if self.excluded(self._start, is_folder=True):
            self._exclude = None

    def excluded(self, path: str, *, is_folder: bool) -> bool:
        """Whether the settings leave out an absolute path; those outside their folder never are."""
        if self._exclude is None or not path.startswith(self._base):
            return False
        return bool(self._exclude.verdict(path, is_folder=is_folder))

    def leaves_out(self, path: Path) -> bool:
        """Whether a search would not come upon ``path``, which lies below the start."""
        parts = path.relative_to(self._start).parts
        rules, folder = self.above, self._start
        for depth, part in enumerate(parts):
            own = gitignore_of(folder)
            if own is not None:
                rules = (*rules, own)
            here = f"{folder.rstrip(os.sep)}{os.sep}{part}"
            is_folder = depth < len(parts) - 1
            if is_folder and part in SKIPPED_FOLDERS:
                return True
            if ignored(rules, here, is_folder=is_folder) or self.excluded(here, is_folder=is_folder):
                return True
            folder = here
        return False


def ignored(rules: Sequence[Rules], path: str, *, is_folder: bool) -> bool:
    """What the innermost rules that speak of ``path`` say; ``rules`` stand from the outside in."""
    for rule in reversed(rules):
        verdict = rule.verdict(path, is_folder=is_folder)
        if verdict is not None:
            return verdict
    return False


def _rules_above(start: Path) -> tuple[Rules, ...]:
    found: list[Rules] = []
    if (start / ".git").exists():
        return ()
    for folder in start.parents:
        own = gitignore_of(str(folder)) if (folder / GITIGNORE).is_file() else None
        if own is not None:
            found.append(own)
        if (folder / ".git").exists():
            return tuple(reversed(found))
    # Without a repository nobody says how far up the rules reach.
    return ()
