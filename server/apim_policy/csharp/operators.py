"""Types of literals, names and operators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.csharp.conversions import bare, combined, common, literal_number, signed
from apim_policy.csharp.framework import known_dotnet, namespaces
from apim_policy.csharp.library import CONTEXT, type_named
from apim_policy.csharp.meanings import Named, Space
from apim_policy.csharp.scopes import LocalKind
from apim_policy.csharp.shapes import operator
from apim_policy.csharp.types import BOOL, INT, NULL, STRING, Type, parse_type

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from tree_sitter import Node

    from apim_policy.csharp.meanings import Meaning, Typing

    Steps = Generator[Node, Meaning, Meaning]

_CHAR = Type("System.Char")


def children(typing: Typing, node: Node) -> Steps:
    """Whatever gives no value by itself: its parts, in order, those in the place of a type as types."""
    for index, child in enumerate(node.children):
        if not child.is_named or child.type in _SILENT:
            continue
        if child.type in _TYPES and node.type != "ERROR" and node.field_name_for_child(index) == "type":
            typing.spelled(child)
        else:
            yield child
    return None


def identifier(typing: Typing, node: Node) -> Meaning:
    """A name that stands alone or before a dot."""
    local = typing.scopes.meant.get(node.id)
    if local is not None:
        return None if local.kind is LocalKind.FUNCTION else local.type
    text = typing.code.text_of(node)
    if text == "context":
        return CONTEXT
    if not text.strip("_") or typing.foreign(node):
        return None
    known = type_named(text)
    if known is not None and known != CONTEXT:
        return typing.mention(node, known)
    if text in namespaces():
        return Space(text)
    full = known_dotnet(text)
    if full is not None:
        return typing.mention(node, Type(full))
    typing.undeclared.append(node)
    return None


def predefined(typing: Typing, node: Node) -> Meaning:
    """`string` and its kind before a dot."""
    known = parse_type(typing.code.text_of(node))
    return Named(known) if known is not None else None


def generic(typing: Typing, node: Node) -> Meaning:
    """`List<string>` before a dot; of a method that is called without one, only its type arguments count."""
    if node.id in typing.invoked:
        for argument in node.named_children[-1].named_children:
            typing.spelled(argument)
        return None
    known = typing.spelled(node)
    return Named(known) if known is not None else None


def type_name(typing: Typing, node: Node) -> Meaning:
    """A type where the grammar sees nothing else."""
    typing.spelled(node)
    return None


def aliased(typing: Typing, node: Node) -> Meaning:
    """`global::System`."""
    name = node.child_by_field_name("name")
    text = typing.code.text_of(name) if name is not None else ""
    return Space(text) if text in namespaces() else None


def constant(type_: Type) -> Callable[[Typing, Node], Meaning]:
    """A node that always has the same type, and in which nothing else stands."""
    return lambda _typing, _node: type_


def always(type_: Type) -> Callable[[Typing, Node], Steps]:
    """A node that always has the same type, whatever stands in it."""

    def steps(typing: Typing, node: Node) -> Steps:
        yield from children(typing, node)
        return type_

    return steps


def number(typing: Typing, node: Node) -> Meaning:
    """A number."""
    return literal_number(typing.code.text_of(node))


def within(typing: Typing, node: Node) -> Steps:
    """Parentheses, `!` after a value, `++` after a number, `checked`: the value of what stands in them."""
    found: Meaning = None
    for child in node.named_children:
        if child.type != "comment":
            found = typing.value(child, (yield child))
    return found


def prefix(typing: Typing, node: Node) -> Steps:
    """A sign before a value."""
    inner = node.named_children[-1] if node.named_children else None
    if inner is None:
        return None
    return signed(node.children[0].type, typing.value(inner, (yield inner)))


def cast(typing: Typing, node: Node) -> Steps:
    """`(T)value`."""
    type_, inner = node.child_by_field_name("type"), node.child_by_field_name("value")
    target = typing.spelled(type_)
    if inner is not None:
        typing.expect(inner, target)
        yield inner
    return target


def as_type(typing: Typing, node: Node) -> Steps:
    """`value as T`."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is not None:
        yield left
    return typing.spelled(right)


