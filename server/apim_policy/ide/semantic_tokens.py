"""What each word of a document is, for colours: C# in expressions, policies, named values, placeholders.

What plain XML colours well enough by itself, tags and attributes, is left out.
"""

from __future__ import annotations

from enum import Enum
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.csharp.code import code_of
from apim_policy.csharp.library import known_dotnet, namespaces, type_named
from apim_policy.csharp.scopes import LocalKind, Scopes
from apim_policy.ide.places import stands_as_policy
from apim_policy.schema.model import load
from apim_policy.syntax.tree import Element, Expression, PartKind, Text
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node as CNode

    from apim_policy.csharp.code import Code
    from apim_policy.syntax.tree import Document, Node, Part


class TokenKind(Enum):
    """What a token is, by the names of the language server protocol."""

    NAMESPACE = "namespace"
    CLASS = "class"
    PARAMETER = "parameter"
    VARIABLE = "variable"
    PROPERTY = "property"
    METHOD = "method"
    FUNCTION = "function"
    """The name of a policy."""
    KEYWORD = "keyword"
    COMMENT = "comment"
    STRING = "string"
    NUMBER = "number"
    OPERATOR = "operator"
    MACRO = "macro"
    """What is replaced before the document is read: a named value or a placeholder."""


class Token(NamedTuple):
    """Characters of one kind; tokens never overlap."""

    start: int
    end: int
    kind: TokenKind


_PART_KINDS = {
    PartKind.NAMED_VALUE: TokenKind.MACRO,
    PartKind.PLACEHOLDER: TokenKind.MACRO,
    PartKind.DIRECTIVE: TokenKind.MACRO,
}
_WHOLE = {
    "comment": TokenKind.COMMENT,
    "string_literal": TokenKind.STRING,
    "verbatim_string_literal": TokenKind.STRING,
    "raw_string_literal": TokenKind.STRING,
    "character_literal": TokenKind.STRING,
    "integer_literal": TokenKind.NUMBER,
    "real_literal": TokenKind.NUMBER,
    "boolean_literal": TokenKind.KEYWORD,
    "null_literal": TokenKind.KEYWORD,
    "predefined_type": TokenKind.KEYWORD,
    "implicit_type": TokenKind.KEYWORD,
    "modifier": TokenKind.KEYWORD,
    "implicit_parameter": TokenKind.PARAMETER,
    # The parts of interpolated strings.
    "interpolation_start": TokenKind.STRING,
    "interpolation_quote": TokenKind.STRING,
    '"': TokenKind.STRING,
    "string_content": TokenKind.STRING,
    "escape_sequence": TokenKind.STRING,
    "interpolation_format_clause": TokenKind.STRING,
}
_PUNCTUATION = frozenset({"(", ")", "[", "]", "{", "}", ",", ";", ".", ":", "::", "$", "@"})
_ANGLES = frozenset({"type_argument_list", "type_parameter_list"})
_LOCALS = {LocalKind.FUNCTION: TokenKind.METHOD, LocalKind.PARAMETER: TokenKind.PARAMETER}
# No full name of a type is longer.
_LONGEST = 100
_ACCESSES = frozenset({"member_access_expression", "member_binding_expression"})
_CALLED = _ACCESSES | {"invocation_expression"}
_TYPE_FIELDS = frozenset({"type", "returns"})
_TYPE_HOLDERS = frozenset(
    {"type_argument_list", "array_type", "nullable_type", "qualified_name", "typeof_expression"}
)


def semantic_tokens(document: Document, within: Span | None = None) -> list[Token]:
    """The tokens of a document in the order of the text; with ``within`` those that share a character with it."""
    found = [token for token in _tokens(document, within) if token.end > token.start]
    if within is not None:
        found = [token for token in found if within.overlaps(Span(token.start, token.end))]
    found.sort()
    return found


def _tokens(document: Document, within: Span | None) -> Iterator[Token]:
    policies = frozenset(load().policy_names)
    stack: list[Node] = list(document.nodes)
    while stack:
        node = stack.pop()
        if within is not None and not within.overlaps(node.span):
            continue
        if isinstance(node, Text):
            yield from _parts(document, node.parts, within)
        if not isinstance(node, Element):
            continue
        stack += node.children
        if node.name in policies and (node.parent is None or stands_as_policy(node.parent, node)):
            yield Token(*node.name_span, TokenKind.FUNCTION)
            if node.end_tag is not None and node.end_tag.name == node.name:
                yield Token(*node.end_tag.name_span, TokenKind.FUNCTION)
        for attribute in node.attributes:
            yield from _parts(document, attribute.parts, within)


def _parts(document: Document, parts: Sequence[Part], within: Span | None) -> Iterator[Token]:
    for part in parts:
        if part.kind is PartKind.LITERAL or (within is not None and not within.overlaps(part.span)):
            continue
        if isinstance(part, Expression):
            start = part.start
            for token in _of_code(code_of(document, part)):
                yield Token(token.start + start, token.end + start, token.kind)
        elif part.kind in _PART_KINDS:
            yield Token(part.start, part.end, _PART_KINDS[part.kind])


