"""Tokens of a document: a flat view of the tree that tiles the text."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.syntax.tree import (
    Attribute,
    CData,
    Comment,
    Doctype,
    Document,
    Element,
    Node,
    PartKind,
    ProcessingInstruction,
    StrayEndTag,
    Text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apim_policy.syntax.tree import Part


class TokenKind(Enum):
    """What a token is; the kinds of the parts of a value are those of ``PartKind``."""

    BYTE_ORDER_MARK = "byte-order-mark"
    SPACE = "space"
    TAG_OPEN = "tag-open"
    """``<`` or ``</``."""
    ELEMENT_NAME = "element-name"
    ATTRIBUTE_NAME = "attribute-name"
    EQUALS = "equals"
    QUOTE = "quote"
    TAG_CLOSE = "tag-close"
    """``>`` or ``/>``."""
    COMMENT = "comment"
    CDATA_DELIMITER = "cdata-delimiter"
    INSTRUCTION = "instruction"
    DOCTYPE = "doctype"
    JUNK = "junk"
    """Characters that are part of no construct: what a fault speaks of."""
    LITERAL = "literal"
    EXPRESSION = "expression"
    NAMED_VALUE = "named-value"
    PLACEHOLDER = "placeholder"
    DIRECTIVE = "directive"
    LIQUID = "liquid"


_OF_PART = {kind: TokenKind(kind.value) for kind in PartKind}


class Token(NamedTuple):
    """The characters from ``start`` up to ``end``."""

    kind: TokenKind
    start: int
    end: int


def tokens(document: Document) -> Iterator[Token]:
    """All tokens in the order of the text; together they give the text back."""
    text = document.text
    position = 0
    for token in _raw(document):
        if token.start > position:
            yield from _gap(text, position, token.start)
        if token.end > token.start:
            yield token
        position = token.end
    if position < len(text):
        yield from _gap(text, position, len(text))


def _gap(text: str, start: int, end: int) -> Iterator[Token]:
    """What stands between constructs: white space, and characters that belong to none."""
    if start == 0 and text.startswith("\ufeff"):
        yield Token(TokenKind.BYTE_ORDER_MARK, 0, 1)
        start = 1
    gap = text[start:end]
    left = start + len(gap) - len(gap.lstrip())
    if left > start:
        yield Token(TokenKind.SPACE, start, left)
    if left < end:
        right = start + len(gap.rstrip())
        yield Token(TokenKind.JUNK, left, right)
        if right < end:
            yield Token(TokenKind.SPACE, right, end)


def _raw(document: Document) -> Iterator[Token]:
    text = document.text
    stack: list[Node | tuple[Element]] = list(reversed(document.nodes))
    while stack:
        node = stack.pop()
        if isinstance(node, tuple):
            tag = node[0].end_tag
            if tag:
                yield from _end_tag(text, tag.start, tag.end, tag.name)
        elif isinstance(node, Element):
            yield Token(TokenKind.TAG_OPEN, node.start, node.start + 1)
            yield Token(TokenKind.ELEMENT_NAME, *node.name_span)
            for attribute in node.attributes:
                yield from _attribute(text, attribute)
            inside = node.attributes[-1].end if node.attributes else node.name_span.end
            if inside <= node.tag_end - 2 and text.startswith("/>", node.tag_end - 2):
                yield Token(TokenKind.TAG_CLOSE, node.tag_end - 2, node.tag_end)
            elif inside < node.tag_end and text.startswith(">", node.tag_end - 1):
                yield Token(TokenKind.TAG_CLOSE, node.tag_end - 1, node.tag_end)
            stack.append((node,))
            stack.extend(reversed(node.children))
        elif isinstance(node, CData):
            inner_start = node.start + 9
            inner_end = node.parts[-1].end if node.parts else inner_start
            yield Token(TokenKind.CDATA_DELIMITER, node.start, inner_start)
            yield from _parts(node.parts)
            yield Token(TokenKind.CDATA_DELIMITER, inner_end, node.end)
        elif isinstance(node, Text):
            yield from _parts(node.parts)
        elif isinstance(node, StrayEndTag):
            yield from _end_tag(text, node.start, node.end, node.name)
        else:
            yield Token(_WHOLE[type(node)], node.start, node.end)


_WHOLE: dict[type[Node], TokenKind] = {
    Comment: TokenKind.COMMENT,
    ProcessingInstruction: TokenKind.INSTRUCTION,
    Doctype: TokenKind.DOCTYPE,
}


def _attribute(text: str, attribute: Attribute) -> Iterator[Token]:
    name_end = attribute.name_span.end
    yield Token(TokenKind.ATTRIBUTE_NAME, attribute.start, name_end)
    equals = text.find("=", name_end, attribute.value_start)
    if equals >= 0:
        yield Token(TokenKind.EQUALS, equals, equals + 1)
    if attribute.quote and text.startswith(attribute.quote, attribute.value_start - 1):
        yield Token(TokenKind.QUOTE, attribute.value_start - 1, attribute.value_start)
    yield from _parts(attribute.parts)
    if attribute.end > attribute.value_end:
        yield Token(TokenKind.QUOTE, attribute.value_end, attribute.end)


def _parts(parts: Sequence[Part]) -> Iterator[Token]:
    for part in parts:
        yield Token(_OF_PART[part.kind], part.start, part.end)


def _end_tag(text: str, start: int, end: int, name: str) -> Iterator[Token]:
    # The slash is missing where a start tag was meant to be this end tag.
    opening = start + (2 if text.startswith("</", start) else 1)
    yield Token(TokenKind.TAG_OPEN, start, opening)
    at = text.find(name, opening, end)
    if name and at >= 0:
        yield Token(TokenKind.ELEMENT_NAME, at, at + len(name))
    if text.startswith(">", end - 1):
        yield Token(TokenKind.TAG_CLOSE, end - 1, end)
