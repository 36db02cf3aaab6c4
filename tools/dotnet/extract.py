"""Write framework.json: the names and signatures of .NET types, read from assemblies that Debian packages.

Without a folder of assemblies, the packages are downloaded with `apt-get download` into a temporary directory and
unpacked there with `dpkg-deb`; nothing is installed. Only names and signatures are written.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from metadata import Assembly, Signature, Spelling, Type, constant, normal

PACKAGES = {
    "libmono-corlib4.5-dll": "mscorlib.dll",
    "libmono-system4.0-cil": "System.dll",
    "libmono-system-core4.0-cil": "System.Core.dll",
    "libmono-system-xml4.0-cil": "System.Xml.dll",
    "libmono-system-xml-linq4.0-cil": "System.Xml.Linq.dll",
    "libmono-system-net-http4.0-cil": "System.Net.Http.dll",
    "libmono-system-numerics4.0-cil": "System.Numerics.dll",
    "libnewtonsoft-json5.0-cil": "Newtonsoft.Json.dll",
}
"""The packages of Debian 12, each with the assembly that is read of it."""

DATA = Path(__file__).resolve().parents[2] / "server" / "apim_policy" / "csharp"

# What the runtime calls and expressions never name.
HIDDEN = frozenset({"Finalize", ".cctor"})
# Bases that say no more than the kind of a type does.
IMPLIED = {"Enum": "enum", "MulticastDelegate": "delegate", "ValueType": "struct"}


class Member(NamedTuple):
    """A member in a line of C#."""

    name: str
    line: str
    given: frozenset[str] = frozenset()
    """The keys of the types that it gives."""
    taken: frozenset[str] = frozenset()
    """The keys of the types that it takes."""


