"""What an editor may fold away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from apim_policy.syntax.tree import Comment, Element, Expression, Text
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apim_policy.syntax.tree import Document, Node, Part


@dataclass(frozen=True, slots=True)
class Fold:
    """A stretch over several lines that may be hidden."""

    span: Span
    """What disappears; the tags and brackets around it stay."""
    closed: bool
    """Whether a closing tag or bracket follows, which is to stay in sight."""
    comment: bool = False


def folds(document: Document) -> list[Fold]:
    """Elements, comments and expressions over more than one line, in the order of their starts, outer ones first."""
    lines = document.lines
    found = [fold for fold in _all(document) if lines.line_of(fold.span.start) < lines.line_of(fold.span.end)]
    found.sort(key=lambda fold: (fold.span.start, -fold.span.end))
    return found


def _all(document: Document) -> Iterator[Fold]:
    stack: list[Node] = list(document.nodes)
    while stack:
        node = stack.pop()
        if isinstance(node, Element):
            yield _element(document, node)
            for attribute in node.attributes:
                yield from _expressions(attribute.parts)
            stack.extend(node.children)
        elif isinstance(node, Comment):
            yield Fold(Span(node.start + len("<!--"), node.end), closed=False, comment=True)
        elif isinstance(node, Text):
            yield from _expressions(node.parts)


def _element(document: Document, element: Element) -> Fold:
    end = element.end_tag.start if element.end_tag else element.end
    lines = document.lines
    # Attributes on lines of their own fold away with the content: two folds that share a line are one too many.
    spread = lines.line_of(element.start) != lines.line_of(element.tag_end)
    start = element.name_span.end if spread else element.tag_end
    return Fold(Span(min(start, end), end), closed=element.end_tag is not None)


def _expressions(parts: Sequence[Part]) -> Iterator[Fold]:
    for part in parts:
        if isinstance(part, Expression):
            yield Fold(part.code_span, closed=part.closed)
