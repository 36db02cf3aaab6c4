"""Request headers in one expression: which it looks at, and whether its value is a copy of one.

Response headers, and the headers of what ``send-request`` brought back, are none of its business.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.csharp.code import Code, code_of
from apim_policy.csharp.lookups import Access, Lookup, Lookups
from apim_policy.csharp.results import beginning
from apim_policy.csharp.shapes import call, first_argument, indexed, member, operator

if TYPE_CHECKING:
    from tree_sitter import Node

    from apim_policy.syntax.tree import Document, Expression
    from apim_policy.text.span import Span


class HeaderAccess(NamedTuple):
    """One look at the request headers."""

    name: str | None
    """The header's name as written; None where it is not known before the expression runs."""
    access: Access
    span: Span
    """The access from ``context`` on, in characters from the expression's ``@`` in the source."""
    name_span: Span
    """The literal that holds the name; equal to ``span`` where there is none."""
    fallback: bool
    """Whether it says what to take where the header is missing, other than an empty text."""


class HeaderCopy(NamedTuple):
    """A value that comes from one request header."""

    name: str
    prefix: str
    """Literal text put in front of the header's value."""
    stripped: str | None
    """Literal text taken from its front, nothing where the whole value is taken; None where what is taken is not known."""

    @property
    def exact(self) -> bool:
        """Whether the value is the header's, unchanged."""
        return not self.prefix and self.stripped == ""


class HeaderUse(NamedTuple):
    """What one expression has to do with request headers."""

    accesses: tuple[HeaderAccess, ...]
    """In the order of the text."""
    copy: HeaderCopy | None
    """Set where the expression's value comes from one header and nothing else."""
    literals: tuple[str, ...]
    """The strings in it, decoded."""


NO_USE = HeaderUse((), None, ())


def header_use(document: Document, expression: Expression) -> HeaderUse:
    """What an expression of a document has to do with request headers.

    Most expressions say nothing of headers; for them no tree is built.
    """
    if document.text.find("Headers", expression.start, expression.end) < 0:
        return NO_USE
    return _use(code_of(document, expression))


@lru_cache(maxsize=8192)
def _use(code: Code) -> HeaderUse:
    return _Reader(code).read()


_PATH = ("context", "Request", "Headers")
# What turns the strings of a header into the one string that it nearly always is, or leaves that one as it is.
_WHOLE = frozenset(
    {"First", "FirstOrDefault", "Single", "SingleOrDefault", "Last", "LastOrDefault", "ToString", "Trim"}
)
_STRING = frozenset({"string", "String"})
_PATIENCE = 100


class _Reader:
    def __init__(self, code: Code) -> None:
        self._code = code
        self._lookups = Lookups(code, _PATH)
        self._locals = self._lookups.locals

    def read(self) -> HeaderUse:
        lookups = (self._lookups.at(node) for node in self._lookups.nodes())
        found = tuple(self._access(lookup) for lookup in lookups if lookup is not None)
        strings = self._code.nodes_of("string_literal", "verbatim_string_literal")
        literals = (literal.text for node in strings if (literal := self._locals.constant(node)))
        return HeaderUse(found, self._copy(), tuple(literals))

    def _access(self, lookup: Lookup) -> HeaderAccess:
        fallback = lookup.access is Access.VALUE and any(
            (given := self._locals.constant(other)) is None or given.text for other in lookup.arguments[1:]
        )
        span = self._code.source_span(lookup.span)
        literal = self._locals.constant(lookup.key) if lookup.key is not None else None
        if literal is None:
            return HeaderAccess(None, lookup.access, span, span, fallback)
        return HeaderAccess(
            literal.text.strip(), lookup.access, span, self._source_span(literal.node), fallback
        )

    def _source_span(self, node: Node) -> Span:
        return self._code.source_span(self._code.span_of(node))

    # The value of the expression

    def _copy(self) -> HeaderCopy | None:
        prefix, value = beginning(self._code, self._locals)
        return None if value is None else self._copied(value, prefix)

    def _copied(self, value: Node, prefix: str) -> HeaderCopy | None:
        stripped: str | None = ""
        for _ in range(_PATIENCE):
            value = self._locals.behind(value)
            if (argument := self._looked_up(value)) is not None:
                literal = self._locals.constant(argument)
                return HeaderCopy(literal.text.strip(), prefix, stripped) if literal else None
            step = self._derived_from(value)
            if step is None:
                return None
            value, taken = step
            if taken != "":
                stripped = taken if stripped == "" else None
        return None

    def _looked_up(self, value: Node) -> Node | None:
        """The name's node where a value is what the headers hold under one name."""
        if called := call(value):
            target, name, arguments = called
            found = arguments and self._code.text_of(name) == Access.VALUE.value
            return arguments[0] if found and self._lookups.stands_for(target) else None
        dictionary, subscript = indexed(value)
        if dictionary is None or not self._lookups.stands_for(dictionary):
            return None
        return first_argument(subscript)

    def _derived_from(self, value: Node) -> tuple[Node, str | None] | None:
        """What a value is made from, and which literal text was taken from its front on the way."""
        if called := call(value):
            target, name, arguments = called
            method = self._code.text_of(name)
            if method == "Join" and len(arguments) == 2 and self._code.text_of(target) in _STRING:
                return arguments[1], ""
            return target, "" if method in _WHOLE else self._taken(method, arguments)
        if value.type == "binary_expression" and operator(value) == "??":
            left = value.child_by_field_name("left")
            return (left, "") if left is not None else None
        whole, _ = indexed(value)
        return (whole, "") if whole is not None else None

    def _taken(self, method: str, arguments: list[Node]) -> str | None:
        """The literal text that a call takes from the front of a string, where that can be told."""
        if method == "Replace" and len(arguments) == 2:
            old, new = self._locals.constant(arguments[0]), self._locals.constant(arguments[1])
            return old.text if old and new and not new.text else None
        if method == "Substring" and len(arguments) == 1:
            length = self._locals.behind(arguments[0])
            step = member(length)
            if step and self._code.text_of(step[1]) == "Length":
                literal = self._locals.constant(step[0])
                return literal.text if literal else None
        return None
