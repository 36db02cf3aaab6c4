"""Types of what an expression makes: objects, arrays, tuples and functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.csharp.calls import arguments_of, resolved
from apim_policy.csharp.conversions import bounded, common
from apim_policy.csharp.library import constructors, indexers, lookup
from apim_policy.csharp.meanings import Access
from apim_policy.csharp.types import NULL, Type

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from tree_sitter import Node

    from apim_policy.csharp.meanings import Meaning, Typing

    Steps = Generator[Node, Meaning, Meaning]


def creation(typing: Typing, node: Node) -> Steps:
    """`new T(…) { … }`."""
    made = typing.spelled(node.child_by_field_name("type"))
    arguments = yield from arguments_of(typing, node.child_by_field_name("arguments"))
    members = constructors(made) if made is not None else ()
    if members:
        typing.creations.append(node)
        yield from resolved(typing, node, members, None, arguments)
    else:
        for argument in arguments:
            if argument.takes is not None:
                yield argument.node
    initializer = node.child_by_field_name("initializer")
    if initializer is not None:
        typing.made[initializer.id] = made
        yield initializer
    return made


def initializer(typing: Typing, node: Node) -> Steps:
    """`{ … }` after a new object or array: members that are given values, or values."""
    filled = node.id in typing.made
    made = typing.made.get(node.id)
    found: list[Type | None] = []
    for child in node.named_children:
        left = child.child_by_field_name("left") if child.type == "assignment_expression" else None
        right = child.child_by_field_name("right") if left is not None else None
        if not filled or left is None or right is None:
            if child.type != "comment":
                found.append(typing.value(child, (yield child)))
            continue
        type_: Type | None = None
        if left.type == "identifier":
            type_ = _initialized(typing, left, made)
        elif left.type == "element_binding_expression":
            arguments = yield from arguments_of(typing, left)
            if made is not None:
                indexed = yield from resolved(typing, left, indexers(made), None, arguments)
                type_ = indexed if isinstance(indexed, Type) else None
        if right.type == "initializer_expression":
            typing.made[right.id] = type_
        typing.expect(right, type_)
        yield right
    return common(found) if found and not filled else None


def _initialized(typing: Typing, name: Node, made: Type | None) -> Type | None:
    members = lookup(made, typing.code.text_of(name)) if made is not None else ()
    typing.accesses.append(Access(name, name, made, static=False, members=members))
    typing.chosen[name.id] = members, len(members)
    return members[0].type if members else None


def array_creation(typing: Typing, node: Node) -> Steps:
    """`new T[n] { … }`."""
    type_ = node.child_by_field_name("type")
    made = typing.spelled(type_)
    rank = type_.child_by_field_name("rank") if type_ is not None else None
    for child in (*(rank.named_children if rank is not None else ()), *node.named_children):
        if child != type_:
            yield child
    return made


def implicit_array(typing: Typing, node: Node) -> Steps:
    """`new[] { … }`."""
    item: Type | None = None
    for child in node.named_children:
        item = typing.value(child, (yield child))
    return bounded(Type("[]", (item,))) if item is not None and item != NULL else None


def anonymous(typing: Typing, node: Node) -> Steps:
    """`new { A = 1, b.C }`."""
    members: dict[str, Type | None] = {}
    name: Node | None = None
    children = [child for child in node.children if child.type != "comment"]
    for child, following in zip(children, [*children[1:], None], strict=True):
        if not child.is_named or child.type == "ERROR":
            continue
        if following is not None and following.type == "=":
            name = child
            continue
        value = typing.value(child, (yield child))
        given = name or child.child_by_field_name("name") or child
        members[typing.code.text_of(given)] = None if value == NULL else value
        name = None
    return typing.shape(f"new {{ {', '.join(members)} }}", members)


def pair(typing: Typing, node: Node) -> Steps:
    """`(a, b: 1)`."""
    members: dict[str, Type | None] = {}
    spelled = []
    arguments = [child for child in node.named_children if child.type == "argument"]
    for number, argument in enumerate(arguments, 1):
        name = argument.child_by_field_name("name")
        value = argument.named_children[-1]
        type_ = typing.value(value, (yield value))
        members[f"Item{number}"] = type_
        if name is not None:
            members[typing.code.text_of(name)] = type_
        spelled.append(f"{type_ or '?'} {typing.code.text_of(name) if name is not None else ''}".strip())
    return typing.shape(f"({', '.join(spelled)})", members)


def function(typing: Typing, node: Node) -> Steps:
    """A lambda or an anonymous method. It has no type of its own; what it gives back is noted."""
    parameters = node.child_by_field_name("parameters")
    listed: list[Node] = []
    if parameters is not None:
        listed = [parameters]
        if parameters.type == "parameter_list":
            listed = [child for child in parameters.named_children if child.type == "parameter"]
    expected = typing.expected.get(node.id, ())
    for index, parameter in enumerate(listed):
        name = parameter.child_by_field_name("name") or parameter
        local = typing.scopes.declared.get(name.id)
        spelled = typing.spelled(parameter.child_by_field_name("type"))
        if local is not None:
            local.type = spelled or (expected[index] if index < len(expected) else None)
    body = node.child_by_field_name("body") or (node.named_children[-1] if node.named_children else None)
    if body is None or body == parameters:
        return None
    typing.returns.append([])
    value = typing.value(body, (yield body))
    returned = typing.returns.pop()
    typing.given[node.id] = common(returned) if body.type == "block" and returned else value
    return None


HANDLERS: dict[str, Callable[[Typing, Node], Steps]] = {
    "object_creation_expression": creation,
    "initializer_expression": initializer,
    "array_creation_expression": array_creation,
    "implicit_array_creation_expression": implicit_array,
    "anonymous_object_creation_expression": anonymous,
    "tuple_expression": pair,
    "lambda_expression": function,
    "anonymous_method_expression": function,
}
"""By the grammar's name of a node."""
