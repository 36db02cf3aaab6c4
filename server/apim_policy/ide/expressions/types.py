"""The types that expressions may name, for proposals."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.csharp.declarations import kind
from apim_policy.csharp.framework import SPELLINGS, context, dotnet
from apim_policy.csharp.library import type_named

if TYPE_CHECKING:
    from apim_policy.csharp.types import Type

# What no author has a reason to name: the holders of extension methods, and forms that C# spells otherwise.
_LEFT_OUT = frozenset({"Extensions", "RSACertificateExtensions", "Nullable", "PolicyExpressions", "Array"})
_HIGHEST_ARITY = 2


class Nameable(NamedTuple):
    """A type that expressions may name."""

    name: str
    """As it is written, without type arguments."""
    full: str
    arity: int
    type: Type
    abstract: bool
    """Whether no value can be made of it with ``new``."""

    @property
    def label(self) -> str:
        """The name with room for type arguments."""
        return f"{self.name}<…>" if self.arity else self.name


@cache
def nameable() -> tuple[Nameable, ...]:
    """The types that expressions may name, without those that are keywords; one for each name."""
    found: dict[str, Nameable] = {}
    for key in (*dotnet()["allowed"], *context()["types"]):
        full, _, number = key.partition("`")
        arity = int(number or 0)
        type_ = type_named(full, arity)
        simple = full.rpartition(".")[2]
        hidden = full.startswith("Context") or full in SPELLINGS or simple in _LEFT_OUT
        if type_ is None or hidden or arity > _HIGHEST_ARITY:
            continue
        name = str(type_).partition("<")[0]
        abstract = kind(type_) in ("abstract", "static", "interface", "enum")
        found[name] = Nameable(name, full, arity, type_, abstract)
    return tuple(found.values())
