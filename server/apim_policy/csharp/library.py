"""The members of types: of `context`, of the service's own types and of .NET, and which of them expressions may use."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from apim_policy.csharp import framework, signatures
from apim_policy.csharp.framework import known_dotnet as known_dotnet
from apim_policy.csharp.framework import namespaces as namespaces
from apim_policy.csharp.types import OBJECT, Allowed, Member, MemberKind, Type, parse_type

CONTEXT = Type("Context")
"""The type of `context`."""

_APART = ("[]", "void", "null")
"""Names of types that no list mentions."""

_Bound = dict[str, Type]


def type_named(name: str, arity: int = 0) -> Type | None:
    """The type that a simple or full name means, allowed or not; an open generic has `!T` for arguments.

    None where no type of that name and number of type arguments is known.
    """
    key = framework.key_of(name, arity)
    if key is None:
        return None
    return Type(key.partition("`")[0], tuple(Type("!" + name) for name in _parameters_of(key)))


def type_allowed(full_name: str) -> Allowed:
    """Whether expressions may name a type, by its full name with or without arity.

    The documented list says yes; types that its members take or give are not on it, and the samples of the vendor
    use types of System.Xml and of cryptography beyond it: of all those nothing is sure.
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


def bases(type_: Type) -> tuple[Type, ...]:
    """The base class and the interfaces of a type and theirs in turn, nearest first, with type arguments filled in."""
    return _bases(type_)


def complete(type_: Type) -> bool:
    """Whether every member of a type is known; only then may one that is missing be an error."""
    if type_.name == "[]":
        return True
    if type_.name.startswith("!") or type_.name in framework.context()["incomplete"]:
        return False
    return all(_told(base) is not None for base in _line(type_))


def instance_members(type_: Type) -> tuple[Member, ...]:
    """What may follow a dot after a value of a type: its own members, what it inherits, and extension methods.

    Indexers are among them, constructors are not.
    """
    names = dict.fromkeys((*_names(type_, static=False), *_extension_lines()))
    return tuple(member for name in names for member in lookup(type_, name))


def static_members(type_: Type) -> tuple[Member, ...]:
    """What may follow a dot after the name of a type; for an enumeration its values."""
    return tuple(member for name in _names(type_, static=True) for member in lookup(type_, name, static=True))


def constructors(type_: Type) -> tuple[Member, ...]:
    """The ways to make a value of a type with `new`."""
    return _declared(type_).get(".ctor", ())


def indexers(type_: Type) -> tuple[Member, ...]:
    """What brackets after a value of a type may hold."""
    if type_.name == "[]":
        return (_array_indexer(type_),)
    return lookup(type_, "this[]")


@lru_cache(4096)
def lookup(type_: Type, name: str, *, static: bool = False) -> tuple[Member, ...]:
    """The members of a name: all overloads, own before inherited before extension methods; () where there is none."""
    found: list[Member] = []
    seen: set[tuple[Any, ...]] = set()
    for base in _line(type_):
        for member in _declared(base).get(name, ()):
            if member.static is not static:
                continue
            shape = tuple((parameter.type, parameter.modifier) for parameter in member.parameters)
            if member.kind in (MemberKind.METHOD, MemberKind.INDEXER):
                if (shape, len(member.type_parameters)) in seen:
                    continue
                seen.add((shape, len(member.type_parameters)))
            elif found:
                continue
            found.append(member._replace(allowed=_member_allowed(type_, base, member)))
        if found and found[0].kind not in (MemberKind.METHOD, MemberKind.INDEXER):
            break
    if not static and type_.name != "void":
        found.extend(_extensions(type_, name))
    return tuple(found)


# What the data tells of one type


@cache
def _told(type_: Type) -> dict[str, Any] | None:
    """The entry of a type in the data; None for a type of which only the name is known."""
    key = "System.Array" if type_.name == "[]" else type_.key
    return framework.told(key)


def _parameters_of(key: str) -> tuple[str, ...]:
    told = framework.told(key) or {}
    arity = int(key.partition("`")[2] or 0)
    return tuple(told.get("parameters") or (f"T{number}" for number in range(1, arity + 1)))


def _bindings(type_: Type) -> _Bound:
    if not type_.arguments or type_.name == "[]":
        return {}
    return dict(zip(_parameters_of(type_.key), type_.arguments, strict=False))


