"""Uses of ``context.Variables`` in one expression."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.csharp.code import Code, code_of
from apim_policy.csharp.lookups import Access, Lookup, Lookups
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from tree_sitter import Node

    from apim_policy.syntax.tree import Document, Expression

_PATH = ("context", "Variables")
# How many characters stand before and after the text of a literal.
_QUOTES = {"string_literal": (1, 1), "verbatim_string_literal": (2, 1)}


class VariableAccess(NamedTuple):
    """One look at the variables of the call."""

    name: str | None
    """The variable's name; None where it is not known before the expression runs."""
    access: Access
    span: Span
    """The access from ``context`` on, in characters from the expression's ``@`` in the source."""
    name_span: Span
    """What gives the name: the text between the quotes where one literal does; ``span`` where nothing does."""
    literal: bool
    """Whether the name stands in one literal at ``name_span``."""


def variable_accesses(document: Document, expression: Expression) -> tuple[VariableAccess, ...]:
    """The looks at variables in an expression of a document, in the order of the text.

    Most expressions say nothing of variables; for them no tree is built.
    """
    if document.text.find("Variables", expression.start, expression.end) < 0:
        return ()
    return _accesses(code_of(document, expression))


@lru_cache(maxsize=8192)
def _accesses(code: Code) -> tuple[VariableAccess, ...]:
    lookups = Lookups(code, _PATH)
    found = (lookups.at(node) for node in lookups.nodes())
    return tuple(_access(code, lookups, lookup) for lookup in found if lookup is not None)


def _access(code: Code, lookups: Lookups, lookup: Lookup) -> VariableAccess:
    span = code.source_span(lookup.span)
    constant = lookups.locals.constant(lookup.key) if lookup.key is not None else None
    if constant is None:
        return VariableAccess(None, lookup.access, span, span, literal=False)
    content = _content(code, constant.node)
    name_span = code.source_span(content or code.span_of(constant.node))
    return VariableAccess(constant.text, lookup.access, span, name_span, literal=content is not None)


def _content(code: Code, node: Node) -> Span | None:
    """The text between the quotes where a node is one literal, with or without parentheses."""
    while node.type == "parenthesized_expression" and node.named_child_count == 1:
        node = node.named_children[0]
    quotes = _QUOTES.get(node.type)
    if quotes is None:
        return None
    start, end = code.span_of(node)
    return Span(start + quotes[0], end - quotes[1])
