"""What stands before the caret in an expression: the value or type before a dot, the callee of open brackets."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from apim_policy.csharp.inference import types_of
from apim_policy.csharp.library import constructors, indexers, lookup
from apim_policy.csharp.types import parse_type
from apim_policy.ide.expressions.prefix import HOLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from apim_policy.csharp.scopes import Local
    from apim_policy.csharp.types import Member, Type
    from apim_policy.ide.expressions.cursor import Caret
    from apim_policy.ide.expressions.prefix import Opened, Token

_DOTS = (".", "?.")


class Receiver(NamedTuple):
    """What stands before a dot."""

    type: Type
    static: bool
    """Whether a type is named, rather than a value given."""


class Callee(NamedTuple):
    """What stands before an open bracket."""

    names: tuple[str, ...]
    """The last names of the path to it, the innermost first: ``GetValueOrDefault``, ``Headers``, ``Request``."""
    token: int
    """Which token begins the name before the bracket."""


def receiver(caret: Caret, end: int) -> tuple[Receiver | None, Mapping[str, Type | None] | None]:
    """What stands before the dot that the prefix has right before ``end``, and the members of an anonymous object."""
    inference = types_of(caret.whole(end))
    for access in inference.accesses:
        if inference.code.span_of(access.name).start == end:
            if access.receiver is None:
                return None, None
            return Receiver(access.receiver, access.static), inference.values_of(access.receiver)
    return None, None


def scope(caret: Caret, end: int) -> Mapping[str, Local]:
    """The locals that can be used at ``end``."""
    return types_of(caret.whole(end)).scope_at(end)


def callee(tokens: Sequence[Token], bracket: int) -> Callee | None:
    """What stands before the bracket that is token ``bracket``; None where no name does."""
    at = bracket - 1
    names: list[str] = []
    token = at
    at = _before_arguments(tokens, at)
    while at >= 0 and tokens[at].is_word and len(names) < 4:
        names.append(tokens[at].text)
        token = at if len(names) == 1 else token
        if at < 2 or tokens[at - 1].text not in _DOTS:
            break
        at -= 2
    return Callee(tuple(names), token) if names else None


def _before_arguments(tokens: Sequence[Token], at: int) -> int:
    """The token before type arguments that end at a token; the same token where none do."""
    if at < 0 or tokens[at].text != ">":
        return at
    depth = 0
    for index in range(at, max(at - 40, -1), -1):
        text = tokens[index].text
        depth += (text == ">") - (text == "<")
        if depth == 0:
            return index - 1
    return at


def overloads(caret: Caret, opened: Opened) -> tuple[Member, ...]:
    """What may be called, made or indexed with the bracket, in the order of the library."""
    tokens = caret.prefix.tokens
    found = callee(tokens, opened.before)
    if opened.bracket == "[":
        return _indexers(caret, opened)
    if found is None or opened.bracket != "(":
        return ()
    token = tokens[found.token]
    before = tokens[found.token - 1].text if found.token else ""
    if before in _DOTS:
        known, _ = receiver(caret, token.start)
        if known is not None:
            return lookup(known.type, token.text, static=known.static)
        before = ""
    made = _made(tokens, found.token, opened.before)
    return constructors(made) if made is not None else ()


def _made(tokens: Sequence[Token], name: int, bracket: int) -> Type | None:
    """The type after ``new`` before a bracket."""
    start = name
    while start >= 2 and tokens[start - 1].text == ".":
        start -= 2
    if start < 1 or tokens[start - 1].text != "new":
        return None
    return parse_type("".join(token.text for token in tokens[start:bracket]))


def _indexers(caret: Caret, opened: Opened) -> tuple[Member, ...]:
    # A member of what stands before the bracket tells its type as well as the bracket itself.
    end = opened.offset - (caret.prefix.text[opened.offset - 1 : opened.offset] == "?")
    inference = types_of(caret.whole(end, f".{HOLE}"))
    for access in inference.accesses:
        if inference.code.span_of(access.name).start == end + 1 and access.receiver is not None:
            return () if access.static else indexers(access.receiver)
    return ()
