"""What an end tag was meant for that does not close the innermost element.

Each reading is tried on the tags that follow, and the one with the fewest further faults wins.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from apim_policy.syntax.names import may_hold
from apim_policy.syntax.tree import Comment, Element, EndTag, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apim_policy.syntax.scanner import Item

# How many items are looked at, how many times in one document, and how many open elements count.
_REACH = 400
_LOOKS = 100
_DEPTH = 64


class Meaning(Enum):
    """What becomes of an end tag."""

    SWAPPED = "swapped"
    """It closes the parent of the innermost element, whose own end tag follows right after it."""
    CLOSES = "closes"
    """It closes an open element of its name; those in it have no end tag."""
    MISTAKEN = "mistaken"
    """It closes the innermost element under a wrong name."""
    STRAY = "stray"
    """It closes nothing."""


class Lookahead:
    """Decides over the end tags of one document, with a bound on the work for all of them."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = items
        self._looks = _LOOKS

    def meaning(self, name: str, stack: Sequence[Element], index: int, is_open: bool) -> Meaning:
        """What the end tag ``name`` means that stands at ``index`` while the elements of ``stack`` are open.

        ``is_open`` says whether one of them has that name.
        """
        if not stack:
            return Meaning.STRAY
        self._looks -= 1
        if self._looks < 0:
            return Meaning.CLOSES if is_open else Meaning.STRAY
        names = [element.name for element in stack[-_DEPTH:]]
        best, least = Meaning.STRAY, 1 << 30
        for meaning, cost, remaining, following in self._readings(name, names, index):
            cost += self._cost(remaining, following, least - cost)
            if cost < least:
                best, least = meaning, cost
        return best

    def _readings(
        self, name: str, names: list[str], index: int
    ) -> Iterator[tuple[Meaning, int, list[str], int]]:
        """The readings that are possible: faults so far, elements open afterwards, and where it goes on."""
        top = names[-1]
        after = self.following(index)
        if after is not None and len(names) > 1 and names[-2] == name and self._items_name(after) == top:
            yield Meaning.SWAPPED, 1, names[:-2], after + 1
        if name in names:
            depth = len(names) - 1 - names[::-1].index(name)
            yield Meaning.CLOSES, len(names) - 1 - depth, names[:depth], index + 1
        mistaken = (Meaning.MISTAKEN, 1, names[:-1], index + 1)
        stray = (Meaning.STRAY, 1, list(names), index + 1)
        yield from (mistaken, stray) if name[:3] == top[:3] else (stray, mistaken)

    def following(self, index: int) -> int | None:
        """Index of the end tag that comes next with nothing but blanks and comments before it."""
        for at in range(index + 1, min(index + 6, len(self._items))):
            item = self._items[at]
            if isinstance(item, EndTag):
                return at
            if not (isinstance(item, Comment) or (type(item) is Text and item.end - item.start < 200)):
                return None
        return None

    def _items_name(self, index: int) -> str:
        item = self._items[index]
        return item.name if isinstance(item, EndTag) else ""

    def _cost(self, names: list[str], index: int, limit: int) -> int:
        """How many faults the following items show when the elements ``names`` are open before them."""
        cost = 0
        for item in self._items[index : index + _REACH]:
            if isinstance(item, EndTag):
                if names and names[-1] == item.name:
                    names.pop()
                elif item.name in names:
                    while names.pop() != item.name:
                        cost += 1
                else:
                    cost += 1
            elif isinstance(item, Element):
                if names and not may_hold(names[-1], item.name):
                    cost += 1
                if not item.self_closing:
                    names.append(item.name)
            if cost >= limit:
                return cost
        if index + _REACH >= len(self._items):
            cost += len(names)
        return cost
