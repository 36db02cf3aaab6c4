"""The data on types: what the service documents and what assemblies of .NET hold, and which name means which type.

`framework.json` is generated (`make framework`): names and signatures of .NET types. Two files are written by hand:
`context.json`, with `context` and the service's own types, and `dotnet.json`, with what expressions may use of .NET,
the namespaces they see, and what versions newer than the assemblies added.

A type goes by its key: its full name, with `` `n `` after it where it takes n type arguments
(``System.Collections.Generic.List`1``).
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).resolve().parent

KEYWORDS = {
    "void": "void",
    "bool": "System.Boolean",
    "char": "System.Char",
    "sbyte": "System.SByte",
    "byte": "System.Byte",
    "short": "System.Int16",
    "ushort": "System.UInt16",
    "int": "System.Int32",
    "uint": "System.UInt32",
    "long": "System.Int64",
    "ulong": "System.UInt64",
    "float": "System.Single",
    "double": "System.Double",
    "decimal": "System.Decimal",
    "string": "System.String",
    "object": "System.Object",
}
"""The types that C# has a word for, by that word."""

SPELLINGS = {full: word for word, full in KEYWORDS.items()}
"""The same the other way round."""


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((_FOLDER / name).read_bytes())
    return found


@cache
def framework() -> dict[str, Any]:
    """The generated data: `types` by key (kind, parameters, bases, members) and `names` by namespace."""
    return _read("framework.json")


@cache
def context() -> dict[str, Any]:
    """The service's own types, as written by hand."""
    return _read("context.json")


@cache
def dotnet() -> dict[str, Any]:
    """What is written by hand on .NET."""
    return _read("dotnet.json")


@cache
def imported() -> tuple[str, ...]:
    """The namespaces whose types expressions may name without it."""
    return tuple(dotnet()["imported"])


def told(key: str) -> dict[str, Any] | None:
    """What the data holds of a type; None for one of which no more than the name is known, if that.

    The service's own types have `members` in a list, of lines or of objects with a line each; generated ones in a
    text of lines.
    """
    found: dict[str, Any] | None = (
        context()["types"].get(key) or framework()["types"].get(key) or dotnet()["added"].get(key)
    )
    return found


@cache
def _names_in(space: str) -> frozenset[str]:
    """The names of the types of a namespace, with arity."""
    return frozenset(framework()["names"].get(space, "").split())


def _is_key(key: str) -> bool:
    space, _, own = key.rpartition(".")
    return own in _names_in(space) or key in dotnet()["added"]


@lru_cache(2048)
def key_of(name: str, arity: int = 0) -> str | None:
    """The key of the type that a keyword, a full name or a name of an imported namespace means; None for no known type."""
    if name in KEYWORDS:
        return None if arity else KEYWORDS[name]
    suffix = f"`{arity}" if arity else ""
    if name + suffix in context()["types"]:
        return name + suffix
    candidates = (name, *(f"{space}.{name}" for space in imported()))
    return next((full + suffix for full in candidates if _is_key(full + suffix)), None)


@cache
def _first_of_arity() -> dict[str, str]:
    """Full names without arity, each with one key that has it: the one of the least arity."""
    keys = [f"{space}.{own}".removeprefix(".") for space in framework()["names"] for own in _names_in(space)]
    found: dict[str, str] = {}
    for key in sorted((*keys, *dotnet()["added"])):
        found.setdefault(key.partition("`")[0], key)
    return found


@lru_cache(2048)
def known_dotnet(name: str) -> str | None:
    """The full name of a public .NET type of the base libraries, allowed or not, by its full or simple name.

    A simple name is looked for in the imported namespaces first; elsewhere it counts when only one type has it.
    None where no such type is known, which proves nothing, and for the names of the service's own types.
    """
    if name in context()["types"]:
        return None
    name = KEYWORDS.get(name, name)
    known = _first_of_arity()
    for full in (name, *(f"{space}.{name}" for space in imported())):
        if full in known:
            return full
    return _elsewhere().get(name)


@cache
def _elsewhere() -> dict[str, str]:
    """Simple names that exactly one known type has."""
    found: dict[str, str] = {}
    repeated = set()
    for full in _first_of_arity():
        outer, _, simple = full.rpartition(".")
        if outer in _first_of_arity():
            continue
        if found.setdefault(simple, full) != full:
            repeated.add(simple)
    return {simple: full for simple, full in found.items() if simple not in repeated}


@cache
def namespaces() -> frozenset[str]:
    """The names of namespaces, with those that only hold others: `System`, `System.Text`, …"""
    found: set[str] = set()
    for space in framework()["names"]:
        if _first_of_arity().get(space.partition("`")[0]):
            continue
        parts = space.split(".")
        found.update(".".join(parts[: end + 1]) for end in range(len(parts)))
    return frozenset(found - {""})
