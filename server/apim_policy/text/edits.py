"""Changes to a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable


class TextEdit(NamedTuple):
    """Replace the characters of ``span`` by ``new_text``; an empty span inserts."""

    span: Span
    new_text: str

    @staticmethod
    def insert(offset: int, text: str) -> TextEdit:
        """Insert ``text`` before the character at ``offset``."""
        return TextEdit(Span(offset, offset), text)

    @staticmethod
    def delete(start: int, end: int) -> TextEdit:
        """Delete the characters from ``start`` up to ``end``."""
        return TextEdit(Span(start, end), "")


class OverlappingEditsError(ValueError):
    """Two edits of one change touch the same characters."""


def conflict(left: TextEdit, right: TextEdit) -> bool:
    """Whether two edits cannot be part of one change.

    They conflict when they replace a common character, or when one inserts strictly inside what the other replaces.
    Two insertions at one place do not conflict: they take effect in the order given.
    """
    a, b = left.span, right.span
    if a.start == a.end and b.start == b.end:
        return False
    if a.start == a.end:
        return b.start < a.start < b.end
    if b.start == b.end:
        return a.start < b.start < a.end
    return a.overlaps(b)


def apply_edits(text: str, edits: Iterable[TextEdit]) -> str:
    """The text after all ``edits``, whose spans speak of ``text`` as it was.

    Raises OverlappingEditsError where edits conflict, ValueError where a span lies outside the text.
    """
    ordered = sorted(edits, key=lambda edit: (edit.span.start, edit.span.end))
    pieces: list[str] = []
    done = 0
    for edit in ordered:
        start, end = edit.span
        if not 0 <= start <= end <= len(text):
            raise ValueError(f"edit {start}-{end} lies outside a text of {len(text)} characters")
        if start < done:
            raise OverlappingEditsError(f"edits overlap at offset {start}")
        pieces.append(text[done:start])
        pieces.append(edit.new_text)
        done = end
    pieces.append(text[done:])
    return "".join(pieces)
