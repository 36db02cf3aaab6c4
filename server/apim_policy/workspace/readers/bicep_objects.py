"""Objects of Bicep: what describes a resource, and where a value stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.workspace.readers.bicep_values import value_of
from apim_policy.workspace.readers.code import child, children

if TYPE_CHECKING:
    from tree_sitter import Node

    from apim_policy.workspace.json_file import Key
    from apim_policy.workspace.readers.code import Code


def body_of(declaration: Node) -> Node | None:
    """The object that describes a resource or a module, whatever stands around it."""
    node: Node | None = declaration
    while node is not None and node.type != "object":
        node = child(node, "object", "if_statement", "for_statement")
    return node


def property_of(body: Node, name: str, code: Code) -> Node | None:
    """What a property of an object holds."""
    for property_ in children(body, "object_property"):
        key = property_.named_children[0] if property_.named_children else None
        if key is not None and code.words(key).strip("'").lower() == name.lower():
            return value_of(property_)
    return None


def locate(node: Node | None, keys: tuple[Key, ...], code: Code) -> Node | None:
    """Where a value stands that an object holds literally."""
    found: Node | None = None
    for key in keys:
        while node is not None and node.type in (
            "call_expression",
            "arguments",
            "parenthesized_expression",
            "for_statement",
            "if_statement",
        ):
            node = child(
                node,
                "object",
                "array",
                "call_expression",
                "arguments",
                "parenthesized_expression",
                "if_statement",
            )
        if node is None:
            return None
        if isinstance(key, int):
            items = node.named_children
            found = node = items[key] if node.type == "array" and key < len(items) else None
        else:
            held = property_of(node, key, code)
            found, node = (held.parent if held is not None else None), held
    return found
