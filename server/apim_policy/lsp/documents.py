"""The documents that a client has open, kept equal to its own by applying its changes.

Positions are read by the lines of ``apim_policy.text``, since those of pygls split at U+2028 and vertical tabs and put
an insertion past the end of the last line before its last character.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.lsp.uris import to_path
from apim_policy.text.lines import LineIndex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from apim_policy.text.lines import Position, Unit


class Change(NamedTuple):
    """One step of a client's edit: the characters between two positions give way to ``text``."""

    start: Position | None
    """None where ``text`` replaces the whole document."""
    end: Position | None
    text: str


@dataclass(frozen=True)
class OpenDocument:
    """One version of a document that the client has open; it never changes."""

    uri: str
    """As the client spells it."""
    path: Path
    """Where the document is no file (untitled, from version control), a path of its own at which there is none."""
    language: str
    version: int
    text: str
    revision: int
    """Grows with every change of any open document."""

    @cached_property
    def lines(self) -> LineIndex:
        """Line starts, for positions."""
        return LineIndex(self.text)


class Documents:
    """The open documents by URI."""

    def __init__(self, unit: Unit, folder: Path) -> None:
        self._folder = folder / ".buffers"
        self._buffers = 0
        self.unit = unit
        """What the client's columns count."""
        self.revision = 0
        """Grows with every change of any document."""
        self._by_uri: dict[str, OpenDocument] = {}
        self._by_path: dict[Path, OpenDocument] = {}

    def __iter__(self) -> Iterator[OpenDocument]:
        return iter(list(self._by_uri.values()))

    def get(self, uri: str) -> OpenDocument | None:
        """The document of that URI, however the client escapes it this time."""
        document = self._by_uri.get(uri)
        if document is None:
            path = to_path(uri)
            document = self._by_path.get(path) if path else None
        return document

    def at(self, path: Path) -> OpenDocument | None:
        """The open document that is the file ``path``."""
        return self._by_path.get(path)

    def open(self, uri: str, language: str, version: int, text: str) -> OpenDocument:
        """Take a document over from the client."""
        known = self.get(uri)
        path = known.path if known else to_path(uri) or self._buffer(uri)
        return self._keep(uri, path, language, version, text)

    def change(self, uri: str, version: int, changes: Iterable[Change]) -> OpenDocument | None:
        """Apply a client's changes, one after the other; None where the client never opened the document."""
        document = self.get(uri)
        if document is None:
            return None
        text = apply_changes(document.lines, changes, self.unit)
        return self._keep(document.uri, document.path, document.language, version, text)

    def close(self, uri: str) -> OpenDocument | None:
        """Give a document back to the file system; None where it was not open."""
        document = self.get(uri)
        if document is not None:
            del self._by_uri[document.uri]
            del self._by_path[document.path]
        return document

    def _keep(self, uri: str, path: Path, language: str, version: int, text: str) -> OpenDocument:
        self.revision += 1
        document = OpenDocument(uri, path, language, version, text, self.revision)
        before = self._by_path.get(path)
        if before is not None and before.uri != uri:
            # The client spells the URI of the same file in another way now.
            self._by_uri.pop(before.uri, None)
        self._by_uri[uri] = self._by_path[path] = document
        return document

    def _buffer(self, uri: str) -> Path:
        self._buffers += 1
        name = re.sub(r"[^\w.-]+", "-", uri.rpartition("/")[2].rpartition(":")[2]) or "untitled"
        # Of no suffix that policy documents have, so that a workspace does not count it as one of its files.
        return self._folder / str(self._buffers) / f"{name[:80]}.buffer"


def apply_changes(lines: LineIndex, changes: Iterable[Change], unit: Unit) -> str:
    """The text after all ``changes``, each of which speaks of the text that the one before it left.

    ``lines`` are those of the text before the first change.
    """
    text = lines.text
    current = lines
    # Clients send the edits of many cursors from the last to the first. What stands before the last edit has kept its
    # offsets then, and lines need not be counted again.
    untouched = len(text) + 1
    for change in changes:
        if change.start is None or change.end is None:
            text = change.text
            current = LineIndex(text)
            untouched = len(text) + 1
            continue
        start, end = sorted((change.start, change.end))
        first, last = current.offset(*start, unit), current.offset(*end, unit)
        if last >= untouched:
            current = LineIndex(text)
            first, last = current.offset(*start, unit), current.offset(*end, unit)
        text = text[:first] + change.text + text[last:]
        untouched = first
    return text
