"""Which bracket or quote of an expression stays open: only asked for when a finding is worded."""

from __future__ import annotations

import re
from typing import NamedTuple

_QUOTE = r"(?:&quot;|&\#34;|&\#[xX]22;)"
_TOKEN = re.compile(
    rf"""
      (?P<skip>
          \$*@\$? " (?:[^"]|"")* " | "{{3,}} .*? "{{3,}}
        | " (?:[^"\\\r\n]|\\[^\r\n])* "
        | {_QUOTE} (?:(?!{_QUOTE})[^\\\r\n]|\\[^\r\n])* {_QUOTE}
        | ' (?:[^'\\\r\n]|\\[^\r\n])* '
        | //[^\r\n]* | /\* .*? \*/ )
    | (?P<quote>   " | {_QUOTE} )
    | (?P<comment> /\* )
    | (?P<open>    [(\[{{] )
    | (?P<close>   [)\]}}] )
    """,
    re.X | re.S,
)
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_INDENT = re.compile(r"[ \t]*")


class OpenBracket(NamedTuple):
    """A bracket, a quote or a ``/*`` without its partner."""

    start: int
    token: str
    closing: str
    """What would close it."""


def open_bracket(text: str, start: int, end: int) -> OpenBracket:
    """What stays open in the expression whose ``@`` stands at ``start`` and that was taken to end at ``end``.

    Where all inner brackets match, that is the bracket of the expression itself. A closing brace that begins its line
    less deep than the line of the brace that it would match shows that an inner one was meant to close earlier.
    """
    opened = [start + 1]
    suspect = -1
    for match in _TOKEN.finditer(text, start + 2, end):
        at, kind = match.start(), match.lastgroup
        if kind == "skip":
            continue
        if kind == "open":
            opened.append(at)
        elif kind != "close":
            return OpenBracket(at, match.group(), "*/" if kind == "comment" else match.group())
        elif _PAIRS[text[opened[-1]]] == match.group():
            if suspect < 0 and match.group() == "}" and _belongs_outside(text, opened, at):
                suspect = opened[-1]
            opened.pop()
            if not opened:
                opened.append(start + 1)
        elif any(_PAIRS[text[other]] == match.group() for other in opened[:-1]):
            return _bracket(text, opened[-1])
    return _bracket(text, suspect if suspect >= 0 else opened[-1])


def _bracket(text: str, at: int) -> OpenBracket:
    return OpenBracket(at, text[at], _PAIRS[text[at]])


def _belongs_outside(text: str, opened: list[int], at: int) -> bool:
    """Whether a closing brace at ``at`` is indented like the line of an outer brace, not like that of the last one."""
    indent = _indent(text, at)
    if text[at - len(indent) : at] != indent or _indent(text, opened[-1]) == indent:
        return False
    return any(text[other] == "{" and _indent(text, other) == indent for other in opened[:-1])


def _indent(text: str, at: int) -> str:
    """The white space at the start of the line of ``at``."""
    line = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    match = _INDENT.match(text, line)
    return match.group() if match else ""
