"""The tree of a policy document.

All offsets are in characters from the start of the source text. Nodes nest: a child lies within its parent, and
siblings stand in the order of the text without overlapping.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

from apim_policy.text.lines import LineIndex
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class PartKind(Enum):
    """What a stretch of an attribute's value or of a text is."""

    LITERAL = "literal"
    EXPRESSION = "expression"
    """``@(…)`` or ``@{…}``, raw or with entities."""
    NAMED_VALUE = "named-value"
    """``{{name}}`` outside expressions."""
    PLACEHOLDER = "placeholder"
    """What a template engine fills in before the document is deployed: ``${…}``, ``#{x}#``, ``__X__`` and the like."""
    DIRECTIVE = "directive"
    """``%{ if … }`` and its kind: a template engine decides what becomes of the text around it."""
    LIQUID = "liquid"
    """``{{ … }}`` or ``{% … %}`` inside a Liquid body."""


class Part:
    """A stretch of an attribute's value or of a text."""

    __slots__ = ("end", "kind", "start")

    def __init__(self, kind: PartKind, start: int, end: int) -> None:
        self.kind = kind
        self.start = start
        self.end = end

    @property
    def span(self) -> Span:
        """Where the part stands."""
        return Span(self.start, self.end)

    def __repr__(self) -> str:
        return f"<{self.kind.value} {self.start}-{self.end}>"


class Expression(Part):
    """A policy expression, from its ``@`` to just after its closing bracket."""

    __slots__ = ("closed", "escaped")

    def __init__(self, start: int, end: int, *, closed: bool, escaped: bool) -> None:
        super().__init__(PartKind.EXPRESSION, start, end)
        self.closed = closed
        """False where the closing bracket is missing; the part then ends where recovery put its end."""
        self.escaped = escaped
        """Whether character references (``&quot;``, ``&lt;``) must be decoded before the C# can be read."""

    @property
    def code_span(self) -> Span:
        """The C# between the brackets."""
        return Span(self.start + 2, self.end - 1 if self.closed else self.end)


class Node:
    """Something that stands between elements, or an element."""

    __slots__ = ("end", "parent", "start")

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end
        self.parent: Element | None = None

    @property
    def span(self) -> Span:
        """Where the node stands, its end tag included."""
        return Span(self.start, self.end)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.start}-{self.end}>"


class Text(Node):
    """Characters between tags, white space included."""

    __slots__ = ("parts",)

    def __init__(self, start: int, end: int, parts: Sequence[Part]) -> None:
        super().__init__(start, end)
        self.parts = parts
        """The parts tile the text."""


class CData(Text):
    """``<![CDATA[…]]>``; its parts tile what stands between the brackets."""

    __slots__ = ()


class Comment(Node):
    """``<!-- … -->``."""

    __slots__ = ("closed", "opened")

    def __init__(self, start: int, end: int, *, closed: bool, opened: bool = True) -> None:
        super().__init__(start, end)
        self.closed = closed
        self.opened = opened
        """False where only the end of a comment stands."""

    @property
    def content_span(self) -> Span:
        """What stands between ``<!--`` and ``-->``."""
        start = self.start + 4 if self.opened else self.start
        return Span(start, self.end - 3 if self.closed else self.end)


class ProcessingInstruction(Node):
    """``<?…?>``, the XML declaration among them."""

    __slots__ = ()


class Doctype(Node):
    """``<!DOCTYPE …>``; never acted upon."""

    __slots__ = ()


class StrayEndTag(Node):
    """An end tag that closes nothing."""

    __slots__ = ("name",)

    def __init__(self, start: int, end: int, name: str) -> None:
        super().__init__(start, end)
        self.name = name


