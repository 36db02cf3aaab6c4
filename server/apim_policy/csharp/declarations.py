"""What the data tells of one type: the types it derives from and the members it declares itself."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from apim_policy.csharp import signatures
from apim_policy.csharp.framework import dotnet, framework, told
from apim_policy.csharp.types import OBJECT, Allowed, Member, Type, parse_type

if TYPE_CHECKING:
    from collections.abc import Iterable

Bound = dict[str, Type]
"""What type parameters stand for, by name."""


def key_of_data(type_: Type) -> str:
    """The key under which the data has a type: arrays go by what all arrays have."""
    return "System.Array" if type_.name == "[]" else type_.key


def kind(type_: Type) -> str:
    """`class`, `abstract`, `static`, `struct`, `interface`, `enum` or `delegate`."""
    found = told(key_of_data(type_))
    if found is None:
        return "interface" if type_.key in _other_interfaces() else "class"
    return str(found.get("kind", "class"))


@cache
def _other_interfaces() -> frozenset[str]:
    """Keys of interfaces of which no more is known."""
    return frozenset(framework()["interfaces"].split())


def type_parameters(key: str) -> tuple[str, ...]:
    """The names of the type parameters of a type."""
    arity = int(key.partition("`")[2] or 0)
    named = (told(key) or {}).get("parameters")
    return tuple(named or (f"T{number}" for number in range(1, arity + 1)))


def substitute(type_: Type, bound: Bound) -> Type:
    """A type with the type parameters that are bound filled in."""
    if not bound:
        return type_
    if type_.name.startswith("!"):
        return bound.get(type_.name[1:], type_)
    if not type_.arguments:
        return type_
    return Type(type_.name, tuple(substitute(argument, bound) for argument in type_.arguments))


def filled(member: Member, bound: Bound) -> Member:
    """A member with the type parameters that are bound filled in."""
    if not bound:
        return member
    return member._replace(
        type=substitute(member.type, bound),
        parameters=tuple(p._replace(type=substitute(p.type, bound)) for p in member.parameters),
        type_parameters=tuple(name for name in member.type_parameters if name not in bound),
    )


@lru_cache(1024)
def bases(type_: Type) -> tuple[Type, ...]:
    """The base class and the interfaces of a type and theirs in turn, nearest first, with type arguments filled in."""
    found: dict[Type, None] = {}
    waiting = [type_]
    for at in waiting:
        for base in _direct_bases(at):
            if base not in found and base != type_:
                found[base] = None
                waiting.append(base)
    if type_ != OBJECT and type_.name not in ("void", "null"):
        found.pop(OBJECT, None)
        found[OBJECT] = None
    return tuple(found)


def _direct_bases(type_: Type) -> list[Type]:
    if type_.name == "[]":
        names = ("System.Collections.Generic.IList", "System.Collections.Generic.IReadOnlyList")
        return [Type("System.Array"), *(Type(name, type_.arguments) for name in names)]
    key = type_.key
    found = told(key) or {}
    spelled = [*found.get("bases", ()), *dotnet()["newer bases"].get(key, ())]
    if found.get("kind") == "enum":
        spelled.append("Enum")
    parameters = type_parameters(key) if type_.arguments else ()
    bound = dict(zip(parameters, type_.arguments, strict=False))
    read = (parse_type(text, parameters) for text in spelled)
    return [substitute(base, bound) for base in read if base is not None]


@lru_cache(1024)
def line(type_: Type) -> tuple[Type, ...]:
    """The types whose members a value of a type has by itself, nearest first.

    A class need not show the members of its interfaces, so only an interface has those of others.
    """
    if kind(type_) == "interface":
        return (type_, *bases(type_))
    return (type_, *(base for base in bases(type_) if kind(base) != "interface"))


@cache
def lines(key: str) -> dict[str, list[Any]]:
    """The lines on the members of a type by name, undecoded, with what newer versions of .NET added."""
    members = (told(key) or {}).get("members", ())
    if isinstance(members, str):
        members = members.split("\n") if members else ()
    found: dict[str, list[Any]] = {}
    for entry in (*members, *_newer().get(key, ())):
        text = entry if isinstance(entry, str) else entry["member"]
        found.setdefault(signatures.name_of(text), []).append(entry)
    return found


@cache
def _newer() -> dict[str, list[str]]:
    """Lines on members that newer versions of .NET added, by key; `Self` in a line is the type itself."""
    found: dict[str, list[str]] = {}
    for keys, added in dotnet()["newer"].items():
        for key in keys.split():
            found.setdefault(key, []).extend(text.replace("Self", key) for text in added)
    return found


def names(type_: Type) -> Iterable[str]:
    """The names of the members that a type declares itself."""
    return ("this[]",) if type_.name == "[]" else lines(type_.key)


@lru_cache(4096)
def declared(type_: Type, name: str) -> tuple[Member, ...]:
    """The members of a name that a type declares itself."""
    if type_.name == "[]":
        indexer = read("object this[int index] { get; set; }", type_, ()) if name == "this[]" else None
        return (indexer.member._replace(type=type_.arguments[0]),) if indexer else ()
    parameters = type_parameters(type_.key) if type_.arguments else ()
    bound = dict(zip(parameters, type_.arguments, strict=False))
    members = (read(entry, type_, parameters) for entry in lines(type_.key).get(name, ()))
    return tuple(filled(entry.member, bound) for entry in members if entry is not None)


def read(entry: Any, owner: Type, parameters: tuple[str, ...]) -> signatures.Line | None:
    """A member from its line, or from an object with the line and what was written about it."""
    if isinstance(entry, str):
        return signatures.read(entry, owner, parameters)
    found = signatures.read(entry["member"], owner, parameters)
    if found is None:
        return None
    member = found.member._replace(
        nullable=entry.get("nullable", False),
        documentation=entry.get("text", ""),
        allowed=Allowed(entry.get("allowed", "yes")),
    )
    return found._replace(member=member)
