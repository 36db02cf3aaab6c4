"""Source text of a language that resources are described in, as a tree."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from apim_policy.text.lines import LineIndex
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tree_sitter import Node, Parser


class Code:
    """A file and its tree, which recovers from errors: what is whole around one is still found."""

    def __init__(self, path: Path, text: str, parser: Parser) -> None:
        self.path = path
        self._data = text.encode("utf-8", "replace")
        self._text = text
        self._tree = parser.parse(self._data)

    @property
    def root(self) -> Node:
        """The node of the whole file."""
        return self._tree.root_node

    @cached_property
    def lines(self) -> LineIndex:
        """The lines of the text."""
        return LineIndex(self._text)

    def words(self, node: Node) -> str:
        """The text of a node."""
        return self._data[node.start_byte : node.end_byte].decode()

    def span(self, node: Node) -> Span:
        """Where a node stands, in characters."""
        if len(self._data) == len(self._text):
            return Span(node.start_byte, node.end_byte)
        start = len(self._data[: node.start_byte].decode())
        return Span(start, start + len(self.words(node)))


def children(node: Node, *types: str) -> Iterator[Node]:
    """The children of a node that are of one of the types."""
    return (child for child in node.named_children if child.type in types)


def child(node: Node, *types: str) -> Node | None:
    """The first child of a node that is of one of the types."""
    return next(children(node, *types), None)
