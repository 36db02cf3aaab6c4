"""Source text of a language that resources are described in, as a tree."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from apim_policy.text.lines import LineIndex
from apim_policy.text.span import Span
from apim_policy.workspace.files import UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tree_sitter import Node, Parser

    from apim_policy.workspace.files import FileStore


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


class Sources:
    """The files that resources are read from, each parsed once."""

    def __init__(self, store: FileStore, root: Path) -> None:
        self.store = store
        self.root = root
        """Nothing outside this folder is looked at."""
        self._code: dict[Path, Code | None] = {}

    def code(self, path: Path, parser: Callable[[], Parser]) -> Code | None:
        """A file and its tree; None where it cannot be read."""
        if path not in self._code:
            try:
                self._code[path] = Code(path, self.store.read(path).text, parser())
            except UnreadableFileError:
                self._code[path] = None
        return self._code[path]

    def forget(self) -> None:
        """Read everything again when it is next asked for."""
        self._code.clear()


def children(node: Node, *types: str) -> Iterator[Node]:
    """The children of a node that are of one of the types."""
    return (child for child in node.named_children if child.type in types)


def child(node: Node, *types: str) -> Node | None:
    """The first child of a node that is of one of the types."""
    return next(children(node, *types), None)
