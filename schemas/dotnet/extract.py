"""Read the names and signatures of .NET types from assemblies that Debian packages, and write framework.json.

Usage: python schemas/dotnet/extract.py [--assemblies FOLDER]

Without a folder the packages are downloaded with `apt-get download` into a temporary directory and unpacked
there with `dpkg-deb`; nothing is installed. Only names and signatures are written: no code, no documentation.
"""

from __future__ import annotations

import argparse
import json
import re
import struct
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import dnfile

PACKAGES = (
    "libmono-corlib4.5-dll",
    "libmono-system4.0-cil",
    "libmono-system-core4.0-cil",
    "libmono-system-xml4.0-cil",
    "libmono-system-xml-linq4.0-cil",
    "libmono-system-net-http4.0-cil",
    "libmono-system-numerics4.0-cil",
    "libnewtonsoft-json5.0-cil",
)
ASSEMBLIES = (
    "mscorlib.dll",
    "System.dll",
    "System.Core.dll",
    "System.Xml.dll",
    "System.Xml.Linq.dll",
    "System.Net.Http.dll",
    "System.Numerics.dll",
    "Newtonsoft.Json.dll",
)
PACKAGE = Path(__file__).resolve().parents[2] / "server" / "apim_policy" / "csharp"

# ECMA-335 II.23.1.16: element types that C# has a word or a name for.
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
    "System.Void": "void",
    "System.Boolean": "bool",
    "System.Char": "char",
    "System.SByte": "sbyte",
    "System.Byte": "byte",
    "System.Int16": "short",
    "System.UInt16": "ushort",
    "System.Int32": "int",
    "System.UInt32": "uint",
    "System.Int64": "long",
    "System.UInt64": "ulong",
    "System.Single": "float",
    "System.Double": "double",
    "System.String": "string",
    "System.Object": "object",
    "System.Decimal": "decimal",
}
# What every type inherits or the compiler uses, and expressions never name.
HIDDEN_METHODS = frozenset({"Finalize", ".cctor"})
HIDDEN_BASES = frozenset({"System.Object", "System.ValueType", "System.MulticastDelegate", "System.Delegate"})


class Type(NamedTuple):
    """A type of one assembly with what the tables say of it."""

    key: str
    index: int
    """The number of its row in TypeDef, from 1."""
    assembly: Assembly


class Assembly:
    """The tables of one assembly, indexed the way the extraction asks."""

    def __init__(self, path: Path) -> None:
        self.tables = dnfile.dnPE(str(path)).net.mdtables
        self.parameters: dict[tuple[str, int], list[tuple[int, str]]] = {}
        self.interfaces: dict[int, list[Any]] = {}
        self.properties: dict[int, list[Any]] = {}
        self.events: dict[int, list[Any]] = {}
        self.accessors: dict[tuple[str, int], list[Any]] = {}
        self.constants: dict[tuple[str, int], tuple[int, bytes]] = {}
        self.attributes: dict[tuple[str, int], set[str]] = {}
        self.enclosing: dict[int, int] = {}
        self._owners: dict[int, str] = {}
        self._index()

    def _rows(self, table: str) -> list[Any]:
        found = getattr(self.tables, table)
        return list(found.rows) if found is not None else []

    def _index(self) -> None:
        for row in self._rows("NestedClass"):
            self.enclosing[row.NestedClass.row_index] = row.EnclosingClass.row_index
        for row in self._rows("GenericParam"):
            place = (row.Owner.table.name, row.Owner.row_index)
            self.parameters.setdefault(place, []).append((row.Number, str(row.Name)))
        for row in self._rows("InterfaceImpl"):
            self.interfaces.setdefault(row.Class.row_index, []).append(row.Interface)
        for row in self._rows("PropertyMap"):
            self.properties[row.Parent.row_index] = row.PropertyList
        for row in self._rows("EventMap"):
            self.events[row.Parent.row_index] = row.EventList
        for row in self._rows("MethodSemantics"):
            place = (row.Association.table.name, row.Association.row_index)
            self.accessors.setdefault(place, []).append(row.Method)
        for row in self._rows("Constant"):
            place = (row.Parent.table.name, row.Parent.row_index)
            self.constants[place] = (row.Type, bytes(row.Value.value))
        for number, row in enumerate(self._rows("TypeDef"), 1):
            for method in row.MethodList:
                self._owners[method.row_index] = str(row.TypeName)
            if number in self.enclosing:
                continue
        for row in self._rows("CustomAttribute"):
            place = (row.Parent.table.name, row.Parent.row_index)
            self.attributes.setdefault(place, set()).add(self._attribute(row.Type))

    def _attribute(self, constructor: Any) -> str:
        if constructor.table.name == "MethodDef":
            return self._owners.get(constructor.row_index, "")
        return str(getattr(constructor.row.Class.row, "TypeName", ""))

    def generic_names(self, table: str, index: int) -> list[str]:
        return [name for _, name in sorted(self.parameters.get((table, index), ()))]

    def name_of(self, table: str, index: int) -> str:
        """The full name of a row of TypeDef or TypeRef, with the arity marks in it."""
        row = getattr(self.tables, table).rows[index - 1]
        own = str(row.TypeName)
        if table == "TypeDef" and index in self.enclosing:
            return self.name_of("TypeDef", self.enclosing[index]) + "." + own
        if table == "TypeRef" and row.ResolutionScope.table.name == "TypeRef":
            return self.name_of("TypeRef", row.ResolutionScope.row_index) + "." + own
        space = str(row.TypeNamespace)
        return f"{space}.{own}" if space else own

    def visible(self, index: int) -> bool:
        flags = self.tables.TypeDef.rows[index - 1].Flags
        if flags.tdPublic:
            return True
        return bool(flags.tdNestedPublic) and self.visible(self.enclosing[index])


