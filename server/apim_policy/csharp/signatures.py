"""Reads the lines that describe members in the data.

string Trim(params char[] trimChars)            a method; `static` and `<T>` as in C#
static U Value<U>(this IEnumerable<JToken> v)   an extension method
int Length { get; }                             a property
char this[int index] { get; }                   an indexer
static string Empty;                            a field
.ctor(char[] value)                             a constructor
Indented                                        a value of an enumeration
"""

from __future__ import annotations

import re
from typing import NamedTuple

from apim_policy.csharp.types import Member, MemberKind, Parameter, Type, parse_type

_NAME = re.compile(r"(this)\[|(\.ctor)\(|([A-Za-z_]\w*)\s*(?:<[^()<>]*>)?\(|([A-Za-z_]\w*)\s*(?:;|\{|$)")
_HEAD = re.compile(
    r"(?P<static>static\s+)?(?P<event>event\s+)?(?P<type>\S.*?)\s+"
    r"(?:(?P<indexer>this)(?=\[)|(?P<name>[A-Za-z_]\w*)(?:<(?P<generics>[\w\s,]+)>)?(?=\s*[({;]))"
    r"\s*(?P<rest>.*)$"
)
_MODIFIERS = ("this", "out", "ref", "params")


def name_of(line: str) -> str:
    """The name of the member that a line describes."""
    match = _NAME.search(line)
    if match is None:
        return line
    if match.group(1):
        return "this[]"
    return match.group(2) or match.group(3) or match.group(4)


class Line(NamedTuple):
    """A line as read: the member, and of an extension method what it extends."""

    member: Member
    receiver: Type | None = None
    constraints: tuple[tuple[str, Type], ...] = ()
    """The type parameters that must be of some type, each with that type."""


def read(line: str, owner: Type, parameters: tuple[str, ...]) -> Line | None:
    """A member of a type whose type parameters are `parameters`; None where its signature names an unknown type."""
    if line.startswith(".ctor("):
        given = _parameters(line[6:-1], parameters)
        if given is None:
            return None
        return Line(Member(".ctor", MemberKind.CONSTRUCTOR, owner, owner, given))
    match = _HEAD.match(line)
    if match is None:
        return Line(Member(line, MemberKind.ENUM_VALUE, owner, owner, static=True))
    generics = tuple(name.strip() for name in (match["generics"] or "").split(",") if name.strip())
    scope = parameters + generics
    type_ = parse_type(match["type"], scope)
    if type_ is None:
        return None
    name, static = match["name"] or "this[]", bool(match["static"])
    rest, *where = match["rest"].split(" where ")
    if rest[0] == "{":
        return Line(Member(name, MemberKind.PROPERTY, owner, type_, static=static))
    if rest[0] == ";":
        kind = MemberKind.EVENT if match["event"] else MemberKind.FIELD
        return Line(Member(name, kind, owner, type_, static=static))
    inner = rest[1 : rest.rindex("]" if rest[0] == "[" else ")")]
    given = _parameters(inner.removeprefix("this "), scope)
    if given is None:
        return None
    if rest[0] == "[":
        return Line(Member(name, MemberKind.INDEXER, owner, type_, given))
    member = Member(name, MemberKind.METHOD, owner, type_, given, generics, static)
    if not inner.startswith("this "):
        return Line(member)
    required = [
        (name.strip(), parse_type(spelled, scope)) for name, _, spelled in (w.partition(" : ") for w in where)
    ]
    constraints = tuple((name, type_) for name, type_ in required if type_ is not None)
    return Line(member._replace(extension=True), given[0].type, constraints)


def _parameters(text: str, scope: tuple[str, ...]) -> tuple[Parameter, ...] | None:
    found = []
    for part in _split(text):
        declaration, _, default = part.partition(" = ")
        modifier = ""
        first, _, rest = declaration.partition(" ")
        if first in _MODIFIERS:
            modifier, declaration = first, rest
        spelled, _, name = declaration.strip().rpartition(" ")
        type_ = parse_type(spelled, scope)
        if type_ is None:
            return None
        found.append(Parameter(name, type_, modifier, default or None))
    return tuple(found)


def _split(text: str) -> list[str]:
    """The parts between the commas that stand outside brackets and quotes."""
    if not text.strip():
        return []
    parts, depth, start, quoted = [], 0, 0, False
    for at, character in enumerate(text):
        if character in "\"'":
            quoted = not quoted
        elif quoted:
            continue
        elif character in "<[(":
            depth += 1
        elif character in ">])":
            depth -= 1
        elif character == "," and not depth:
            parts.append(text[start:at].strip())
            start = at + 1
    parts.append(text[start:].strip())
    return parts
