"""How far an element without an end tag reaches, and the end tag that would close it there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.syntax.names import may_hold
from apim_policy.syntax.tree import Comment, Element, Text

if TYPE_CHECKING:
    from apim_policy.syntax.tree import Node
    from apim_policy.text.lines import LineIndex

_WIDEST_INDENT = 200


def held(element: Element, text: str, lines: LineIndex) -> int:
    """How many children an element without an end tag holds: up to one that it cannot hold, or that is not indented."""
    indent = _indent(element, text, lines)
    inside = False
    for index, child in enumerate(element.children):
        if isinstance(child, Element):
            if not may_hold(element.name, child.name):
                return index
            if indent is not None and (own := _indent(child, text, lines)) is not None:
                if own > indent:
                    inside = True
                elif inside:
                    return index
        elif isinstance(child, Text) and not is_blank(text, child):
            inside = True
    return len(element.children)


def is_blank(text: str, node: Node) -> bool:
    """Whether a node is white space between tags."""
    return type(node) is Text and text[node.start : node.end].isspace()


def newline(text: str, lines: LineIndex) -> str:
    """The line end that the text uses."""
    return text[lines.line_end(0) : lines.line_start(1)] if lines.line_count > 1 else "\n"


def end_tag_for(element: Element, text: str, lines: LineIndex) -> tuple[int, int, str]:
    """The insertion that closes an element where it was taken to end: on its own line where it holds elements."""
    closing = f"</{element.name}>"
    last = element.children[-1] if element.children else None
    end = element.end
    if type(last) is Text:
        end = max(last.start, element.start + len(text[element.start : end].rstrip()))
    width = _indent(element, text, lines)
    if width is None or not any(isinstance(child, Element | Comment) for child in element.children):
        return end, end, closing
    return end, end, f"{newline(text, lines)}{text[element.start - width : element.start]}{closing}"


def _indent(element: Element, text: str, lines: LineIndex) -> int | None:
    """The width of the blanks before an element that begins its line."""
    start = lines.line_start(lines.line_of(element.start))
    if element.start - start > _WIDEST_INDENT or text[start : element.start].strip(" \t"):
        return None
    return element.start - start