# C#


@lru_cache(maxsize=8192)
def _of_code(code: Code) -> tuple[Token, ...]:
    """The tokens of one expression, in characters of the source from its ``@``."""
    found: list[Token] = []
    reader = _Reader(code)
    stack: list[tuple[CNode, str | None]] = [(code.tree.root_node, None)]
    while stack:
        node, field = stack.pop()
        kind = _WHOLE.get(node.type)
        if kind is None and node.child_count:
            for index, child in enumerate(node.children):
                reader.parents[child.id] = node
                stack.append((child, node.field_name_for_child(index)))
            continue
        if kind is None:
            kind = reader.kind(node, field)
        span = code.span_of(node)
        # The grammar reads a sign of its own in place of the @.
        if kind is not None and span.end > span.start and span.start >= (2 if code.block else 1):
            found += _around_foreign(code, span, kind)
    found += [Token(*code.source_span(span), TokenKind.MACRO) for span in code.foreign]
    found.sort()
    return tuple(found)


def _around_foreign(code: Code, span: Span, kind: TokenKind) -> Iterator[Token]:
    """A token without what named values and placeholders take of it."""
    start = span.start
    for foreign in code.foreign:
        if foreign.overlaps(span):
            yield Token(*code.source_span(Span(start, max(start, foreign.start))), kind)
            start = min(foreign.end, span.end)
    yield Token(*code.source_span(Span(start, span.end)), kind)


class _Reader:
    """Tells the kinds of names, keywords and signs in one expression."""

    def __init__(self, code: Code) -> None:
        self.parents: dict[int, CNode] = {}
        """By the ids of nodes: to ask a node takes longer the deeper it stands."""
        self._code = code
        self._scopes = Scopes(code)

    def kind(self, node: CNode, field: str | None) -> TokenKind | None:
        """The kind of a node without children; ``field`` is what it is to the node around it."""
        parent = self.parents.get(node.id)
        around = parent.type if parent is not None else ""
        kind = node.type
        if kind == "identifier":
            return self._name(node, parent, around, field)
        if node.is_named or kind in _PUNCTUATION or around in _ANGLES:
            return None
        return TokenKind.KEYWORD if kind.isalpha() else TokenKind.OPERATOR

    def _name(self, node: CNode, parent: CNode | None, around: str, field: str | None) -> TokenKind:
        if parent is not None and around == "generic_name":
            holder = self.parents.get(parent.id)
            called = holder is not None and holder.type in _CALLED
            return TokenKind.METHOD if called else TokenKind.CLASS
        if parent is not None and around in _ACCESSES and field == "name":
            return self._member(parent)
        if around == "argument" and field == "name":
            return TokenKind.PARAMETER
        if field in _TYPE_FIELDS or around in _TYPE_HOLDERS:
            return TokenKind.NAMESPACE if self._is_namespace(node, parent) else TokenKind.CLASS
        local = self._scopes.declared.get(node.id) or self._scopes.meant.get(node.id)
        if local is not None:
            return _LOCALS.get(local.kind, TokenKind.VARIABLE)
        if parent is not None and around == "assignment_expression" and field == "left":
            holder = self.parents.get(parent.id)
            if holder is not None and holder.type == "initializer_expression":
                return TokenKind.PROPERTY
        if around == "invocation_expression" and field == "function":
            return TokenKind.METHOD
        name = self._code.text_of(node)
        if name != "context" and (type_named(name) is not None or known_dotnet(name) is not None):
            return TokenKind.CLASS
        return TokenKind.NAMESPACE if name in _roots() else TokenKind.VARIABLE

    def _member(self, access: CNode) -> TokenKind:
        """The kind of the name after a dot."""
        holder = self.parents.get(access.id)
        if holder is not None and holder.type == "conditional_access_expression":
            holder = self.parents.get(holder.id)
        if holder is not None and holder.type == "invocation_expression":
            function = holder.child_by_field_name("function")
            if function is not None and function.end_byte == access.end_byte:
                return TokenKind.METHOD
        spelled = self._code.text_of(access) if access.end_byte - access.start_byte < _LONGEST else ""
        if spelled in namespaces():
            return TokenKind.NAMESPACE
        return TokenKind.CLASS if spelled.rpartition(".")[0] in namespaces() else TokenKind.PROPERTY

    def _is_namespace(self, node: CNode, parent: CNode | None) -> bool:
        """Whether a name in front of the dot of a qualified name is no type by itself."""
        if parent is None or parent.type != "qualified_name":
            return False
        start, end = self._code.span_of(parent).start, self._code.span_of(node).end
        return end - start < _LONGEST and self._code.decoded[start:end] in namespaces()


@cache
def _roots() -> frozenset[str]:
    return frozenset(name.partition(".")[0] for name in namespaces())
