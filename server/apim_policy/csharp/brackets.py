"""Which brackets belong together among the tokens of an expression, and which belong to ``new``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.csharp.lexer import Token, TokenKind

if TYPE_CHECKING:
    from collections.abc import Sequence

CLOSING = {"(": ")", "[": "]", "{": "}", "${": "$}"}
"""The closing bracket by the opening one; ``${`` and ``$}`` are those of a hole in a string."""
CLOSERS = frozenset(CLOSING.values())


def pairs_of(tokens: Sequence[Token]) -> dict[int, int]:
    """The index of the closing bracket by the offset of the opening one."""
    found: dict[int, int] = {}
    stack: list[Token] = []
    for index, token in enumerate(tokens):
        if token.kind is not TokenKind.OPERATOR:
            continue
        if token.text in CLOSING:
            stack.append(token)
        elif token.text in CLOSERS and stack and CLOSING[stack[-1].text] == token.text:
            found[stack.pop().start] = index
    return found


_OF_TYPES = frozenset({".", "::", "<", ">", ",", "?"})


def created(tokens: Sequence[Token], pairs: dict[int, int]) -> set[int]:
    """The offsets of the brackets that belong to ``new``: arguments, sizes and initializers."""
    found: set[int] = set()
    for index, token in enumerate(tokens):
        if token.text != "new" or token.kind is not TokenKind.WORD:
            continue
        at, angles, closed = index + 1, 0, False
        while at < len(tokens):
            text = tokens[at].text
            if text in ("(", "[", "{") and not angles:
                found.add(tokens[at].start)
                closing = pairs.get(tokens[at].start)
                if text == "{" or closing is None:
                    break
                at, closed = closing + 1, True
                continue
            word = tokens[at].kind is TokenKind.WORD and text != "new"
            if closed or not (word or text in _OF_TYPES):
                break
            angles += (text == "<") - (text == ">")
            at += 1
    return found
