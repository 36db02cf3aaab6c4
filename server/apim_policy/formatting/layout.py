"""Edits that lay a document out.

Between the elements of a policy document:

- each element begins a line, a step deeper than what holds it; elements that their author wrote on one line stay there
  as long as what they hold is short: leaves alone, and no more than one policy;
- one blank line in a row stays, more of them become one;
- a comment stays on its line or on a line of its own, and the lines in it move along with the first;
- in a tag, what stands on one line is one blank apart; a list of attributes over several lines keeps its lines, which
  begin below the first attribute where the author lined them up, else a step deeper than the tag;
- no line ends with blanks; the last line of the text ends as it did.

Values of attributes, expressions, the text of policies and foreign XML keep every character.
"""

from __future__ import annotations

import re
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from apim_policy.formatting.indentation import (
    DEFAULT_UNIT,
    begins_line,
    blanks,
    indentation_unit,
    leading,
    width,
)
from apim_policy.formatting.shape import Unformattable, shape
from apim_policy.syntax.spaces import XML_SPACE
from apim_policy.syntax.tree import Comment, Element, Text
from apim_policy.text.edits import TextEdit
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from apim_policy.formatting.shape import Shape
    from apim_policy.syntax.tree import Document, Node

_LINE_END = re.compile(r"\r\n|\n|\r")


def format_document(
    document: Document, within: Span | None = None, default_unit: str = DEFAULT_UNIT
) -> list[TextEdit] | Unformattable:
    """The edits that lay a document out, in the order of the text, each as small as it can be; none where nothing is to do.

    With ``within``, only the lines that it touches change, and what begins outside of them is taken to stand where it
    should. ``default_unit`` is one step of indentation for a document that shows none of its own.
    """
    found = shape(document)
    if isinstance(found, Unformattable):
        return found
    unit = indentation_unit(document, found.holders, default_unit)
    return _Layout(document, found, unit, _whole_lines(document, within)).run()


def _whole_lines(document: Document, within: Span | None) -> Span:
    if within is None:
        return Span(0, len(document.text))
    lines = document.lines
    first, last = lines.line_of(within.start), lines.line_of(within.end)
    # Who selects whole lines has the caret at the start of the next one.
    if last > first and within.end == lines.line_start(last):
        last -= 1
    return Span(lines.line_start(first), lines.line_end(last))


