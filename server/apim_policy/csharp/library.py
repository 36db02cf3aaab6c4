"""The members of types: of `context`, of the service's own types and of .NET, and which of them expressions may use."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from apim_policy.csharp import framework, signatures
from apim_policy.csharp.declarations import (
    Bound,
    bases,
    declared,
    filled,
    key_of_data,
    line,
    lines,
    names,
    read,
    type_parameters,
)
from apim_policy.csharp.framework import known_dotnet, namespaces
from apim_policy.csharp.types import Allowed, Member, MemberKind, Type

__all__ = [
    "CONTEXT",
    "bases",
    "complete",
    "constructors",
    "documentation",
    "indexers",
    "instance_members",
    "known_dotnet",
    "lookup",
    "namespaces",
    "static_members",
    "type_allowed",
    "type_named",
]

CONTEXT = Type("Context")
"""The type of `context`."""

_APART = ("[]", "void", "null")
"""Names of types that no list mentions."""


def type_named(name: str, arity: int = 0) -> Type | None:
    """The type that a simple or full name means, allowed or not; an open generic has `!T` for arguments.

    None where no type of that name and number of type arguments is known.
    """
    key = framework.key_of(name, arity)
    if key is None:
        return None
    return Type(key.partition("`")[0], tuple(Type("!" + parameter) for parameter in type_parameters(key)))


def documentation(type_: Type) -> str:
    """What a type of the service is for; nothing for types of .NET."""
    return str(framework.context()["types"].get(type_.key, {}).get("text", ""))


def complete(type_: Type) -> bool:
    """Whether every member of a type is known; only then may one that is missing be an error.

    Of the types of .NET these are the ones on the list, and others that newer versions left as they are: only for
    those did somebody look what newer versions added.
    """
    key = key_of_data(type_)
    if key in framework.context()["types"]:
        return key not in framework.context()["incomplete"]
    if key not in framework.dotnet()["allowed"] and key not in framework.dotnet()["complete"]:
        return False
    return all(framework.told(key_of_data(base)) is not None for base in line(type_))


def instance_members(type_: Type) -> tuple[Member, ...]:
    """What may follow a dot after a value of a type: its own members, what it inherits, and extension methods.

    Indexers are among them, constructors are not.
    """
    every = dict.fromkeys((*_names(type_), *_extension_lines()))
    return tuple(member for name in every for member in lookup(type_, name))


def static_members(type_: Type) -> tuple[Member, ...]:
    """What may follow a dot after the name of a type; for an enumeration its values."""
    return tuple(member for name in _names(type_) for member in lookup(type_, name, static=True))


def constructors(type_: Type) -> tuple[Member, ...]:
    """The ways to make a value of a type with `new`."""
    return declared(type_, ".ctor")


def indexers(type_: Type) -> tuple[Member, ...]:
    """What brackets after a value of a type may hold."""
    return lookup(type_, "this[]")


@lru_cache(4096)
def lookup(type_: Type, name: str, *, static: bool = False) -> tuple[Member, ...]:
    """The members of a name: all overloads, own before inherited before extension methods; () where there is none."""
    found: dict[Any, Member] = {}
    for base in line(type_):
        for member in declared(base, name):
            if member.static is static:
                judged = member._replace(allowed=_member_allowed(type_, base, member))
                found.setdefault(_shape(member), judged)
    if not static:
        for member in _extensions(type_, name):
            found.setdefault(_shape(member), member)
    return tuple(found.values())


def _shape(member: Member) -> Any:
    """What tells overloads apart.

    A property hides what bases have of its name, but not their methods: `value.Value<string>()` finds its way.
    """
    if member.kind not in (MemberKind.METHOD, MemberKind.INDEXER):
        return None
    types = tuple((parameter.type, parameter.modifier) for parameter in member.parameters)
    return types, len(member.type_parameters)


def _names(type_: Type) -> list[str]:
    found = dict.fromkeys(name for base in line(type_) for name in names(base))
    found.pop(".ctor", None)
    return list(found)


# Extension methods


@cache
def _extension_lines() -> dict[str, list[tuple[str, Any]]]:
    """The extension methods that expressions see, by name: the key of the class, and the line."""
    found: dict[str, list[tuple[str, Any]]] = {}
    for key in framework.dotnet()["extensions"]:
        for name, entries in lines(key).items():
            for entry in entries:
                if "(this " in (entry if isinstance(entry, str) else entry["member"]):
                    found.setdefault(name, []).append((key, entry))
    return found


@lru_cache(1024)
def _extension_methods(name: str) -> tuple[signatures.Line, ...]:
    found = (read(entry, Type(key), ()) for key, entry in _extension_lines().get(name, ()))
    return tuple(method for method in found if method is not None)


def _extensions(type_: Type, name: str) -> list[Member]:
    found = []
    for method in _extension_methods(name):
        bound = _bind(method.receiver, type_) if method.receiver is not None else None
        if bound is not None and _meets(bound, method.constraints):
            own = method.member.parameters[1:]
            found.append(filled(method.member._replace(parameters=own, static=False), bound))
    # What may not be there hides behind what is: the service reads headers and variables its own way.
    sure = [member for member in found if member.allowed is Allowed.YES]
    return sure or found


def _bind(pattern: Type, type_: Type) -> Bound | None:
    """What the type parameters of an extended type stand for, for a receiver; None where it does not extend that.

    A receiver that is the extended type in more than one way, as a JObject is a sequence of tokens and of pairs,
    fills in nothing: the compiler cannot tell either.
    """
    if type_.name.startswith("!") or type_.name in ("void", "null"):
        return None
    ways: list[Bound] = []
    for candidate in (type_, *bases(type_)):
        bound: Bound = {}
        if _match(pattern, candidate, bound) and bound not in ways:
            ways.append(bound)
            if candidate == type_:
                break
    if not ways:
        return None
    return ways[0] if len(ways) == 1 else {}


def _match(pattern: Type, type_: Type, bound: Bound) -> bool:
    if pattern.name.startswith("!"):
        return bound.setdefault(pattern.name[1:], type_) == type_
    if type_.name.startswith("!"):
        return True
    if pattern.name != type_.name or len(pattern.arguments) != len(type_.arguments):
        return False
    return all(_match(*pair, bound) for pair in zip(pattern.arguments, type_.arguments, strict=True))


def _meets(bound: Bound, constraints: tuple[tuple[str, Type], ...]) -> bool:
    for parameter, required in constraints:
        given = bound.get(parameter)
        if given is not None and not given.open and required not in (given, *bases(given)):
            return False
    return True


# What expressions may use


def type_allowed(full_name: str) -> Allowed:
    """Whether expressions may name a type, by its full name with or without arity.

    The documented list says yes; types that its members take are not on it, and samples of the vendor use types of
    System.Xml and of cryptography beyond it: of all those nothing is sure.
    """
    plain = full_name.partition("`")[0]
    if plain in _allowed_names() or plain in _APART or plain.startswith("!"):
        return Allowed.YES
    unsure = framework.dotnet()["unsure"]
    if plain in _related_names() or plain in unsure:
        return Allowed.UNSURE
    if any(plain.startswith(space) for space in unsure if space.endswith(".")):
        return Allowed.UNSURE
    # System.Exception is on the list with all members; of the exceptions that derive from it the documents say nothing.
    return Allowed.UNSURE if plain.endswith("Exception") else Allowed.NO


@cache
def _allowed_names() -> frozenset[str]:
    """Full names of the types on the list, of those that listed members give, and of the service's own."""
    returned = framework.framework()["returned"].split()
    keys = (*framework.dotnet()["allowed"], *returned, *framework.context()["types"])
    return frozenset(key.partition("`")[0] for key in keys)


@cache
def _related_names() -> frozenset[str]:
    """Full names of the types outside the list that listed members take, and of bases of listed types."""
    keys = (*framework.framework()["related"].split(), *framework.dotnet()["added"])
    return frozenset(key.partition("`")[0] for key in keys)


def _member_allowed(type_: Type, owner: Type, member: Member) -> Allowed:
    """Whether a member may be used on a type: listed for the type, or for any of its bases that has it too."""
    if member.allowed is not Allowed.YES:
        return member.allowed
    allowed = framework.dotnet()["allowed"]
    for base in (type_, *bases(type_)):
        words = allowed.get(base.key, "").split()
        if base == owner and _barred(words, member):
            return Allowed.NO
        listed = ("*" in words or member.name in words) and not _barred(words, member)
        if listed and (base == owner or _has(base, member)):
            return Allowed.YES
    return Allowed.NO if owner.key in allowed else type_allowed(owner.name)


def _has(type_: Type, member: Member) -> bool:
    return any(found.static is member.static for found in declared(type_, member.name))


def _barred(words: list[str], member: Member) -> bool:
    """Whether the list takes a member out: by name, or by name and `()` for the form without parameters."""
    return f"-{member.name}" in words or (not member.parameters and f"-{member.name}()" in words)
