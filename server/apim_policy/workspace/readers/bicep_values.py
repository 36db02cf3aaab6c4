"""Expressions of Bicep, worked out as far as literals, parameters, variables and references reach.

https://learn.microsoft.com/azure/azure-resource-manager/bicep/expressions. What cannot be told is a hole.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Protocol

from apim_policy.workspace.json_file import JsonFile
from apim_policy.workspace.readers.arm import resource_id
from apim_policy.workspace.readers.code import child, children
from apim_policy.workspace.readers.resources import MARK, FileText, hole, inside
from apim_policy.workspace.readers.values import (
    LONGEST,
    chosen,
    either,
    is_reference,
    joined,
    member,
    number,
    plain,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tree_sitter import Node, Parser

    from apim_policy.workspace.readers.code import Code, Sources

_DEEPEST = 60
_TURNS = 100
_PLACE = re.compile(r"\{([0-9]{1,3})[^{}]*\}")
# Functions that yield their first argument, or something that is as good for telling a file.
_TRANSPARENT = frozenset({"any", "string", "tolower", "toupper", "trim"})
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


class Names(Protocol):
    """What the names in an expression stand for."""

    code: Code
    sources: Sources
    bound: dict[str, object]
    """What the variables of the loops around an expression stand for."""

    @property
    def depth(self) -> int:
        """How many expressions are being worked out, each for the sake of the one before."""

    @depth.setter
    def depth(self, depth: int) -> None: ...

    def go_on(self) -> bool:
        """Whether one more expression may be worked out for this deployment."""

    def name(self, name: str) -> object:
        """What a name means; None where it cannot be told."""

    def origin(self, node: Node) -> str:
        """A text that is the same for the same expression in the same use of a module."""


@cache
def parser() -> Parser:
    """The parser of the language."""
    import tree_sitter_bicep
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_bicep.language()))


def value(node: Node | None, names: Names) -> object:
    """The value of an expression."""
    if node is None:
        return None
    evaluate = _KINDS.get(node.type)
    if evaluate is None or names.depth > _DEEPEST or not names.go_on():
        return hole(names.origin(node))
    names.depth += 1
    try:
        found = evaluate(node, names)
    finally:
        names.depth -= 1
    return hole(names.origin(node)) if found is None else found


def _identifier(node: Node, names: Names) -> object:
    name = names.code.words(node)
    return names.bound[name] if name in names.bound else names.name(name)


def _string(node: Node, names: Names) -> object:
    parts: list[object] = []
    for part in node.named_children:
        if part.type == "interpolation":
            parts.append(value(part.named_children[0] if part.named_children else None, names))
        elif part.type == "escape_sequence":
            escaped = names.code.words(part)[1:]
            parts.append(_ESCAPES.get(escaped, escaped))
        else:
            parts.append(names.code.words(part))
    return joined(parts, names.origin(node))


def _number(node: Node, names: Names) -> object:
    return number(names.code.words(node))


def key_of(node: Node, names: Names) -> object:
    """The key of a property of an object."""
    key = node.named_children[0] if node.named_children else None
    if key is None:
        return None
    return names.code.words(key) if key.type == "identifier" else value(key, names)


def value_of(node: Node) -> Node | None:
    """What a property of an object holds; None where a resource stands there."""
    parts = node.named_children
    return parts[1] if len(parts) == 2 else None


def _object(node: Node, names: Names) -> object:
    return {
        key: value(value_of(property_), names)
        for property_ in children(node, "object_property")
        if value_of(property_) is not None and isinstance(key := key_of(property_, names), str | int)
    }


def _array(node: Node, names: Names) -> object:
    found: list[object] = []
    before: Node | None = None
    for item in node.named_children:
        if item.type == "comment":
            continue
        if before is not None and _is_call(before, item):
            found[-1] = _result(names.code.words(before), item, names) or hole(names.origin(item))
        else:
            found.append(value(item, names))
        before = item
    return found


def _is_call(item: Node, following: Node) -> bool:
    """Whether two elements of an array are a call, which the grammar takes for a name and what stands in brackets."""
    return (
        item.type == "identifier"
        and following.type == "parenthesized_expression"
        and following.start_byte == item.end_byte
    )


def _ternary(node: Node, names: Names) -> object:
    condition, one, other = (
        value(node.child_by_field_name(name), names) for name in ("condition", "consequence", "alternative")
    )
    return chosen(condition, one, other)


def _binary(node: Node, names: Names) -> object:
    operator = node.child_by_field_name("operator")
    word = names.code.words(operator) if operator is not None else ""
    one, other = (value(node.child_by_field_name(name), names) for name in ("left", "right"))
    if word == "??":
        return either([one, other])
    if word in ("==", "!=") and plain(one) and plain(other):
        return (one == other) == (word == "==")
    return None


def _unary(node: Node, names: Names) -> object:
    inner = value(node.named_children[0] if node.named_children else None, names)
    return not inner if isinstance(inner, bool) and names.code.words(node).startswith("!") else None


def _member(node: Node, names: Names) -> object:
    found = value(node.child_by_field_name("object"), names)
    property_ = node.child_by_field_name("property")
    key = names.code.words(property_) if property_ is not None else ""
    return found.attribute(key) if is_reference(found) else member(found, key)


def _subscript(node: Node, names: Names) -> object:
    found = value(node.child_by_field_name("object"), names)
    key = value(node.child_by_field_name("index"), names)
    if not is_reference(found):
        return member(found, key)
    return found.attribute(key) if isinstance(key, str) and MARK not in key else found.instance(key)


def _nested(node: Node, names: Names) -> object:
    """``outer::inner``."""
    found = value(node.child_by_field_name("object"), names)
    inner = node.child_by_field_name("resource")
    if inner is None or not is_reference(found):
        return None
    return names.name(names.code.words(inner))


def turns(node: Node, names: Names) -> Iterator[None]:
    """Each turn of a loop with its variables bound; one where nobody can tell over what it runs."""
    parts = [part for part in node.named_children if part.type != "comment"]
    if len(parts) < 3:
        return
    variables = [names.code.words(part) for part in parts[0].named_children] or [names.code.words(parts[0])]
    over = value(parts[1], names)
    pairs: list[tuple[object, ...]] = (
        [(item, index) for index, item in enumerate(over)] if isinstance(over, list) else []
    )
    before = dict(names.bound)
    for turn in pairs[:_TURNS] or [()]:
        for name in variables:
            names.bound.pop(name, None)
        unknown = [hole(f"{names.origin(node)} {name}") for name in variables]
        names.bound.update(zip(variables, turn or unknown, strict=False))
        yield
        names.bound.clear()
        names.bound.update(before)


def _for(node: Node, names: Names) -> object:
    """The elements that a loop makes; one that stands for all where nobody can tell over what it runs."""
    body = node.named_children[-1] if node.named_children else None
    if body is not None and body.type == "if_statement":
        body = child(body, "object") or body
    return [value(body, names) for _ in turns(node, names)]


def _call(node: Node, names: Names) -> object:
    called, given = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if called is None or given is None:
        return None
    return _result(names.code.words(called), given, names)


def _result(called: str, given: Node, names: Names) -> object:
    """What a function yields."""
    function = called.rpartition(".")[2].lower()
    arguments = [value(item, names) for item in given.named_children if item.type != "comment"]
    if not arguments:
        return None
    first = arguments[0]
    texts = [item for item in arguments if isinstance(item, str)]
    if function in ("loadtextcontent", "loadjsoncontent"):
        return _load(first, names, json=function == "loadjsoncontent")
    if function in _TRANSPARENT or (isinstance(first, FileText) and function in ("replace", "format")):
        return first
    if function == "concat" and all(isinstance(item, list) for item in arguments):
        found = [item for each in arguments if isinstance(each, list) for item in each]
        return found if len(found) <= LONGEST else None
    if function == "concat":
        return joined(arguments, names.origin(given))
    if function == "format" and isinstance(first, str):
        return _format(first, arguments[1:], names.origin(given))
    if function == "resourceid" and len(texts) == len(arguments):
        return resource_id(texts)
    if function == "union" and all(isinstance(item, dict) for item in arguments):
        return {key: item for each in arguments if isinstance(each, dict) for key, item in each.items()}
    if function == "items" and isinstance(first, dict):
        return [
            {"key": key, "value": item} for key, item in sorted(first.items(), key=lambda pair: str(pair[0]))
        ]
    if function == "range" and all(isinstance(item, int) for item in arguments) and len(arguments) == 2:
        start, count = arguments
        return (
            list(range(start, start + min(count, _TURNS)))
            if isinstance(start, int) and isinstance(count, int)
            else None
        )
    if function == "length" and isinstance(first, list):
        return len(first)
    return None


def _format(text: str, arguments: list[object], origin: str) -> object:
    pieces = _PLACE.split(text)
    parts: list[object] = []
    for index, piece in enumerate(pieces):
        number = int(piece) if index % 2 else 0
        if index % 2 == 0:
            parts.append(piece)
        else:
            parts.append(arguments[number] if number < len(arguments) else hole(origin))
    return joined(parts, origin)


def _load(said: object, names: Names, *, json: bool) -> object:
    if not isinstance(said, str) or MARK in said:
        return None
    path = inside(said, names.code.path.parent, names.sources.root)
    if path is None or not json:
        return FileText((path,)) if path is not None else None
    file = JsonFile.read(names.sources.store, path)
    return file.value if file is not None else None


def _first(node: Node, names: Names) -> object:
    return value(node.named_children[0] if node.named_children else None, names)


_KINDS: Mapping[str, Callable[[Node, Names], object]] = {
    "identifier": _identifier,
    "string": _string,
    "number": _number,
    "boolean": lambda node, names: names.code.words(node) == "true",
    # Nothing tells ``null`` from an empty object: neither holds anything.
    "null": lambda _node, _names: {},
    "object": _object,
    "array": _array,
    "ternary_expression": _ternary,
    "binary_expression": _binary,
    "unary_expression": _unary,
    "parenthesized_expression": _first,
    "member_expression": _member,
    "subscript_expression": _subscript,
    "resource_expression": _nested,
    "for_statement": _for,
    "call_expression": _call,
}
