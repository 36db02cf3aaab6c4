"""Which C# an expression is written in: what is newer than the service's compiler, and what no expression may hold.

The documentation says C# 7. Nothing of what stands in the tables below is used in the public documents that were read,
which do use what came up to C# 7: patterns with a type, out variables, local functions and throw expressions.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.csharp.lexer import TokenKind, tokens
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from tree_sitter import Node

    from apim_policy.csharp.code import Code


class Construct(NamedTuple):
    """A piece of C# that an expression should not hold."""

    span: Span
    """In characters of ``code.text`` from the expression's ``@``."""
    what: str
    """What it is, as a message begins."""
    instead: str
    """What to write, as a message ends."""
    since: str = ""
    """The version of C# that brought it."""


_NODES: dict[str, tuple[str, str, str]] = {
    "switch_expression": ("a switch expression", "8", 'Write a "switch" statement, or "? :".'),
    "range_expression": ("a range", "8", 'Write "Substring", "Skip" or "Take".'),
    "recursive_pattern": ("a property pattern", "8", "Compare the members one by one."),
    "negated_pattern": ('a pattern with "not"', "9", 'Write "!(… is …)" or "!=".'),
    "and_pattern": ('a pattern with "and"', "9", 'Join two conditions with "&&".'),
    "or_pattern": ('a pattern with "or"', "9", 'Join two conditions with "||".'),
    "relational_pattern": ("a pattern that compares", "9", "Write the comparison."),
    "list_pattern": ("a list pattern", "11", "Look at the length and the items one by one."),
    "implicit_object_creation_expression": ('"new" without a type', "9", 'Name the type after "new".'),
    "with_expression": ('a "with" expression', "9", "Make a new object and copy the members."),
    "raw_string_literal": ("a string in three quotes", "11", 'Write @"…" and double the quotes in it.'),
    "collection_expression": ("a list in brackets", "12", 'Write "new[] { … }".'),
}
# Few expressions hold one of these, and only they are walked over. Patterns that begin with a fixed text are found fast.
_NEWER = [
    re.compile(pattern)
    for pattern in (
        r"\?\?=",
        r"\.\.",
        r'"""',
        r">>>",
        r"switch\s*\{",
        r"is\s+(?:not\b|[<>\[{]|[\w.]+\s*(?:\{|\b(?:and|or)\b))",
        r"case\s+(?:not\b|[<>\[{]|[^:]{0,80}\b(?:and|or)\b|[\w.]+\s*\{)",
        r"with\s*\{",
        r"new\s*\(",
        r"static\s",
        r"\[\s*\^",
        r"using\s+\w",
        r"!\s*[.;,)\[]",
        r"[=(,?:]\s*\[",
        r"return\s*\[",
    )
]
_BARRED = (
    *("async", "await", "dynamic", "goto", "unsafe", "fixed", "yield"),
    *("class ", "struct ", "enum ", "interface ", "namespace ", "using "),
)
_DECLARED_TYPES = frozenset({"class", "struct", "enum", "interface", "namespace"})


@lru_cache(maxsize=8192)
def newer(code: Code) -> tuple[Construct, ...]:
    """What a compiler of C# 7 does not know, in the order of the text; nothing of broken code."""
    if not any(pattern.search(code.text) for pattern in _NEWER) or code.tree.root_node.has_error:
        return ()
    found: list[Construct] = []
    for node in code.nodes:
        entry = _NODES.get(node.type) or _by_shape(code, node)
        if entry is not None and not code.is_foreign(node):
            what, since, instead = entry
            span = _place(code, node)
            # What stands in a construct that is too new goes with it.
            if not found or span.start >= found[-1].span.end:
                found.append(Construct(span, what, instead, since))
    return tuple(found)


def _place(code: Code, node: Node) -> Span:
    span = code.span_of(node)
    if node.type in ("local_declaration_statement", "local_function_statement"):
        return Span(span.start, code.span_of(node.children[0]).end)
    return span


