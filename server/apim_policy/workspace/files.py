"""Files as the analysis sees them: what an editor holds unsaved, else what the disk holds."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.syntax.parser import parse
from apim_policy.text.encoding import UTF8, Encoding, UndecodableError, decode
from apim_policy.workspace.prolog import Prolog, read_prolog

if TYPE_CHECKING:
    import re
    from pathlib import Path

    from apim_policy.syntax.tree import Document

HEAD = 8 * 1024
"""Bytes that are read of a file first; nearly every root element begins within them."""
HEAD_LIMIT = 64 * 1024
"""Bytes or characters within which a root element must begin for a file to be found."""
_CHUNK = 1024 * 1024


class UnreadableFileError(Exception):
    """A file cannot be read as text."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason
        """A clause without a full stop, such as ``it does not exist``."""


class SourceFile(NamedTuple):
    """The text of a file."""

    path: Path
    text: str
    """Without a byte order mark, with its line ends as they are."""
    encoding: Encoding


class Head(NamedTuple):
    """The start of a file."""

    text: str
    """The first characters; offsets are those of the whole text."""
    prolog: Prolog


@dataclass(slots=True)
class _OnDisk:
    stamp: tuple[int, int]
    """Time of the last change in nanoseconds, and size in bytes."""
    data: bytes
    complete: bool
    head: Head | None = None
    source: SourceFile | None = None


