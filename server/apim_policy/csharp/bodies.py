"""Reads of message bodies in one expression."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.csharp.code import Code, code_of
from apim_policy.csharp.lookups import Lookups
from apim_policy.csharp.shapes import member
from apim_policy.csharp.values import locals_of
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from tree_sitter import Node

    from apim_policy.syntax.tree import Document, Expression


class BodyRead(NamedTuple):
    """A call that reads a body. Offsets count characters of the source from the expression's ``@``."""

    owner: str
    """Whose body: ``context.Request``, ``context.Response``, or ``Variables[name]`` for the response in a variable."""
    span: Span
    """From the owner to the end of the method's name."""
    arguments: Span
    """What stands between the parentheses of the call."""
    preserved: bool
    """Whether the body can be read again afterwards, or may be: what the call is given is not plainly ``false``."""


class BodyReads(NamedTuple):
    """What one expression does to bodies."""

    reads: tuple[BodyRead, ...]
    """In the order of the text."""
    branches: bool
    """Whether some of them may be alternatives to others, or run not at all."""


NO_READS = BodyReads((), branches=False)


def body_reads(document: Document, expression: Expression) -> BodyReads:
    """The reads of bodies in an expression of a document.

    Most expressions read none; for them no tree is built.
    """
    if document.text.find("Body", expression.start, expression.end) < 0:
        return NO_READS
    return _reads(code_of(document, expression))


# The methods of a body, as far as the parentheses of the call; one of them has an argument for the type.
_CALL = re.compile(r"(?:As\s*<[\w\s.,<>\[\]?]{1,200}>|AsFormUrlEncodedContent)\s*\(([^()]*)\)")
_METHODS = frozenset({"As", "AsFormUrlEncodedContent"})
_LOST = re.compile(r"\s*(?:(?:preserveContent\s*:\s*)?false\s*)?\Z")
_BRANCHES = frozenset(
    {
        "if_statement",
        "conditional_expression",
        "switch_statement",
        "switch_expression",
        "lambda_expression",
        "try_statement",
        "catch_clause",
    }
)
_SHORT_CIRCUITS = frozenset({"&&", "||", "??"})
# More than the owners of bodies take, however they are laid out.
_LONG = 200
_OWNERS = frozenset({"context.Request", "context.Response"})


@lru_cache(maxsize=4096)
def _reads(code: Code) -> BodyReads:
    if "As" not in code.text:
        return NO_READS
    found: list[BodyRead] = []
    branches = False
    variables: dict[Span, str] | None = None
    for node in code.nodes:
        branches = branches or node.type in _BRANCHES or _is_short_circuit(node)
        if node.type not in ("member_access_expression", "conditional_access_expression"):
            continue
        step = member(node)
        if step is None or code.text_of(step[1]).partition("<")[0].strip() not in _METHODS:
            continue
        match = _CALL.match(code.text, code.span_of(step[1]).start)
        body = member(locals_of(code).behind(step[0]))
        if match is None or body is None or code.text_of(body[1]) != "Body":
            continue
        if variables is None:
            variables = _variables(code)
        owner = _owner(code, body[0], variables)
        if owner is not None:
            end = len(code.text[: match.start(1) - 1].rstrip())
            found.append(
                BodyRead(
                    owner,
                    code.source_span(Span(code.span_of(node).start, end)),
                    code.source_span(Span(*match.span(1))),
                    _LOST.match(match[1]) is None,
                )
            )
    return BodyReads(tuple(sorted(found, key=lambda read: read.arguments)), branches)


def _is_short_circuit(node: Node) -> bool:
    sign = node.child_by_field_name("operator") if node.type == "binary_expression" else None
    return sign is not None and sign.type in _SHORT_CIRCUITS


def _variables(code: Code) -> dict[Span, str]:
    """The looks at variables of the call, by where they stand."""
    lookups = Lookups(code, ("context", "Variables"))
    found: dict[Span, str] = {}
    for node in lookups.nodes():
        lookup = lookups.at(node)
        literal = (
            lookups.locals.constant(lookup.key) if lookup is not None and lookup.key is not None else None
        )
        if lookup is not None and literal is not None:
            found[lookup.span] = f"Variables[{literal.text}]"
    return found


def _owner(code: Code, node: Node, variables: dict[Span, str]) -> str | None:
    value = locals_of(code).behind(node)
    span = code.span_of(value)
    if span in variables:
        return variables[span]
    text = "".join(code.decoded[span.start : min(span.end, span.start + _LONG)].split()).replace("?.", ".")
    return text if text in _OWNERS else None