class Extractor:
    """Describes types in lines of C#."""

    def __init__(self, types: dict[str, Type], spelling: Spelling) -> None:
        self.types = types
        self.spelling = spelling

    def describe(self, type_: Type) -> dict[str, Any]:
        """What framework.json holds of a type whose members are kept."""
        row = type_.row
        base = self.spelling.coded(type_, row.Extends) if row.Extends.row_index else "object"
        kind = IMPLIED.get(base, "")
        if row.Flags.tdInterface:
            kind = "interface"
        elif not kind and row.Flags.tdAbstract:
            kind = "static" if row.Flags.tdSealed else "abstract"
        found: dict[str, Any] = {"kind": kind} if kind else {}
        if type_.generics:
            found["parameters"] = type_.generics
        bases = self.bases(type_) if kind not in ("enum", "delegate") else []
        if base != "object" and base not in IMPLIED:
            bases.insert(0, base)
        if bases:
            found["bases"] = bases
        members = () if kind == "enum" else self.members(type_)
        kept = {
            (m.name, m.line.count(","), m.line) for m in members if kind != "delegate" or m.name == "Invoke"
        }
        lines = self.values(type_) if kind == "enum" else [line for _, _, line in sorted(kept)]
        found["members"] = "\n".join(lines)
        return found

    def bases(self, type_: Type) -> list[str]:
        """The public interfaces of a type."""
        found = []
        for interface in type_.assembly.interfaces.get(type_.number, ()):
            self.spelling.recent()
            spelled = self.spelling.coded(type_, interface)
            if self.spelling.recent() <= self.types.keys():
                found.append(spelled)
        return found

    def base_keys(self, type_: Type) -> frozenset[str]:
        """The keys of the public types that a type derives from directly."""
        self.spelling.recent()
        for interface in type_.assembly.interfaces.get(type_.number, ()):
            self.spelling.coded(type_, interface)
        if type_.row.Extends.row_index:
            self.spelling.coded(type_, type_.row.Extends)
        return self.spelling.recent() & self.types.keys()

    def values(self, type_: Type) -> list[str]:
        """The values of an enumeration, in its order."""
        flags = [(str(field.row.Name), field.row.Flags) for field in type_.row.FieldList]
        return [name for name, flag in flags if flag.fdStatic and flag.fdPublic]

    def members(self, type_: Type) -> list[Member]:
        """The public members that C# can name."""
        assembly = type_.assembly
        self.spelling.recent()
        found = [self.field(type_, entry.row) for entry in type_.row.FieldList]
        hidden: set[int] = set()
        for entry in assembly.properties.get(type_.number, ()):
            accessors = assembly.accessors.get(("Property", entry.row_index), ())
            hidden.update(method.row_index for method in accessors)
            found.append(self.property(type_, entry))
        for entry in assembly.events.get(type_.number, ()):
            accessors = assembly.accessors.get(("Event", entry.row_index), [])
            hidden.update(method.row_index for method in accessors)
            found.append(self.event(type_, entry.row, accessors[0].row.Flags))
        methods = [
            m for m in type_.row.MethodList if m.row_index not in hidden and str(m.row.Name) not in HIDDEN
        ]
        found.extend(self.method(type_, entry) for entry in methods)
        return [member for member in found if member is not None]

    def field(self, type_: Type, row: Any) -> Member | None:
        """A field, or nothing."""
        if not row.Flags.fdPublic or row.Flags.fdSpecialName:
            return None
        reader = Signature(bytes(row.Signature.value), type_.assembly, self.spelling, type_.generics, [])
        reader.byte()
        spelled = reader.type()
        if reader.unsafe:
            return None
        line = f"{'static ' if row.Flags.fdStatic else ''}{spelled} {row.Name};"
        return Member(str(row.Name), line, self.spelling.recent())

    def event(self, type_: Type, row: Any, flags: Any) -> Member | None:
        """An event; `flags` are those of the method that adds to it."""
        if not flags.mdPublic or "." in str(row.Name):
            return None
        spelled = self.spelling.coded(type_, row.EventType)
        line = f"{'static ' if flags.mdStatic else ''}event {spelled} {row.Name};"
        return Member(str(row.Name), line, taken=self.spelling.recent())

    def property(self, type_: Type, entry: Any) -> Member | None:
        """A property or an indexer, or nothing."""
        accessors = [m.row for m in type_.assembly.accessors.get(("Property", entry.row_index), ())]
        public = [m for m in accessors if m.Flags.mdPublic and str(m.Name).startswith(("get_", "set_"))]
        if not public or "." in str(entry.row.Name):
            return None
        reader = Signature(bytes(entry.row.Type.value), type_.assembly, self.spelling, type_.generics, [])
        reader.byte()
        count = reader.number()
        result = reader.type()
        given = self.spelling.recent()
        taken = [reader.type() for _ in range(count)]
        if reader.unsafe:
            return None
        static = "static " if public[0].Flags.mdStatic else ""
        body = " ".join(sorted(str(m.Name)[:3] + ";" for m in public))
        if not taken:
            return Member(str(entry.row.Name), f"{static}{result} {entry.row.Name} {{ {body} }}", given)
        names = [str(p.row.Name) for p in public[0].ParamList if p.row.Sequence]
        parameters = ", ".join(f"{kind} {name}" for kind, name in zip(taken, names, strict=False))
        line = f"{static}{result} this[{parameters}] {{ {body} }}"
        return Member("this[]", line, given, self.spelling.recent())

    def method(self, type_: Type, entry: Any) -> Member | None:
        """A method or a constructor, or nothing."""
        row, name, assembly = entry.row, str(entry.row.Name), type_.assembly
        if not row.Flags.mdPublic or "." in name[1:] or name.startswith("op_"):
            return None
        generics = assembly.generics("MethodDef", entry.row_index)
        reader = Signature(bytes(row.Signature.value), assembly, self.spelling, type_.generics, generics)
        if reader.byte() & 0x10:
            reader.number()
        count = reader.number()
        result = reader.type()
        given = self.spelling.recent()
        places = {p.row.Sequence: p for p in row.ParamList}
        extension = "ExtensionAttribute" in assembly.attributes.get(("MethodDef", entry.row_index), ())
        parameters = [self.parameter(assembly, reader, places.get(n), n) for n in range(1, count + 1)]
        if reader.unsafe:
            return None
        listed = ("this " if extension else "") + ", ".join(parameters)
        if name == ".ctor":
            return Member(name, f".ctor({listed})", given, self.spelling.recent())
        head = "static " if row.Flags.mdStatic else ""
        line = f"{head}{result} {name}{'<' + ', '.join(generics) + '>' if generics else ''}({listed})"
        if extension:
            for parameter, coded in assembly.constraints("MethodDef", entry.row_index):
                line += f" where {parameter} : {self.spelling.coded(type_, coded, generics)}"
        return Member(name, line, given, self.spelling.recent())

    def parameter(self, assembly: Assembly, reader: Signature, place: Any, position: int) -> str:
        """The next parameter of a signature; `place` is its row of Param."""
        spelled = reader.type()
        if place is None:
            return f"{spelled} arg{position}"
        attributes = assembly.attributes.get(("Param", place.row_index), ())
        modifier = "params " if "ParamArrayAttribute" in attributes else ""
        if reader.by_reference:
            modifier = "out " if place.row.Flags.pdOut else "ref "
        default = assembly.constants.get(("Param", place.row_index))
        return f"{modifier}{spelled} {place.row.Name}" + (f" = {constant(*default)}" if default else "")