def _by_shape(code: Code, node: Node) -> tuple[str, str, str] | None:
    kind = node.type
    first = node.children[0] if node.children else None
    if kind == "assignment_expression":
        operator = node.child_by_field_name("operator")
        text = (
            operator.type if operator is not None else node.children[1].type if len(node.children) > 1 else ""
        )
        return ('"??="', "8", 'Write "a = a ?? b".') if text == "??=" else None
    if kind == "local_declaration_statement":
        if any(child.type == "using" for child in node.children[:2]):
            return ('"using" without parentheses', "8", 'Write "using (…) { … }".')
        return None
    if kind == "local_function_statement" and first is not None and code.text_of(first) == "static":
        return ("a static local function", "8", 'Leave out "static".')
    if kind == "lambda_expression" and first is not None and code.text_of(first) == "static":
        return ("a static lambda", "9", 'Leave out "static".')
    if kind == "postfix_unary_expression" and node.children[-1].type == "!":
        return ('"!" after a value', "8", "Leave it out.")
    if kind == "prefix_unary_expression" and first is not None and first.type == "^":
        return ("an index from the end", "8", 'Write "Last()", or count from the length.')
    if kind == "interpolated_string_expression" and '"""' in code.text_of(node)[:6]:
        return ("a string in three quotes", "11", 'Write $@"…" and double the quotes in it.')
    if kind == "binary_expression" and len(node.children) > 1 and node.children[1].type == ">>>":
        return ('">>>"', "11", 'Write ">>" on an unsigned number.')
    return None


@lru_cache(maxsize=8192)
def barred(code: Code) -> tuple[Construct, ...]:
    """What no policy expression may hold, in the order of the text."""
    if not any(word in code.text for word in _BARRED):
        return ()
    if code.tree.root_node.has_error:
        return _declared(code)
    found = []
    for node in code.nodes:
        entry = _barred(code, node)
        if entry is not None and not code.is_foreign(node):
            what, instead = entry
            span = code.span_of(node.children[0]) if node.children else code.span_of(node)
            found.append(Construct(span, what, instead))
    return tuple(found)


def _barred(code: Code, node: Node) -> tuple[str, str] | None:
    kind = node.type
    if kind in _STATEMENTS:
        return _STATEMENTS[kind]
    if kind == "modifier" and code.text_of(node) == "async":
        return ('"async"', "An expression runs to its end at once: leave it out.")
    if kind == "variable_declaration":
        declared = node.child_by_field_name("type")
        if declared is not None and code.text_of(declared) == "dynamic":
            return ('"dynamic"', 'Write "var", or name the type.')
    return None


_STATEMENTS: dict[str, tuple[str, str]] = {
    "await_expression": ('"await"', "An expression runs to its end at once: leave it out."),
    "goto_statement": ('"goto"', "Write a loop or a condition."),
    "unsafe_statement": ('"unsafe"', "Write code that needs no pointers."),
    "fixed_statement": ('"fixed"', "Write code that needs no pointers."),
    "yield_statement": ('"yield"', "Fill a list and return it."),
}


def _declared(code: Code) -> tuple[Construct, ...]:
    """Declarations of types and namespaces, and ``using`` directives, none of which the grammar takes in a block."""
    lexed = tokens(code.text, 1)
    for index, token in enumerate(lexed[:-2]):
        if not index or token.kind is not TokenKind.WORD or lexed[index - 1].text not in ("{", "}", ";"):
            continue
        span = Span(token.start, token.end)
        if token.text in _DECLARED_TYPES and lexed[index + 1].kind is TokenKind.WORD:
            instead = "Use a local function, a tuple or a JObject instead."
            return (Construct(span, f'a declaration with "{token.text}"', instead),)
        if (
            token.text == "using"
            and lexed[index + 1].kind is TokenKind.WORD
            and lexed[index + 2].text in (";", ".")
        ):
            return (Construct(span, 'a "using" directive', "Write the name of a type in full."),)
    return ()
