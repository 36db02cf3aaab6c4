"""Expressions that a comment opens and nothing closes.

The service looks for expressions before it reads the XML, in comments too (reported for Microsoft's editor extension,
microsoft/vscode-apimanagement issue 197). People comment out line by line, so an expression may well close in a
later comment.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apim_policy.syntax.expressions import opens_expression
from apim_policy.syntax.tree import Comment, Fault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.syntax.scanner import Item

_OPENING = re.compile(r"@[({]")
_BRACKETS = {
    # Prose around code holds lone quotes: a quote without a partner on its line counts for nothing. An escaped one is
    # passed first, lest each of many looks for its partner to the end of the line.
    "(": re.compile(r'\\"|"(?:[^"\\\r\n]|\\[^\r\n])*"|\'[^\'\r\n]\'|[()]'),
    "{": re.compile(r'\\"|"(?:[^"\\\r\n]|\\[^\r\n])*"|\'[^\'\r\n]\'|[{}]'),
}


def comment_faults(text: str, items: list[Item]) -> Iterator[Fault]:
    """A fault for the first expression that a comment opens and that no later bracket closes."""
    hopeless: set[str] = set()
    # Expressions that close far away would each be followed there; a bound keeps many of them linear.
    fuel = 8 * len(text) + 4096
    for item in items:
        if not isinstance(item, Comment):
            continue
        start = item.content_span.start
        while match := _OPENING.search(text, start, item.end):
            opener = text[match.end() - 1]
            start = match.end()
            if opener in hopeless or not opens_expression(text, match.start()):
                continue
            end = _close(text, match.end(), opener)
            if end < 0:
                # One that opened before it and never closed would swallow every later one.
                hopeless.add(opener)
                token = match.group()
                yield Fault(
                    FaultKind.UNBALANCED_EXPRESSION_IN_COMMENT,
                    match.start(),
                    match.end(),
                    "never-closed",
                    token,
                )
            else:
                fuel -= end - start
                if fuel < 0:
                    return
                start = max(start, min(end, item.end))


def _close(text: str, position: int, opener: str) -> int:
    depth = 1
    for match in _BRACKETS[opener].finditer(text, position):
        char = text[match.start()]
        if char == opener:
            depth += 1
        elif char in ")}":
            depth -= 1
            if depth == 0:
                return match.end()
    return -1