class Spelling:
    """Spells types as signatures in framework.json do: C# words, and simple names where the import is clear."""

    def __init__(self, imported: set[str], by_name: dict[str, Type]) -> None:
        self.imported = imported
        self.by_name = by_name
        self.seen: set[str] = set()
        """The keys of all types spelled so far."""
        self.given: set[str] = set()
        """The keys of those that members give."""
        counts: dict[str, int] = {}
        for key in by_name:
            space, _, own = key.rpartition(".")
            if space in imported:
                counts[own] = counts.get(own, 0) + 1
        self.unique = {own for own, count in counts.items() if count == 1}

    def named(self, full: str, arguments: list[str]) -> str:
        full = normal(full)
        self.seen.add(full)
        if full == "System.Nullable`1" and arguments:
            return arguments[0] + "?"
        if full in KEYWORDS:
            return KEYWORDS[full]
        space, _, own = full.rpartition(".")
        spelled = own if space in self.imported and own in self.unique else full
        spelled = spelled.partition("`")[0]
        return f"{spelled}<{', '.join(arguments)}>" if arguments else spelled


class Signature:
    """Reads one signature blob (ECMA-335 II.23.2)."""

    def __init__(
        self, blob: bytes, assembly: Assembly, spelling: Spelling, own: list[str], method: list[str]
    ) -> None:
        self.blob, self.at = blob, 0
        self.assembly, self.spelling = assembly, spelling
        self.own, self.method = own, method
        self.unsafe = False

    def byte(self) -> int:
        self.at += 1
        return self.blob[self.at - 1]

    def number(self) -> int:
        first = self.byte()
        if first < 0x80:
            return first
        if first < 0xC0:
            return (first & 0x3F) << 8 | self.byte()
        return (first & 0x1F) << 24 | self.byte() << 16 | self.byte() << 8 | self.byte()

    def coded(self) -> str:
        token = self.number()
        table, index = ("TypeDef", "TypeRef", "TypeSpec")[token & 3], token >> 2
        return self.assembly.name_of(table, index)

    def result(self) -> str:
        """The spelling of a type that a member gives."""
        before, self.spelling.seen = self.spelling.seen, set()
        spelled = self.type()[0]
        self.spelling.given |= self.spelling.seen
        self.spelling.seen |= before
        return spelled

    def type(self) -> tuple[str, bool]:
        """The spelling of a type, and whether it is passed by reference."""
        element = self.byte()
        if element in PRIMITIVES:
            return PRIMITIVES[element], False
        match element:
            case 0x0F | 0x1B | 0x41:
                self.unsafe = True
                return ("void" if element != 0x0F else self.type()[0]), False
            case 0x10:
                return self.type()[0], True
            case 0x11 | 0x12:
                return self.spelling.named(self.coded(), []), False
            case 0x13:
                return self.own[self.number()], False
            case 0x1E:
                return self.method[self.number()], False
            case 0x15:
                self.byte()
                name = self.coded()
                arguments = [self.type()[0] for _ in range(self.number())]
                return self.spelling.named(name, arguments), False
            case 0x1D:
                return self.type()[0] + "[]", False
            case 0x14:
                inner = self.type()[0]
                rank = self.number()
                for _ in range(2):
                    for _ in range(self.number()):
                        self.number()
                return f"{inner}[{',' * (rank - 1)}]", False
            case 0x1F | 0x20:
                self.coded()
                return self.type()
            case 0x45:
                return self.type()
        raise ValueError(f"unknown element type {element:#x}")


