"""Fixtures that carry what is expected of them.

``$0`` is a cursor. ``{|CODE:text|}`` expects a finding of that code exactly at ``text``; marks nest, and an empty text
expects an empty span.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from apim_policy.text.span import Span

_MARK = re.compile(r"\{\|(?P<code>[A-Z]{3}\d{3}):|(?P<close>\|\})|(?P<cursor>\$0)")


@dataclass(frozen=True)
class Marked:
    """A fixture without its marks."""

    text: str
    cursor: int | None
    """Offset of ``$0`` in the text; None where the fixture has no cursor."""
    expected: list[tuple[str, Span]]
    """Codes with their spans, in the order of the text; the outer one first where marks nest."""


def parse_markers(source: str) -> Marked:
    """The text of a fixture and what its marks say. Raises ValueError where a mark is not closed or the cursor is double."""
    pieces: list[str] = []
    length = 0
    last = 0
    cursor: int | None = None
    opened: list[tuple[str, int, int]] = []
    found: list[tuple[int, str, Span]] = []
    for match in _MARK.finditer(source):
        piece = source[last : match.start()]
        last = match.end()
        pieces.append(piece)
        length += len(piece)
        if match["cursor"]:
            if cursor is not None:
                raise ValueError("the fixture has two cursors")
            cursor = length
        elif match["code"]:
            opened.append((match["code"], length, len(opened) + len(found)))
        elif opened:
            code, start, order = opened.pop()
            found.append((order, code, Span(start, length)))
        else:
            raise ValueError(f"a mark is closed that was never opened, before {source[last : last + 30]!r}")
    if opened:
        raise ValueError(f"the mark {opened[-1][0]} is never closed")
    pieces.append(source[last:])
    expected = [(code, span) for _, code, span in sorted(found, key=lambda item: (item[2].start, item[0]))]
    return Marked("".join(pieces), cursor, expected)


def with_markers(text: str, found: list[tuple[str, Span]]) -> str:
    """The text with a mark around each finding: what a fixture would have to say. For readable failures."""
    opens: dict[int, list[tuple[int, str]]] = {}
    closes: dict[int, list[int]] = {}
    for code, span in found:
        opens.setdefault(span.start, []).append((-span.end, code))
        closes.setdefault(span.end, []).append(span.start)
    pieces = []
    for offset in range(len(text) + 1):
        empty = [code for end, code in opens.get(offset, []) if -end == offset]
        pieces.extend("|}" for start in closes.get(offset, []) if start < offset)
        pieces.extend(f"{{|{code}:" for end, code in sorted(opens.get(offset, [])) if -end > offset)
        pieces.extend(f"{{|{code}:|}}" for code in empty)
        pieces.append(text[offset : offset + 1])
    return "".join(pieces)
