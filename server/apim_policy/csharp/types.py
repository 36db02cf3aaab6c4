"""Types of C# and their members, as far as expressions meet them."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.csharp.framework import SPELLINGS, imported, key_of, told

if TYPE_CHECKING:
    from collections.abc import Collection


class Type(NamedTuple):
    """A type with its arguments filled in.

    `name` is the full name without arity: `System.String`, `Newtonsoft.Json.Linq.JObject`; for the service's own
    types the documented one (`IMessageBody`, `Jwt`); `Context` for `context` itself and `Context.Request` and its
    kind for properties whose type has no documented name. Names apart: `[]` is an array of its one argument,
    `void`, `null` the type of that literal, and `!T` the type parameter T that nothing has filled in yet.
    """

    name: str
    arguments: tuple[Type, ...] = ()

    def __str__(self) -> str:
        """The spelling of C#: `string`, `int?`, `string[]`, `IReadOnlyDictionary<string, string[]>`."""
        if self.name == "[]":
            # The brackets of the outermost array come first: an array of `int[,]` is never met, one of `int[]` is.
            return f"{self.arguments[0]}[]"
        if self.name.startswith("!"):
            return self.name[1:]
        if self.name == "System.Nullable" and self.arguments:
            return f"{self.arguments[0]}?"
        spelled = SPELLINGS.get(self.name) or _short(self.name)
        if self.arguments:
            return f"{spelled}<{', '.join(map(str, self.arguments))}>"
        return spelled

    @property
    def key(self) -> str:
        """Under which the data on the type goes: the name, with the number of arguments."""
        return f"{self.name}`{len(self.arguments)}" if self.arguments else self.name

    @property
    def open(self) -> bool:
        """Whether a type parameter stands somewhere in it."""
        return self.name.startswith("!") or any(argument.open for argument in self.arguments)


@lru_cache(1024)
def _short(name: str) -> str:
    space, _, own = name.rpartition(".")
    if space in imported():
        return own
    outer, _, enclosing = space.rpartition(".")
    return f"{enclosing}.{own}" if outer in imported() else name


class Allowed(Enum):
    """Whether expressions may use something."""

    YES = "yes"
    NO = "no"
    """Outside the documented list."""
    UNSURE = "unsure"
    """The documents are silent or contradict what people deploy: never an error."""


class Parameter(NamedTuple):
    """A parameter of a method, a constructor or an indexer."""

    name: str
    type: Type
    modifier: str = ""
    """`out`, `ref`, `params` or nothing."""
    default: str | None = None
    """What it is when left out, as C# writes it."""

    def __str__(self) -> str:
        """As a signature shows it."""
        spelled = f"{self.modifier} {self.type} {self.name}".lstrip()
        return spelled if self.default is None else f"{spelled} = {self.default}"


class MemberKind(Enum):
    """What a member is."""

    PROPERTY = "property"
    FIELD = "field"
    METHOD = "method"
    CONSTRUCTOR = "constructor"
    INDEXER = "indexer"
    EVENT = "event"
    ENUM_VALUE = "enum value"


class Member(NamedTuple):
    """A member of a type; each overload of a method is one."""

    name: str
    """`.ctor` for a constructor, `this[]` for an indexer."""
    kind: MemberKind
    owner: Type
    """The type that declares it."""
    type: Type
    """What it gives: for a method what it returns."""
    parameters: tuple[Parameter, ...] = ()
    """For an extension method found on an instance, without the instance."""
    type_parameters: tuple[str, ...] = ()
    """The type parameters of a generic method that the receiver does not fill in."""
    static: bool = False
    extension: bool = False
    allowed: Allowed = Allowed.YES
    nullable: bool = False
    """Documented or observed to be null at times."""
    documentation: str = ""

    @property
    def signature(self) -> str:
        """The declaration as C# spells it."""
        listed = ", ".join(map(str, self.parameters))
        match self.kind:
            case MemberKind.CONSTRUCTOR:
                return f"{self.type}({listed})"
            case MemberKind.INDEXER:
                return f"{self.type} {self.owner}[{listed}]"
            case MemberKind.ENUM_VALUE:
                return f"{self.owner}.{self.name}"
        if self.extension:
            spelled = f"(extension) {self.type} {self.name}"
        else:
            spelled = f"{'static ' if self.static else ''}{self.type} {self.owner}.{self.name}"
        if self.kind is not MemberKind.METHOD:
            return spelled
        if self.type_parameters:
            spelled += f"<{', '.join(self.type_parameters)}>"
        return f"{spelled}({listed})"


STRING = Type("System.String")
INT = Type("System.Int32")
BOOL = Type("System.Boolean")
OBJECT = Type("System.Object")
VOID = Type("void")
NULL = Type("null")

_TOKEN = re.compile(r"[A-Za-z_][\w.]*|\[[\s,]*\]|\S")
_MOST_TOKENS = 200
"""Longer spellings are of no type that somebody wrote, and would nest too deep to follow."""


def parse_type(text: str, parameters: Collection[str] = ()) -> Type | None:
    """The type that a spelling means, simple or full; None where a part of it is unknown.

    `parameters` are names that mean type parameters here.
    """
    return _parse(text, frozenset(parameters))


@lru_cache(2048)
def _parse(text: str, parameters: frozenset[str]) -> Type | None:
    tokens = _TOKEN.findall(text)
    if len(tokens) > _MOST_TOKENS:
        return None
    found, end = _read(tokens, 0, parameters)
    return found if end == len(tokens) else None


def _read(tokens: list[str], at: int, parameters: frozenset[str]) -> tuple[Type | None, int]:
    """The type that starts at a token, and the token after it."""
    if at >= len(tokens) or not (tokens[at][0].isalpha() or tokens[at][0] == "_"):
        return None, at
    name, at = tokens[at], at + 1
    arguments: list[Type] = []
    if at < len(tokens) and tokens[at] == "<":
        while tokens[at] in ("<", ","):
            argument, at = _read(tokens, at + 1, parameters)
            if argument is None or at >= len(tokens):
                return None, at
            arguments.append(argument)
        if tokens[at] != ">":
            return None, at
        at += 1
    found = _named(name, arguments, parameters)
    while found is not None and at < len(tokens) and (tokens[at] == "?" or tokens[at][0] == "["):
        if tokens[at][0] == "[":
            # Arrays of several dimensions are rare enough to go by the members that all arrays have.
            found = Type("[]", (found,))
        elif is_value(found):
            found = Type("System.Nullable", (found,))
        at += 1
    return found, at


def _named(name: str, arguments: list[Type], parameters: frozenset[str]) -> Type | None:
    if name in parameters and not arguments:
        return Type("!" + name)
    key = key_of(name, len(arguments))
    return None if key is None else Type(key.partition("`")[0], tuple(arguments))


def is_value(type_: Type) -> bool:
    """Whether a type is a value type as far as it is known: then `?` after it makes another type."""
    return type_.name.startswith("!") or (told(type_.key) or {}).get("kind") in ("struct", "enum")