def normal(name: str) -> str:
    """The key of a type: its full name without the marks of arity, and the number of its type arguments at the end."""
    arity = sum(int(number) for number in re.findall(r"`(\d+)", name))
    plain = re.sub(r"`\d+", "", name)
    return f"{plain}`{arity}" if arity else plain


def default(constant: tuple[int, bytes]) -> str:
    """A constant as C# writes it."""
    kind, raw = constant
    if kind == 0x0E:
        return json.dumps(raw.decode("utf-16-le"))
    if kind == 0x12:
        return "null"
    if kind == 0x02:
        return "true" if raw[0] else "false"
    if kind == 0x03:
        return repr(raw.decode("utf-16-le"))
    layouts = {4: "b", 5: "B", 6: "h", 7: "H", 8: "i", 9: "I", 10: "q", 11: "Q", 12: "f", 13: "d"}
    return str(struct.unpack("<" + layouts[kind], raw)[0])


class Extractor:
    """Turns the rows of types into lines of C#."""

    def __init__(self, types: dict[str, Type], spelling: Spelling) -> None:
        self.types = types
        self.spelling = spelling

    def spelled(self, type_: Type, coded: Any) -> str:
        """A base class or interface as a row of TypeDef, TypeRef or TypeSpec names it."""
        table, index = coded.table.name, coded.row_index
        own = type_.assembly.generic_names("TypeDef", type_.index)
        if table == "TypeSpec":
            blob = bytes(coded.row.Signature.value)
            return Signature(blob, type_.assembly, self.spelling, own, []).type()[0]
        return self.spelling.named(type_.assembly.name_of(table, index), [])

    def describe(self, type_: Type) -> dict[str, Any]:
        """What framework.json holds of a type whose members are kept."""
        assembly, index = type_.assembly, type_.index
        row = assembly.tables.TypeDef.rows[index - 1]
        own = assembly.generic_names("TypeDef", index)
        found: dict[str, Any] = {}
        if own:
            found["parameters"] = own
        bases = []
        base = row.Extends
        extends = ""
        if base is not None and base.row is not None:
            extends = self.spelled(type_, base)
            if extends != "object" and extends not in ("ValueType", "Enum", "MulticastDelegate"):
                bases.append(extends)
        for interface in assembly.interfaces.get(index, ()):
            if not self._public(assembly, interface):
                continue
            spelled = self.spelled(type_, interface)
            bases.append(spelled)
        if bases:
            found["bases"] = bases
        if extends == "Enum":
            found["kind"] = "enum"
            found["members"] = "\n".join(
                str(field.row.Name)
                for field in row.FieldList
                if field.row.Flags.fdStatic and field.row.Flags.fdPublic
            )
            return found
        if extends == "MulticastDelegate":
            found["kind"] = "delegate"
        elif row.Flags.tdInterface:
            found["kind"] = "interface"
        elif extends == "ValueType":
            found["kind"] = "struct"
        elif row.Flags.tdAbstract and row.Flags.tdSealed:
            found["kind"] = "static"
        elif row.Flags.tdAbstract:
            found["kind"] = "abstract"
        found["members"] = "\n".join(
            sorted(set(self.members(type_, own, delegate=extends == "MulticastDelegate")))
        )
        return found

    def _public(self, assembly: Assembly, coded: Any) -> bool:
        table, index = coded.table.name, coded.row_index
        if table == "TypeSpec":
            blob = bytes(coded.row.Signature.value)
            reader = Signature(blob, assembly, self.spelling, [], [])
            reader.byte()
            reader.byte()
            name = reader.coded()
        else:
            name = assembly.name_of(table, index)
        return normal(name) in self.types

    def members(self, type_: Type, own: list[str], *, delegate: bool) -> list[str]:
        assembly, index = type_.assembly, type_.index
        row = assembly.tables.TypeDef.rows[index - 1]
        lines: list[str] = []
        for field in row.FieldList:
            flags = field.row.Flags
            if not flags.fdPublic or flags.fdSpecialName:
                continue
            reader = Signature(bytes(field.row.Signature.value), assembly, self.spelling, own, [])
            reader.byte()
            spelled = reader.result()
            if not reader.unsafe:
                lines.append(f"{'static ' if flags.fdStatic else ''}{spelled} {field.row.Name};")
        hidden: set[int] = set()
        for entry in assembly.properties.get(index, ()):
            hidden.update(
                method.row_index for method in assembly.accessors.get(("Property", entry.row_index), ())
            )
            line = self.property(entry, assembly, own)
            if line:
                lines.append(line)
        for entry in assembly.events.get(index, ()):
            accessors = assembly.accessors.get(("Event", entry.row_index), ())
            hidden.update(method.row_index for method in accessors)
        for entry in row.MethodList:
            if entry.row_index in hidden or str(entry.row.Name) in HIDDEN_METHODS:
                continue
            if delegate and str(entry.row.Name) != "Invoke":
                continue
            line = self.method(entry, assembly, own)
            if line:
                lines.append(line)
        return lines

    def property(self, entry: Any, assembly: Assembly, own: list[str]) -> str | None:
        accessors = [m.row for m in assembly.accessors.get(("Property", entry.row_index), ())]
        public = [m for m in accessors if m.Flags.mdPublic and str(m.Name).startswith(("get_", "set_"))]
        if not public or "." in str(entry.row.Name):
            return None
        reader = Signature(bytes(entry.row.Type.value), assembly, self.spelling, own, [])
        reader.byte()
        count = reader.number()
        result = reader.result()
        taken = [reader.type()[0] for _ in range(count)]
        if reader.unsafe:
            return None
        static = "static " if public[0].Flags.mdStatic else ""
        body = " ".join(sorted(str(m.Name)[:3] + ";" for m in public))
        if not taken:
            return f"{static}{result} {entry.row.Name} {{ {body} }}"
        names = [str(p.row.Name) for p in public[0].ParamList if p.row.Sequence]
        parameters = ", ".join(f"{kind} {name}" for kind, name in zip(taken, names, strict=False))
        return f"{static}{result} this[{parameters}] {{ {body} }}"

    def method(self, entry: Any, assembly: Assembly, own: list[str]) -> str | None:
        row, name = entry.row, str(entry.row.Name)
        if not row.Flags.mdPublic or "." in name[1:] or name.startswith("op_"):
            return None
        generics = assembly.generic_names("MethodDef", entry.row_index)
        reader = Signature(bytes(row.Signature.value), assembly, self.spelling, own, generics)
        convention = reader.byte()
        if convention & 0x10:
            reader.number()
        count = reader.number()
        result = reader.result()
        taken = [reader.type() for _ in range(count)]
        if reader.unsafe:
            return None
        rows = {p.row.Sequence: p for p in row.ParamList}
        marked = assembly.attributes.get(("MethodDef", entry.row_index), set())
        parameters = []
        for position, (kind, reference) in enumerate(taken, 1):
            place = rows.get(position)
            words = []
            attributes = assembly.attributes.get(("Param", place.row_index), set()) if place else set()
            if position == 1 and "ExtensionAttribute" in marked:
                words.append("this")
            if "ParamArrayAttribute" in attributes:
                words.append("params")
            if reference:
                words.append("out" if place and place.row.Flags.pdOut else "ref")
            words += [kind, str(place.row.Name) if place else f"arg{position}"]
            line = " ".join(words)
            constant = assembly.constants.get(("Param", place.row_index)) if place else None
            if constant:
                line += f" = {default(constant)}"
            parameters.append(line)
        listed = ", ".join(parameters)
        if name == ".ctor":
            return f".ctor({listed})"
        head = "static " if row.Flags.mdStatic else ""
        return f"{head}{result} {name}{'<' + ', '.join(generics) + '>' if generics else ''}({listed})"


