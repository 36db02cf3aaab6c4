"""Where white space is layout: between the elements of a policy document, and not inside what a policy takes as text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from apim_policy.schema.model import load
from apim_policy.syntax.spaces import XML_SPACE
from apim_policy.syntax.tree import ROOTS, Element, PartKind, Text
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apim_policy.schema.declarations import ElementDecl
    from apim_policy.syntax.tree import Document, Node, Part

DEEPEST = 64
"""How many elements may hold each other in a document that is laid out; real documents stay below 20. The bound keeps the
white space in proportion to the text."""

# How much of what stands in the way is quoted, in characters.
_QUOTED = 40
_FILLED_IN = frozenset({PartKind.PLACEHOLDER, PartKind.DIRECTIVE})


class Obstacle(Enum):
    """Why a document is left as it is."""

    NO_POLICY = "no-policy"
    """Its root is no policy document's: nothing says where its white space matters."""
    FAULTS = "faults"
    """It has syntax errors."""
    TEMPLATE = "template"
    """A template engine decides what becomes of its markup."""
    DEPTH = "depth"
    """Elements are nested without reason."""


@dataclass(frozen=True, slots=True)
class Unformattable:
    """A document that is left as it is."""

    obstacle: Obstacle
    span: Span
    """What stands in the way."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The elements of a document that may be laid out."""

    elements: Sequence[Element]
    """Those whose tags may be: holders and their children, in the order of the text."""
    holders: dict[Element, ElementDecl]
    """Those whose content may be, with what the schema says of each."""


def shape(document: Document) -> Shape | Unformattable:
    """What of a document may be laid out, or why nothing. Takes time linear in its size, and never recurses."""
    root = document.root
    if root is None or root.name not in ROOTS:
        return Unformattable(Obstacle.NO_POLICY, Span(0, 0))
    if document.faults:
        return Unformattable(Obstacle.FAULTS, document.faults[0].span)
    directive = _directive(document)
    if directive is not None:
        return Unformattable(Obstacle.TEMPLATE, directive.span)
    outside = next((node for node in document.nodes if _is_text(document, node)), None)
    if outside is not None:
        return Unformattable(Obstacle.TEMPLATE, outside.span)
    model = load()
    elements: list[Element] = []
    holders: dict[Element, ElementDecl] = {}
    stack: list[tuple[Element, ElementDecl | None, int]] = [(root, model.element(root.name), 1)]
    while stack:
        element, decl, depth = stack.pop()
        elements.append(element)
        if depth > DEEPEST:
            return Unformattable(Obstacle.DEPTH, element.name_span)
        if element.open_tag:
            return Unformattable(Obstacle.TEMPLATE, element.tag_span)
        if decl is None or not _is_markup(element, decl):
            continue
        texts = [text for text in element.texts() if _is_text(document, text)]
        for text in texts:
            part = next((part for part in text.parts if part.kind in _FILLED_IN), None)
            if part is not None:
                return Unformattable(Obstacle.TEMPLATE, part.span)
        if texts:
            continue
        holders[element] = decl
        for child in reversed(list(element.elements())):
            known = decl.children.get(child.name)
            inner = known.element if known else None
            if inner is None and model.is_policy(child.name):
                inner = model.element(child.name)
            stack.append((child, inner, depth + 1))
    return Shape(elements, holders)


def reason(document: Document, found: Unformattable) -> str:
    """Why a document is left as it is: a clause without a full stop, such as ``it has a syntax error on line 3``."""
    line = document.lines.line_of(found.span.start) + 1
    quoted = document.slice(found.span).partition("\n")[0].strip()
    if len(quoted) > _QUOTED:
        quoted = f"{quoted[:_QUOTED].rstrip()}…"
    match found.obstacle:
        case Obstacle.NO_POLICY:
            if not document.text.strip():
                return "it is empty"
            root = document.root
            return f"it is no policy document, {f'its root is {root.name}' if root else 'it has no root element'}"
        case Obstacle.FAULTS:
            count = len(document.faults)
            return f"it has {f'{count} syntax errors, the first' if count > 1 else 'a syntax error'} on line {line}"
        case Obstacle.TEMPLATE:
            return f'it is a template: "{quoted}" on line {line} decides about markup that is not there yet'
        case Obstacle.DEPTH:
            return f"<{quoted}> on line {line} is nested in more than {DEEPEST} elements"


def _is_text(document: Document, node: Node) -> bool:
    """Whether a node is more than white space between tags; what stands in a CDATA section is meant as it stands."""
    if type(node) is Text:
        start = 1 if node.start == 0 and document.text.startswith("\ufeff") else node.start
        return bool(document.text[start : node.end].strip(XML_SPACE))
    return isinstance(node, Text)


def _is_markup(element: Element, decl: ElementDecl) -> bool:
    """Whether an element holds elements and no text, as far as the schema and its attributes say."""
    if decl.any_xml or element.attribute("xml:space") is not None:
        return False
    return decl.text is None or (bool(decl.children) and any(True for _ in element.elements()))


def _directive(document: Document) -> Part | None:
    """The first directive of a template, wherever it stands."""
    if "%{" not in document.text:
        return None
    return next((part for part in _parts(document) if part.kind is PartKind.DIRECTIVE), None)


def _parts(document: Document) -> Iterator[Part]:
    stack = list(reversed(document.nodes))
    while stack:
        node = stack.pop()
        if isinstance(node, Element):
            for attribute in node.attributes:
                yield from attribute.parts
            stack.extend(reversed(node.children))
        elif isinstance(node, Text):
            yield from node.parts
