"""Messages in a stream of bytes: header fields, an empty line, and as many bytes of JSON as the header says."""

from __future__ import annotations

import re

_LENGTH = re.compile(rb"(?im)^content-length[ \t]*:[ \t]*(\d{1,12})[ \t]*\r?$")
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_NEXT_HEADER = re.compile(rb"(?i)content-length[ \t]*:")
_HEADER_NAME = b"content-length"
_LONGEST_HEADER = 4096


class FramingError(ValueError):
    """Bytes that are no header of a message."""


class Framer:
    """Cuts a stream into the bodies of its messages.

    After something that is no header, it goes on at the next ``Content-Length``.
    """

    def __init__(self) -> None:
        self._data = bytearray()
        self._wanted: int | None = None

    def feed(self, data: bytes) -> list[bytes | FramingError]:
        """The messages that ``data`` completes, and the errors that lie between them, in order."""
        self._data += data
        found: list[bytes | FramingError] = []
        while (item := self._next()) is not None:
            found.append(item)
        return found

    def _next(self) -> bytes | FramingError | None:
        if self._wanted is None:
            end = _HEADER_END.search(self._data, 0, _LONGEST_HEADER)
            if end is None:
                return self._skip() if len(self._data) >= _LONGEST_HEADER else None
            length = _LENGTH.search(self._data, 0, end.start())
            if length is None:
                return self._skip()
            self._wanted = int(length[1])
            del self._data[: end.end()]
        if len(self._data) < self._wanted:
            return None
        body = bytes(self._data[: self._wanted])
        del self._data[: self._wanted]
        self._wanted = None
        return body

    def _skip(self) -> FramingError:
        sample = bytes(self._data[:40]).decode("utf-8", "replace")
        # From 1, so that the header that was just refused is not found again.
        following = _NEXT_HEADER.search(self._data, 1)
        del self._data[: following.start() if following else len(self._data) - self._header_begun()]
        return FramingError(f"no Content-Length where a message should begin: {sample!r}")

    def _header_begun(self) -> int:
        # How many bytes at the end may be the first half of a header.
        tail = bytes(self._data[1:][-len(_HEADER_NAME) :]).lower()
        return next((size for size in range(len(tail), 0, -1) if _HEADER_NAME.startswith(tail[-size:])), 0)
