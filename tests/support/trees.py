"""What holds for the tree of every text, and short ways to say what a tree looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.syntax.masking import masked
from apim_policy.syntax.parser import parse
from apim_policy.syntax.tokens import tokens
from apim_policy.syntax.tree import (
    Attribute,
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
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def first_element(source: str) -> tuple[Document, Element]:
    """The document and its first element."""
    document = parse(source)
    element = next(node for node in document.nodes if isinstance(node, Element))
    return document, element


def parts_of(document: Document, parts: Iterable[Part]) -> list[str]:
    """Each part as ``kind:text``."""
    return [f"{part.kind.value}:{document.slice(part)}" for part in parts]


def value_parts(source: str) -> list[str]:
    """The parts of the first attribute of the first element."""
    document, element = first_element(source)
    return parts_of(document, element.attributes[0].parts)


def text_parts(source: str) -> list[str]:
    """The parts of all texts in the first element."""
    document, element = first_element(source)
    return [piece for text in element.texts() for piece in parts_of(document, text.parts)]


def outline(document: Document) -> str:
    """The elements, indented by depth, with the names of their attributes; stray end tags as ``/name``."""
    lines: list[str] = []

    def visit(nodes: Sequence[Node], depth: int) -> None:
        for node in nodes:
            if isinstance(node, Element):
                lines.append("  " * depth + " ".join([node.name, *(each.name for each in node.attributes)]))
                visit(node.children, depth + 1)
            elif isinstance(node, StrayEndTag):
                lines.append("  " * depth + "/" + node.name)

    visit(document.nodes, 0)
    return "\n".join(lines)


def faults_of(source: str) -> list[str]:
    """Each fault as ``kind/detail:text``."""
    document = parse(source)
    return [f"{fault.kind.value}/{fault.detail}:{document.slice(fault.span)}" for fault in document.faults]


def repaired(source: str) -> str:
    """The text after the repair of its only fault."""
    (fault,) = parse(source).faults
    assert fault.repair is not None, "the fault has no repair"
    start, end, new = fault.repair
    return source[:start] + new + source[end:]


def line_ends(text: str) -> list[int]:
    """Offsets of the characters that end lines."""
    return [offset for offset, char in enumerate(text) if char in "\r\n"]


def check_document(document: Document) -> None:
    """Fail where the tree of a text breaks a law that holds for every text."""
    check_tokens(document)
    check_nesting(document)
    check_twin(document)
    check_faults(document)


def check_tokens(document: Document) -> None:
    """Tokens tile the text: none is empty, each begins where the last one ended, and together they are the text."""
    position = 0
    for token in tokens(document):
        assert token.start == position, f"{token} does not begin at {position}"
        assert token.end > token.start, f"{token} is empty"
        position = token.end
    assert position == len(document.text)


def check_twin(document: Document) -> None:
    """The masked twin has the length and the line ends of the text."""
    twin = masked(document)
    assert len(twin) == len(document.text)
    assert line_ends(twin) == line_ends(document.text)


def check_faults(document: Document) -> None:
    """Faults and their repairs lie within the text, in its order."""
    whole = Span(0, len(document.text))
    for fault in document.faults:
        assert fault.start <= fault.end, f"{fault} ends before it starts"
        assert whole.covers(fault.span), f"{fault} lies outside the text"
        if fault.related is not None:
            assert whole.covers(Span(*fault.related)), f"{fault} speaks of a place outside the text"
        if fault.repair is not None:
            start, end, _ = fault.repair
            assert 0 <= start <= end <= len(document.text), f"{fault} mends what lies outside the text"
    starts = [fault.start for fault in document.faults]
    assert starts == sorted(starts), "faults are out of order"


def check_nesting(document: Document) -> None:
    """Children lie within their parents after the start tag, siblings follow one another, parts tile their owners."""
    position = 0
    for node in document.nodes:
        assert node.parent is None
        position = _check_order(node, position, len(document.text))
    stack: list[Node] = list(document.nodes)
    while stack:
        node = stack.pop()
        if isinstance(node, Element):
            _check_element(node)
            stack.extend(node.children)
        elif isinstance(node, Text):
            delimiters = 9 if isinstance(node, CData) else 0
            start = node.start + delimiters
            end = node.parts[-1].end if node.parts else start
            _check_parts(node.parts, start, end)
            if isinstance(node, CData):
                assert document.text[end : node.end] in ("]]>", "")
            else:
                assert end == node.end
        else:
            assert isinstance(node, Comment | Doctype | ProcessingInstruction | StrayEndTag)


def _check_order(node: Node, position: int, limit: int) -> int:
    assert position <= node.start <= node.end <= limit, f"{node} is not between {position} and {limit}"
    return node.end


def _check_element(element: Element) -> None:
    assert element.start < element.tag_end <= element.end
    position = element.name_span.end
    assert position <= element.tag_end
    for attribute in element.attributes:
        assert attribute.parent is element
        position = _check_attribute(attribute, position)
    assert position <= element.tag_end
    position = element.tag_end
    content = element.content_span
    for child in element.children:
        assert child.parent is element
        position = _check_order(child, position, content.end)
    if element.self_closing:
        assert not element.children
        assert element.end_tag is None
    if element.end_tag is not None:
        assert position <= element.end_tag.start < element.end_tag.end == element.end
        assert element.end_tag.span.covers(element.end_tag.name_span)


def _check_attribute(attribute: Attribute, position: int) -> int:
    assert position <= attribute.start < attribute.end
    assert attribute.name_span.end <= attribute.value_start <= attribute.value_end <= attribute.end
    _check_parts(attribute.parts, attribute.value_start, attribute.value_end)
    return attribute.end


def _check_parts(parts: Sequence[Part], start: int, end: int) -> None:
    for part in parts:
        assert part.start == start, f"{part} does not begin at {start}"
        assert part.end > part.start, f"{part} is empty"
        start = part.end
    assert start == end


def events_of(document: Document) -> list[tuple[object, ...]]:
    """The tree as a flat list: starts with attributes and their parts, texts with theirs, ends, and the rest whole."""
    found: list[tuple[object, ...]] = []

    def pieces(parts: Iterable[Part]) -> tuple[tuple[PartKind, str], ...]:
        return tuple((part.kind, document.slice(part)) for part in parts)

    def visit(nodes: Sequence[Node]) -> None:
        for node in nodes:
            if isinstance(node, Element):
                attributes = ((each.name, pieces(each.parts)) for each in node.attributes)
                found.append(("start", node.name, *attributes))
                visit(node.children)
                found.append(("end", node.name))
            elif isinstance(node, CData):
                found.append(("cdata", *pieces(node.parts)))
            elif isinstance(node, Text):
                found.append(("text", *pieces(node.parts)))
            else:
                found.append((_EVENTS[type(node)], document.slice(node)))

    visit(document.nodes)
    return found


_EVENTS = {
    Comment: "comment",
    Doctype: "doctype",
    ProcessingInstruction: "instruction",
    StrayEndTag: "stray",
}
