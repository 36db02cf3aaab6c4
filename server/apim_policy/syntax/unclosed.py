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
    around = _indent(element.parent, text, lines) if element.parent else None
    # Indentation says something only where the document has some.
    inside = indent is not None and around is not None and _deeper(indent, around)
    for index, child in enumerate(element.children):
        if isinstance(child, Element):
            if not may_hold(element.name, child.name):
                return index
            if indent is not None and (own := _indent(child, text, lines)) is not None:
                if _deeper(own, indent):
                    inside = True
                elif inside and indent.startswith(own):
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
    indent = _indent(element, text, lines)
    if indent is None or not any(isinstance(child, Element | Comment) for child in element.children):
        return end, end, closing
    return end, end, f"{newline(text, lines)}{indent}{closing}"


def _deeper(indent: str, outer: str) -> bool:
    return len(indent) > len(outer) and indent.startswith(outer)


def _indent(element: Element, text: str, lines: LineIndex) -> str | None:
    """The blanks before an element that begins its line."""
    start = lines.line_start(lines.line_of(element.start))
    if element.start - start > _WIDEST_INDENT:
        return None
    before = text[start : element.start]
    return None if before.strip(" \t") else before
