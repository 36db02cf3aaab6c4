"""Proposals for what may follow a dot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.csharp.library import instance_members, lookup, static_members
from apim_policy.csharp.types import OBJECT, STRING, Allowed, MemberKind
from apim_policy.ide import snippets
from apim_policy.ide.expressions.words import BODY_TYPES
from apim_policy.ide.proposals import CodeSubject, Completion, CompletionKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apim_policy.csharp.types import Member, Parameter, Type
    from apim_policy.ide.expressions.receivers import Receiver

_KINDS = {
    MemberKind.PROPERTY: CompletionKind.PROPERTY,
    MemberKind.FIELD: CompletionKind.CONSTANT,
    MemberKind.ENUM_VALUE: CompletionKind.CONSTANT,
    MemberKind.METHOD: CompletionKind.METHOD,
}
# Where the data has the extension methods of the service, which authors use most.
_SERVICE = "PolicyExpressions"
_FUNCTION = "System.Func"
_BY_KEY = frozenset({"GetValueOrDefault", "ContainsKey", "TryGetValue"})


def usable(members: Sequence[Member]) -> list[Member]:
    """The overloads that the documents do not rule out."""
    return [member for member in members if member.allowed is not Allowed.NO]


def overloads_of(known: Receiver, name: str) -> tuple[Member, ...]:
    """The members of a name after a dot."""
    return lookup(known.type, name, static=known.static)


def members_of(known: Receiver, *, called: bool = False) -> list[Completion]:
    """What may follow a dot, one proposal for each name.

    ``called``: whether brackets or type arguments follow already.
    """
    type_ = known.type
    groups: dict[str, list[Member]] = {}
    for member in static_members(type_) if known.static else instance_members(type_):
        if _is_offered(member):
            groups.setdefault(member.name, []).append(member)
    inherited = frozenset(member.name for member in instance_members(OBJECT))
    return [
        _proposal(known, name, members, _group(type_, members[0], name in inherited), called=called)
        for name, members in groups.items()
    ]


def _is_offered(member: Member) -> bool:
    # An expression has no use for events.
    return (
        member.allowed is not Allowed.NO
        and member.kind is not MemberKind.EVENT
        and member.name.isidentifier()
    )


def _group(type_: Type, member: Member, of_object: bool) -> str:
    """Own members first, then inherited ones, then extensions, then what every object has, then what may be refused."""
    if member.allowed is Allowed.UNSURE:
        return "4"
    if of_object:
        return "3"
    if member.extension and member.owner.name != _SERVICE:
        return "2"
    if member.extension:
        return "0"
    return "0" if member.owner == type_ else "1"


def _proposal(known: Receiver, name: str, members: list[Member], group: str, *, called: bool) -> Completion:
    first = members[0]
    method = first.kind is MemberKind.METHOD
    listed = f"({', '.join(map(str, first.parameters))})" if method else ""
    if method and len(members) > 1:
        listed += f" and {len(members) - 1} more"
    return Completion(
        name,
        _KINDS[first.kind],
        call(members) if method and not called else name,
        f"{group}{name}",
        name,
        detail=listed or ("may be null" if first.nullable else ""),
        mark=str(first.type),
        subject=CodeSubject(str(known.type), name, known.static),
    )


def call(members: Sequence[Member]) -> str:
    """The snippet that calls a method: with the arguments that it cannot do without."""
    least = min(members, key=lambda member: len(_needed(member)))
    if least.name == "As" and least.type_parameters:
        listed = ",".join(BODY_TYPES)
        return f"As<${{1|{listed}|}}>(preserveContent: ${{2|true,false|}})"
    stops = _Stops()
    spelled = least.name + _type_arguments(least, stops)
    if least.name in _BY_KEY and least.parameters and least.parameters[0].type == STRING:
        return f"{spelled}({_by_key(members, stops)})"
    needed = _needed(least)
    if needed:
        return f"{spelled}({', '.join(_argument(parameter, stops) for parameter in needed)})"
    return f"{spelled}({stops.bare() if any(member.parameters for member in members) else ''})"


def _needed(member: Member) -> list[Parameter]:
    return [item for item in member.parameters if item.default is None and item.modifier != "params"]


def _type_arguments(member: Member, stops: _Stops) -> str:
    """Stops for the type arguments that the arguments do not tell."""
    told = " ".join(str(parameter.type) for parameter in member.parameters)
    if not any(name not in told for name in member.type_parameters):
        return ""
    return f"<{', '.join(stops.named('string') for _ in member.type_parameters)}>"


def _by_key(members: Sequence[Member], stops: _Stops) -> str:
    key = f'"{stops.bare()}"'
    if members[0].name == "TryGetValue":
        return f"{key}, out var {stops.named('value')}"
    second = next((member.parameters[1] for member in members if len(member.parameters) > 1), None)
    if second is None:
        return key
    return f'{key}, "{stops.bare()}"' if second.type == STRING else f"{key}, {stops.bare()}"


def _argument(parameter: Parameter, stops: _Stops) -> str:
    type_ = parameter.type
    if parameter.modifier == "out":
        return f"out var {stops.named(parameter.name)}"
    if type_.name == _FUNCTION and len(type_.arguments) == 2:
        return f"{stops.named('x')} => {stops.bare()}"
    return stops.named(parameter.name)


class _Stops:
    """Numbers the stops of one snippet."""

    def __init__(self) -> None:
        self._last = 0

    def bare(self) -> str:
        """A stop without a default."""
        self._last += 1
        return f"${self._last}"

    def named(self, name: str) -> str:
        """A stop that shows a name until something is written."""
        self._last += 1
        return f"${{{self._last}:{snippets.escaped(name)}}}"
