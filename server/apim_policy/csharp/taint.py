"""What the value of one expression is made of: literal text, and what was read from the call.

The value is told as texts that it may be, each a sequence of pieces in the order in which they are joined. Values are
followed through locals, casts, concatenation, interpolation, methods of strings and the indexers of JSON; a comparison
or a number carries nothing on. What cannot be told is a piece of its own.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from apim_policy.csharp import carrying
from apim_policy.csharp.code import Code, code_of
from apim_policy.csharp.given import Given, member_name
from apim_policy.csharp.pieces import (
    ALTERNATIVES,
    GAP,
    LONGEST,
    UNKNOWN,
    Identity,
    Kind,
    Piece,
    Source,
    Text,
    encoded,
    join,
    sources,
    with_field,
)
from apim_policy.csharp.results import returned
from apim_policy.csharp.shapes import call, contents, first_argument, indexed, member, operator
from apim_policy.csharp.values import concatenated, locals_of, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tree_sitter import Node

    from apim_policy.syntax.tree import Document, Expression
    from apim_policy.text.span import Span


def texts(document: Document, expression: Expression) -> tuple[Text, ...]:
    """What the value of an expression of a document may be.

    An expression that does not look at ``context`` needs no tree: nothing is told of it.
    """
    if document.text.find("context", expression.start, expression.end) < 0:
        return ()
    return _texts(code_of(document, expression))


def tested(document: Document, expression: Expression) -> frozenset[Identity]:
    """What an expression of a document compares with something other than nothing."""
    if document.text.find("context", expression.start, expression.end) < 0:
        return frozenset()
    return _tested(code_of(document, expression))


# Only what comes out is kept: the nodes that a reader goes through take far more room.
@lru_cache(maxsize=4096)
def _texts(code: Code) -> tuple[Text, ...]:
    return _Reader(code).texts()


@lru_cache(maxsize=4096)
def _tested(code: Code) -> frozenset[Identity]:
    return frozenset(_Reader(code).tested())


# More nesting and more values than any author writes; they bound the work on text that only a machine would.
_DEPTH = 40
_STEPS = 20_000


class _Reader:
    def __init__(self, code: Code) -> None:
        self._code = code
        self._locals = locals_of(code)
        self._nodes = list(walk(code.tree.root_node))
        self._given = Given(code, self._nodes)
        self._known: dict[int, tuple[Text, ...]] = {}
        self._open: set[str] = set()
        self._cut: set[str] = set()
        self._steps = _STEPS

    def texts(self) -> tuple[Text, ...]:
        found = self._any(returned(self._code), 0)
        return tuple(dict.fromkeys(found))[: 2 * ALTERNATIVES]

    # Values

    def _value(self, node: Node, depth: int) -> tuple[Text, ...]:
        known = self._known.get(node.id)
        if known is not None:
            return known
        self._steps -= 1
        if depth > _DEPTH or self._steps < 0:
            return UNKNOWN
        found = self._evaluate(node, depth + 1)
        found = tuple(dict.fromkeys(found))[:ALTERNATIVES]
        # Inside a circle of locals, a value lacks what the circle would bring.
        if not self._cut:
            self._known[node.id] = found
        return found

    def _evaluate(self, node: Node, depth: int) -> tuple[Text, ...]:
        kind = node.type
        while kind in carrying.TRANSPARENT and node.named_child_count:
            node = node.named_children[-1 if kind == "argument" else 0]
            kind = node.type
        if kind in carrying.STRINGS:
            return ((Piece(self._literal(node)),),)
        if kind == "interpolated_string_expression":
            return self._interpolated(node, depth)
        if kind in ("cast_expression", "as_expression"):
            return self._cast(node, depth)
        if kind == "binary_expression":
            return self._binary(node, depth)
        if kind == "conditional_expression":
            arms = [node.child_by_field_name(field) for field in ("consequence", "alternative")]
            return self._any((arm for arm in arms if arm is not None), depth)
        if kind == "switch_expression":
            last = [child.named_children[-1:] for child in node.named_children[1:]]
            return self._any((value for values in last for value in values), depth)
        if kind == "identifier":
            return self._local(node, depth)
        if kind == "invocation_expression":
            return self._called(node, depth)
        if kind in carrying.CREATIONS:
            return self._created(node, depth)
        if kind in ("member_access_expression", "conditional_access_expression", "element_access_expression"):
            return self._accessed(node, depth)
        return UNKNOWN

    def _any(self, nodes: Iterable[Node], depth: int) -> tuple[Text, ...]:
        return tuple(text for node in nodes for text in self._value(node, depth))

    def _literal(self, node: Node) -> str:
        if constant := self._locals.constant(node):
            return constant.text
        return self._with_gaps(node).strip("@\"'")

    def _with_gaps(self, node: Node) -> str:
        span = self._code.span_of(node)
        text, last = self._code.decoded, span.start
        pieces: list[str] = []
        for foreign in self._code.foreign:
            if foreign.overlaps(span):
                pieces += (text[last : foreign.start], GAP)
                last = foreign.end
        pieces.append(text[last : span.end])
        return "".join(pieces)

    def _interpolated(self, node: Node, depth: int) -> tuple[Text, ...]:
        parts: list[tuple[Text, ...]] = []
        for part in node.named_children:
            if part.type == "interpolation":
                inner = [
                    child for child in part.named_children if not child.type.startswith("interpolation_")
                ]
                parts.append(self._value(inner[0], depth) if inner else UNKNOWN)
            elif part.type != "interpolation_start":
                text = self._with_gaps(part).replace("{{", "{").replace("}}", "}")
                parts.append(((Piece(text.replace('\\"', '"').replace('""', '"')),),))
        return join(parts)

    def _cast(self, node: Node, depth: int) -> tuple[Text, ...]:
        type_ = node.child_by_field_name("type") or node.child_by_field_name("right")
        if type_ is not None and self._code.text_of(type_) in carrying.ENDING_TYPES:
            return UNKNOWN
        value = node.child_by_field_name("value") or node.child_by_field_name("left")
        return self._value(value, depth) if value is not None else UNKNOWN

    def _binary(self, node: Node, depth: int) -> tuple[Text, ...]:
        sign = operator(node)
        if sign == "??":
            sides = [node.child_by_field_name("left"), node.child_by_field_name("right")]
            return self._any((side for side in sides if side is not None), depth)
        if sign == ">":
            return self._compared(node, depth)
        if sign != "+":
            return UNKNOWN
        operands: list[Node] = []
        left: Node = node
        while left.type == "binary_expression" and (sides_ := concatenated(left)) is not None:
            operands.append(sides_[1])
            left = sides_[0]
        operands.append(left)
        return join([self._value(operand, depth) for operand in reversed(operands)])

    def _compared(self, node: Node, depth: int) -> tuple[Text, ...]:
        """The value of ``(T)target.Method<U>(…)``, which the grammar takes for two comparisons."""
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        inner = left.child_by_field_name("left") if left is not None and operator(left) == "<" else None
        while inner is not None and inner.type == "cast_expression":
            inner = inner.child_by_field_name("value")
        step = member(inner) if inner is not None else None
        if step is None or right is None or member_name(self._code, step[1]) not in carrying.LOOKUPS:
            return UNKNOWN
        while right is not None and right.type not in ("parenthesized_expression", "tuple_expression"):
            right = right.named_children[0] if right.named_children else None
        if right is None:
            return UNKNOWN
        keys = [
            child.named_children[-1] if child.type == "argument" else child for child in right.named_children
        ]
        return self._looked_up(step[0], keys, node, depth) or UNKNOWN

    def _local(self, node: Node, depth: int) -> tuple[Text, ...]:
        name = self._code.text_of(node)
        given, added = self._given.values(name), self._given.added(name)
        if not (given or added):
            return UNKNOWN
        if name in self._open:
            self._cut.add(name)
            return UNKNOWN
        self._open.add(name)
        try:
            parts = [self._any(given, depth) or UNKNOWN]
            for value, inside in added:
                texts = self._value(value, depth)
                parts.append(encoded(texts) if inside else texts)
            return join(parts)
        finally:
            self._open.discard(name)
            self._cut.discard(name)

    # Accesses and calls

    def _path(self, node: Node) -> tuple[str, ...] | None:
        """The names from ``context`` to a member; None for anything else."""
        names: list[str] = []
        for _ in range(_DEPTH):
            node = self._locals.behind(node)
            if node.type == "identifier":
                return tuple(reversed(names)) if self._code.text_of(node) == "context" else None
            step = member(node)
            if step is None:
                return None
            node, name = step
            names.append(self._code.text_of(name))
        return None

    def _source(self, kind: Kind, name: str | None, node: Node) -> tuple[Text, ...]:
        span = self._code.source_span(self._code.span_of(node))
        return ((Piece(source=Source(kind, name, None, span)),),)

    def _accessed(self, node: Node, depth: int) -> tuple[Text, ...]:
        path = self._path(node)
        if path is not None:
            if path in carrying.VALUES:
                return self._source(*carrying.VALUES[path], node)
            if path in carrying.DICTIONARIES:
                return self._source(carrying.DICTIONARIES[path], None, node)
            if path in carrying.URLS:
                return join([UNKNOWN, self._source(Kind.PATH, "Url", node)])
        target, subscript = indexed(node)
        if target is not None:
            key = first_argument(subscript)
            keys = [key] if key is not None else []
            found = self._looked_up(target, keys, node, depth)
            return found if found is not None else self._field(target, key, node, depth)
        step = member(node)
        if step is None or self._code.text_of(step[1]) in carrying.ENDING_MEMBERS:
            return UNKNOWN
        if path is not None and path[:1] != ("LastError",):
            return UNKNOWN
        if self._is_type(step[0]):
            empty = self._locals.constant(node)
            return ((Piece(empty.text),),) if empty is not None else UNKNOWN
        name, target = self._code.text_of(step[1]), step[0]
        before: list[tuple[Text, ...]] = []
        # The grammar takes ``a + b?.c`` for a member of the sum.
        while target.type == "binary_expression" and (sides := concatenated(target)) is not None:
            before.append(self._value(sides[0], depth))
            target = sides[1]
        path = (*outer, name) if before and (outer := self._path(target)) is not None else None
        if path in carrying.VALUES:
            return join([*before, self._source(*carrying.VALUES[path], node)])
        texts = self._value(target, depth)
        return join([*before, texts if name == "Value" else with_field(texts, name, self._span(node))])

    def _looked_up(self, target: Node, keys: list[Node], node: Node, depth: int) -> tuple[Text, ...] | None:
        """What a dictionary of ``context`` holds under a key, or what is given instead."""
        path = self._path(target)
        kind = carrying.DICTIONARIES.get(path) if path is not None else None
        if kind is None:
            return None
        constant = self._locals.constant(keys[0]) if keys else None
        found = self._source(kind, constant.text.strip() if constant else None, node)
        others = [text for key in keys[1:] for text in self._value(key, depth) if any(sources(text))]
        return (*found, *others)

    def _field(self, target: Node, key: Node | None, node: Node, depth: int) -> tuple[Text, ...]:
        texts = self._derived([target], depth)
        constant = self._locals.constant(key) if key is not None else None
        return with_field(texts, constant.text, self._span(node)) if constant else texts

    def _span(self, node: Node) -> Span:
        return self._code.source_span(self._code.span_of(node))

    def _called(self, node: Node, depth: int) -> tuple[Text, ...]:
        called = call(node)
        if called is None:
            function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
            if function is None or arguments is None or member_name(self._code, function) == "nameof":
                return UNKNOWN
            return self._derived(arguments.named_children, depth)
        target, name, arguments_ = called
        method, owner = member_name(self._code, name), self._code.text_of(target).rpartition(".")[2]
        if (
            name.type == "generic_name"
            and self._code.text_of(name.named_children[-1])[1:-1] in carrying.ENDING_TYPES
        ):
            return UNKNOWN
        if method in carrying.LOOKUPS:
            found = self._looked_up(target, arguments_, node, depth)
            if found is not None:
                return found
        if owner == "Headers" and method == "GetValues" and arguments_:
            return self._looked_up(target, arguments_, node, depth) or UNKNOWN
        if method in carrying.ENDING or (method in ("Parse", "ParseExact") and owner not in carrying.PARSED):
            return UNKNOWN
        if method in carrying.ENCODING or (method == "ToString" and owner == "JsonConvert"):
            return encoded(self._derived(arguments_, depth))
        if owner in ("string", "String"):
            if method == "Concat":
                return join([self._value(argument, depth) for argument in arguments_])
            if method == "Format" and arguments_:
                return self._formatted(arguments_, depth)
        if method in carrying.FIELDS and arguments_:
            return self._field(target, arguments_[0], node, depth)
        if method in carrying.KEEPING:
            return self._value(target, depth)
        return self._method(target, method, arguments_, depth)

    def _method(self, target: Node, method: str, arguments: list[Node], depth: int) -> tuple[Text, ...]:
        constants = [self._locals.constant(argument) for argument in arguments]
        texts = self._derived(arguments if self._is_type(target) else [target, *arguments], depth)
        # Who takes quotes or brackets out of a text by hand does so to make it safe.
        if method == "Replace" and constants and constants[0] and carrying.QUOTES & set(constants[0].text):
            return encoded(texts)
        # A few characters of a credential are shown to tell one from another.
        if method == "Substring" and len(arguments) == 2 and arguments[1].type == "integer_literal":
            return UNKNOWN
        return texts

    def _is_type(self, node: Node) -> bool:
        """Whether a node surely is the name of a type or a namespace, such as ``System.Net.WebUtility``."""
        while (step := member(node)) is not None:
            node = step[0]
        if node.type != "identifier":
            return node.type == "predefined_type"
        name = self._code.text_of(node)
        return name[:1].isupper() and not self._given.values(name)

    def _formatted(self, arguments: list[Node], depth: int) -> tuple[Text, ...]:
        format_, *values = arguments
        constant = self._locals.constant(format_)
        if constant is None:
            return self._derived(arguments, depth)
        parts: list[tuple[Text, ...]] = []
        for index, piece in enumerate(re.split(r"(?<!\{)\{(\d{1,3})[^{}]*\}", constant.text)):
            if index % 2 == 0:
                parts.append(((Piece(piece.replace("{{", "{").replace("}}", "}")),),))
            elif int(piece) < len(values):
                parts.append(self._value(values[int(piece)], depth))
        return join(parts)

    def _created(self, node: Node, depth: int) -> tuple[Text, ...]:
        type_ = node.child_by_field_name("type")
        name = self._code.text_of(type_).partition("<")[0].rpartition(".")[2] if type_ is not None else ""
        if name in carrying.ENDING_TYPES:
            return UNKNOWN
        values = list(contents(node, type_))
        if name == "UriBuilder" and len(values) > 1:
            scheme, host = (self._value(value, depth) for value in values[:2])
            return join([scheme, ((Piece("://"),),), host, ((Piece("/"),),)])
        if name in carrying.WRAPPERS:
            return self._value(values[0], depth) if values else ((Piece(""),),)
        texts = self._derived(values, depth)
        anonymous = node.type == "anonymous_object_creation_expression"
        return encoded(texts) if name in carrying.BUILDERS or anonymous else texts

    def _derived(self, nodes: Sequence[Node], depth: int) -> tuple[Text, ...]:
        """What is made of some values, in a way that leaves nothing of the text around them."""
        if not nodes:
            return UNKNOWN
        if len(nodes) == 1:
            texts = self._value(nodes[0], depth)
            if all(len(text) == 1 for text in texts):
                return texts
        pieces = [
            piece for node in nodes for text in self._value(node, depth) for piece in text if piece.source
        ]
        if not pieces:
            return UNKNOWN
        first = self._value(nodes[0], depth)
        leads = any(len(text) == 1 and text[0].source for text in first)
        return ((*(() if leads else (Piece(),)), *dict.fromkeys(pieces[:LONGEST])),)

    # Tests

    def tested(self) -> Iterator[Identity]:
        for node in self._nodes:
            compared: list[Node] = []
            if node.type == "binary_expression" and operator(node) in ("==", "!="):
                sides = [node.child_by_field_name("left"), node.child_by_field_name("right")]
                compared = [side for side in sides if side is not None]
            elif node.type in ("switch_statement", "switch_expression") and node.named_children:
                compared = [node.named_children[0]]
            elif (called := call(node)) and member_name(self._code, called[1]) in carrying.COMPARING:
                compared = [called[0], *called[2]]
            if not compared or any(map(self._is_trivial, compared)):
                continue
            for side in compared:
                for text in self._value(side, 0):
                    yield from (source.identity for source in sources(text))

    def _is_trivial(self, node: Node) -> bool:
        if node.type in ("null_literal", "boolean_literal"):
            return True
        constant = self._locals.constant(node)
        return constant is not None and constant.text.strip().lower() in carrying.SCHEMES
