"""White space that looks like it inside tags, and is none to XML: no-break spaces from web pages and their kind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apim_policy.syntax.tree import Element, EndTag, Fault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apim_policy.syntax.scanner import Item

XML_SPACE = " \t\r\n"
"""All that is white space in XML."""

# All else that is white space in Unicode, but for control characters, which are a fault of their own.
_FOREIGN = re.compile(r"[^\S \t-\r\x1c-\x1f]+")


def foreign_spaces(text: str, items: Sequence[Item]) -> Iterator[Fault]:
    """A fault for each such space in a tag, outside the values of its attributes."""
    if text.isascii() or not _FOREIGN.search(text):
        return
    for item in items:
        for start, end in _between_values(item):
            for match in _FOREIGN.finditer(text, start, end):
                repair = (match.start(), match.end(), " ")
                yield Fault(
                    FaultKind.INVALID_CHARACTER, *match.span(), "foreign-space", match.group(), repair
                )


def _between_values(item: Item) -> Iterator[tuple[int, int]]:
    if isinstance(item, EndTag):
        yield item.start, item.end
    elif isinstance(item, Element):
        position = item.start
        for attribute in item.attributes:
            yield position, attribute.value_start
            position = attribute.value_end
        yield position, item.tag_end
