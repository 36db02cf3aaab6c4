"""Reads the tables of .NET assemblies (ECMA-335, partition II) and spells what they declare as C#."""

from __future__ import annotations

import json
import re
import struct
from typing import TYPE_CHECKING, Any, NamedTuple

import dnfile

if TYPE_CHECKING:
    from pathlib import Path

# II.23.1.16: element types that C# has a word or a name for.
PRIMITIVES = {
    0x01: "void",
    0x02: "bool",
    0x03: "char",
    0x04: "sbyte",
    0x05: "byte",
    0x06: "short",
    0x07: "ushort",
    0x08: "int",
    0x09: "uint",
    0x0A: "long",
    0x0B: "ulong",
    0x0C: "float",
    0x0D: "double",
    0x0E: "string",
    0x16: "TypedReference",
    0x18: "IntPtr",
    0x19: "UIntPtr",
    0x1C: "object",
}
KEYWORDS = {
    "System.Decimal": "decimal",
    "System.Object": "object",
    "System.String": "string",
    "System.Void": "void",
}
# II.22.9: how the constants of these element types lie in their blobs.
LAYOUTS = {4: "b", 5: "B", 6: "h", 7: "H", 8: "i", 9: "I", 10: "q", 11: "Q", 12: "f", 13: "d"}


def normal(name: str) -> str:
    """The key of a type: its full name without the marks of arity, and the number of its type arguments at the end."""
    arity = sum(int(number) for number in re.findall(r"`(\d+)", name))
    plain = re.sub(r"`\d+", "", name)
    return f"{plain}`{arity}" if arity else plain


class Assembly:
    """The tables of one assembly, indexed the way the extraction asks; rows count from 1."""

    def __init__(self, path: Path) -> None:
        image: Any = dnfile.dnPE(str(path))  # type: ignore[no-untyped-call]
        self.tables: Any = image.net.mdtables
        self.interfaces: dict[int, list[Any]] = {}
        self.accessors: dict[tuple[str, int], list[Any]] = {}
        self.constants: dict[tuple[str, int], tuple[int, bytes]] = {}
        self.attributes: dict[tuple[str, int], set[str]] = {}
        self._parameters: dict[tuple[str, int], list[tuple[int, str, int]]] = {}
        self._constraints: dict[int, list[Any]] = {}
        self._enclosing = {
            row.NestedClass.row_index: row.EnclosingClass.row_index for row in self._rows("NestedClass")
        }
        self.properties = {row.Parent.row_index: row.PropertyList for row in self._rows("PropertyMap")}
        self.events = {row.Parent.row_index: row.EventList for row in self._rows("EventMap")}
        for number, row in enumerate(self._rows("GenericParam"), 1):
            place = (row.Owner.table.name, row.Owner.row_index)
            self._parameters.setdefault(place, []).append((row.Number, str(row.Name), number))
        for row in self._rows("GenericParamConstraint"):
            self._constraints.setdefault(row.Owner.row_index, []).append(row.Constraint)
        for row in self._rows("InterfaceImpl"):
            self.interfaces.setdefault(row.Class.row_index, []).append(row.Interface)
        for row in self._rows("MethodSemantics"):
            place = (row.Association.table.name, row.Association.row_index)
            self.accessors.setdefault(place, []).append(row.Method)
        for row in self._rows("Constant"):
            self.constants[row.Parent.table.name, row.Parent.row_index] = (row.Type, bytes(row.Value.value))
        owners = {m.row_index: str(row.TypeName) for row in self._rows("TypeDef") for m in row.MethodList}
        for row in self._rows("CustomAttribute"):
            place = (row.Parent.table.name, row.Parent.row_index)
            if row.Type.table.name == "MethodDef":
                name = owners.get(row.Type.row_index, "")
            else:
                name = str(getattr(row.Type.row.Class.row, "TypeName", ""))
            self.attributes.setdefault(place, set()).add(name)

    def _rows(self, table: str) -> list[Any]:
        found = getattr(self.tables, table)
        return list(found.rows) if found is not None else []

    def type_rows(self) -> int:
        """How many types the assembly declares."""
        return len(self.tables.TypeDef.rows)

    def type_row(self, index: int) -> Any:
        """A row of TypeDef."""
        return self.tables.TypeDef.rows[index - 1]

    def generics(self, table: str, index: int) -> list[str]:
        """The names of the type parameters of a type or method."""
        return [name for _, name, _ in sorted(self._parameters.get((table, index), ()))]

    def constraints(self, table: str, index: int) -> list[tuple[str, Any]]:
        """The type parameters of a type or method that must be of some type, each with that type."""
        return [
            (name, constraint)
            for _, name, number in sorted(self._parameters.get((table, index), ()))
            for constraint in self._constraints.get(number, ())
        ]

    def name_of(self, table: str, index: int) -> str:
        """The full name of a row of TypeDef or TypeRef, with the marks of arity in it."""
        row = getattr(self.tables, table).rows[index - 1]
        own = str(row.TypeName)
        if table == "TypeDef" and index in self._enclosing:
            return self.name_of("TypeDef", self._enclosing[index]) + "." + own
        if table == "TypeRef" and row.ResolutionScope.table.name == "TypeRef":
            return self.name_of("TypeRef", row.ResolutionScope.row_index) + "." + own
        space = str(row.TypeNamespace)
        return f"{space}.{own}" if space else own

    def public(self, index: int) -> bool:
        """Whether other assemblies may name a type."""
        flags = self.type_row(index).Flags
        return bool(flags.tdPublic or (flags.tdNestedPublic and self.public(self._enclosing[index])))