def all_types(folder: Path) -> dict[str, Type]:
    """Every public type of the assemblies in a folder, by key."""
    found: dict[str, Type] = {}
    for name in PACKAGES.values():
        path = next((p for p in sorted(folder.rglob(name)) if not p.is_symlink()), None)
        if path is None:
            sys.exit(f"{folder} holds no {name}; unpack the packages {', '.join(PACKAGES)} there")
        assembly = Assembly(path)
        for index in range(1, assembly.type_rows() + 1):
            if assembly.public(index):
                key = normal(assembly.name_of("TypeDef", index))
                found.setdefault(key, Type(key, index, assembly))
    return found


def download(folder: Path) -> None:
    """Download and unpack the packages."""
    for package in PACKAGES:
        subprocess.run(["apt-get", "download", package], cwd=folder, check=True)
    for archive in sorted(folder.glob("*.deb")):
        subprocess.run(["dpkg-deb", "--extract", str(archive), str(folder / "unpacked")], check=True)


def extract(folder: Path) -> dict[str, Any]:
    """The contents of framework.json."""
    facts = json.loads((DATA / "dotnet.json").read_text(encoding="utf-8"))
    types = all_types(folder)
    spelling = Spelling(set(facts["imported"]), list(types))
    extractor = Extractor(types, spelling)
    allowed = {key: words.split() for key, words in facts["allowed"].items() if key in types}
    returned: set[str] = set()
    related: set[str] = set()
    for key, words in allowed.items():
        related |= extractor.base_keys(types[key])
        for member in extractor.members(types[key]):
            if "*" in words or member.name in words:
                returned |= member.given & types.keys()
                related |= (member.given | member.taken) & types.keys()
    apart = tuple(facts["apart"])
    returned = {key for key in returned - allowed.keys() if not key.startswith(apart)}
    refused = (*apart, *facts["refused"])
    related = {key for key in related - allowed.keys() - returned if not key.startswith(refused)}
    wanted = allowed.keys() | returned | set(facts["described"])
    waiting = sorted(wanted)
    described: dict[str, Any] = {}
    spelling.seen.clear()
    while waiting:
        key = waiting.pop()
        if key not in types:
            sys.exit(f"no assembly has {key}")
        if key not in described:
            described[key] = extractor.describe(types[key])
            waiting.extend(base for base in extractor.base_keys(types[key]) if not base.startswith(apart))
    # Of what signatures mention, enumerations and delegates: their values complete, and their lambdas have types.
    for key in sorted(spelling.seen & types.keys() - described.keys()):
        told = extractor.describe(types[key])
        if told.get("kind") in ("enum", "delegate"):
            described[key] = told
    names: dict[str, list[str]] = {}
    for key in sorted(types):
        space, _, own = key.rpartition(".")
        names.setdefault(space, []).append(own)
    for space, own in facts["elsewhere"].items():
        names[space] = own.split()
    interfaces = [key for key in types.keys() - described.keys() if types[key].row.Flags.tdInterface]
    return {
        "returned": " ".join(sorted(returned)),
        "related": " ".join(sorted(related)),
        "interfaces": " ".join(sorted(interfaces)),
        "types": dict(sorted(described.items())),
        "names": {space: " ".join(own) for space, own in sorted(names.items())},
    }


def main() -> None:
    """Read the assemblies and write the file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--assemblies", type=Path, metavar="FOLDER", help="where the packages are already unpacked"
    )
    given = parser.parse_args().assemblies
    with tempfile.TemporaryDirectory() as temporary:
        folder = given or Path(temporary)
        if given is None:
            download(folder)
        found = extract(folder)
    text = json.dumps(found, indent=0, ensure_ascii=False)
    (DATA / "framework.json").write_text(text + "\n", encoding="utf-8")
    print(
        f"{len(found['types'])} types with members, {sum(len(own.split()) for own in found['names'].values())} names"
    )


if __name__ == "__main__":
    main()
