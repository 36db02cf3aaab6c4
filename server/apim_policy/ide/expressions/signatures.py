"""The signatures of the call that the caret is in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from apim_policy.csharp.types import MemberKind
from apim_policy.ide.expressions.members import usable
from apim_policy.ide.expressions.receivers import overloads
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from apim_policy.csharp.types import Member
    from apim_policy.ide.expressions.cursor import Caret

_REACH = 8
"""So many brackets around the caret are looked at; each may take as long as all that stands before it."""


class Signatures(NamedTuple):
    """The overloads of a method, a constructor or an indexer."""

    members: tuple[Member, ...]
    active: int
    """The first that takes as many arguments as are written."""
    argument: int
    """Which argument the caret is in, from 0."""


def signatures(caret: Caret) -> Signatures | None:
    """What may be called with the arguments that the caret is among."""
    for opened in caret.prefix.opened[: -_REACH - 1 : -1]:
        if opened.bracket == "{":
            return None
        members = tuple(usable(overloads(caret, opened)))
        if members:
            fits = (
                number for number, member in enumerate(members) if takes(member, opened.commas) is not None
            )
            return Signatures(members, next(fits, 0), opened.commas)
    return None


def takes(member: Member, argument: int) -> int | None:
    """The parameter that takes an argument, by its number; None where there are fewer."""
    last = len(member.parameters) - 1
    if last >= 0 and member.parameters[last].modifier == "params":
        return min(argument, last)
    return argument if argument <= last else None


def spelled(member: Member) -> tuple[str, list[Span]]:
    """A signature, and where each parameter stands in it."""
    label = member.signature
    opening = "[" if member.kind is MemberKind.INDEXER else "("
    spans: list[Span] = []
    # The parameters close the signature; a type before them may hold brackets of its own.
    listed = ", ".join(map(str, member.parameters))
    at = label.rindex(f"{opening}{listed}") + 1
    for parameter in map(str, member.parameters):
        spans.append(Span(at, at + len(parameter)))
        at += len(parameter) + 2
    return label, spans
