"""Which expression a caret is in, and what stands before it there."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from apim_policy.csharp.code import Code
from apim_policy.ide.expressions.prefix import HOLE, Prefix, completed, read
from apim_policy.syntax.tree import Element, Expression, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apim_policy.ide.proposals import Completion
    from apim_policy.syntax.tree import Attribute, Document, Node, Part


@dataclass(frozen=True, slots=True)
class Caret:
    """A caret in an expression."""

    document: Document
    expression: Expression
    offset: int
    element: Element | None
    """Whose attribute or text holds the expression."""
    attribute: Attribute | None
    """None where the expression stands in a text."""
    code: Code
    """The C# up to the caret."""
    prefix: Prefix
    """What is open in it; its offsets are those of ``code.text``."""

    def source(self, offset: int) -> int:
        """The offset in the document of an offset into the prefix."""
        return self.expression.start + self.code.source_offset(offset)

    def whole(self, end: int, hole: str = HOLE) -> Code:
        """The first ``end`` characters of the prefix made a sound expression, with ``hole`` put at their end.

        ``end`` must not lie before a bracket that is still open there.
        """
        raw = self.document.text[self.expression.start : self.source(end)]
        return Code(raw + completed(self.prefix, end, hole), escaped=self.expression.escaped)

    def written(self, item: Completion) -> Completion:
        """A proposal as the expression's own spelling has it: with entities where the rest has them."""
        if not self.expression.escaped:
            return item
        snippet = item.snippet
        for character, entity in _ENTITIES:
            snippet = snippet.replace(character, entity)
        return item if snippet == item.snippet else replace(item, snippet=snippet)


_ENTITIES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"))


def expression_at(
    document: Document, offset: int
) -> tuple[Expression, Element | None, Attribute | None] | None:
    """The expression that ``offset`` stands in, after its opening bracket, and what holds it."""
    nodes: Sequence[Node] = document.nodes
    holder: Element | None = None
    while True:
        index = bisect_left(nodes, offset, key=_start) - 1
        if index < 0:
            return None
        node = nodes[index]
        if isinstance(node, Text):
            found = _part_at(document, node.parts, offset, node.end)
            return (found, holder, None) if found is not None else None
        if not isinstance(node, Element):
            return None
        at = bisect_left(node.attributes, offset, key=_start) - 1
        attribute = node.attributes[at] if at >= 0 else None
        if attribute is not None and offset <= attribute.end:
            found = _part_at(document, attribute.parts, offset, attribute.value_end)
            return (found, node, attribute) if found is not None else None
        holder, nodes = node, node.children


def _part_at(document: Document, parts: Sequence[Part], offset: int, end: int) -> Expression | None:
    index = bisect_left(parts, offset, key=_start) - 1
    while index >= 0:
        part = parts[index]
        if isinstance(part, Expression):
            if offset < part.start + 2:
                return None
            if offset < part.end or (not part.closed and offset <= part.end):
                return part
            # The end of one that is never closed leaves out the space after it.
            between = document.text[part.end : offset]
            return part if not part.closed and offset <= end and not between.strip() else None
        if document.text[part.start : offset].strip():
            return None
        index -= 1
    return None


def caret_at(document: Document, offset: int) -> Caret | None:
    """The caret at ``offset``; None where it stands in no expression."""
    found = expression_at(document, offset)
    if found is None:
        return None
    expression, element, attribute = found
    code = Code(document.text[expression.start : offset], escaped=expression.escaped)
    return Caret(document, expression, offset, element, attribute, code, read(code.text))


def _start(item: Node | Part | Attribute) -> int:
    return item.start
