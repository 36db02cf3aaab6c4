"""A list of findings that a project lives with for now, so that only new ones are reported.

An entry names a file, relative to the folder of the list, a code and a fingerprint, which survives lines that move.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from apim_policy.lint.fingerprints import fingerprint
from apim_policy.rules.lnt import lnt002_unreadable_file, lnt003_internal_error
from apim_policy.workspace.files import reason_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    from apim_policy.rules.model import Diagnostic
    from apim_policy.text.lines import LineIndex

VERSION = 1

_NEVER = frozenset({lnt002_unreadable_file.RULE.code, lnt003_internal_error.RULE.code})
"""What says that something was not checked must stay in sight."""


class BaselineError(ValueError):
    """A file that is no baseline; the message is a clause without a full stop that says why."""


class Entry(NamedTuple):
    """What a baseline knows of a finding."""

    file: str
    code: str
    fingerprint: str


class Baseline:
    """The entries of a file, each with the number of findings that it stands for."""

    def __init__(self, path: Path, entries: Mapping[Entry, int] | None = None) -> None:
        self.path = path
        self._entries: Counter[Entry] = Counter(entries or {})
        self._folder = path.parent

    @classmethod
    def read(cls, path: Path) -> Baseline:
        """What a file lists. Raises BaselineError where it is none, FileNotFoundError where it does not exist."""
        try:
            data = json.loads(path.read_text(encoding="utf-8-sig"))
        except FileNotFoundError:
            raise
        except OSError as error:
            raise BaselineError(reason_of(error)) from None
        except json.JSONDecodeError as error:
            raise BaselineError(f"it is no JSON (line {error.lineno}: {error.msg})") from None
        except (UnicodeDecodeError, RecursionError):
            raise BaselineError("it is no JSON") from None
        return cls(path, _entries(data))

    def split(
        self, found: Sequence[Diagnostic], lines: Callable[[Path], LineIndex]
    ) -> tuple[list[Diagnostic], list[Diagnostic]]:
        """The findings that are new, and those that are listed.

        Where more look the same than are listed, the last ones are new.
        """
        left = Counter(self._entries)
        new, known = [], []
        for finding in found:
            entry = self._entry(finding, lines)
            if left[entry] > 0:
                left[entry] -= 1
                known.append(finding)
            else:
                new.append(finding)
        return new, known

    def stale(
        self,
        found: Sequence[Diagnostic],
        lines: Callable[[Path], LineIndex],
        ran: Mapping[Path, Collection[str]],
    ) -> list[Entry]:
        """The entries that nothing matches any more, ``ran`` being the rules that ran on each document.

        Of what was not checked now only the entries of files that do not exist are stale.
        """
        left = self._entries - Counter(self._entry(finding, lines) for finding in found)
        checked = self._checked(found, ran)
        return sorted(
            entry
            for entry in left
            if entry.code in checked.get(entry.file, ()) or not self._exists(entry.file)
        )

    def renewed(
        self,
        found: Sequence[Diagnostic],
        lines: Callable[[Path], LineIndex],
        ran: Mapping[Path, Collection[str]],
    ) -> Baseline:
        """The baseline with all that is found now; of what was not checked now, the entries stay."""
        checked = self._checked(found, ran)
        kept = {
            entry: count
            for entry, count in self._entries.items()
            if entry.code not in checked.get(entry.file, ()) and self._exists(entry.file)
        }
        listed = Counter(self._entry(finding, lines) for finding in found if finding.code not in _NEVER)
        return Baseline(self.path, listed + Counter(kept))

    def render(self) -> str:
        """The text of the file: JSON with an entry on each line, sorted, so that changes of it read well."""
        items = [{**entry._asdict(), "count": count} for entry, count in sorted(self._entries.items())]
        listed = ",".join(f"\n  {json.dumps(item)}" for item in items)
        return f'{{"version": {VERSION},\n "findings": [{listed}]}}\n'

    def __len__(self) -> int:
        return self._entries.total()

    def _entry(self, finding: Diagnostic, lines: Callable[[Path], LineIndex]) -> Entry:
        return Entry(self._name(finding.path), finding.code, fingerprint(finding, lines(finding.path)))

    def _name(self, path: Path) -> str:
        try:
            return os.path.relpath(path, self._folder).replace(os.sep, "/")
        except ValueError:
            # Another drive.
            return path.as_posix()

    def _checked(
        self, found: Sequence[Diagnostic], ran: Mapping[Path, Collection[str]]
    ) -> dict[str, Collection[str]]:
        """The rules that looked at each file; a file that could not be checked is not among them."""
        doubtful = {finding.path for finding in found if finding.code in _NEVER}
        return {self._name(path): codes for path, codes in ran.items() if path not in doubtful}

    def _exists(self, name: str) -> bool:
        return (self._folder / name).exists()


def _entries(data: Any) -> dict[Entry, int]:
    version = data.get("version") if isinstance(data, dict) else None
    if version is None:
        raise BaselineError("it is no list that --write-baseline wrote")
    if version != VERSION:
        raise BaselineError(f"its version is {version}, and this program reads version {VERSION}")
    found: dict[Entry, int] = {}
    listed = data.get("findings")
    for number, item in enumerate(listed if isinstance(listed, list) else [None], 1):
        texts = [item.get(name) for name in Entry._fields] if isinstance(item, dict) else [None]
        count = item.get("count") if isinstance(item, dict) else None
        if not all(isinstance(text, str) for text in texts) or type(count) is not int or count < 1:
            raise BaselineError(f"its finding number {number} is not complete")
        entry = Entry(*texts)
        found[entry] = found.get(entry, 0) + count
    return found
