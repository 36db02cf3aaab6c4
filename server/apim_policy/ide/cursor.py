"""What a caret touches: the name, attribute, value or text that is being written, and the elements around it.

Read from the tolerant tree. Where a tag is only begun and the tree made a text of it, the text itself says.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from apim_policy.syntax.tree import CData, Comment, Element, Expression, Node, PartKind, StrayEndTag, Text
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apim_policy.syntax.tree import Attribute, Document, Part

_WORD = r"[\w.:-]"
_WORD_BEFORE = re.compile(rf"{_WORD}*\Z")
_WORD_AFTER = re.compile(rf"{_WORD}*")
# A tag that is begun and not ended: its opening, its name, and the space after which attributes follow.
_BEGUN = re.compile(rf"<(/?)({_WORD}*)(\s[^<>]*)?\Z")
_REST = re.compile(r"[ \t]*/?>")
# No tag that is being written is longer.
_REACH = 2000


class Place(Enum):
    """What may be written at a caret."""

    NAME = "name"
    """The name of an element, after ``<``."""
    END_NAME = "end-name"
    """The name in an end tag, after ``</``."""
    ATTRIBUTE = "attribute"
    """The name of an attribute."""
    VALUE = "value"
    """The value of an attribute."""
    TEXT = "text"
    """What stands between tags."""
    NOTHING = "nothing"
    """Comments, expressions, the middle of punctuation: nothing is offered there."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A caret in a document."""

    place: Place
    offset: int
    around: tuple[Element, ...]
    """The elements that hold what is being written, the root first; without ``element`` itself."""
    span: Span
    """What is being written and would be replaced; the caret is in it."""
    element: Element | None = None
    """The element whose tag the caret is in; for an end tag, the one that the tag closes."""
    name: str = ""
    """The name in the tag that the caret is in."""
    attribute: Attribute | None = None
    """The attribute whose name or value the caret is in."""
    whole: bool = False
    """Whether what follows completes what is written: the rest of a tag after a name, ``=`` after the name of an
    attribute, the closing quote after a value, ``>`` after the name in an end tag."""


def locate(document: Document, offset: int) -> Cursor:
    """What a caret at ``offset`` touches; the offset is clamped to the text."""
    return _Search(document, min(max(offset, 0), len(document.text))).run()