def substitute(type_: Type, bound: _Bound) -> Type:
    """A type with the type parameters that are bound filled in."""
    if not bound:
        return type_
    if type_.name.startswith("!"):
        return bound.get(type_.name[1:], type_)
    if not type_.arguments:
        return type_
    return Type(type_.name, tuple(substitute(argument, bound) for argument in type_.arguments))


def _filled(member: Member, bound: _Bound) -> Member:
    if not bound:
        return member
    return member._replace(
        type=substitute(member.type, bound),
        parameters=tuple(p._replace(type=substitute(p.type, bound)) for p in member.parameters),
        type_parameters=tuple(name for name in member.type_parameters if name not in bound),
    )


@lru_cache(1024)
def _bases(type_: Type) -> tuple[Type, ...]:
    found: dict[Type, None] = {}
    waiting = [type_]
    while waiting:
        at = waiting.pop(0)
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
        item = type_.arguments[0]
        generic = [Type(f"System.Collections.Generic.{name}", (item,)) for name in ("IList", "IReadOnlyList")]
        return [Type("System.Array"), *generic]
    told = _told(type_) or {}
    parameters = _parameters_of(type_.key) if type_.arguments else ()
    bound = _bindings(type_)
    spelled = [*told.get("bases", ()), *framework.dotnet()["newer bases"].get(type_.key, ())]
    if told.get("kind") == "enum":
        spelled.append("Enum")
    read = (parse_type(text, parameters) for text in spelled)
    return [substitute(base, bound) for base in read if base is not None]


@lru_cache(1024)
def _line(type_: Type) -> tuple[Type, ...]:
    """The types whose members a value of a type has by itself.

    A class need not show the members of its interfaces, so only an interface has those of others.
    """
    if _kind(type_) == "interface":
        return (type_, *_bases(type_))
    return (type_, *(base for base in _bases(type_) if _kind(base) != "interface"))


def _kind(type_: Type) -> str:
    told = _told(type_)
    if told is None:
        return "interface" if type_.key in _other_interfaces() else "class"
    return str(told.get("kind", "class"))


@cache
def _other_interfaces() -> frozenset[str]:
    """Keys of interfaces of which no more is known."""
    return frozenset(framework.framework()["interfaces"].split())


@cache
def _lines(key: str) -> dict[str, list[Any]]:
    """The lines on the members of a type by name, undecoded, with what newer versions of .NET added."""
    members = (framework.told(key) or {}).get("members", ())
    if isinstance(members, str):
        members = members.split("\n") if members else ()
    found: dict[str, list[Any]] = {}
    for line in (*members, *_newer().get(key, ())):
        text = line if isinstance(line, str) else line["member"]
        found.setdefault(signatures.name_of(text), []).append(line)
    return found


@lru_cache(512)
def _declared(type_: Type) -> dict[str, tuple[Member, ...]]:
    """The members that a type declares itself, by name."""
    if type_.name == "[]":
        return {"this[]": (_array_indexer(type_),)}
    bound = _bindings(type_)
    return {name: _read(type_.key, name, type_, bound) for name in _lines(type_.key)}


def _read(key: str, name: str, owner: Type, bound: _Bound) -> tuple[Member, ...]:
    found = []
    for line in _lines(key)[name]:
        read = _read_line(line, owner, _parameters_of(key) if "`" in key else ())
        if read is not None:
            found.append(_filled(read.member, bound))
    return tuple(found)


def _read_line(line: Any, owner: Type, parameters: tuple[str, ...]) -> signatures.Line | None:
    if isinstance(line, str):
        return signatures.read(line, owner, parameters)
    read = signatures.read(line["member"], owner, parameters)
    if read is None:
        return None
    member = read.member._replace(
        nullable=line.get("nullable", False),
        documentation=line.get("text", ""),
        allowed=Allowed(line.get("allowed", "yes")),
    )
    return read._replace(member=member)


def _names(type_: Type, *, static: bool) -> list[str]:
    found: dict[str, None] = {}
    for base in _line(type_):
        for name, members in _declared(base).items():
            if name != ".ctor" and any(member.static is static for member in members):
                found[name] = None
    return list(found)


def _array_indexer(type_: Type) -> Member:
    line = signatures.read("object this[int index] { get; set; }", type_, ())
    assert line is not None
    return line.member._replace(type=type_.arguments[0])


