"""Expressions of HCL, worked out as far as literals, variables, locals and references reach.

https://developer.hashicorp.com/terraform/language/expressions. What cannot be told is a hole.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Protocol

from apim_policy.workspace.readers.code import child, children
from apim_policy.workspace.readers.resources import MARK, FileText, hole, inside
from apim_policy.workspace.readers.values import chosen, either, is_reference, joined, member, number, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from tree_sitter import Node, Parser

    from apim_policy.workspace.readers.code import Code

_DEEPEST = 60
_TURNS = 100
_FILES = frozenset({"file", "templatefile"})
# Functions that yield their first argument, or something that is as good for telling a file or a set of keys.
_TRANSPARENT = frozenset(
    {
        "abspath",
        "chomp",
        "indent",
        "jsonencode",
        "nonsensitive",
        "replace",
        "sensitive",
        "tolist",
        "tomap",
        "toset",
        "tostring",
        "trimspace",
    }
)


class Names(Protocol):
    """What the names in an expression stand for."""

    code: Code
    module: Path
    """The folder of the module."""
    top: Path
    """The folder of the module that a deployment starts from; relative paths begin there."""
    root: Path
    """Nothing outside this folder is looked at."""

    bound: dict[str, object]
    """What the variables of the loops around an expression stand for."""

    @property
    def depth(self) -> int:
        """How many expressions are being worked out, each for the sake of the one before."""

    @depth.setter
    def depth(self, depth: int) -> None: ...

    def go_on(self) -> bool:
        """Whether one more expression may be worked out for this deployment."""

    def name(self, first: str, second: str | None) -> tuple[object, int]:
        """What a reference that begins so means, and how many of the two names that takes; a hole takes one."""

    def origin(self, node: Node) -> str:
        """A text that is the same for the same expression in the same instance of a module."""


@cache
def parser() -> Parser:
    """The parser of the language."""
    import tree_sitter_hcl
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_hcl.language()))


def value(node: Node | None, names: Names) -> object:
    """The value of an expression, or of what an expression is made of."""
    if node is None:
        return None
    if names.depth > _DEEPEST or not names.go_on():
        return hole(names.origin(node))
    names.depth += 1
    try:
        parts = [part for part in node.children if part.is_named or part.type in _EQUALS]
        found = (
            _Evaluation(names).chain(parts) if node.type == "expression" else _Evaluation(names).term(node)
        )
    finally:
        names.depth -= 1
    return hole(names.origin(node)) if found is None else found


_EQUALS = frozenset({"==", "!="})


class _Evaluation:
    def __init__(self, names: Names) -> None:
        self._names = names

    def chain(self, parts: Sequence[Node]) -> object:
        """A term and what follows it: attributes and indices."""
        if not parts:
            return None
        first = parts[0]
        rest = list(parts[1:])
        if first.type == "variable_expr":
            name = self._names.code.words(first)
            second = (
                self._names.code.words(rest[0])[1:].strip() if rest and rest[0].type == "get_attr" else None
            )
            if name in self._names.bound:
                found: object = self._names.bound[name]
            else:
                found, taken = self._names.name(name, second)
                rest = rest[taken - 1 :]
        else:
            found = self.term(first)
        for part in rest:
            found = self._step(found, part)
        return found

    def _step(self, found: object, part: Node) -> object:
        if part.type == "get_attr":
            name = self._names.code.words(part)[1:].strip()
            return found.attribute(name) if is_reference(found) else member(found, name)
        if part.type == "index":
            inner = child(part, "new_index")
            key: object = self._names.code.words(part)[1:]
            if inner is not None:
                key = value(child(inner, "expression"), self._names)
            return found.instance(key) if is_reference(found) else member(found, key)
        return None

    def term(self, node: Node) -> object:
        """A term by itself."""
        kind = node.type
        if kind == "expression":
            return value(node, self._names)
        if kind in ("literal_value", "collection_value", "template_expr"):
            return value(node.named_children[0], self._names) if node.named_children else None
        simple = _SIMPLE.get(kind)
        if simple is not None:
            return simple(self, node)
        return None

    def _string(self, node: Node) -> object:
        parts: list[object] = []
        for part in node.named_children:
            if part.type == "template_literal":
                parts.append(self._names.code.words(part))
            elif part.type == "template_interpolation":
                parts.append(value(child(part, "expression"), self._names))
            elif part.type == "template_directive":
                parts.append(hole(self._names.origin(part)))
        return joined(parts, self._names.origin(node))

    def _number(self, node: Node) -> object:
        words = self._names.code.words(node)
        found = number(words)
        return words if found is None else found

    def _object(self, node: Node) -> object:
        found: dict[object, object] = {}
        for element in children(node, "object_elem"):
            key, item = element.child_by_field_name("key"), element.child_by_field_name("val")
            if key is not None and item is not None:
                name = key_of(key, self._names)
                if isinstance(name, str | int):
                    found[name] = value(item, self._names)
        return found

    def _tuple(self, node: Node) -> object:
        return [value(item, self._names) for item in children(node, "expression")]

    def _conditional(self, node: Node) -> object:
        parts = list(children(node, "expression"))
        if len(parts) != 3:
            return None
        condition = value(parts[0], self._names)
        return chosen(condition, *(value(part, self._names) for part in parts[1:]))

    def _operation(self, node: Node) -> object:
        inner = node.named_children[0] if node.named_children else None
        if inner is None or inner.type != "binary_operation":
            return None
        parts = list(inner.children)
        for index, part in enumerate(parts):
            if part.type in _EQUALS:
                one, other = self.chain(parts[:index]), self.chain(parts[index + 1 :])
                if plain(one) and plain(other):
                    return (one == other) == (part.type == "==")
        return None

    def _for_tuple(self, node: Node) -> object:
        """The elements; where nobody can tell of what they are made, one that stands for all."""
        body = next((part for part in node.named_children if part.type == "expression"), None)
        found = [value(body, self._names) for _ in self._turns(node)]
        if found or body is None:
            return found
        return [value(body, self._names)]

    def _for_object(self, node: Node) -> object:
        parts = [part for part in node.named_children if part.type == "expression"]
        if len(parts) != 2:
            return None
        found: dict[object, object] = {}
        for _ in self._turns(node):
            key = value(parts[0], self._names)
            if isinstance(key, str):
                found[key] = value(parts[1], self._names)
        return found or None

    def _turns(self, node: Node) -> Iterator[None]:
        """Each turn of a loop over a collection that is known, with its variables bound."""
        intro, condition = child(node, "for_intro"), child(node, "for_cond")
        if intro is None:
            return
        variables = [self._names.code.words(part) for part in children(intro, "identifier")]
        over = value(child(intro, "expression"), self._names)
        pairs: list[tuple[object, object]] = []
        if isinstance(over, dict):
            pairs = list(over.items())
        elif isinstance(over, list):
            pairs = list(enumerate(over))
        before = dict(self._names.bound)
        for key, item in pairs[:_TURNS]:
            self._names.bound.update(zip(variables, (key, item)[-len(variables) :], strict=False))
            test = child(condition, "expression") if condition is not None else None
            if test is None or value(test, self._names) is not False:
                yield
            self._names.bound.clear()
            self._names.bound.update(before)

    def _call(self, node: Node) -> object:
        name = child(node, "identifier")
        given = child(node, "function_arguments")
        nodes = list(children(given, "expression")) if given is not None else []
        if name is None or not nodes:
            return None
        function = self._names.code.words(name)
        if function in ("coalesce", "try"):
            return either([value(item, self._names) for item in nodes])
        first = value(nodes[0], self._names)
        if function in _FILES:
            return file_text(first, self._names)
        if function in _TRANSPARENT:
            return first if function != "replace" or isinstance(first, FileText) else None
        arguments = [value(item, self._names) for item in nodes[1:]]
        if function == "format" and isinstance(first, str):
            pieces = first.split("%s")
            if len(pieces) == len(arguments) + 1:
                filled = [part for pair in zip(pieces, arguments, strict=False) for part in pair]
                return joined([*filled, pieces[-1]], self._names.origin(node))
        if function == "join" and isinstance(first, str) and arguments and isinstance(arguments[0], list):
            texts = [item for item in arguments[0] if isinstance(item, str)]
            parts = [part for text in texts for part in (first, text)][1:]
            return joined(parts, self._names.origin(node)) if len(texts) == len(arguments[0]) else None
        if function == "lookup" and isinstance(first, dict):
            return member(first, arguments[0]) if arguments else None
        if function == "merge" and all(isinstance(item, dict) for item in (first, *arguments)):
            return {
                key: item
                for each in (first, *arguments)
                if isinstance(each, dict)
                for key, item in each.items()
            }
        return None


# Nothing tells ``null`` from an empty object: neither holds anything, and neither is one of two that may be meant.
_SIMPLE: Mapping[str, Callable[[_Evaluation, Node], object]] = {
    "string_lit": _Evaluation._string,
    "quoted_template": _Evaluation._string,
    "heredoc_template": _Evaluation._string,
    "numeric_lit": _Evaluation._number,
    "bool_lit": lambda evaluation, node: evaluation._names.code.words(node) == "true",
    "null_lit": lambda _evaluation, _node: {},
    "object": _Evaluation._object,
    "tuple": _Evaluation._tuple,
    "conditional": _Evaluation._conditional,
    "operation": _Evaluation._operation,
    "function_call": _Evaluation._call,
    "for_expr": lambda evaluation, node: value(node.named_children[0], evaluation._names),
    "for_tuple_expr": _Evaluation._for_tuple,
    "for_object_expr": _Evaluation._for_object,
    "variable_expr": lambda evaluation, node: evaluation.chain([node]),
}


def key_of(node: Node, names: Names) -> object:
    """The key of an element of an object: a bare word means itself."""
    inner = node.named_children
    if len(inner) == 1 and inner[0].type == "variable_expr":
        return names.code.words(inner[0])
    return value(node, names)


def file_text(said: object, names: Names) -> FileText | None:
    """The text of the file at a path; None where the path cannot be told, or leads outside."""
    if not isinstance(said, str) or MARK in said:
        return None
    path = inside(said, names.top, names.root)
    return FileText((path,)) if path is not None else None