class _Search:
    def __init__(self, document: Document, offset: int) -> None:
        self.document = document
        self.text = document.text
        self.offset = offset
        self.around: list[Element] = []

    def run(self) -> Cursor:
        nodes: Sequence[Node] = self.document.nodes
        while True:
            index = bisect_left(nodes, self.offset, key=_start) - 1
            node = nodes[index] if index >= 0 else None
            if isinstance(node, Element):
                found = self._in_tag(node)
                if found is not None:
                    return found
                if self._is_inside(node):
                    self.around.append(node)
                    nodes = node.children
                    continue
            if isinstance(node, Text):
                before = nodes[index - 1] if index else None
                return self._text(node, before)
            if isinstance(node, Comment) and self.offset < node.end + (not node.closed):
                return self._cursor(Place.NOTHING)
            if isinstance(node, StrayEndTag) and self.offset == node.end and self.text[node.end - 1] != ">":
                return self._node(node)
            if node is not None and not isinstance(node, Element) and self.offset < node.end:
                return self._node(node)
            return self._text(None, node)

    def _cursor(self, place: Place) -> Cursor:
        return Cursor(place, self.offset, tuple(self.around), Span(self.offset, self.offset))

    def _node(self, node: Node) -> Cursor:
        """A stray end tag, or what is neither element nor text."""
        begun = _BEGUN.search(self.text, node.start, self.offset)
        if begun is None or not begun[1] or begun[3]:
            return self._cursor(Place.NOTHING)
        return self._end_name(None, begun.start(2))

    def _is_inside(self, element: Element) -> bool:
        """Whether the caret stands between the tags of an element."""
        if element.self_closing:
            return False
        if element.end_tag is not None:
            return self.offset <= element.end_tag.start
        return self.offset <= element.end

    # Tags

    def _in_tag(self, element: Element) -> Cursor | None:
        tag = element.end_tag
        if tag is not None and self.offset > tag.start:
            if self.offset >= tag.end and self.text.startswith(">", tag.end - 1):
                return None
            if self.offset < tag.name_start or self.offset > tag.name_span.end:
                return self._cursor(Place.NOTHING)
            return self._end_name(element, tag.name_start)
        closed = self.text.startswith(">", element.tag_end - 1)
        if self.offset > element.tag_end or (closed and self.offset == element.tag_end):
            return None
        if self.offset < element.name_start:
            return self._cursor(Place.NOTHING)
        if self.offset <= element.name_span.end:
            return Cursor(
                Place.NAME,
                self.offset,
                tuple(self.around),
                element.name_span,
                element,
                element.name,
                whole=closed or bool(element.attributes),
            )
        index = bisect_left(element.attributes, self.offset, key=_attribute_start) - 1
        attribute = element.attributes[index] if index >= 0 else None
        starting = element.attributes[index + 1] if index + 1 < len(element.attributes) else None
        if starting is not None and starting.start == self.offset:
            attribute = starting
        if attribute is not None and self.offset <= attribute.end:
            return self._in_attribute(element, attribute)
        return self._new_attribute(element, element.name, self.offset)

    def _in_attribute(self, element: Element, attribute: Attribute) -> Cursor | None:
        if self.offset <= attribute.name_span.end:
            assigned = self.text.find("=", attribute.name_span.end, attribute.value_start) >= 0
            return Cursor(
                Place.ATTRIBUTE,
                self.offset,
                tuple(self.around),
                attribute.name_span,
                element,
                element.name,
                attribute,
                whole=assigned or bool(attribute.quote),
            )
        opened = self.text.find("=", attribute.name_span.end, self.offset) >= 0
        if not opened or self.offset < attribute.value_start or self.offset > attribute.value_end:
            return self._cursor(Place.NOTHING)
        span, closed = attribute.value_span, attribute.end > attribute.value_end
        if not _literal_at(attribute.parts, self.offset):
            return self._cursor(Place.NOTHING)
        if attribute.quote and not closed:
            # Recovery decided where the value ends; what is being written is the word.
            span = self._word(attribute.value_start, attribute.value_end)
        return Cursor(
            Place.VALUE,
            self.offset,
            tuple(self.around),
            span,
            element,
            element.name,
            attribute,
            whole=closed,
        )

    def _new_attribute(self, element: Element | None, name: str, end: int) -> Cursor:
        """Between attributes, where one more may be written; ``end`` bounds the word."""
        span = self._word(0, end)
        if not self.text[span.start - 1].isspace():
            return self._cursor(Place.NOTHING)
        return Cursor(Place.ATTRIBUTE, self.offset, tuple(self.around), span, element, name)

    def _end_name(self, element: Element | None, start: int) -> Cursor:
        after = _WORD_AFTER.match(self.text, start)
        span = Span(start, max(self.offset, after.end() if after else start))
        return Cursor(
            Place.END_NAME,
            self.offset,
            tuple(self.around),
            span,
            element,
            self.text[span.start : span.end],
            whole=self.text.startswith(">", span.end),
        )

    def _word(self, start: int, end: int) -> Span:
        before = _WORD_BEFORE.search(self.text, max(start, self.offset - 200), self.offset)
        after = _WORD_AFTER.match(self.text, self.offset, max(end, self.offset))
        return Span(before.start() if before else self.offset, after.end() if after else self.offset)

    # Between tags

    def _text(self, node: Text | None, before: Node | None) -> Cursor:
        """In a text, or where there is none; ``before`` is the node that ends before it."""
        opened = self._open_tag(before)
        if opened is not None:
            return opened
        while isinstance(before, Element) and _is_open(before):
            self.around.append(before)
            before = next((child for child in reversed(before.children) if not isinstance(child, Text)), None)
        start = node.start if node is not None else self.offset
        if isinstance(node, CData) or (node is not None and not _literal_at(node.parts, self.offset)):
            return self._cursor(Place.NOTHING)
        begun = _BEGUN.search(self.text, max(start, self.offset - _REACH), self.offset)
        end = node.end if node is not None else self.offset
        if begun is None:
            span = self._word(start, end)
            return Cursor(Place.TEXT, self.offset, tuple(self.around), span)
        closing, name, rest = begun.groups()
        if rest is not None:
            # A space right after the "<" makes it a sign, not a tag.
            if closing or not name:
                return self._cursor(Place.NOTHING)
            return self._new_attribute(None, name, end)
        if closing:
            return self._end_name(None, begun.start(2))
        span = self._word(begun.start(2), end)
        return Cursor(
            Place.NAME,
            self.offset,
            tuple(self.around),
            span,
            None,
            self.text[span.start : span.end],
            whole=_REST.match(self.text, span.end) is not None,
        )

    def _open_tag(self, before: Node | None) -> Cursor | None:
        """After a start tag that lacks its ``>``, the tag still goes on."""
        element = before if before is not None else (self.around[-1] if self.around else None)
        if not isinstance(element, Element) or self.text.startswith(">", element.tag_end - 1):
            return None
        if element.children and element.children[0].start < self.offset and before is element:
            return None
        if element.tag_end <= element.start or self.text[element.tag_end - 1] == "/":
            return None
        last = element.attributes[-1] if element.attributes else None
        if last is not None and last.quote and last.end == last.value_end:
            # The value goes on too.
            return self._cursor(Place.NOTHING)
        between = self.text[element.tag_end : self.offset]
        if len(between) > _REACH or "<" in between or ">" in between or "/" in between:
            return None
        if before is None:
            self.around.pop()
        return self._new_attribute(element, element.name, len(self.text))


def _is_open(element: Element) -> bool:
    return element.end_tag is None and not element.self_closing


def _literal_at(parts: Sequence[Part], offset: int) -> bool:
    """Whether a caret among the parts of a value or a text is in none that has rules of its own."""
    for part in parts:
        if part.kind is PartKind.LITERAL:
            continue
        inside = part.start < offset < part.end
        unclosed = isinstance(part, Expression) and not part.closed and offset == part.end
        if inside or unclosed:
            return False
    return True


def _start(node: Node) -> int:
    return node.start


def _attribute_start(attribute: Attribute) -> int:
    return attribute.start