class _Layout:
    def __init__(self, document: Document, found: Shape, unit: str, within: Span) -> None:
        self._document = document
        self._text = document.text
        self._shape = found
        self._unit = unit
        self._within = within
        match = _LINE_END.search(document.text)
        self._line_end = match.group() if match else "\n"
        self._edits: list[TextEdit] = []
        self._indents: dict[Element, str] = {}

    def run(self) -> list[TextEdit]:
        self._top()
        for element in self._shape.elements:
            if element.end < self._within.start or element.start > self._within.end:
                continue
            indent = self._indents[element]
            self._start_tag(element, indent)
            if element in self._shape.holders:
                self._content(element, indent)
            if element.end_tag is not None:
                self._change(element.end_tag.name_span.end, element.end_tag.end - 1, "")
        self._edits.sort(key=lambda edit: edit.span)
        return self._edits

    # Between tags

    def _top(self) -> None:
        """What stands around the root element."""
        nodes = _markup(self._document.nodes)
        text = self._text
        end = 1 if text.startswith("\ufeff") else 0
        for index, node in enumerate(nodes):
            if index == 0:
                self._change(end, node.start, "")
                self._move_along(node, "")
            else:
                self._gap(end, node, "", own_line=isinstance(node, Element))
            self._place(node, "")
            end = node.end
        breaks = _LINE_END.findall(text, end)
        self._change(end, len(text), breaks[-1] if breaks else "")

    def _content(self, element: Element, indent: str) -> None:
        inside = indent + self._unit
        nodes = _markup(element.children)
        close = element.end_tag.start if element.end_tag is not None else element.tag_end
        if not nodes:
            if _LINE_END.search(self._text, element.tag_end, close):
                self._break(element.tag_end, close, indent)
            else:
                self._change(element.tag_end, close, "")
            return
        if self._stays_on_line(element, nodes, close):
            self._on_one_line(element.tag_end, nodes, close, inside)
            return
        end = element.tag_end
        for node in nodes:
            self._gap(end, node, inside)
            self._place(node, inside)
            end = node.end
        self._break(end, close, indent, blank=True)

    def _stays_on_line(self, element: Element, nodes: Sequence[Node], close: int) -> bool:
        """Whether an element and all it holds stand on one line, and may."""
        if _LINE_END.search(self._text, element.tag_end, close):
            return False
        if self._shape.holders[element].any_policy and len(nodes) > 1:
            return False
        return not any(isinstance(node, Element) and any(True for _ in node.elements()) for node in nodes)

    def _on_one_line(self, end: int, nodes: Sequence[Node], close: int, inside: str) -> None:
        for node in nodes:
            self._change(end, node.start, " " if node.start > end else "")
            self._place(node, inside)
            end = node.end
        self._change(end, close, " " if close > end else "")

    def _gap(self, start: int, node: Node, indent: str, *, own_line: bool = False) -> None:
        """The white space from ``start`` to a node that belongs on a line of its own, or on that of its neighbour."""
        end = node.start
        if _LINE_END.search(self._text, start, end):
            self._break(start, end, indent, blank=True)
            self._move_along(node, indent)
        elif isinstance(node, Comment) or (not own_line and self._follows_comment(start)):
            if start == end:
                self._change(start, end, " ")
        else:
            self._break(start, end, indent)

    def _follows_comment(self, offset: int) -> bool:
        """Whether a comment that begins its line ends at ``offset``."""
        if not self._text.startswith("-->", offset - 3):
            return False
        return begins_line(self._document, self._text.rfind("<!--", 0, offset))

    def _break(self, start: int, end: int, indent: str, *, blank: bool = False) -> None:
        """One line end, a second one where there are more and ``blank`` lets it, and the indentation."""
        breaks = list(_LINE_END.finditer(self._text, start, end))
        if not breaks:
            self._change(start, end, self._line_end + indent)
            return
        first, last = breaks[0], breaks[-1]
        self._change(start, first.start(), "")
        self._change(first.end(), last.end(), last.group() if blank and first is not last else "")
        self._change(last.end(), end, indent)

    def _place(self, node: Node, indent: str) -> None:
        """Keep how far an element is indented, now or, where its line may not change, as it stands."""
        if isinstance(node, Element):
            stays = not self._within.start <= node.start <= self._within.end
            self._indents[node] = leading(self._document, node.start) if stays else indent

    def _move_along(self, node: Node, indent: str) -> None:
        """Move the further lines of a comment as far as its first."""
        if not isinstance(node, Comment) or not self._within.start <= node.start:
            return
        old = leading(self._document, node.start)
        if old == indent:
            return
        for match in _LINE_END.finditer(self._text, node.start, node.end):
            before = leading(self._document, match.end())
            at = match.end() + len(before)
            columns = width(before) - width(old)
            if columns < 0 or self._text[at] in "\r\n":
                continue
            self._change(match.end(), at, indent + blanks(columns, self._unit))

    # Inside tags

    def _start_tag(self, element: Element, indent: str) -> None:
        text = self._text
        deeper = self._below(element, indent)
        end = element.name_span.end
        for attribute in element.attributes:
            self._in_tag(end, attribute.start, " ", deeper)
            end = attribute.end
        bracket = element.tag_end - (2 if text.startswith("/>", element.tag_end - 2) else 1)
        self._in_tag(end, bracket, " " if element.self_closing else "", indent)

    def _below(self, element: Element, indent: str) -> str:
        """Where further lines of a start tag begin."""
        text, lines = self._text, self._document.lines
        step = indent + self._unit
        if not element.attributes or not begins_line(self._document, element.start):
            return step
        first = element.attributes[0]
        start = lines.line_start(lines.line_of(first.start))
        if start > element.start:
            return step
        for previous, attribute in pairwise(element.attributes):
            if _LINE_END.search(text, previous.end, attribute.start):
                lined_up = width(text[start : first.start]) == width(leading(self._document, attribute.start))
                columns = len(f"<{element.name} ")
                # Where both are the same, a tab is not to become blanks, nor blanks a tab.
                return indent + " " * columns if lined_up and columns != width(self._unit) else step
        return step

    def _in_tag(self, start: int, end: int, blank: str, indent: str) -> None:
        if _LINE_END.search(self._text, start, end):
            self._break(start, end, indent)
        else:
            self._change(start, end, blank)

    # Edits

    def _change(self, start: int, end: int, new: str) -> None:
        """Let ``new`` stand for some white space, by an edit that leaves alone what is the same at either end."""
        old = self._text[start:end]
        if old == new or old.strip(XML_SPACE):
            return
        if not (self._within.start <= start and end <= self._within.end):
            return
        # From the end first, so that no edit begins or ends inside a line end of two characters.
        right = _alike(reversed(old), reversed(new))
        left = _alike(old[: len(old) - right], new[: len(new) - right])
        self._edits.append(TextEdit(Span(start + left, end - right), new[left : len(new) - right]))


def _markup(nodes: Sequence[Node]) -> list[Node]:
    """All but the white space."""
    return [node for node in nodes if not isinstance(node, Text)]


def _alike(one: Iterable[str], other: Iterable[str]) -> int:
    """How many characters are the same from the start."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
