"""Bytes of a file to text and back, losing nothing."""

from __future__ import annotations

import codecs
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file holds its text: a codec, and whether a byte order mark stands first."""

    codec: str
    bom: bytes = b""

    def encode(self, text: str) -> bytes:
        """The bytes of a file that holds ``text``."""
        return self.bom + text.encode(self.codec)


UTF8 = Encoding("utf-8")

_MARKS = (
    Encoding("utf-8", codecs.BOM_UTF8),
    Encoding("utf-16-le", codecs.BOM_UTF16_LE),
    Encoding("utf-16-be", codecs.BOM_UTF16_BE),
)


class UndecodableError(ValueError):
    """The bytes are no text in UTF-8 or UTF-16."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset
        """Offset of the first byte that does not fit."""


def decode(data: bytes) -> tuple[str, Encoding]:
    """The text of a file, without its byte order mark, and how it was encoded.

    UTF-8 with or without a mark, and UTF-16 with a mark or with the zero bytes that an XML document's first
    characters give it (XML 1.0, appendix F). Raises UndecodableError for anything else.
    """
    for encoding in _MARKS:
        if data.startswith(encoding.bom):
            return _decode(data, encoding), encoding
    if data[:2] == b"<\x00":
        encoding = Encoding("utf-16-le")
    elif data[:2] == b"\x00<":
        encoding = Encoding("utf-16-be")
    else:
        encoding = UTF8
    return _decode(data, encoding), encoding


def _decode(data: bytes, encoding: Encoding) -> str:
    skip = len(encoding.bom)
    try:
        return data[skip:].decode(encoding.codec)
    except UnicodeDecodeError as error:
        offset = error.start + skip
        name = "UTF-16" if encoding.codec.startswith("utf-16") else "UTF-8"
        raise UndecodableError(f"byte {offset} does not fit {name}", offset) from None
