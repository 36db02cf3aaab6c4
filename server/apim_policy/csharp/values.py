"""What can be told of values inside one expression without types: constants, and locals that stand for something."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from apim_policy.csharp.code import Code

_ESCAPE = re.compile(
    r"""\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{1,4})|(.))""",
    re.S,
)
_SIMPLE_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


class Literal(NamedTuple):
    """A string that is known before the expression runs."""

    text: str
    node: Node
    """The literal, or what the literals are joined by."""


_HIDING = ("parameter", "implicit_parameter", "declaration_expression", "foreach_statement")


class Locals:
    """The local variables of one expression that are given a value once and never changed."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self._values: dict[str, Node | None] = {}
        for node in code.nodes_of("variable_declarator"):
            name = node.child_by_field_name("name")
            if name is not None:
                self._give(code.text_of(name), _initial(node, name))
        for node in code.nodes_of("assignment_expression"):
            left = node.child_by_field_name("left")
            if left is not None and left.type == "identifier":
                self._give(code.text_of(left), None)
        for node in code.nodes_of(*_HIDING):
            # Whatever else brings a name into being hides a local of that name somewhere.
            field = "left" if node.type == "foreach_statement" else "name"
            name = node.child_by_field_name(field) or node
            self._give(code.text_of(name), None)

    def _give(self, name: str, value: Node | None) -> None:
        self._values[name] = None if name in self._values else value

    def value(self, identifier: Node) -> Node | None:
        """What a local stands for; None where the identifier is no local or is changed on the way."""
        return self._values.get(self._code.text_of(identifier))

    def values(self) -> Iterator[Node]:
        """What the locals stand for."""
        return (value for value in self._values.values() if value is not None)

    def behind(self, node: Node) -> Node:
        """The node without parentheses, casts and ``!``, and through locals to what they stand for."""
        hops = _HOPS
        for _ in range(_PATIENCE):
            inner = _unwrapped(node)
            if inner is None and node.type == "identifier" and hops:
                hops -= 1
                inner = self.value(node)
            if inner is None:
                break
            node = inner
        return node

    def constant(self, node: Node) -> Literal | None:
        """The string that a node surely is: a literal, constants joined by ``+``, or a local that holds one."""
        pieces: list[str] = []
        stack = [node]
        for _ in range(_PATIENCE):
            if not stack:
                return Literal("".join(pieces), node)
            operand = self.behind(stack.pop())
            if operand.type == "binary_expression":
                operands = concatenated(operand)
                if operands is None:
                    return None
                stack += reversed(operands)
                continue
            text = self._literal(operand)
            if text is None:
                return None
            pieces.append(text)
        return None

    def _literal(self, node: Node) -> str | None:
        code = self._code
        if node.type not in _STRINGS or code.is_foreign(node):
            empty = node.type == "member_access_expression" and code.text_of(node) in _EMPTY
            return "" if empty else None
        text = code.text_of(node)
        if node.type == "string_literal":
            return _unescaped(text[1:-1])
        if node.type == "verbatim_string_literal":
            return text[2:-1].replace('""', '"')
        if node.type == "raw_string_literal":
            return text.strip('"')
        if any(child.type == "interpolation" for child in node.children):
            return None
        pieces = [code.text_of(child) for child in node.named_children if child.type != "interpolation_start"]
        content = "".join(pieces).replace("{{", "{").replace("}}", "}")
        return content.replace('""', '"') if "@" in text[:2] else _unescaped(content)


@lru_cache(maxsize=1024)
def locals_of(code: Code) -> Locals:
    """The locals of an expression."""
    return Locals(code)


# More parentheses, and more locals that stand for locals, than any author writes; both bound the work on text that only
# a machine would.
_PATIENCE = 200
_HOPS = 8
_EMPTY = frozenset({"string.Empty", "String.Empty"})
_STRINGS = frozenset(
    {"string_literal", "verbatim_string_literal", "raw_string_literal", "interpolated_string_expression"}
)


def walk(root: Node, parents: dict[int, Node] | None = None) -> Iterator[Node]:
    """A node and all named nodes in it, in the order of the text.

    ``parents`` is filled with the parent of each node by the node's id, since to ask a node takes longer the deeper it
    stands.
    """
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        children = node.named_children
        if parents is not None:
            for child in children:
                parents[child.id] = node
        stack.extend(reversed(children))


def concatenated(node: Node) -> tuple[Node, Node] | None:
    """The two sides of ``+``; None for any other operator."""
    operator = node.child_by_field_name("operator")
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if operator is None or operator.type != "+" or left is None or right is None:
        return None
    return left, right


def _unwrapped(node: Node) -> Node | None:
    if node.type in ("parenthesized_expression", "postfix_unary_expression"):
        return node.named_children[0] if node.named_children else None
    if node.type == "cast_expression":
        return node.child_by_field_name("value")
    if node.type == "as_expression":
        return node.child_by_field_name("left")
    return None


def _initial(declarator: Node, name: Node) -> Node | None:
    values = [child for child in declarator.named_children if child.id != name.id]
    return values[-1] if values else None


def _unescaped(content: str) -> str:
    return _ESCAPE.sub(_unescape, content) if "\\" in content else content


def _unescape(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code is not None:
        value = int(code, 16)
        return chr(value) if value <= 0x10FFFF else match.group()
    return _SIMPLE_ESCAPES.get(match[4], match[4])