def all_types(folder: Path) -> dict[str, Type]:
    """Every public type of the assemblies, by full name with arity."""
    found: dict[str, Type] = {}
    for name in ASSEMBLIES:
        assembly = Assembly(next(p for p in sorted(folder.rglob(name)) if "policy." not in p.name))
        for index in range(1, len(assembly.tables.TypeDef.rows) + 1):
            if assembly.visible(index):
                key = normal(assembly.name_of("TypeDef", index))
                found.setdefault(key, Type(key, index, assembly))
    return found


def download(folder: Path) -> None:
    """Download and unpack the packages; nothing is installed."""
    for package in PACKAGES:
        subprocess.run(["apt-get", "download", package], cwd=folder, check=True)
    for archive in sorted(folder.glob("*.deb")):
        subprocess.run(["dpkg-deb", "--extract", str(archive), str(folder / "unpacked")], check=True)


def is_interface(type_: Type) -> bool:
    """Whether a type is an interface."""
    return bool(type_.assembly.tables.TypeDef.rows[type_.index - 1].Flags.tdInterface)


def extract(folder: Path) -> dict[str, Any]:
    """The contents of framework.json."""
    facts = json.loads((PACKAGE / "context.json").read_text(encoding="utf-8"))
    types = all_types(folder)
    wanted = {name for name in facts["allowed"] if name in types}
    missing = sorted(set(facts["described"]) - set(types))
    if missing:
        sys.exit(f"no assembly has {', '.join(missing)}")
    spelling = Spelling(set(facts["imported"]), types)
    extractor = Extractor(types, spelling)
    described: dict[str, Any] = {}
    for name in sorted(wanted):
        described[name] = extractor.describe(types[name])
    # What allowed members give is allowed too; not so reflection, to which GetType leads from everywhere.
    returned = {name for name in spelling.given - wanted if name in types and name not in facts["unreturned"]}
    for name in sorted(returned | set(facts["described"])):
        described[name] = extractor.describe(types[name])
    # What signatures of those mention: enumerations and delegates in full, so that values and lambdas are known.
    for name in sorted(spelling.seen - set(described)):
        if name in types:
            told = extractor.describe(types[name])
            if told.get("kind") in ("enum", "delegate"):
                described[name] = told
    interfaces = sorted(
        key for key in spelling.seen - set(described) if key in types and is_interface(types[key])
    )
    names: dict[str, list[str]] = {}
    for key in sorted(types):
        space, _, own = key.rpartition(".")
        names.setdefault(space, []).append(own)
    return {
        "returned": " ".join(sorted(returned)),
        "interfaces": " ".join(interfaces),
        "types": dict(sorted(described.items())),
        "names": {k: " ".join(v) for k, v in sorted(names.items())},
    }


def main() -> None:
    """Read the assemblies and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--assemblies", type=Path, metavar="FOLDER", help="where the assemblies are already unpacked"
    )
    given = parser.parse_args().assemblies
    with tempfile.TemporaryDirectory() as temporary:
        folder = given or Path(temporary)
        if given is None:
            download(folder)
        found = extract(folder)
    text = json.dumps(found, indent=0, ensure_ascii=False)
    (PACKAGE / "framework.json").write_text(text + "\n", encoding="utf-8")
    print(
        f"{len(found['types'])} types with members, {sum(len(v.split()) for v in found['names'].values())} names"
    )


if __name__ == "__main__":
    main()
