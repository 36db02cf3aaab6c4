"""A half-open range of offsets into a text."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """The characters from ``start`` up to, not including, ``end``; offsets in characters."""

    start: int
    end: int

    def contains(self, offset: int) -> bool:
        """Whether a caret at ``offset`` touches the span; both ends count."""
        return self.start <= offset <= self.end

    def covers(self, other: Span) -> bool:
        """Whether ``other`` lies within the span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the spans share a character; an empty span shares none."""
        return max(self.start, other.start) < min(self.end, other.end)
