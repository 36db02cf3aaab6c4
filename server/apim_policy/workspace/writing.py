"""Changes to files on the disk: each file ends up as it was or as it should be, never in between."""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from apim_policy.text.encoding import UTF8, Encoding, UndecodableError, decode
from apim_policy.workspace.files import reason_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from apim_policy.workspace.files import FileStore

_ANYONE_MAY_WRITE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


class UnwritableFileError(Exception):
    """A file cannot be changed; no file of the same change was."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason
        """A clause without a full stop, such as ``it is read-only``."""


@dataclass(slots=True)
class _Change:
    path: Path
    target: Path
    """The file itself where the path leads through links."""
    before: bytes | None
    """None where the file is new."""
    status: os.stat_result | None
    temporary: Path | None = None


def write_files(store: FileStore, changes: Mapping[Path, str], root: Path) -> None:
    """Give each file its new text, in the encoding it has, with its byte order mark and its permissions.

    All files are made ready before the first is replaced. Where replacing one fails, those already replaced get their
    old content back. Links are followed within ``root`` and stay links. A file that does not exist is made, in UTF-8.
    Raises UnwritableFileError, also where a file was changed since ``store`` last read it.
    """
    prepared: list[_Change] = []
    try:
        for path, text in changes.items():
            change = _plan(path, root)
            prepared.append(change)
            encoding = _encoding(store, change)
            change.temporary = _write_beside(change, _encode(path, encoding, text))
        _replace_all(prepared)
    finally:
        for change in prepared:
            if change.temporary is not None:
                change.temporary.unlink(missing_ok=True)
            store.invalidate(change.path)


def _plan(path: Path, root: Path) -> _Change:
    target = Path(os.path.realpath(path))
    if not target.is_relative_to(os.path.realpath(root)):
        raise UnwritableFileError(path, f'it leads to "{target}", outside "{root}"')
    try:
        status = target.stat()
        # The permission bits count even for a user who may ignore them: they say that nobody should write here.
        if not status.st_mode & _ANYONE_MAY_WRITE or not os.access(target, os.W_OK):
            raise UnwritableFileError(path, "it is read-only")
        return _Change(path, target, target.read_bytes(), status)
    except FileNotFoundError:
        return _Change(path, target, None, None)
    except OSError as error:
        raise UnwritableFileError(path, reason_of(error)) from None


def _encoding(store: FileStore, change: _Change) -> Encoding:
    """The file's encoding; raises UnwritableFileError where the file is not what ``store`` read."""
    known = store.last_read(change.path)
    if change.before is None:
        if known is not None:
            raise UnwritableFileError(change.path, "it was deleted by another program in the meantime")
        return UTF8
    try:
        text, encoding = decode(change.before)
    except UndecodableError as error:
        raise UnwritableFileError(change.path, f"it is neither UTF-8 nor UTF-16 ({error})") from None
    if known is not None and known.text != text:
        raise UnwritableFileError(change.path, "it was changed by another program in the meantime")
    return encoding


def _encode(path: Path, encoding: Encoding, text: str) -> bytes:
    try:
        return encoding.encode(text)
    except UnicodeEncodeError as error:
        code = f"U+{ord(text[error.start]):04X}"
        raise UnwritableFileError(path, f"the new text holds {code}, which is no character") from None


def _write_beside(change: _Change, data: bytes) -> Path:
    """A new file with ``data`` in the folder of the one that it is to replace."""
    temporary = change.target.with_name(f".{change.target.name}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if change.status is not None:
            temporary.chmod(stat.S_IMODE(change.status.st_mode))
            _keep_owner(temporary, change.status)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        reason = f"nothing can be written to its folder: {error.strerror or error}"
        raise UnwritableFileError(change.path, reason) from None
    return temporary


def _keep_owner(path: Path, wanted: os.stat_result) -> None:
    status = path.stat()
    owner = (wanted.st_uid, wanted.st_gid)
    if owner != (status.st_uid, status.st_gid):
        with suppress(PermissionError):
            os.chown(path, *owner)


def _replace_all(changes: list[_Change]) -> None:
    done: list[_Change] = []
    for change in changes:
        assert change.temporary is not None
        try:
            change.temporary.replace(change.target)
        except OSError as error:
            for earlier in done:
                _restore(earlier)
            raise UnwritableFileError(change.path, reason_of(error)) from None
        change.temporary = None
        done.append(change)


def _restore(change: _Change) -> None:
    with suppress(OSError, UnwritableFileError):
        if change.before is None:
            change.target.unlink()
        else:
            _write_beside(change, change.before).replace(change.target)