def is_type(typing: Typing, node: Node) -> Steps:
    """`value is T`."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is not None:
        yield left
    typing.spelled(right)
    return BOOL


def default(typing: Typing, node: Node) -> Meaning:
    """`default(T)`."""
    return typing.spelled(node.child_by_field_name("type"))


def type_of(typing: Typing, node: Node) -> Meaning:
    """`typeof(T)`."""
    typing.spelled(node.child_by_field_name("type"))
    return Type("System.Type")


def size_of(typing: Typing, node: Node) -> Meaning:
    """`sizeof(T)`."""
    typing.spelled(node.child_by_field_name("type"))
    return INT


def conditional(typing: Typing, node: Node) -> Steps:
    """`a ? b : c`."""
    condition = node.child_by_field_name("condition")
    if condition is not None:
        yield condition
    found = []
    for field in ("consequence", "alternative"):
        branch = node.child_by_field_name(field)
        if branch is None:
            return None
        value = typing.value(branch, (yield branch))
        if branch.type != "throw_expression":
            found.append(value)
    return common(found)


def binary(typing: Typing, node: Node) -> Steps:
    """Two values and a sign between them."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        yield from children(typing, node)
        return None
    first = typing.value(left, (yield left))
    second = typing.value(right, (yield right))
    sign = operator(node)
    if sign == ">" and left.type == "binary_expression" and operator(left) == "<":
        # No comparison can be compared again: it is a call with type arguments that the grammar took for two of them.
        return None
    if sign == "??" and right.type == "throw_expression":
        return bare(first) if first is not None else None
    return combined(str(sign), first, second)


def assignment(typing: Typing, node: Node) -> Steps:
    """`a = b` and its kind; for the whole of a single expression, the value that it is."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        yield from children(typing, node)
        return None
    if not typing.code.span_of(left).end and not typing.code.block:
        found = typing.value(right, (yield right))
        typing.returns[0].append(found)
        return found
    target = typing.value(None, (yield left))
    typing.expect(right, target)
    yield right
    return target


_TYPES = frozenset(
    {
        "identifier",
        "generic_name",
        "qualified_name",
        "predefined_type",
        "nullable_type",
        "array_type",
        "tuple_type",
    }
)
_SILENT = frozenset(
    {
        "comment",
        "string_literal_content",
        "string_content",
        "escape_sequence",
        "interpolation_brace",
        "interpolation_start",
        "interpolation_quote",
        "interpolation_format_clause",
        "modifier",
        "implicit_type",
        "array_rank_specifier",
    }
)

LEAVES: dict[str, Callable[[Typing, Node], Meaning]] = {
    "identifier": identifier,
    "predefined_type": predefined,
    "generic_name": generic,
    "qualified_name": type_name,
    "nullable_type": type_name,
    "array_type": type_name,
    "alias_qualified_name": aliased,
    "string_literal": constant(STRING),
    "verbatim_string_literal": constant(STRING),
    "raw_string_literal": constant(STRING),
    "character_literal": constant(_CHAR),
    "boolean_literal": constant(BOOL),
    "null_literal": constant(NULL),
    "integer_literal": number,
    "real_literal": number,
    "default_expression": default,
    "typeof_expression": type_of,
    "sizeof_expression": size_of,
}
"""By the grammar's name of a node: those that wait for no other node."""

HANDLERS: dict[str, Callable[[Typing, Node], Steps]] = {
    "": children,
    "interpolated_string_expression": always(STRING),
    "is_pattern_expression": always(BOOL),
    "parenthesized_expression": within,
    "postfix_unary_expression": within,
    "checked_expression": within,
    "prefix_unary_expression": prefix,
    "cast_expression": cast,
    "as_expression": as_type,
    "is_expression": is_type,
    "conditional_expression": conditional,
    "binary_expression": binary,
    "assignment_expression": assignment,
}
"""By the grammar's name of a node; "" for all others."""
