"""What the locals of one expression are given, wherever they are given it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.csharp import carrying
from apim_policy.csharp.shapes import call, indexed, operator

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tree_sitter import Node

    from apim_policy.csharp.code import Code


class Given:
    """The values of locals by name, scopes apart: a name that two functions declare has the values of both."""

    def __init__(self, code: Code, nodes: Iterable[Node]) -> None:
        self._code = code
        self._given: dict[str, list[Node]] = {}
        self._added: dict[str, list[tuple[Node, bool]]] = {}
        for node in nodes:
            self._note(node)

    def values(self, name: str) -> Sequence[Node]:
        """What a local is set to, anywhere; of ``foreach``, what it goes through, of ``TryGetValue``, the call."""
        return self._given.get(name, ())

    def added(self, name: str) -> Sequence[tuple[Node, bool]]:
        """What is put at the end of a local's value, and whether it is put into it as a value of a document."""
        return self._added.get(name, ())

    def _note(self, node: Node) -> None:
        kind = node.type
        if kind == "variable_declarator":
            name = node.child_by_field_name("name")
            values = [child for child in node.named_children if name is not None and child.id != name.id]
            if name is not None and values:
                self._give(name, values[-1])
        elif kind == "assignment_expression":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is None or right is None:
                return
            if left.type == "identifier":
                if operator(node) == "+=":
                    self._add(left, right, inside=False)
                else:
                    self._give(left, right)
            elif left.type == "element_access_expression":
                target, _ = indexed(left)
                while target is not None and target.type == "element_access_expression":
                    target, _ = indexed(target)
                if target is not None and target.type == "identifier":
                    self._add(target, right, inside=True)
        elif kind == "foreach_statement":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is not None and right is not None:
                self._give(left, right)
        elif called := call(node):
            target, name, arguments = called
            method = member_name(self._code, name)
            if method in carrying.CALLED_IN_PLACE and target.type == "identifier":
                for argument in arguments:
                    self._add(target, argument, inside=method.startswith("Add"))
            if method == "TryGetValue" and arguments and arguments[-1].type == "declaration_expression":
                declared = arguments[-1].child_by_field_name("name")
                if declared is not None:
                    self._give(declared, node)

    def _give(self, name: Node, value: Node) -> None:
        self._given.setdefault(self._code.text_of(name), []).append(value)

    def _add(self, name: Node, value: Node, *, inside: bool) -> None:
        self._added.setdefault(self._code.text_of(name), []).append((value, inside))


def member_name(code: Code, name: Node) -> str:
    """The name of a member without its type arguments."""
    return code.text_of(name.named_children[0] if name.type == "generic_name" else name)
