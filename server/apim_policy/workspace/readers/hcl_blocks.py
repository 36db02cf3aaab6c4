"""Blocks of HCL, their attributes, and where a value stands in one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from apim_policy.workspace.readers.code import child, children

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from apim_policy.workspace.json_file import Key
    from apim_policy.workspace.readers.code import Code


class Block(NamedTuple):
    """A block, or an attribute, and the file that it stands in."""

    code: Code
    node: Node


def attributes_of(block: Node) -> Iterator[Node]:
    """The attributes of a block, not those of blocks inside it."""
    body = child(block, "body") if block.type == "block" else None
    return children(body, "attribute") if body is not None else iter(())


def expression_of(block: Block | None, name: str) -> Node | None:
    """The expression of an attribute of a block."""
    for attribute in attributes_of(block.node) if block else ():
        identifier = child(attribute, "identifier")
        if block and identifier is not None and block.code.words(identifier) == name:
            return child(attribute, "expression")
    return None


def inner_block(block: Block, name: str) -> Block | None:
    """A block inside a block."""
    body = child(block.node, "body")
    for inner in children(body, "block") if body is not None else ():
        identifier = child(inner, "identifier")
        if identifier is not None and block.code.words(identifier) == name:
            return Block(block.code, inner)
    return None


def locate(node: Node | None, keys: tuple[Key, ...], code: Code) -> Node | None:
    """Where a value stands that an expression holds literally: the element of an object, or of a tuple."""
    found: Node | None = None
    for key in keys:
        while node is not None and node.type in (
            "expression",
            "collection_value",
            "function_call",
            "function_arguments",
        ):
            inner = list(
                children(
                    node,
                    "expression",
                    "collection_value",
                    "function_call",
                    "function_arguments",
                    "object",
                    "tuple",
                )
            )
            node = inner[0] if inner else None
        if node is None:
            return None
        if isinstance(key, int):
            items = list(children(node, "expression"))
            found = node = items[key] if node.type == "tuple" and key < len(items) else None
        else:
            found = next(
                (
                    element
                    for element in children(node, "object_elem")
                    if (name := element.child_by_field_name("key")) is not None
                    and code.words(name).strip('"') == key
                ),
                None,
            )
            node = found.child_by_field_name("val") if found is not None else None
    return found
