"""Whether the C# of one expression is sound, and where it is not.

The grammar decides first. It takes a few things that a compiler refuses; those are looked for in its tree.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING

from apim_policy.csharp.expected import Offence
from apim_policy.csharp.language import barred
from apim_policy.csharp.lexer import TokenKind, tokens
from apim_policy.csharp.offence import first_offence
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tree_sitter import Node

    from apim_policy.csharp.code import Code
    from apim_policy.csharp.lexer import Token

_KEYWORDS = frozenset(
    re.findall(
        r"\w+",
        """abstract as base bool break byte case catch char checked class const continue decimal default delegate do
        double else enum event explicit extern false finally fixed float for foreach goto if implicit in int interface
        internal is lock long namespace new null object operator out override params private protected public readonly
        ref return sbyte sealed short sizeof stackalloc static string struct switch this throw true try typeof uint
        ulong unchecked unsafe ushort using virtual void volatile while""",
    )
)
_NAMES = "|".join(sorted(_KEYWORDS))
# Most expressions hold nothing of what the grammar takes and a compiler refuses: only those in which one of these is
# found are walked over. Patterns that begin with a fixed text, or with one of few characters, are found fast.
_SUSPICIOUS = [
    re.compile(pattern)
    for pattern in (
        r"new\s+[\w.]+(?:<[^()]{0,200}>)?\s*(?:\[\s*\])?\s*[^\w.\s<(\[{]",
        rf"var\s+(?:\w+\s*[;,]|(?:{_NAMES})\b)",
        r"foreach\s*\(\s*\w+\s+in\b",
        r"throw\s*;",
        r"break\s*;",
        r"continue\s*;",
        r"let\s+\w",
        r"function\s+\w",
        r"Dim\s+\w",
        r"public\s",
        r"private\s",
        r"protected\s",
        r"internal\s",
        r"readonly\s",
        r"=>\s*\{(?![^{}]*;)",
        rf"\.\s*(?:{_NAMES})\b",
        r"[(,]\s*(?!out\b|ref\b|var\b|new\b|in\b|await\b)\w+\s+\w+\s*[,)]",
    )
]
_TRY = re.compile(r"try\s*\{")
_OTHER_LANGUAGES = {"let": "var", "function": "a return type", "Dim": "var"}
_MISPLACED_MODIFIERS = frozenset({"public", "private", "protected", "internal", "readonly"})
_LOOPS = frozenset({"for_statement", "foreach_statement", "while_statement", "do_statement"})
_FUNCTIONS = frozenset({"lambda_expression", "anonymous_method_expression", "local_function_statement"})
_TYPOGRAPHIC = frozenset("“”„‘’‚«»")
# Where a value is due, "{name}" and "%name%" are what a template engine other than the service's own fills in.
_BEFORE_VALUE = frozenset(
    {"(", ",", "=", "+", "-", "*", "/", "<", ">", "==", "!=", "<=", ">=", "&&", "||", "?", ":", "??"}
)
# Braces that nest deeper than any author writes; beyond it nothing is claimed.
_PATIENCE = 200
_BOUNDARIES = frozenset({";", "{", "}", ")", "else", "do"})


@lru_cache(maxsize=8192)
def syntax_error(code: Code) -> Offence | None:
    """The first syntax error of an expression; None where it is sound, or where only a template could tell.

    Offsets are those of ``code.text``. Strings in single quotes are not reported
    here (see ``quoted_strings``), and neither is what no expression may hold.
    """
    bare = code.text[2:-1].strip()
    if not bare:
        span = Span(0, len(code.text))
        return Offence(span, f'"{_form(code)}" holds nothing. Write a value in it, or remove the expression.')
    root = code.tree.root_node
    typographic = not code.decoded.isascii() and not _TYPOGRAPHIC.isdisjoint(code.decoded)
    broken = root.has_error
    if not broken and not typographic and not _suspicious(code.text):
        return None
    if not broken and not typographic:
        return _refused(code)
    lexed = tokens(code.text, 1)
    if typographic and (found := _typographic(code, lexed)):
        return found
    if not broken:
        return _refused(code)
    if quoted_strings(code) or barred(code) or _templated(code, lexed):
        return None
    found = first_offence(lexed, code.text) or _first_error(code, root, lexed)
    if found is None or any(foreign.overlaps(found.span) for foreign in code.foreign):
        return None
    return found


@lru_cache(maxsize=8192)
def quoted_strings(code: Code) -> tuple[Span, ...]:
    """The strings in single quotes: what stands in them is not one character, as C# wants it."""
    # Whatever is not one character in single quotes is an error to the grammar too.
    if "'" not in code.text or not code.tree.root_node.has_error:
        return ()
    found = (Span(token.start, token.end) for token in tokens(code.text, 1) if token.kind is TokenKind.QUOTED)
    return tuple(span for span in found if not any(foreign.overlaps(span) for foreign in code.foreign))


