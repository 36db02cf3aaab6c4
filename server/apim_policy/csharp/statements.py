"""What statements and patterns tell of the names that they declare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.csharp.conversions import element
from apim_policy.csharp.operators import children
from apim_policy.csharp.types import NULL, VOID, Type

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from tree_sitter import Node

    from apim_policy.csharp.meanings import Meaning, Typing

    Steps = Generator[Node, Meaning, Meaning]


def _give(typing: Typing, name: Node | None, type_: Type | None) -> None:
    local = typing.scopes.declared.get(name.id) if name is not None else None
    if local is not None:
        local.type = None if type_ in (NULL, VOID) else type_


def variables(typing: Typing, node: Node) -> Steps:
    """`T a = b, c`."""
    spelled = node.child_by_field_name("type")
    stated = typing.spelled(spelled)
    implicit = spelled is not None and spelled.type == "implicit_type"
    for declarator in node.named_children:
        if declarator.type != "variable_declarator":
            if declarator != spelled:
                yield declarator
            continue
        name, *values = [child for child in declarator.named_children if child.type != "comment"]
        _give(typing, name, stated)
        if not values:
            continue
        typing.expect(values[-1], stated)
        value = typing.value(values[-1], (yield values[-1]))
        if implicit and name.type == "tuple_pattern":
            _spread(typing, name, value)
        elif implicit:
            _give(typing, name, value)
    return None


def _spread(typing: Typing, pattern: Node, value: Type | None) -> None:
    """Give the names of `var (a, b)` the types of a tuple's parts."""
    shape = typing.shapes.get(value.name, {}) if value is not None else {}
    for number, name in enumerate(pattern.children_by_field_name("name"), 1):
        _give(typing, name, shape.get(f"Item{number}"))


def loop(typing: Typing, node: Node) -> Steps:
    """`foreach (T a in b) …`."""
    source, body = node.child_by_field_name("right"), node.child_by_field_name("body")
    left = node.child_by_field_name("left")
    item = typing.spelled(node.child_by_field_name("type"))
    value = typing.value(source, (yield source)) if source is not None else None
    if item is None and value is not None and node.child_by_field_name("type") is not None:
        item = element(value)
    if left is not None and left.type == "tuple_pattern":
        _spread(typing, left, item)
    else:
        _give(typing, left, item)
    if body is not None:
        yield body
    return None


def from_clause(typing: Typing, node: Node) -> Steps:
    """`from a in b` of a query."""
    name = node.child_by_field_name("name")
    stated = node.child_by_field_name("type")
    spelled = typing.spelled(stated)
    source = node.named_children[-1]
    if source not in (name, stated):
        value = typing.value(source, (yield source))
        _give(typing, name, spelled or (element(value) if value is not None else None))
    return None


def declared(typing: Typing, node: Node) -> Meaning:
    """`T name` in a pattern, in a call and in a catch; the name of `out var` gets its type from the call."""
    spelled = typing.spelled(node.child_by_field_name("type"))
    if spelled is not None:
        _give(typing, node.child_by_field_name("name"), spelled)
    return spelled


def block(typing: Typing, node: Node) -> Steps:
    """Statements in braces; what they call may stand below them."""
    for child in node.named_children:
        if child.type == "local_function_statement":
            _give(
                typing,
                child.child_by_field_name("name"),
                typing.spelled(child.child_by_field_name("type")),
            )
    yield from children(typing, node)
    return None


def local_function(typing: Typing, node: Node) -> Steps:
    """`T name(U a) { … }` among the statements."""
    parameters, body = node.child_by_field_name("parameters"), node.child_by_field_name("body")
    for parameter in parameters.named_children if parameters is not None else ():
        if parameter.type == "parameter":
            yield parameter
    typing.returns.append([])
    if body is not None:
        yield body
    typing.returns.pop()
    return None


def returned(typing: Typing, node: Node) -> Steps:
    """`return a;`."""
    values = [child for child in node.named_children if child.type != "comment"]
    if values:
        typing.returns[-1].append(typing.value(values[-1], (yield values[-1])))
    return None


def labelled(_typing: Typing, _node: Node) -> Meaning:
    """What holds names that are no values: labels, and `using` of a namespace."""
    return None


LEAVES: dict[str, Callable[[Typing, Node], Meaning]] = {
    "declaration_expression": declared,
    "declaration_pattern": declared,
    "catch_declaration": declared,
    "parameter": declared,
    "using_directive": labelled,
    "goto_statement": labelled,
    "tuple_pattern": labelled,
}
"""By the grammar's name of a node: those that wait for no other node."""

HANDLERS: dict[str, Callable[[Typing, Node], Steps]] = {
    "variable_declaration": variables,
    "foreach_statement": loop,
    "from_clause": from_clause,
    "local_function_statement": local_function,
    "return_statement": returned,
    "block": block,
}
"""By the grammar's name of a node."""
