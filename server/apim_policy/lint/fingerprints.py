"""What a finding is recognised by after the document around it was edited.

A fingerprint is made of the code, of what the finding marks and of the line that it begins on, white space aside. So it
survives lines that move and indentation that changes; it changes with the text that the finding is about. It is a
digest: a report or a baseline must not repeat a secret that a document holds.
"""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from apim_policy.rules.model import Diagnostic
    from apim_policy.text.lines import LineIndex

_LENGTH = 20
"""Hexadecimal digits: 80 bits, so that no two findings of a project share them by chance."""


def fingerprint(finding: Diagnostic, lines: LineIndex) -> str:
    """The fingerprint of a finding in a file of these lines; findings that look the same share it."""
    start, end = finding.span
    line = lines.line_of(min(start, len(lines.text)))
    whole = lines.line_text(line)
    marked = lines.text[start : min(end, lines.line_end(line))]
    return digest(finding.code, _collapsed(marked), _collapsed(whole))


def numbered(
    found: Iterable[Diagnostic], lines: Callable[[Path], LineIndex]
) -> Iterable[tuple[Diagnostic, str, int]]:
    """Each finding with its fingerprint, and how many with the same one came before it in its file."""
    seen: Counter[tuple[Path, str]] = Counter()
    for finding in found:
        own = fingerprint(finding, lines(finding.path))
        yield finding, own, seen[finding.path, own]
        seen[finding.path, own] += 1


def digest(*parts: str) -> str:
    """Hexadecimal digits that stand for some texts."""
    # A lone surrogate is no character of any encoding, yet a document may hold one.
    data = "\0".join(parts).encode("utf-8", "surrogatepass")
    return sha256(data).hexdigest()[:_LENGTH]


def _collapsed(text: str) -> str:
    return " ".join(text.split())
