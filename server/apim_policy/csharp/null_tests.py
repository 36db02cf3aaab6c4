"""Which values an expression uses as if they were there, and which of them it asks about first."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.csharp.lookups import Access, Lookups
from apim_policy.csharp.shapes import call, is_node, operator
from apim_policy.csharp.values import locals_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from apim_policy.csharp.code import Code
    from apim_policy.text.span import Span


class Use(NamedTuple):
    """A value of which a member, or what it holds under an index, is asked for without ``?``."""

    subject: str
    """The value without casts, parentheses and spaces, and with locals replaced: ``context.User``. A variable of the
    call is ``Variables[name]``, however it is looked up. Values compare by it."""
    span: Span
    """The value as it stands there, in the code's text."""
    dot: int | None
    """Where the dot after the value stands; None before an index."""
    method: str | None
    """The method that gives the value, where a call does."""
    arguments: int
    """How many arguments that method is called with."""
    name: str | None
    """What is asked of the value; None for an index."""
    access: Node
    """The access itself, from the value to the name or the index."""

    @property
    def chain(self) -> Node:
        """The whole of the accesses and calls that begin with the value: what ``?.`` makes null with it."""
        node = self.access
        for _ in range(_PATIENCE):
            parent = node.parent
            field = _CHAINS.get(parent.type) if parent is not None else None
            if parent is None or field is None or not is_node(parent.child_by_field_name(field), node):
                break
            node = parent
        return node


class NullTests(NamedTuple):
    """What one expression says of values that may be null."""

    uses: tuple[Use, ...]
    """In the order of the text; only those whose value the expression never tests."""
    tested: frozenset[str]
    """The subjects that it compares, tests with a pattern, or uses with ``?.`` or ``??``, wherever that stands."""


@lru_cache(maxsize=4096)
def null_tests(code: Code) -> NullTests:
    """The uses and tests in an expression. A test anywhere in it counts for the whole expression."""
    return _Reader(code).read()


_PATIENCE = 200
_LONG = 500
# Static methods that ask about what they are given.
_CHECKERS = frozenset({"IsNullOrEmpty", "IsNullOrWhiteSpace", "ReferenceEquals", "Equals"})
# Where a chain of accesses goes on from.
_CHAINS = {
    "member_access_expression": "expression",
    "element_access_expression": "expression",
    "conditional_access_expression": "condition",
    "invocation_expression": "function",
}
_PATTERNS = frozenset({"is_pattern_expression", "is_expression"})
_TESTS = (
    *("binary_expression", "conditional_access_expression", "switch_expression", "invocation_expression"),
    *sorted(_PATTERNS),
)
_USES = ("member_access_expression", "element_access_expression")


class _Spans:
    """Spans that nest or are apart, given in the order of the text."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._outermost: list[Span] = []
        for span in spans:
            if not self._outermost or not self._outermost[-1].covers(span):
                self._outermost.append(span)

    def cover(self, span: Span) -> bool:
        """Whether the span lies within one of them."""
        index = bisect_right(self._outermost, span.start, key=lambda each: each.start) - 1
        return index >= 0 and self._outermost[index].covers(span)


class _Reader:
    def __init__(self, code: Code) -> None:
        self._code = code
        self._locals = locals_of(code)
        self._parents = code.parents
        self._names: dict[int, str] = {}

    def read(self) -> NullTests:
        code = self._code
        self._name_variables()
        tested = {subject for node in code.nodes_of(*_TESTS) for subject in self._tested(node)}
        caught = _Spans(code.span_of(node) for node in code.nodes_of("try_statement"))
        uses = [
            use for node in code.nodes_of(*_USES) for use in self._uses(node) if use.subject not in tested
        ]
        return NullTests(tuple(use for use in uses if not caught.cover(use.span)), frozenset(tested))

    def _name_variables(self) -> None:
        lookups = Lookups(self._code, ("context", "Variables"))
        for node in lookups.nodes():
            lookup = lookups.at(node)
            if lookup is None or lookup.key is None or lookup.access is Access.ALL:
                continue
            constant = self._locals.constant(lookup.key)
            if constant is None:
                continue
            whole: Node | None = node
            for _ in range(_PATIENCE):
                if whole is None or self._code.span_of(whole).end >= lookup.span.end:
                    break
                whole = self._parents.get(whole.id)
            if whole is not None:
                self._names[whole.id] = f"Variables[{constant.text}]"

    def _subject(self, node: Node) -> str:
        value = self._locals.behind(node)
        start, end = self._code.span_of(value)
        # Nothing that may be null is that long; where it stands tells it from all others.
        written = "".join(self._code.text_of(value).split()) if end - start < _LONG else f"@{start}"
        return self._names.get(value.id) or written

    def _tested(self, node: Node) -> Iterator[str]:
        kind = node.type
        if kind == "binary_expression":
            yield from self._compared(node)
        elif kind in _PATTERNS:
            value = node.child_by_field_name("expression") or node.child_by_field_name("left")
            if value is not None:
                yield self._subject(value)
        elif kind == "conditional_access_expression":
            value = node.child_by_field_name("condition")
            if value is not None:
                yield self._subject(value)
        elif kind == "switch_expression" and node.named_children:
            yield self._subject(node.named_children[0])
        elif kind == "invocation_expression":
            if node.id in self._names and (called := call(node)):
                if self._code.text_of(called[1]) in (Access.CONTAINS.value, Access.TRY.value):
                    yield self._names[node.id]
            elif (called := call(node)) and self._code.text_of(called[1]) in _CHECKERS:
                yield from (self._subject(argument) for argument in called[2])

    def _compared(self, node: Node) -> Iterator[str]:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        sign = operator(node)
        if left is None or right is None:
            return
        if sign == "??":
            yield self._subject(left)
        elif sign in ("==", "!="):
            for one, other in ((left, right), (right, left)):
                if other.type == "null_literal":
                    yield self._subject(one)

    def _uses(self, node: Node) -> Iterator[Use]:
        value = node.child_by_field_name("expression")
        if value is None or value.type == "conditional_access_expression":
            return
        behind = self._locals.behind(value)
        called = call(behind)
        method = self._code.text_of(called[1]).partition("<")[0].strip() if called else None
        name = node.child_by_field_name("name")
        dot = next((child for child in node.children if child.type == "."), None)
        yield Use(
            self._subject(value),
            self._code.span_of(value),
            self._code.span_of(dot).start if dot is not None else None,
            method,
            len(called[2]) if called else 0,
            self._code.text_of(name).partition("<")[0].strip() if name is not None else None,
            node,
        )
