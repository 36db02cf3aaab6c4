"""The card of what the pointer is on in an expression."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.csharp.code import Code, code_of
from apim_policy.csharp.inference import types_of
from apim_policy.csharp.library import CONTEXT
from apim_policy.csharp.types import parse_type
from apim_policy.ide.expressions.cards import local_card, member_card, type_card
from apim_policy.ide.expressions.cursor import expression_at
from apim_policy.ide.hover import Hover
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from tree_sitter import Node

    from apim_policy.csharp.inference import Inference
    from apim_policy.ide.markup import Markup
    from apim_policy.syntax.tree import Document


def expression_hover(document: Document, offset: int) -> Hover | None:
    """What is known of the name in an expression that ``offset`` touches."""
    found = expression_at(document, offset)
    if found is None:
        return None
    expression = found[0]
    code = code_of(document, expression)
    before = Code(document.text[expression.start : offset], escaped=expression.escaped)
    node = _name_at(code, len(before.text))
    markup = _markup(code, types_of(code), node) if node is not None else None
    if node is None or markup is None:
        return None
    start, end = code.source_span(code.span_of(node))
    return Hover(Span(expression.start + start, expression.start + end), markup)


def _name_at(code: Code, at: int) -> Node | None:
    """The name that an offset touches, at its start, in it or at its end."""
    root, shift = code.tree.root_node, 0 if code.block else 1
    for start in (at + shift, at + shift - 1):
        node = root.descendant_for_byte_range(start, start + 1)
        if node is not None and node.type in ("identifier", "predefined_type"):
            return node
    return None


def _markup(code: Code, inference: Inference, node: Node) -> Markup | None:
    if code.is_foreign(node):
        return None
    for access in inference.accesses:
        if access.name.id == node.id:
            members = inference.members(access.node) or access.members
            return member_card(members) if members else None
    named = _type_name(node)
    made = named.parent
    if (
        made is not None
        and made.type == "object_creation_expression"
        and (members := inference.members(made))
    ):
        return member_card(members)
    local = inference.local(node)
    if local is not None:
        return local_card(local)
    type_ = inference.named_type(node)
    if (
        type_ is None
        and made is not None
        and made.type == "member_access_expression"
        and _is_name(made, node)
    ):
        # A type with its namespace before it.
        type_ = inference.named_type(made)
    if type_ is None and any(mention.node.id == named.id for mention in inference.mentions):
        type_ = parse_type(code.text_of(named))
    if type_ is not None:
        return type_card(type_)
    return type_card(CONTEXT) if code.text_of(node) == "context" else None


def _is_name(access: Node, node: Node) -> bool:
    name = access.child_by_field_name("name")
    return name is not None and name.id == node.id


def _type_name(node: Node) -> Node:
    """The whole name of a type that ends with a name, with its namespace and its type arguments."""
    parent = node.parent
    while parent is not None:
        first = parent.type == "generic_name" and parent.named_children[0].id == node.id
        last = parent.type == "qualified_name" and parent.named_children[-1].id == node.id
        if not first and not last:
            break
        node, parent = parent, parent.parent
    return node
