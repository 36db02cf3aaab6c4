"""The parts of calls, indexers and member accesses, with and without ``?.``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node


def is_node(left: Node | None, right: Node) -> bool:
    """Whether two nodes are the same one."""
    return left is not None and left.id == right.id


def member(node: Node) -> tuple[Node, Node] | None:
    """Target and name of ``target.name`` or ``target?.name``."""
    if node.type == "member_access_expression":
        target, name = node.child_by_field_name("expression"), node.child_by_field_name("name")
        return (target, name) if target is not None and name is not None else None
    if node.type == "conditional_access_expression" and (step := _conditional(node)):
        target, binding = step
        name = binding.child_by_field_name("name")
        return (target, name) if name is not None else None
    return None


def indexed(node: Node) -> tuple[Node | None, Node | None]:
    """Target and index of ``target[index]`` or ``target?[index]``."""
    if node.type == "element_access_expression":
        return node.child_by_field_name("expression"), node.child_by_field_name("subscript")
    if node.type == "conditional_access_expression" and (step := _conditional(node)):
        target, binding = step
        if binding.type == "element_binding_expression":
            return target, binding
    return None, None


def _conditional(node: Node) -> tuple[Node, Node] | None:
    """Target and binding of ``target?.name`` or ``target?[index]``."""
    target = node.child_by_field_name("condition")
    binding = bound(node, target) if target is not None else None
    return (target, binding) if target is not None and binding is not None else None


def bound(conditional: Node, target: Node) -> Node | None:
    """The ``.name`` or ``[index]`` that a ``?`` after ``target`` guards."""
    if not is_node(conditional.child_by_field_name("condition"), target):
        return None
    for child in conditional.named_children:
        if child.type in ("member_binding_expression", "element_binding_expression"):
            return child
    return None


def call(node: Node) -> tuple[Node, Node, list[Node]] | None:
    """Target, method name and arguments of ``target.method(…)``."""
    if node.type != "invocation_expression":
        return None
    function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    found = member(function) if function is not None else None
    if found is None or arguments is None:
        return None
    return (
        found[0],
        found[1],
        [child.named_children[-1] for child in arguments.named_children if child.named_children],
    )


def first_argument(arguments: Node | None) -> Node | None:
    """The value of the first argument in a list of them."""
    for child in arguments.named_children if arguments is not None else ():
        if child.type == "argument" and child.named_children:
            return child.named_children[-1]
    return None


def operator(node: Node) -> str | None:
    """The operator of an expression with one, as written."""
    found = node.child_by_field_name("operator")
    return found.type if found is not None else None


def contents(node: Node, type_: Node | None) -> Iterator[Node]:
    """The values that a new object of a type, or a collection, is made from: arguments and what its braces hold."""
    for child in node.named_children:
        if is_node(type_, child) or child.type in ("array_type", "comment"):
            continue
        values = child.named_children if child.type in _LISTS else [child]
        for value in values:
            inner = value.named_children[-1] if value.type in _HOLDING and value.named_children else value
            yield inner


_LISTS = frozenset({"argument_list", "initializer_expression"})
_HOLDING = frozenset({"argument", "assignment_expression"})