@cache
def _newer() -> dict[str, list[str]]:
    """Lines on members that newer versions of .NET added, by key; `Self` in a line is the type itself."""
    found: dict[str, list[str]] = {}
    for keys, lines in framework.dotnet()["newer"].items():
        for key in keys.split():
            found.setdefault(key, []).extend(line.replace("Self", key) for line in lines)
    return found


# Extension methods


@cache
def _extension_lines() -> dict[str, list[tuple[str, Any]]]:
    """The extension methods that expressions see, by name: the key of the class, and the line."""
    found: dict[str, list[tuple[str, Any]]] = {}
    for key in framework.dotnet()["extensions"]:
        for name, lines in _lines(key).items():
            for line in lines:
                if "(this " in (line if isinstance(line, str) else line["member"]):
                    found.setdefault(name, []).append((key, line))
    return found


@cache
def _extension_methods(name: str) -> tuple[signatures.Line, ...]:
    read = (_read_line(line, Type(key), ()) for key, line in _extension_lines().get(name, ()))
    return tuple(line for line in read if line is not None)


def _extensions(type_: Type, name: str) -> list[Member]:
    found = []
    for line in _extension_methods(name):
        assert line.receiver is not None
        bound = _bind(line.receiver, type_)
        if bound is not None and _meets(bound, line.constraints):
            member = line.member._replace(parameters=line.member.parameters[1:])
            found.append(_filled(member, bound))
    return found


def _bind(pattern: Type, type_: Type) -> _Bound | None:
    """What the type parameters of an extended type stand for, for a receiver; None where it does not extend that.

    A receiver that is the extended type in more than one way, as a JObject is a sequence of tokens and of pairs,
    fills in nothing: the compiler cannot tell either.
    """
    if type_.name.startswith("!"):
        return None
    ways = []
    for candidate in (type_, *_bases(type_)):
        bound: _Bound = {}
        if _match(pattern, candidate, bound) and bound not in ways:
            ways.append(bound)
            if candidate == type_:
                break
    if not ways:
        return None
    return ways[0] if len(ways) == 1 else {}


def _meets(bound: _Bound, constraints: tuple[tuple[str, Type], ...]) -> bool:
    for parameter, required in constraints:
        given = bound.get(parameter)
        if given is not None and not given.open and required not in (given, *_bases(given)):
            return False
    return True


def _match(pattern: Type, type_: Type, bound: _Bound) -> bool:
    if pattern.name.startswith("!"):
        return bound.setdefault(pattern.name[1:], type_) == type_
    if type_.name.startswith("!"):
        return True
    if pattern.name != type_.name or len(pattern.arguments) != len(type_.arguments):
        return False
    return all(_match(*pair, bound) for pair in zip(pattern.arguments, type_.arguments, strict=True))


# What expressions may use


@cache
def _allowed_names() -> frozenset[str]:
    """Full names of the types on the list, of those that listed members give, and of the service's own."""
    returned = framework.framework()["returned"].split()
    keys = (
        *framework.dotnet()["allowed"],
        *returned,
        *framework.dotnet()["added"],
        *framework.context()["types"],
    )
    return frozenset(key.partition("`")[0] for key in keys)


@cache
def _related_names() -> frozenset[str]:
    """Full names of the types outside the list that listed members take, and of bases of listed types."""
    return frozenset(key.partition("`")[0] for key in framework.framework()["related"].split())


def _member_allowed(type_: Type, owner: Type, member: Member) -> Allowed:
    """Whether a member may be used on a type: listed for the type, or for any of its bases that has it too."""
    if member.allowed is not Allowed.YES:
        return member.allowed
    for base in (type_, *_bases(type_)):
        words = framework.dotnet()["allowed"].get(base.key)
        if words is None:
            continue
        if _on_list(words.split(), member) and (base == owner or _has(base, member)):
            return Allowed.YES
        if base == owner and _barred(words.split(), member):
            return Allowed.NO
    own = framework.dotnet()["allowed"].get(owner.key)
    if own is None:
        return type_allowed(owner.name)
    return Allowed.NO


def _has(type_: Type, member: Member) -> bool:
    return any(found.static is member.static for found in _declared(type_).get(member.name, ()))


def _on_list(words: list[str], member: Member) -> bool:
    return not _barred(words, member) and ("*" in words or member.name in words)


def _barred(words: list[str], member: Member) -> bool:
    if f"-{member.name}" in words:
        return True
    return not member.parameters and f"-{member.name}()" in words
