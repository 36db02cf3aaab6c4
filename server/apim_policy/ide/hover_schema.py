"""The card of the name or value under the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.ide.cards import card
from apim_policy.ide.cursor import Place, locate
from apim_policy.ide.grammar import Subject, declared
from apim_policy.ide.hover import Hover
from apim_policy.syntax.tree import Text, decode_entities
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from apim_policy.ide.cursor import Cursor
    from apim_policy.syntax.tree import Document


def schema_hover(document: Document, offset: int) -> Hover | None:
    """What the schema says of the element, attribute or value at ``offset``."""
    found = _subject(document, locate(document, offset))
    if found is None:
        return None
    subject, span = found
    markup = card(subject)
    return Hover(span, markup) if markup is not None else None


def _subject(document: Document, cursor: Cursor) -> tuple[Subject, Span] | None:
    if cursor.place is Place.TEXT:
        return _text(document, cursor)
    if cursor.element is None:
        return None
    found = declared((*cursor.around, cursor.element))
    if found is None:
        return None
    if cursor.place in (Place.NAME, Place.END_NAME):
        if cursor.name != cursor.element.name:
            return None
        return Subject(found.path), cursor.span
    attribute = cursor.attribute
    if attribute is None:
        return None
    if cursor.place is Place.ATTRIBUTE:
        return Subject(found.path, attribute.name), cursor.span
    if cursor.place is Place.VALUE:
        value = decode_entities(document.slice(cursor.span))
        return Subject(found.path, attribute.name, value), cursor.span
    return None


def _text(document: Document, cursor: Cursor) -> tuple[Subject, Span] | None:
    """A word that is the whole text of an element."""
    holder = cursor.around[-1] if cursor.around else None
    found = declared(cursor.around)
    if holder is None or found is None or len(holder.children) != 1:
        return None
    text = holder.children[0]
    value = document.literal(text) if isinstance(text, Text) else None
    if value is None:
        return None
    raw = document.slice(text)
    span = Span(text.start + len(raw) - len(raw.lstrip()), text.start + len(raw.rstrip()))
    if not span.contains(cursor.offset):
        return None
    return Subject(found.path, None, value.strip()), span