class Attribute:
    """``name="value"`` in a start tag."""

    __slots__ = ("end", "name", "parent", "parts", "quote", "start", "value_end", "value_start")

    def __init__(
        self,
        name: str,
        start: int,
        end: int,
        value_start: int,
        value_end: int,
        quote: str,
        parts: Sequence[Part],
    ) -> None:
        self.name = name
        self.start = start
        """Offset of the name."""
        self.end = end
        """Just after the closing quote."""
        self.value_start = value_start
        """Just after the opening quote; equal to ``end`` where there is no value."""
        self.value_end = value_end
        self.quote = quote
        """``"``, ``'``, or nothing where the value stands without."""
        self.parts = parts
        """The parts tile the value; an empty value has none."""
        self.parent: Element

    @property
    def span(self) -> Span:
        """From the name to just after the closing quote."""
        return Span(self.start, self.end)

    @property
    def name_span(self) -> Span:
        """Where the name stands."""
        return Span(self.start, self.start + len(self.name))

    @property
    def value_span(self) -> Span:
        """Where the value stands, without its quotes."""
        return Span(self.value_start, self.value_end)

    def __repr__(self) -> str:
        return f"<Attribute {self.name} {self.start}-{self.end}>"


class EndTag:
    """``</name>``."""

    __slots__ = ("end", "name", "name_start", "start")

    def __init__(self, start: int, end: int, name: str, name_start: int) -> None:
        self.start = start
        self.end = end
        self.name = name
        """As written; other than the element's where the author mistook it."""
        self.name_start = name_start

    @property
    def span(self) -> Span:
        """From ``</`` to just after ``>``."""
        return Span(self.start, self.end)

    @property
    def name_span(self) -> Span:
        """Where the name stands."""
        return Span(self.name_start, self.name_start + len(self.name))


class Element(Node):
    """An element with its attributes and what it holds."""

    __slots__ = (
        "attributes",
        "children",
        "end_tag",
        "name",
        "name_start",
        "open",
        "open_tag",
        "self_closing",
        "tag_end",
    )

    def __init__(self, start: int, name: str, name_start: int) -> None:
        super().__init__(start, start)
        self.name = name
        self.name_start = name_start
        self.attributes: list[Attribute] = []
        self.children: list[Node] = []
        self.tag_end = start
        """Just after the start tag's ``>``."""
        self.end_tag: EndTag | None = None
        """None where the element closes itself or its end tag is missing."""
        self.self_closing = False
        self.open_tag = False
        """Whether a placeholder stands among the attributes, so that more of them may come than the text shows."""
        self.open = False
        """Whether a template decides what children the element has: a directive, or a placeholder that stands where an
        element is due, is among them. Nothing is said about missing, repeated or misordered children then."""

    @property
    def name_span(self) -> Span:
        """Where the name stands in the start tag."""
        return Span(self.name_start, self.name_start + len(self.name))

    @property
    def tag_span(self) -> Span:
        """The start tag."""
        return Span(self.start, self.tag_end)

    @property
    def content_span(self) -> Span:
        """What stands between start and end tag; empty for an element that closes itself."""
        if self.self_closing:
            return Span(self.tag_end, self.tag_end)
        return Span(self.tag_end, self.end_tag.start if self.end_tag else self.end)

    def attribute(self, name: str) -> Attribute | None:
        """The first attribute of that name."""
        for attribute in self.attributes:
            if attribute.name == name:
                return attribute
        return None

    def elements(self) -> Iterator[Element]:
        """The child elements."""
        for child in self.children:
            if isinstance(child, Element):
                yield child

    def child(self, name: str) -> Element | None:
        """The first child element of that name."""
        for child in self.children:
            if isinstance(child, Element) and child.name == name:
                return child
        return None

    def walk(self) -> Iterator[Element]:
        """The element and all elements in it, in the order of the text."""
        stack = [self]
        while stack:
            element = stack.pop()
            yield element
            stack.extend(child for child in reversed(element.children) if isinstance(child, Element))

    def ancestors(self) -> Iterator[Element]:
        """The parent, its parent, and so on up to the root."""
        element = self.parent
        while element is not None:
            yield element
            element = element.parent

    def texts(self) -> Iterator[Text]:
        """The texts and CDATA sections that are direct children."""
        for child in self.children:
            if isinstance(child, Text):
                yield child

    def __repr__(self) -> str:
        return f"<Element {self.name} {self.start}-{self.end}>"


class FaultKind(Enum):
    """What is wrong with the text; each has a rule that words it."""

    UNCLOSED_ELEMENT = "unclosed-element"
    MISMATCHED_END_TAG = "mismatched-end-tag"
    STRAY_END_TAG = "stray-end-tag"
    UNTERMINATED_EXPRESSION = "unterminated-expression"
    MALFORMED_ATTRIBUTE = "malformed-attribute"
    DUPLICATE_ATTRIBUTE = "duplicate-attribute"
    INVALID_CHARACTER = "invalid-character"
    UNBALANCED_EXPRESSION_IN_COMMENT = "unbalanced-expression-in-comment"
    MALFORMED_COMMENT = "malformed-comment"
    MISPLACED_CONTENT = "misplaced-content"


