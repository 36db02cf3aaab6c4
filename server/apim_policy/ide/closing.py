"""What an end tag needs while it is typed: its name, and a place below its start tag."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.formatting.indentation import begins_line, leading
from apim_policy.ide.cursor import Place, locate
from apim_policy.ide.grammar import declared
from apim_policy.syntax.tree import Text
from apim_policy.text.edits import TextEdit
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from apim_policy.syntax.tree import Document, Element

NAMING = "/"
"""Typed after ``<``: the rest of the end tag follows."""
CLOSING = ">"
"""Typed after the name: the end tag moves below its start tag."""


def closing(document: Document, offset: int, typed: str) -> list[TextEdit]:
    """The edits after ``typed`` was typed just before ``offset``; none where it is part of no end tag."""
    if typed == NAMING and document.text.endswith("</", 0, offset):
        return _named(document, offset)
    if typed == CLOSING and document.text.endswith(">", 0, offset):
        cursor = locate(document, offset - 1)
        element = cursor.element
        if cursor.place is Place.END_NAME and element is not None and element.end_tag is not None:
            return _below(document, (*cursor.around, element), element.end_tag.start)
    return []


def _named(document: Document, offset: int) -> list[TextEdit]:
    cursor = locate(document, offset)
    if cursor.place is not Place.END_NAME or cursor.span != Span(offset, offset):
        return []
    around = cursor.around if cursor.element is None else (*cursor.around, cursor.element)
    # What was begun here may be taken for the end tag already, and a bracket may stand after it.
    if not around or (around[-1].end_tag is not None and around[-1].end_tag.end > offset + 1):
        return []
    end = "" if document.text.startswith(">", offset) else ">"
    return [*_below(document, around, offset - 2), TextEdit.insert(offset, f"{around[-1].name}{end}")]


def _below(document: Document, chain: tuple[Element, ...], start: int) -> list[TextEdit]:
    """Let the end tag of the last element, which begins at ``start``, stand as far in as its start tag."""
    element = chain[-1]
    known = declared(chain)
    if known is None or known.decl.any_xml or known.decl.text is not None:
        return []
    before = (node for node in element.children if isinstance(node, Text) and node.start < start)
    if any(document.text[node.start : min(node.end, start)].strip() for node in before):
        return []
    if not begins_line(document, start) or not begins_line(document, element.start):
        return []
    old, new = leading(document, start), leading(document, element.start)
    return [] if old == new else [TextEdit(Span(start - len(old), start), new)]
