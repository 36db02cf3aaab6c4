"""The tokens of the C# of one expression, for text that the grammar does not understand.

A hole of an interpolated string reads like a call: the string up to the hole is a token, and the braces of the hole
are brackets around the tokens in it.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple


class TokenKind(Enum):
    """What a token is."""

    WORD = "word"
    """A name or a keyword."""
    NUMBER = "number"
    STRING = "string"
    """A whole string, or an interpolated one up to its first hole."""
    CHARACTER = "character"
    QUOTED = "quoted"
    """Single quotes around what is not one character."""
    OPEN_QUOTE = "open-quote"
    """A quote that nothing closes, with the rest of its line."""
    OPERATOR = "operator"
    """An operator, a bracket, a comma, a semicolon; of a hole, its braces are ``${`` and ``$}``."""
    STRAY = "stray"
    """A character that no C# has outside strings."""


class Token(NamedTuple):
    """One token. Offsets count characters of what was lexed."""

    kind: TokenKind
    text: str
    start: int
    end: int


_TOKEN = re.compile(
    r"""
      (?P<skip> \s+ | //[^\r\n]* | /\*(?:[^*]|\*(?!/))*+(?:\*/)? )
    | (?P<interpolated> (?:\$+@?|@\$)" )
    | (?P<verbatim> @"(?:[^"]|"")*+" )
    | (?P<raw> "{3,} )
    | (?P<string> "(?:[^"\\\r\n]|\\[^\r\n])*+"(?:u8)? )
    | (?P<character> '(?:[^'\\\r\n]|\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{1,4}|['"\\0abfnrtv]))' )
    | (?P<quoted> '(?:[^'\\\r\n]|\\[^\r\n])*+' )
    | (?P<quote> ["'] [^\r\n]* )
    | (?P<number> (?:0[xXbB][0-9a-fA-F_]+|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?|\.\d[\d_]*)(?:[uUlL]{1,2}|[fFdDmM])?(?![0-9]) )
    | (?P<word> @?[A-Za-z_]\w* )
    | (?P<operator> ===|!==|<<=|\?\?=|<>|=>|==|!=|<=|>=|&&|\|\||\?\?|\?\.|\?(?=\[)|\+\+|--|<<|[-+*/%&|^]=|::|\.\.|->
                  | [-+*/%&|^!~<>=?:.,;()\[\]{}] )
    | (?P<stray> . )
    """,
    re.X | re.S,
)
_LITERAL = {
    # By whether the string is verbatim: what ends a stretch of an interpolated string's text.
    False: re.compile(r'(?:[^"\\\r\n{}]|\\[^\r\n]|\{\{|\}\})*+'),
    True: re.compile(r'(?:[^"{}]|""|\{\{|\}\})*+'),
}
_FORMAT = re.compile(r"[^{}\"\r\n]*")
_KINDS = {
    "verbatim": TokenKind.STRING,
    "raw": TokenKind.STRING,
    "string": TokenKind.STRING,
    "character": TokenKind.CHARACTER,
    "quoted": TokenKind.QUOTED,
    "quote": TokenKind.OPEN_QUOTE,
    "number": TokenKind.NUMBER,
    "word": TokenKind.WORD,
    "operator": TokenKind.OPERATOR,
    "stray": TokenKind.STRAY,
}


def tokens(text: str, start: int = 0) -> list[Token]:
    """The tokens of a text from an offset on; takes time linear in its length."""
    found: list[Token] = []
    # For each hole that is open: whether its string is verbatim, and how many brackets are open in it.
    holes: list[tuple[bool, int]] = []
    depth = 0
    position = start
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            break
        kind, position = match.lastgroup or "", match.end()
        if kind == "skip":
            continue
        if kind == "interpolated":
            verbatim = "@" in match.group()
            position, opened = _stretch(text, position, verbatim, match.start(), found)
            if opened:
                holes.append((verbatim, depth))
                depth = 0
            continue
        word = match.group(kind)
        if kind == "raw":
            closing = text.find(word, position)
            kind, end = ("raw", closing + len(word)) if closing >= 0 else ("quote", len(text))
            word, position = text[match.start() : end], end
        if holes and kind == "operator":
            if depth == 0 and word == ":":
                found_end = _FORMAT.match(text, position)
                position = found_end.end() if found_end else position
                continue
            if depth == 0 and word == "}":
                found.append(Token(TokenKind.OPERATOR, "$}", match.start(), position))
                verbatim, depth = holes.pop()
                position, opened = _stretch(text, position, verbatim, None, found)
                if opened:
                    holes.append((verbatim, depth))
                    depth = 0
                continue
            depth += (word in "([{") - (word in ")]}")
        found.append(Token(_KINDS[kind], word, match.start(), position))
    return found


def _stretch(
    text: str, position: int, verbatim: bool, begun: int | None, found: list[Token]
) -> tuple[int, bool]:
    """Pass over the text of an interpolated string: where it goes on, and whether in a hole.

    ``begun`` is where the string begins, or None after a hole.
    """
    match = _LITERAL[verbatim].match(text, position)
    end = match.end() if match else position
    closing = text[end : end + 1]
    if begun is not None:
        kind = TokenKind.STRING if closing in ('"', "{", "}") and closing else TokenKind.OPEN_QUOTE
        found.append(Token(kind, text[begun : end + 1], begun, min(end + 1, len(text))))
    if closing == "{":
        found.append(Token(TokenKind.OPERATOR, "${", end, end + 1))
        return end + 1, True
    if closing == "}":
        found.append(Token(TokenKind.STRAY, "}", end, end + 1))
        return _stretch_on(text, end + 1, verbatim)
    return min(end + 1, len(text)), False


def _stretch_on(text: str, position: int, verbatim: bool) -> tuple[int, bool]:
    """Go on after a closing brace that no hole has: to the end of the string."""
    pattern = _VERBATIM_REST if verbatim else _REST
    match = pattern.match(text, position)
    return (match.end() if match else len(text)), False


_REST = re.compile(r'(?:[^"\\\r\n]|\\[^\r\n])*+"?')
_VERBATIM_REST = re.compile(r'(?:[^"]|"")*+"?')