@dataclass(frozen=True, slots=True)
class Fault:
    """A syntax error."""

    kind: FaultKind
    start: int
    end: int
    detail: str
    """Which form of the fault, a key of the rule that words it (``missing-equals``, ``missing-close``, …)."""
    token: str = ""
    """What the message quotes."""
    repair: tuple[int, int, str] | None = None
    """Start, end and new text of the change that mends it, where there is one that is surely meant."""
    related: tuple[int, int] | None = None
    """Span of the other place that matters, such as the start tag that an end tag should close."""

    @property
    def span(self) -> Span:
        """Where the fault is."""
        return Span(self.start, self.end)


ROOTS = frozenset(
    {
        "policies",
        "fragment",
        "http-data-source",
        "sql-data-source",
        "cosmosdb-data-source",
        "graphql-data-source",
    }
)
"""Names of root elements that make a text a policy document."""


class Document:
    """A parsed text."""

    __slots__ = ("__dict__", "faults", "nodes", "text")

    def __init__(self, text: str, nodes: list[Node], faults: list[Fault]) -> None:
        self.text = text
        self.nodes = nodes
        """What stands at the top: comments, white space, the root element, and what should not be there."""
        self.faults = faults
        """In the order of the text."""

    @cached_property
    def lines(self) -> LineIndex:
        """Line starts, for positions."""
        return LineIndex(self.text)

    @cached_property
    def root(self) -> Element | None:
        """The root element: the first whose name is that of a policy document, else the first element."""
        elements = [node for node in self.nodes if isinstance(node, Element)]
        for element in elements:
            if element.name in ROOTS:
                return element
        return elements[0] if elements else None

    def slice(self, span: Span | Part | Node | Attribute) -> str:
        """The source text of a span or of something that has one."""
        return self.text[span.start : span.end]

    def literal(self, owner: Attribute | Text) -> str | None:
        """The value with its entities decoded, or None where a part other than a literal has a say in it."""
        for part in owner.parts:
            if part.kind is not PartKind.LITERAL:
                return None
        if isinstance(owner, Attribute):
            raw = self.text[owner.value_start : owner.value_end]
        else:
            raw = "".join(self.text[part.start : part.end] for part in owner.parts)
            if isinstance(owner, CData):
                return raw
        return decode_entities(raw) if "&" in raw else raw

    def literal_value(self, element: Element, name: str) -> str | None:
        """The literal value of an element's attribute; None where it is missing or no literal."""
        attribute = element.attribute(name)
        return None if attribute is None else self.literal(attribute)

    def expressions(self) -> Iterator[Expression]:
        """Every expression outside comments, in the order of the text."""
        return iter(self._expressions)

    @cached_property
    def _expressions(self) -> Sequence[Expression]:
        return tuple(self._find_expressions())

    def _find_expressions(self) -> Iterator[Expression]:
        if "@" not in self.text:
            return
        stack: list[Node] = list(reversed(self.nodes))
        while stack:
            node = stack.pop()
            if isinstance(node, Element):
                for attribute in node.attributes:
                    for part in attribute.parts:
                        if isinstance(part, Expression):
                            yield part
                stack.extend(reversed(node.children))
            elif isinstance(node, Text):
                for part in node.parts:
                    if isinstance(part, Expression):
                        yield part


_PREDEFINED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(\w{1,32}));")


def decode_reference(match: re.Match[str]) -> str:
    """The character that a match of a character reference stands for; the reference itself where it is unknown."""
    decimal, hexadecimal, name = match.groups()
    if name is not None:
        return _PREDEFINED.get(name, match.group())
    code = int(decimal) if decimal is not None else int(hexadecimal, 16)
    if code == 0 or code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return match.group()
    return chr(code)


def decode_entities(text: str) -> str:
    """The text with XML's five entities and numeric references decoded; others stay as they are."""
    return _REFERENCE.sub(decode_reference, text)
