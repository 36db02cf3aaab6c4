"""One expression as the C# grammar reads it, and the way back from its tree to the source."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache, cached_property, lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from apim_policy.syntax.tree import decode_entities
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tree_sitter import Node, Parser, Tree

    from apim_policy.syntax.tree import Document, Expression

# What the service, or a template engine before it, replaces ahead of the compiler. In C# a named value's braces hold
# name characters only. A hole of an interpolated string after a dollar sign looks like a Terraform interpolation;
# where it reads the context it is code.
_FOREIGN = re.compile(
    r"""
      \{\{ [A-Za-z0-9._-]+ \}\}
    | \{\{ \$\{ [^{}\r\n]+ \} \}\}
    | \$\{ (?! [^{}]* \bcontext\b ) [^{}\r\n"]+ \}
    | \#\{ [^{}\r\n]+ \} \#?
    | (?P<directive> %\{ [^{}\r\n]* \} )
    """,
    re.X,
)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|\w{1,32});")
_NON_ASCII = re.compile(r"[^\x00-\x7f]")
# No author nests types so deep; the grammar's time and memory grow with the square of the depth.
_ENDLESS_TYPES = re.compile(r"(?:[\w.,]++\s*+<\s*+){200}")
_LINE_ENDS = "\x85\u2028\u2029"


class Code:
    """The C# of one expression. ``text`` is what the grammar reads, without references, named values or placeholders.

    Offsets into ``text`` count characters from the expression's ``@``.
    """

    def __init__(self, raw: str, *, escaped: bool) -> None:
        self.block = raw.startswith("@{")
        """Whether it is a block of statements rather than a single value."""
        # Segments in which decoded text and source run side by side, by where they begin in each.
        self._decoded_starts: list[int] = [0]
        self._source_starts: list[int] = [0]
        self.raw = raw
        """The source, as it stands in the document."""
        self.decoded = self._decode(raw) if escaped and "&" in raw else raw
        """The C# as the author meant it, with named values and placeholders as written."""
        self.text, self.foreign = _without_foreign(self.decoded)
        self._found: dict[tuple[str, ...], list[Node]] = {}
        if not self.text.isascii():
            self.text = _NON_ASCII.sub(_ascii_twin, self.text)

    def _decode(self, raw: str) -> str:
        pieces: list[str] = []
        length = last = 0
        for match in _REFERENCE.finditer(raw):
            character = decode_entities(match.group())
            if character == match.group():
                continue
            pieces += (raw[last : match.start()], character)
            length += match.start() - last + len(character)
            last = match.end()
            # Two marks: the character itself maps to the start of its reference, what follows to its end.
            self._decoded_starts += (length - len(character), length)
            self._source_starts += (match.start(), last)
        pieces.append(raw[last:])
        return "".join(pieces)

    def source_offset(self, offset: int) -> int:
        """Where in the source, counted from the ``@``, the character at ``offset`` of ``text`` begins."""
        index = bisect_right(self._decoded_starts, offset) - 1
        return min(self._source_starts[index] + offset - self._decoded_starts[index], len(self.raw))

    def text_offset(self, offset: int) -> int:
        """Where in ``text`` the character stands that begins in the source at ``offset``, counted from the ``@``."""
        index = bisect_right(self._source_starts, offset) - 1
        return min(self._decoded_starts[index] + offset - self._source_starts[index], len(self.text))

    def source_span(self, span: Span) -> Span:
        """A span of ``text`` as a span of the source, counted from the ``@``."""
        return Span(self.source_offset(span.start), self.source_offset(span.end))

    @cached_property
    def tree(self) -> Tree:
        """The syntax tree; it speaks of ``text`` through ``span_of`` and ``text_of``. Empty for what only a machine writes."""
        if self.text.count("<") >= 200 and _ENDLESS_TYPES.search(self.text):
            return _parser().parse(b"")
        source = f" {self.text[1:]}" if self.block else f"_={self.text[1:]};"
        return _parser().parse(source.encode("ascii"))

    @property
    def nodes(self) -> Sequence[Node]:
        """All named nodes of the tree, in the order of the text, each before what it holds."""
        return self._walked[0]

    @property
    def parents(self) -> Mapping[int, Node]:
        """The parent of each node by the node's id, since to ask a node takes longer the deeper it stands."""
        return self._walked[1]

    def nodes_of(self, *types: str) -> Sequence[Node]:
        """The nodes of these types, in the order of the text."""
        found = self._found.get(types)
        if found is None:
            of_types = [self._by_type[kind] for kind in types if kind in self._by_type]
            numbered = sorted(chain(*of_types)) if len(of_types) > 1 else chain(*of_types)
            found = self._found[types] = [node for _, node in numbered]
        return found

    @cached_property
    def _walked(self) -> tuple[list[Node], dict[int, Node]]:
        nodes: list[Node] = []
        parents: dict[int, Node] = {}
        stack = [self.tree.root_node]
        while stack:
            node = stack.pop()
            nodes.append(node)
            children = node.named_children
            if children:
                for child in children:
                    parents[child.id] = node
                stack.extend(reversed(children))
        return nodes, parents

    @cached_property
    def _by_type(self) -> dict[str, list[tuple[int, Node]]]:
        found: dict[str, list[tuple[int, Node]]] = {}
        for index, node in enumerate(self.nodes):
            found.setdefault(node.type, []).append((index, node))
        return found

    def span_of(self, node: Node) -> Span:
        """Where a node of the tree stands in ``text``."""
        start, end = node.byte_range
        return Span(start, end) if self.block or not end else Span(start - 1 if start else 0, end - 1)

    def comments(self, start: int) -> Iterator[Span]:
        """Where the comments stand in the document, ``start`` being the offset of the expression's ``@`` there."""
        for node in self.leaves():
            if node.type == "comment":
                span = self.source_span(self.span_of(node))
                yield Span(start + span.start, start + span.end)

    def node_at(self, offset: int) -> Node | None:
        """The smallest node that holds the character at ``offset`` of ``text``."""
        start = offset if self.block else offset + 1
        return self.tree.root_node.descendant_for_byte_range(start, start + 1)

    def leaves(self) -> Iterator[Node]:
        """The tokens, in the order of the text; a string is one or several."""
        cursor = self.tree.walk()
        while True:
            if cursor.goto_first_child():
                continue
            if cursor.node is not None:
                yield cursor.node
            while not cursor.goto_next_sibling():
                if not cursor.goto_parent():
                    return

    def text_of(self, node: Node) -> str:
        """The C# of a node, with the author's own characters."""
        start, end = node.byte_range
        if self.block or not end:
            return self.decoded[start:end]
        return self.decoded[start - 1 if start else 0 : end - 1]

    def is_foreign(self, node: Node) -> bool:
        """Whether a named value or a placeholder has a say in what a node means."""
        span = self.span_of(node)
        return any(foreign.overlaps(span) for foreign in self.foreign)


def code_of(document: Document, expression: Expression) -> Code:
    """The C# of an expression of a document."""
    return _code(document.slice(expression), expression.escaped)


@lru_cache(maxsize=8192)
def _code(raw: str, escaped: bool) -> Code:
    return Code(raw, escaped=escaped)


def _without_foreign(decoded: str) -> tuple[str, tuple[Span, ...]]:
    """The C# with identifiers of the same length for named values and placeholders, and where those stand."""
    pieces: list[str] = []
    spans: list[Span] = []
    last = 0
    for match in _FOREIGN.finditer(decoded, 2):
        start, end = match.span()
        pieces += (decoded[last:start], (" " if match["directive"] else "_") * (end - start))
        spans.append(Span(start, end))
        last = end
    pieces.append(decoded[last:])
    return "".join(pieces), tuple(spans)


def _ascii_twin(match: re.Match[str]) -> str:
    # One byte a character keeps the grammar's byte offsets equal to offsets of characters.
    character = match.group()
    if character in _LINE_ENDS:
        return "\n"
    return " " if character.isspace() or character == "\ufeff" else "x"


@cache
def _parser() -> Parser:
    import tree_sitter_c_sharp
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_c_sharp.language()))
