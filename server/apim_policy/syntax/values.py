"""The parts of a value: literal, expression, named value, placeholder, directive, Liquid."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apim_policy.syntax.tree import Part, PartKind

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMED_VALUE = re.compile(r"\{\{[^{}\r\n]{1,300}\}\}")
"""``{{name}}``; whether the name can be one is a rule's business."""

_TEMPLATED_NAMED_VALUE = re.compile(r"\{\{[^{}\r\n]*(?:[$#]\{[^{}\r\n]*\}[^{}\r\n]*)+\}\}")
LIQUID = re.compile(r"\{\{(?:[^{}]|\}(?!\}))*\}\}|\{%(?:[^{%]|%(?!\}))*%\}")
TEMPLATE_REACH = 4000
"""How many characters an interpolation may take; a bound keeps a text of unclosed ones linear."""

FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""Characters that XML allows nowhere, not even as a reference."""

DIRECTIVE_START = re.compile(r"%\{~?\s*(?:if|else|endif|for|endfor)\b")

# Forms that carry their own end; ${…} and %{…} nest and are scanned by hand.
_PLACEHOLDER = re.compile(
    r"""
      \#\{ [^{}\r\n]{1,200} \}\#?
    | __ [A-Za-z] [A-Za-z0-9.-]* (?: _ [A-Za-z0-9.-]+ )* __
    | % [A-Z_] [A-Z0-9_]{2,60} %
    | \{ [A-Za-z_] [\w.-]{0,80} \}
    """,
    re.X,
)
_TEMPLATE_TOKEN = re.compile(r'[{}\r\n]|"(?:[^"\\\r\n]|\\.)*"')

SPECIAL = re.compile(r"@[({]|[{$#%](?=[{A-Z_a-z%])|__|&|<")
"""Where a value holds something other than plain literal text."""


def template_end(text: str, start: int, limit: int) -> int:
    """Just after the ``${…}`` or ``%{…}`` that begins at ``start``, or -1 where it does not end within 20 lines."""
    depth, lines = 0, 0
    position = start + 1
    limit = min(limit, start + TEMPLATE_REACH)
    while match := _TEMPLATE_TOKEN.search(text, position, limit):
        position = match.end()
        char = match.group()
        if char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
            if depth == 0:
                return position
        elif char in "\r\n":
            lines += 1
            if lines > 20:
                return -1
    return -1


def template_part(text: str, at: int, limit: int, custom: re.Pattern[str] | None) -> Part | None:
    """The named value, placeholder or directive that begins exactly at this offset."""
    char = text[at]
    if char == "{" and text.startswith("{{", at):
        match = NAMED_VALUE.match(text, at, limit) or _TEMPLATED_NAMED_VALUE.match(text, at, limit)
        if match:
            return Part(PartKind.NAMED_VALUE, at, match.end())
    elif char in "$%" and text.startswith("{", at + 1):
        # $${ and %%{ stand for the characters themselves.
        if at and text[at - 1] == char:
            return None
        end = template_end(text, at, limit)
        if end > 0:
            directive = char == "%" and DIRECTIVE_START.match(text, at)
            return Part(PartKind.DIRECTIVE if directive else PartKind.PLACEHOLDER, at, end)
    match = _PLACEHOLDER.match(text, at, limit)
    if match:
        return Part(PartKind.PLACEHOLDER, at, match.end())
    if custom and (match := custom.match(text, at, limit)) and match.end() > at:
        return Part(PartKind.PLACEHOLDER, at, match.end())
    return None


def literals_and(parts: list[Part], start: int, end: int) -> list[Part]:
    """The parts, in order, with literals that fill the gaps between ``start`` and ``end``."""
    return list(_filled(parts, start, end))


def _filled(parts: list[Part], start: int, end: int) -> Iterator[Part]:
    position = start
    for part in parts:
        if part.start > position:
            yield Part(PartKind.LITERAL, position, part.start)
        yield part
        position = part.end
    if position < end:
        yield Part(PartKind.LITERAL, position, end)
