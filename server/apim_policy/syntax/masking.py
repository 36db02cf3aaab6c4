"""The masked twin: a text of the same length that a strict XML parser can read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apim_policy.syntax.tree import (
    CData,
    Comment,
    Doctype,
    Document,
    Element,
    Node,
    Part,
    PartKind,
    ProcessingInstruction,
    StrayEndTag,
    Text,
)
from apim_policy.syntax.values import FORBIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterable

_CODE = re.compile(r"[^\r\n]")
_MARKUP = re.compile(r"[<>&\"']")
_NOT_SPACE = re.compile(r"[^\s]")


def masked(document: Document) -> str:
    """The text with all that is no XML blanked out, every offset and line kept.

    An expression keeps ``@(`` or ``@{``, the rest of it becomes ``x``. Placeholders and Liquid lose their markup
    characters, comments their words; a document type declaration, a byte order mark, and placeholders among attributes
    or outside the root become blanks; and the colon of a prefix becomes an underscore, because fragments of foreign XML
    use prefixes that nothing declares. The twin of a document without syntax errors is well-formed.
    """
    text = document.text
    pieces: list[str] = []
    done = 0

    def keep(until: int) -> None:
        nonlocal done
        pieces.append(text[done:until])
        done = until

    def replace(end: int, new: str) -> None:
        nonlocal done
        pieces.append(new)
        done = end

    def name(start: int, word: str) -> None:
        if ":" in word:
            keep(start)
            replace(start + len(word), word.replace(":", "_"))

    def blank(start: int, end: int) -> None:
        keep(start)
        replace(end, _NOT_SPACE.sub(" ", text[start:end]))

    def parts(found: Iterable[Part], *, outside: bool = False) -> None:
        for part in found:
            if part.kind is PartKind.LITERAL:
                continue
            if part.kind is PartKind.DIRECTIVE or (outside and part.kind is PartKind.PLACEHOLDER):
                blank(part.start, part.end)
                continue
            keep(part.start)
            source = text[part.start : part.end]
            if part.kind is PartKind.EXPRESSION:
                replace(part.end, source[:2] + _CODE.sub("x", source[2:]))
            else:
                replace(part.end, _MARKUP.sub("x", source))

    if text.startswith("\ufeff"):
        replace(1, " ")
    # Nodes still to visit, and elements whose end tag is still to come.
    stack: list[Node | tuple[Element]] = list(reversed(document.nodes))
    while stack:
        node = stack.pop()
        if isinstance(node, tuple):
            element = node[0]
            if element.end_tag:
                name(element.end_tag.name_start, element.end_tag.name)
        elif isinstance(node, Element):
            name(node.name_start, node.name)
            position = node.name_span.end
            for attribute in node.attributes:
                if node.open_tag:
                    blank(position, attribute.start)
                name(attribute.start, attribute.name)
                parts(attribute.parts)
                position = attribute.end
            if node.open_tag:
                blank(position, max(position, node.tag_end - (2 if node.self_closing else 1)))
            stack.append((node,))
            stack.extend(reversed(node.children))
        elif isinstance(node, Comment):
            start, end = node.content_span
            keep(start)
            replace(end, _NOT_SPACE.sub("x", text[start:end]))
        elif isinstance(node, CData):
            continue
        elif isinstance(node, Text):
            parts(node.parts, outside=node.parent is None)
        elif isinstance(node, Doctype) or (isinstance(node, StrayEndTag) and not node.name):
            blank(node.start, node.end)
        elif isinstance(node, ProcessingInstruction):
            continue
    keep(len(text))
    return FORBIDDEN.sub("x", "".join(pieces))
