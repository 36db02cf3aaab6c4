"""Finds policy documents in a folder: by their root element, whatever they are called."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from apim_policy.workspace.ignoring import (
    ENVIRONMENT_MARK,
    GITIGNORE,
    SKIPPED_FOLDERS,
    Ignoring,
    gitignore_of,
    ignored,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.workspace.files import FileStore
    from apim_policy.workspace.ignoring import Rules

SUFFIXES = frozenset({".xml", ".cshtml", ".policy", ".tpl", ".tftpl", ".tmpl", ""})
"""Endings of the names that policy documents are seen under, in lower case; files of other names are not opened."""


def find_documents(start: Path, store: FileStore, ignoring: Ignoring | None = None) -> Iterator[Path]:
    """The policy documents in a folder and the folders below, folder by folder.

    Links to files are followed as long as they stay within ``start``; links to folders are not. What cannot be read is
    passed over.
    """
    return (path for path in search(start, store, ignoring) if path is not None)


def search(start: Path, store: FileStore, ignoring: Ignoring | None = None) -> Iterator[Path | None]:
    """What ``find_documents`` finds, with None for every other entry of a folder, for those who search in slices."""
    ignoring = ignoring or Ignoring(start)
    top = str(start)
    pending: list[tuple[str, tuple[Rules, ...]]] = [(top, ignoring.above)]
    while pending:
        folder, rules = pending.pop()
        try:
            with os.scandir(folder) as listing:
                entries = list(listing)
        except OSError:
            continue
        names = {entry.name for entry in entries}
        if ENVIRONMENT_MARK in names and folder != top:
            continue
        if GITIGNORE in names:
            own = gitignore_of(folder)
            rules = (*rules, own) if own is not None else rules
        entries.sort(key=lambda entry: entry.name)
        below = []
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in SKIPPED_FOLDERS and not _left_out(
                    ignoring, rules, entry.path, is_folder=True
                ):
                    below.append((entry.path, rules))
                yield None
            elif is_candidate(entry.name) and not _left_out(ignoring, rules, entry.path, is_folder=False):
                if entry.is_symlink() and not _leads_inside(entry.path, top):
                    continue
                path = Path(entry.path)
                yield path if store.is_policy_document(path) else None
            else:
                yield None
        pending.extend(reversed(below))


def is_candidate(name: str) -> bool:
    """Whether a file of that name may hold a policy document."""
    if name.startswith("."):
        return False
    _, dot, ending = name.rpartition(".")
    return (f".{ending.lower()}" if dot else "") in SUFFIXES


def _left_out(ignoring: Ignoring, rules: tuple[Rules, ...], path: str, *, is_folder: bool) -> bool:
    return ignoring.excluded(path, is_folder=is_folder) or ignored(rules, path, is_folder=is_folder)


def _leads_inside(path: str, top: str) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(top))
