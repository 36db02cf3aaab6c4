"""What a report is made of."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from apim_policy.lint.fixes import AppliedFix
    from apim_policy.lint.suppressions import Suppressed
    from apim_policy.rules.model import Diagnostic, Severity
    from apim_policy.text.lines import LineIndex


@dataclass(slots=True)
class Findings:
    """The findings of one run, and how to show where they are."""

    found: Sequence[Diagnostic]
    """By file, then in the order of the text."""
    documents: int
    """How many documents were checked."""
    lines: Callable[[Path], LineIndex]
    """The lines of a file that a finding, a related place or an edit speaks of."""
    folder: Path
    """What paths are shown relative to."""
    fixed: Sequence[AppliedFix] = ()
    checked: Sequence[Path] = ()
    """The documents that were checked, where a report names them."""
    suppressed: Sequence[Suppressed] = ()
    """What comments in the documents suppress."""
    known: Sequence[Diagnostic] = ()
    """What the baseline hides."""
    _shown: dict[Path, str] = field(default_factory=dict)

    def shown(self, path: Path) -> str:
        """A path as people and programs read it: relative to the working folder with ``/``, absolute outside it."""
        name = self._shown.get(path)
        if name is None:
            name = self._shown[path] = shown(path, self.folder)
        return name

    def count(self, severity: Severity) -> int:
        """How many findings have that level."""
        return sum(finding.severity is severity for finding in self.found)


def shown(path: Path, folder: Path) -> str:
    """A path relative to ``folder`` with ``/``; absolute, with ``/`` too, where it lies outside."""
    whole, start = str(path), str(folder).rstrip(os.sep) + os.sep
    return (whole[len(start) :] if whole.startswith(start) else whole).replace(os.sep, "/")


def number_of(number: int, word: str) -> str:
    """The number with its word, in the plural where it is due."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
