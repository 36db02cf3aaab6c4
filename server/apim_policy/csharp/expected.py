"""What a walk over the tokens of an expression must know of C#, and how it says what it found."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import NamedTuple

from apim_policy.csharp.brackets import CLOSING
from apim_policy.csharp.lexer import Token, TokenKind
from apim_policy.text.span import Span


class Offence(NamedTuple):
    """A place where the C# breaks off, in characters from the expression's ``@``, and what to say of it."""

    span: Span
    message: str


class State(Enum):
    """What may come next."""

    OPERAND = auto()
    """A value is due."""
    AFTER = auto()
    """A value has been read."""
    EITHER = auto()
    STATEMENT = auto()


class Role(Enum):
    """What a pair of brackets holds."""

    WHOLE = auto()
    """What ``@(…)`` holds."""
    GROUP = auto()
    CALL = auto()
    CONDITION = auto()
    """What follows ``if``, ``for`` and their kind."""
    INDEX = auto()
    BLOCK = auto()
    ITEMS = auto()
    """An initializer."""
    HOLE = auto()


class Frame:
    """A bracket that is open. ``questions`` counts the ``?`` that wait for their ``:``."""

    __slots__ = ("closing", "keyword", "opened", "questions", "role", "statements")

    def __init__(self, opened: Token, role: Role, keyword: str = "") -> None:
        self.opened = opened
        self.closing = CLOSING[opened.text]
        self.role = role
        self.keyword = keyword
        self.questions = 0
        self.statements = 0


HEADS = frozenset({"if", "while", "for", "foreach", "switch", "using", "lock", "catch", "fixed"})
STATEMENTS = HEADS | {"return", "do", "try", "break", "continue", "goto", "else", "finally", "const"}
OPERATORS_OF_TYPES = frozenset({"typeof", "sizeof", "default", "nameof", "checked", "unchecked"})
PREFIX_WORDS = frozenset({"await", "async", "out", "ref", "stackalloc", "in", "from"})
PREFIX = frozenset({"+", "-", "!", "~", "++", "--", "&", "*", "^", ".."})
POSTFIX = frozenset({"++", "--", "!"})
LITERALS = frozenset({"true", "false", "null", "this"})
VALUES = frozenset({TokenKind.NUMBER, TokenKind.STRING, TokenKind.CHARACTER})
SIMPLE_TYPES = frozenset(
    {"bool", "byte", "sbyte", "char", "decimal", "double", "float", "int", "uint", "long"}
) | {
    *("ulong", "short", "ushort", "object", "string"),
}
DECLARES = frozenset(
    {";", "{", "}", ")", ":", "else", "do", "const", "out", "ref", "is", "static", "case", "in"}
)
FOREIGN = {
    "===": '"===" is JavaScript. Write "==".',
    "!==": '"!==" is JavaScript. Write "!=".',
    "<>": '"<>" is no operator of C#. Write "!=".',
    "and": '"and" is no operator of C#. Write "&&".',
    "or": '"or" is no operator of C#. Write "||".',
    "And": '"And" is no operator of C#. Write "&&".',
    "Or": '"Or" is no operator of C#. Write "||".',
    "AND": '"AND" is no operator of C#. Write "&&".',
    "OR": '"OR" is no operator of C#. Write "||".',
    "not": '"not" is no operator of C#. Write "!".',
    "Not": '"Not" is no operator of C#. Write "!".',
    "NOT": '"NOT" is no operator of C#. Write "!".',
    "then": '"then" is no C#. Remove it, and put the condition of "if" in parentheses.',
    "of": '"of" is JavaScript. Write "in".',
}
ELSE_IF = frozenset({"elseif", "elif", "elsif", "elseIf", "ElseIf"})
_BAD_ESCAPE = re.compile(r"""\\(?:\\|['"0abfnrtv]|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F])|(\\.)""")


def bad_escape(token: Token) -> Offence | None:
    """The first escape in a string that C# does not know."""
    if token.kind is not TokenKind.STRING or "\\" not in token.text or "@" in token.text[:2]:
        return None
    if token.text.startswith('"""'):
        return None
    for match in _BAD_ESCAPE.finditer(token.text):
        if match[1]:
            at = token.start + match.start()
            message = (
                f'"{match[1]}" is no escape in a string of C#. Write "\\{match[1]}" for a backslash, '
                "or put @ before the string."
            )
            return Offence(Span(at, at + 2), message)
    return None
