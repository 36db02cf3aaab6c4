"""Proposals at the cursor of a fixture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from apim_policy.ide.completion import complete
from apim_policy.ide.offers import Surroundings
from apim_policy.ide.snippets import plain
from apim_policy.syntax.parser import parse
from support.markers import parse_markers

if TYPE_CHECKING:
    from apim_policy.ide.proposals import Completion


@dataclass(frozen=True)
class Offered:
    """Proposals at the cursor of a fixture, in the order in which they are shown."""

    before: str
    """The text up to what a proposal replaces."""
    word: str
    """What is replaced."""
    typed: str
    """The word up to the cursor."""
    after: str
    items: list[Completion]

    @property
    def labels(self) -> list[str]:
        return [item.label for item in self.items]

    def item(self, label: str) -> Completion:
        (found,) = [item for item in self.items if item.label == label]
        return found

    def chosen(self, label: str) -> str:
        """The whole text after a proposal was taken, stops left at their defaults."""
        return self.before + plain(self.item(label).snippet) + self.after


def offered(marked: str, surroundings: Surroundings | None = None, trigger: str | None = None) -> Offered:
    """What may be written at the cursor of a fixture."""
    fixture = parse_markers(marked)
    assert fixture.cursor is not None
    text = fixture.text
    found = complete(parse(text), fixture.cursor, surroundings or Surroundings(), trigger)
    assert found.insert == (found.replace.start, fixture.cursor)
    items = sorted(found.items, key=lambda item: item.sort)
    assert len({item.label for item in items}) == len(items)
    start, end = found.replace
    return Offered(text[:start], text[start:end], text[start : fixture.cursor], text[end:], items)


def inside(marked: str, section: str = "inbound") -> str:
    """A document with ``marked`` in a section."""
    return f"<policies>\n    <{section}>\n        {marked}\n    </{section}>\n</policies>"