def _suspicious(text: str) -> bool:
    """Whether a text that the grammar takes may hold what a compiler refuses."""
    if "$" in text and text.count("{") != text.count("}"):
        return True
    if len(_TRY.findall(text)) > text.count("catch") + text.count("finally"):
        return True
    return any(pattern.search(text) for pattern in _SUSPICIOUS)


def _form(code: Code) -> str:
    return "@{}" if code.block else "@()"


def _templated(code: Code, lexed: Sequence[Token]) -> bool:
    """Whether a template, a named value or a placeholder decides what the code outside strings is."""
    if "%{" in code.decoded:
        return True
    if code.foreign and any(_substituted(code, token) for token in lexed):
        return True
    if code.text.startswith("@{{"):
        # Braces that a template engine makes single ones.
        return True
    return any(
        before.text in _BEFORE_VALUE
        and "".join(token.text for token in group) in (f"{{{group[1].text}}}", f"%{group[1].text}%")
        for before, *group in zip(lexed, lexed[1:], lexed[2:], lexed[3:], strict=False)
        if group[0].text in ("{", "%") and group[1].kind is TokenKind.WORD and group[0].end == group[1].start
    )


def _substituted(code: Code, token: Token) -> bool:
    if token.kind in (TokenKind.STRING, TokenKind.CHARACTER):
        return False
    at = bisect_right(code.foreign, token.start, key=lambda span: span.end)
    return at < len(code.foreign) and code.foreign[at].start < token.end


def _typographic(code: Code, lexed: Sequence[Token]) -> Offence | None:
    for token in lexed:
        if token.kind is not TokenKind.WORD:
            continue
        for at in range(token.start, token.end):
            if code.decoded[at] in _TYPOGRAPHIC:
                message = (
                    f"{code.decoded[at]} is a typographic quote, and no C#. Write straight double quotes."
                )
                return Offence(Span(at, at + 1), message)
    return None


def _first_error(code: Code, root: Node, lexed: Sequence[Token]) -> Offence | None:
    """Where the grammar's recovery puts the error."""
    missing: Node | None = None
    wrong: Node | None = None
    stack = [root]
    while stack:
        node = stack.pop()
        if node.is_missing and (missing is None or node.start_byte < missing.start_byte):
            missing = node
        elif node.is_error and (
            wrong is None or node.end_byte - node.start_byte < wrong.end_byte - wrong.start_byte
        ):
            wrong = node
        # Errors may nest; sound siblings hold none.
        stack.extend(child for child in node.children if child.has_error or child.is_missing)
    at = code.span_of(wrong if wrong is not None else missing or root).start
    index = next((i for i, token in enumerate(lexed) if token.end > at), len(lexed) - 1)
    if index < 0:
        return None
    token = lexed[index]
    if not index:
        return Offence(
            Span(0, len(code.text)), "This cannot be read as C#. Look at its operators, brackets and quotes."
        )
    if wrong is None and missing is not None and not missing.is_named and not missing.type.isalpha():
        return Offence(
            Span(token.start, token.end),
            f'"{token.text}" is not expected here: "{missing.type}" is missing before it.',
        )
    end = code.span_of(wrong).end if wrong is not None else token.end
    following = next((other for other in lexed[index:] if other.start >= end), None)
    if following is not None and following.text == ";" and index and lexed[index - 1].text in _BOUNDARIES:
        message = (
            f"{_short(code.decoded[token.start : end].strip())} is no statement: only calls, assignments, ++, -- "
            "and new may stand alone."
        )
        return Offence(Span(token.start, max(end, token.end)), message)
    return Offence(Span(token.start, token.end), f'"{_short(token.text)}" is not expected here.')


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:38]}…"


def _refused(code: Code) -> Offence | None:
    """The first of what the grammar takes and a compiler refuses."""
    parents = code.parents
    for node in code.nodes_of(*_CHECKS):
        check = _CHECKS[node.type]
        if (message := check(code, node, parents)) and not code.is_foreign(node):
            return Offence(code.span_of(node), message)
    return None


def _identifier(code: Code, node: Node, parents: Mapping[int, Node]) -> str | None:
    text = code.text_of(node)
    if text not in _KEYWORDS:
        return None
    return f'"{text}" is a keyword of C# and no name. Write another name, or "@{text}" where it is one.'


def _creation(code: Code, node: Node, parents: Mapping[int, Node]) -> str | None:
    if (
        node.child_by_field_name("arguments") is not None
        or node.child_by_field_name("initializer") is not None
    ):
        return None
    return (
        f'After "{_short(code.text_of(node))}", the arguments are missing. Write "()" where there are none.'
    )