class FileStore:
    """Reads files once and gives what an editor has open instead of what is on the disk.

    Paths are absolute. A file is read again when its time or size has changed; where all is ``settled``, nobody looks
    whether what was read whole has, which suits a program that runs but for a moment.
    """

    def __init__(self, *, settled: bool = False) -> None:
        self._settled = settled
        self._placeholders: dict[Path, re.Pattern[str]] = {}
        self._open: dict[Path, SourceFile] = {}
        self._disk: dict[Path, _OnDisk] = {}
        self._documents: dict[Path, tuple[Document, re.Pattern[str] | None]] = {}

    def open(self, path: Path, text: str) -> None:
        """Take ``text`` for the file's content until it is closed."""
        self._open[path] = SourceFile(path, text, UTF8)

    def close(self, path: Path) -> None:
        """Take the file's content from the disk again."""
        self._open.pop(path, None)

    def is_open(self, path: Path) -> bool:
        """Whether an editor holds the file."""
        return path in self._open

    def invalidate(self, path: Path) -> None:
        """Read the file again when it is next asked for, whatever its time and size."""
        self._disk.pop(path, None)

    def forget(self, path: Path) -> None:
        """Let go of the file's tree and text; they are read again where somebody asks for them."""
        self._documents.pop(path, None)
        entry = self._disk.get(path)
        if entry is not None and entry.source is not None:
            del self._disk[path]

    def use_placeholders(self, root: Path, pattern: re.Pattern[str] | None) -> None:
        """Parse the files below ``root`` with ``pattern`` for further forms of template placeholders."""
        if pattern is None:
            self._placeholders.pop(root, None)
        else:
            self._placeholders[root] = pattern

    def _pattern(self, path: Path) -> re.Pattern[str] | None:
        if not self._placeholders:
            return None
        roots = [root for root in self._placeholders if path.is_relative_to(root)]
        return self._placeholders[max(roots, key=lambda root: len(root.parts))] if roots else None

    def exists(self, path: Path) -> bool:
        """Whether there is such a file, be it only in an editor."""
        return path in self._open or path.is_file()

    def read(self, path: Path) -> SourceFile:
        """The text of a file. Raises UnreadableFileError."""
        source = self._open.get(path)
        return source if source is not None else self._read_disk(path)

    def last_read(self, path: Path) -> SourceFile | None:
        """What was last read from the disk, although it may have changed since."""
        entry = self._disk.get(path)
        return entry.source if entry else None

    def _read_disk(self, path: Path) -> SourceFile:
        entry = self._load(path, limit=None)
        if entry.source is None:
            try:
                text, encoding = decode(entry.data)
            except UndecodableError as error:
                raise UnreadableFileError(path, f"it is neither UTF-8 nor UTF-16 ({error})") from None
            entry.source = SourceFile(path, text, encoding)
            entry.head = None
            entry.data = b""
        return entry.source

    def document(self, path: Path) -> Document:
        """The tree of a file; the same object as long as the text is the same. Raises UnreadableFileError."""
        text = self.read(path).text
        pattern = self._pattern(path)
        known = self._documents.get(path)
        if known is not None and known[1] is pattern and known[0].text == text:
            return known[0]
        document = parse(text, pattern)
        self._documents[path] = (document, pattern)
        return document

    def head(self, path: Path) -> Head:
        """The start of a file up to its root element; no more of the file is read than that takes.

        Raises UnreadableFileError.
        """
        source = self._open.get(path)
        if source is not None:
            return head_of(source.text)
        entry = self._load(path, HEAD)
        head = entry.head
        if entry.source is not None and head is None:
            head = entry.head = head_of(entry.source.text)
        if head is None:
            head = head_of(_decode_head(entry.data), whole=entry.complete)
            if not head.prolog.complete and not entry.complete:
                entry = self._load(path, HEAD_LIMIT)
                head = head_of(_decode_head(entry.data), whole=entry.complete)
            entry.head = head
        return head

    def is_policy_document(self, path: Path) -> bool:
        """Whether the file's root element is that of a policy document; False for what cannot be read."""
        try:
            return self.head(path).prolog.is_policy
        except UnreadableFileError:
            return False

    def _load(self, path: Path, limit: int | None) -> _OnDisk:
        """What is known of the file on the disk: all of it, or at least its first ``limit`` bytes."""
        known = self._disk.get(path)
        try:
            if known is not None and (known.complete or (limit is not None and len(known.data) >= limit)):
                if self._settled and known.source is not None:
                    return known
                status = path.stat()
                if (status.st_mtime_ns, status.st_size) == known.stamp:
                    return known
            descriptor = os.open(
                path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
            )
            try:
                status = os.fstat(descriptor)
                if not stat.S_ISREG(status.st_mode):
                    raise UnreadableFileError(
                        path, "it is a folder" if stat.S_ISDIR(status.st_mode) else "it is no file"
                    )
                data = _read(descriptor, limit)
            finally:
                os.close(descriptor)
        except OSError as error:
            self._disk.pop(path, None)
            raise UnreadableFileError(path, reason_of(error)) from None
        complete = limit is None or len(data) >= status.st_size
        entry = _OnDisk((status.st_mtime_ns, status.st_size), data, complete)
        self._disk[path] = entry
        return entry


def head_of(text: str, *, whole: bool = True) -> Head:
    """The start of ``text``, which is only the beginning of one where ``whole`` is False."""
    head = text[:HEAD_LIMIT]
    return Head(head, read_prolog(head, whole=whole and len(head) == len(text)))


def reason_of(error: OSError) -> str:
    """Why the system refused, as a clause without a full stop."""
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return reason
    return f"the system says: {error.strerror or error}"


_REASONS = (
    (FileNotFoundError, "it does not exist"),
    (NotADirectoryError, "it does not exist"),
    (PermissionError, "the system denies access to it"),
    (IsADirectoryError, "it is a folder"),
)


def _read(descriptor: int, limit: int | None) -> bytes:
    if limit is not None:
        return os.read(descriptor, limit)
    chunks = []
    while chunk := os.read(descriptor, _CHUNK):
        chunks.append(chunk)
    return b"".join(chunks)


def _decode_head(data: bytes) -> str:
    """The characters of a file's first bytes, which may end within a character."""
    if data[:2] in (b"\xff\xfe", b"<\x00"):
        codec = "utf-16-le"
    elif data[:2] in (b"\xfe\xff", b"\x00<"):
        codec = "utf-16-be"
    else:
        codec = "utf-8"
    return data.decode(codec, "replace").removeprefix("\ufeff")
