"""What formatting must not change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.formatting.layout import format_document
from apim_policy.syntax.masking import masked
from apim_policy.syntax.parser import parse
from apim_policy.syntax.tree import Comment, Text
from apim_policy.text.edits import apply_edits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.formatting.shape import Unformattable
    from apim_policy.syntax.tree import Document
    from apim_policy.text.span import Span


def after_formatting(text: str, within: Span | None = None) -> str | Unformattable:
    """The text as formatting leaves it, or why it is left as it is."""
    edits = format_document(parse(text), within)
    return apply_edits(text, edits) if isinstance(edits, list) else edits


def words(text: str) -> str:
    """The text without white space."""
    return "".join(text.split())


def meaning(document: Document) -> list[str]:
    """All that formatting keeps character by character, in the order of the text.

    Names, attributes, texts that are not white space alone, and the words of comments.
    """
    return [piece for node in document.nodes for piece in _pieces(document, node)]


def _pieces(document: Document, node: object) -> Iterator[str]:
    stack = [node]
    while stack:
        item = stack.pop()
        if isinstance(item, Comment):
            yield words(document.slice(item))
        elif isinstance(item, Text):
            if document.slice(item).strip(" \t\r\n\ufeff"):
                yield document.slice(item)
        elif hasattr(item, "children"):
            yield item.name
            yield from (document.slice(attribute) for attribute in item.attributes)
            stack.extend(reversed(item.children))


def check_same_meaning(before: str, after: str) -> None:
    """Two texts differ in layout alone."""
    old, new = parse(before), parse(after)
    assert new.faults == []
    assert meaning(old) == meaning(new)
    assert words(masked(old)) == words(masked(new))
    assert [old.slice(item) for item in old.expressions()] == [new.slice(item) for item in new.expressions()]
