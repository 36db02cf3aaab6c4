"""Looks at a dictionary that hangs from ``context``: its headers, its variables."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.csharp.shapes import bound, call, first_argument, is_node, member, operator
from apim_policy.csharp.values import locals_of
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tree_sitter import Node

    from apim_policy.csharp.code import Code


class Access(Enum):
    """How an expression looks at a dictionary."""

    INDEX = "[]"
    VALUE = "GetValueOrDefault"
    TRY = "TryGetValue"
    CONTAINS = "ContainsKey"
    ALL = "all"
    """It enumerates the dictionary, or hands it on, so that no single key can be told."""


class Lookup(NamedTuple):
    """One look at a dictionary."""

    access: Access
    span: Span
    """The whole access in the code's text, from ``context`` or the local that stands for the dictionary on."""
    arguments: tuple[Node, ...]
    """What it is called with, the key first; empty where it is no call and no indexer."""

    @property
    def key(self) -> Node | None:
        """What gives the key."""
        return self.arguments[0] if self.arguments else None


_ACCESSORS = {access.value: access for access in (Access.VALUE, Access.TRY, Access.CONTAINS)}
_WRAPPERS = frozenset(
    {"parenthesized_expression", "cast_expression", "postfix_unary_expression", "as_expression"}
)
# Where the first operand of what may follow a call stands.
_LEFTMOST = {
    "element_access_expression": "expression",
    "member_access_expression": "expression",
    "conditional_access_expression": "condition",
    "invocation_expression": "function",
    "binary_expression": "left",
}
_ACCESSES = ("member_access_expression", "conditional_access_expression")
_ARGUMENTS = frozenset({"parenthesized_expression", "tuple_expression"})
_PATIENCE = 100


class Lookups:
    """The looks at one dictionary in one expression, also through locals that stand for a part of the way to it.

    ``path`` leads to the dictionary: ``("context", "Variables")``.
    """

    def __init__(self, code: Code, path: tuple[str, ...]) -> None:
        self.locals = locals_of(code)
        self._code = code
        self._path = path
        self._parents = code.parents

    def nodes(self) -> Sequence[Node]:
        """The nodes of the expression that may stand for the dictionary, in the order of the text."""
        if any(self.stands_for(value) for value in self.locals.values()):
            return self._code.nodes_of(*_ACCESSES, "identifier")
        return self._code.nodes_of(*_ACCESSES)

    def at(self, node: Node) -> Lookup | None:
        """The look at the dictionary in which a node stands for the dictionary; None where the node does not."""
        kind = node.type
        if kind == "identifier":
            stands = self._is_alias(node)
        elif kind in _ACCESSES:
            stands = self._depth(node, through_locals=False) == len(self._path)
        else:
            return None
        return self._lookup(node) if stands else None

    def stands_for(self, node: Node) -> bool:
        """Whether a node's value is the dictionary."""
        return self._depth(node) == len(self._path)

    def _depth(self, node: Node, *, through_locals: bool = True) -> int:
        """How many names of the path a node stands for: all of them for the dictionary, 0 for anything else."""
        names: list[str] = []
        for _ in range(_PATIENCE):
            node = self.locals.behind(node) if through_locals or names else node
            if node.type == "identifier":
                names.append(self._code.text_of(node))
                break
            step = member(node)
            if step is None or len(names) == len(self._path):
                return 0
            node, name = step
            names.append(self._code.text_of(name))
        return len(names) if tuple(reversed(names)) == self._path[: len(names)] else 0

    def _is_alias(self, node: Node) -> bool:
        value = self.locals.value(node)
        if value is None or self._depth(value) != len(self._path):
            return False
        parent = self._parents.get(node.id)
        # The name in its own declaration, and the name of a member, are no uses.
        return not (
            parent is None
            or (parent.type == "variable_declarator" and is_node(parent.child_by_field_name("name"), node))
            or (
                parent.type in ("member_access_expression", "member_binding_expression")
                and is_node(parent.child_by_field_name("name"), node)
            )
        )

    def _lookup(self, dictionary: Node) -> Lookup | None:
        """What happens to the dictionary; None where it is only given a name."""
        whole = dictionary
        while (parent := self._parents.get(whole.id)) is not None and parent.type in _WRAPPERS:
            whole = parent
        if parent is None or self._is_followed(parent):
            return None
        if parent.type == "element_access_expression" and is_node(
            parent.child_by_field_name("expression"), whole
        ):
            return self._indexed(parent, parent.child_by_field_name("subscript"))
        if parent.type == "conditional_access_expression" and (guarded := bound(parent, whole)) is not None:
            if guarded.type == "element_binding_expression":
                return self._indexed(parent, guarded)
            return self._called(parent, guarded.child_by_field_name("name"))
        if parent.type == "member_access_expression" and is_node(
            parent.child_by_field_name("expression"), whole
        ):
            return self._called(parent, parent.child_by_field_name("name"))
        return Lookup(Access.ALL, self._code.span_of(whole), ())

    def _is_followed(self, node: Node) -> bool:
        """Whether a node gives its value to a local that stands for nothing else."""
        name = node.child_by_field_name("name") if node.type == "variable_declarator" else None
        return name is not None and self.locals.value(name) is not None

    def _indexed(self, node: Node, subscript: Node | None) -> Lookup:
        key = first_argument(subscript)
        return Lookup(Access.INDEX, self._code.span_of(node), (key,) if key is not None else ())

    def _called(self, method: Node, name: Node | None) -> Lookup:
        if name is not None and name.type == "generic_name":
            name = name.named_children[0]
        access = _ACCESSORS.get(self._code.text_of(name)) if name is not None else None
        parent = self._parents.get(method.id)
        called = call(parent) if access is not None and parent is not None else None
        if access is not None and parent is not None and called is not None:
            return Lookup(access, self._code.span_of(parent), tuple(called[2]))
        span = self._code.span_of(method)
        arguments = self._compared(method) if access is not None else None
        if access is None or arguments is None:
            return Lookup(Access.ALL, span, ())
        values = [child for child in arguments.named_children if child.type != "comment"]
        return Lookup(
            access,
            Span(span.start, self._code.span_of(arguments).end),
            tuple(value.named_children[-1] if value.type == "argument" else value for value in values),
        )

    def _compared(self, method: Node) -> Node | None:
        """The arguments of ``(T)method<U>(…)``, which the grammar takes for two comparisons."""
        node, parent = method, self._parents.get(method.id)
        while parent is not None and parent.type == "cast_expression":
            node, parent = parent, self._parents.get(parent.id)
        for sign in "<>":
            if (
                parent is None
                or operator(parent) != sign
                or not is_node(parent.child_by_field_name("left"), node)
            ):
                return None
            node, parent = parent, self._parents.get(parent.id)
        right = node.child_by_field_name("right")
        while right is not None and right.type in _LEFTMOST:
            right = right.child_by_field_name(_LEFTMOST[right.type])
        return right if right is not None and right.type in _ARGUMENTS else None