def _array(code: Code, node: Node, parents: Mapping[int, Node]) -> str | None:
    if any(child.type == "initializer_expression" for child in node.children):
        return None
    kind = node.child_by_field_name("type")
    rank = kind.child_by_field_name("rank") if kind is not None else None
    if rank is None or rank.named_children:
        return None
    return f'"{_short(code.text_of(node))}" says neither how long the array is nor what it holds.'


def _declarator(code: Code, node: Node, parents: Mapping[int, Node]) -> str | None:
    declaration = parents.get(node.id)
    if declaration is None or declaration.type != "variable_declaration":
        return None
    kind, around = declaration.child_by_field_name("type"), parents.get(declaration.id)
    if kind is None or around is None or around.type != "local_declaration_statement":
        return None
    text = code.text_of(kind)
    if text in ("let", "Dim"):
        return f'"{text}" is no C#. Write "{_OTHER_LANGUAGES[text]}".'
    if kind.type == "implicit_type" and len(node.children) == 1:
        return (
            f'"{code.text_of(node)}" is declared with "var" and needs a value. Give it one, or name its type.'
        )
    return None


def _declaration(code: Code, node: Node, parents: Mapping[int, Node]) -> str | None:
    argument = parents.get(node.id)
    arguments = parents.get(argument.id) if argument is not None else None
    if argument is None or arguments is None or arguments.type != "argument_list":
        return None
    if argument.type != "argument" or argument.children[0].id != node.id:
        return None
    return f'"{_short(code.text_of(node))}" is no argument: a comma or an operator is missing in it.'


def _foreach(code: Code, node: Node, parents: Mapping[int, Node]) -> str | None:
    left = node.child_by_field_name("left")
    if node.child_by_field_name("type") is not None or left is None or left.type != "identifier":
        return None
    return f'The variable "{code.text_of(left)}" of "foreach" has no type. Write "var {code.text_of(left)}".'


def _throw(code: Code, node: Node, parents: Mapping[int, Node]) -> str | None:
    if node.named_children or _within(node, parents, {"catch_clause"}):
        return None
    return '"throw;" throws again what a "catch" caught, and there is none around it. Name the exception.'


def _jump(code: Code, node: Node, parents: Mapping[int, Node]) -> str | None:
    around = _LOOPS if node.type == "continue_statement" else _LOOPS | {"switch_section"}
    if _within(node, parents, around):
        return None
    word = node.type.removesuffix("_statement")
    return f'"{word}" stands in no loop{"" if word == "continue" else " and in no switch"}.'


def _within(node: Node, parents: Mapping[int, Node], types: frozenset[str] | set[str]) -> bool:
    around = parents.get(node.id)
    for _ in range(_PATIENCE):
        if around is None or around.type in _FUNCTIONS:
            return False
        if around.type in types:
            return True
        around = parents.get(around.id)
    return True


def _try(code: Code, node: Node, parents: Mapping[int, Node]) -> str | None:
    if any(child.type in ("catch_clause", "finally_clause", "comment", "ERROR") for child in node.children):
        return None
    return '"try" has neither "catch" nor "finally".'


def _modifier(code: Code, node: Node, parents: Mapping[int, Node]) -> str | None:
    text = code.text_of(node)
    return f'"{text}" cannot stand before a local. Remove it.' if text in _MISPLACED_MODIFIERS else None


def _function(code: Code, node: Node, parents: Mapping[int, Node]) -> str | None:
    kind = node.child_by_field_name("type")
    if kind is None or code.text_of(kind) != "function":
        return None
    return '"function" is JavaScript. Name the type that it gives back instead.'


def _lambda(code: Code, node: Node, parents: Mapping[int, Node]) -> str | None:
    body = node.child_by_field_name("body")
    if body is None or body.type != "initializer_expression":
        return None
    return 'The braces after "=>" hold statements. Write "return …;" in them, or leave them out.'


def _content(code: Code, node: Node, parents: Mapping[int, Node]) -> str | None:
    around = parents.get(node.id)
    if around is None or around.type != "interpolated_string_expression":
        return None
    text = code.text_of(node)
    if "}" not in text or "}" not in text.replace("}}", ""):
        return None
    return 'A "}" in an interpolated string ends a value, and there is none. Write "}}" for the character.'


_CHECKS = {
    "identifier": _identifier,
    "object_creation_expression": _creation,
    "array_creation_expression": _array,
    "variable_declarator": _declarator,
    "declaration_expression": _declaration,
    "foreach_statement": _foreach,
    "throw_statement": _throw,
    "break_statement": _jump,
    "continue_statement": _jump,
    "try_statement": _try,
    "modifier": _modifier,
    "local_function_statement": _function,
    "lambda_expression": _lambda,
    "string_content": _content,
}