class Type(NamedTuple):
    """A type of one assembly."""

    key: str
    number: int
    """The number of its row in TypeDef, from 1."""
    assembly: Assembly

    @property
    def row(self) -> Any:
        """Its row of TypeDef."""
        return self.assembly.type_row(self.number)

    @property
    def generics(self) -> list[str]:
        """The names of its type parameters."""
        return self.assembly.generics("TypeDef", self.number)


class Spelling:
    """Spells types as the lines of framework.json do: C#'s words, and simple names where the import is clear."""

    def __init__(self, imported: set[str], keys: list[str]) -> None:
        self._imported = imported
        self.seen: set[str] = set()
        """The keys of all types spelled so far."""
        self._recent: set[str] = set()
        counts: dict[str, int] = {}
        for key in keys:
            space, _, own = key.rpartition(".")
            if space in imported:
                counts[own] = counts.get(own, 0) + 1
        self._unique = {own for own, count in counts.items() if count == 1}

    def named(self, name: str, arguments: list[str]) -> str:
        """A type by its full name, and the spellings of its arguments."""
        key = normal(name)
        self._recent.add(key)
        self.seen.add(key)
        if key == "System.Nullable`1" and arguments:
            return arguments[0] + "?"
        if key in KEYWORDS:
            return KEYWORDS[key]
        space, _, own = key.rpartition(".")
        spelled = (own if space in self._imported and own in self._unique else key).partition("`")[0]
        return f"{spelled}<{', '.join(arguments)}>" if arguments else spelled

    def recent(self) -> frozenset[str]:
        """The keys of the types spelled since this was last asked."""
        found = frozenset(self._recent)
        self._recent.clear()
        return found

    def coded(self, type_: Type, coded: Any, method: list[str] | None = None) -> str:
        """A base, interface or constraint as a row of TypeDef, TypeRef or TypeSpec names it."""
        if coded.table.name == "TypeSpec":
            blob = bytes(coded.row.Signature.value)
            return Signature(blob, type_.assembly, self, type_.generics, method or []).type()
        return self.named(type_.assembly.name_of(coded.table.name, coded.row_index), [])


class Signature:
    """Reads one signature blob (II.23.2) from its beginning; the methods go on where the last one stopped."""

    def __init__(
        self, blob: bytes, assembly: Assembly, spelling: Spelling, own: list[str], method: list[str]
    ) -> None:
        self._blob, self._at = blob, 0
        self._assembly, self._spelling = assembly, spelling
        self._own, self._method = own, method
        self.unsafe = False
        """Whether a pointer was met, which expressions have no use for."""
        self.by_reference = False
        """Whether the type read last is passed by reference."""

    def byte(self) -> int:
        """One byte."""
        self._at += 1
        return self._blob[self._at - 1]

    def number(self) -> int:
        """A compressed unsigned number."""
        first = self.byte()
        if first < 0x80:
            return first
        if first < 0xC0:
            return (first & 0x3F) << 8 | self.byte()
        return (first & 0x1F) << 24 | self.byte() << 16 | self.byte() << 8 | self.byte()

    def type_name(self) -> str:
        """The full name of the type that a coded index points to."""
        token = self.number()
        return self._assembly.name_of(("TypeDef", "TypeRef", "TypeSpec")[token & 3], token >> 2)

    def type(self) -> str:
        """The spelling of a type."""
        self.by_reference = False
        element = self.byte()
        if element in PRIMITIVES:
            return PRIMITIVES[element]
        match element:
            case 0x10:
                spelled = self.type()
                self.by_reference = True
                return spelled
            case 0x11 | 0x12:
                return self._spelling.named(self.type_name(), [])
            case 0x13:
                return self._own[self.number()]
            case 0x14:
                return self._array()
            case 0x15:
                self.byte()
                name = self.type_name()
                return self._spelling.named(name, [self.type() for _ in range(self.number())])
            case 0x1D:
                return self.type() + "[]"
            case 0x1E:
                return self._method[self.number()]
            case 0x1F | 0x20:
                self.type_name()
                return self.type()
            case 0x0F | 0x1B | 0x41:
                self.unsafe = True
                return self.type() if element == 0x0F else "void"
            case 0x45:
                return self.type()
        raise ValueError(f"unknown element type {element:#x}")

    def _array(self) -> str:
        inner = self.type()
        rank = self.number()
        for _ in ("sizes", "lower bounds"):
            for _ in range(self.number()):
                self.number()
        return f"{inner}[{',' * (rank - 1)}]"


def constant(kind: int, raw: bytes) -> str:
    """A constant as C# writes it, by its element type and bytes."""
    if kind == 0x0E:
        return json.dumps(raw.decode("utf-16-le"), ensure_ascii=False)
    if kind == 0x12:
        return "null"
    if kind == 0x02:
        return "true" if raw[0] else "false"
    if kind == 0x03:
        return repr(raw.decode("utf-16-le"))
    return str(struct.unpack("<" + LAYOUTS[kind], raw)[0])
