"""What the reader of assemblies makes of their bytes."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

pytest.importorskip("dnfile")

FOLDER = Path(__file__).parents[2] / "tools" / "dotnet"
NAMES = {
    1: "System.Collections.Generic.List`1",
    2: "System.DateTime",
    3: "System.Nullable`1",
    4: "Other.Thing",
}


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


metadata = load("metadata")
extract = load("extract")


class Tables:
    """An assembly that knows names only."""

    def name_of(self, table: str, index: int) -> str:
        return NAMES[index]


def spelled(*blob: int) -> str:
    spelling = metadata.Spelling({"System", "System.Collections.Generic"}, list(NAMES.values()))
    reader = metadata.Signature(bytes(blob), Tables(), spelling, ["TKey"], ["TSource"])
    return str(reader.type())


def token(index: int) -> int:
    """A row of TypeRef as signatures name it."""
    return index << 2 | 1


@pytest.mark.parametrize(
    ("blob", "expected"),
    [
        ((0x0E,), "string"),
        ((0x08,), "int"),
        ((0x1D, 0x1D, 0x05), "byte[][]"),
        ((0x13, 0), "TKey"),
        ((0x1E, 0), "TSource"),
        ((0x11, token(2)), "DateTime"),
        ((0x12, token(4)), "Other.Thing"),
        ((0x15, 0x12, token(1), 1, 0x0E), "List<string>"),
        ((0x15, 0x11, token(3), 1, 0x08), "int?"),
        ((0x15, 0x12, token(1), 1, 0x15, 0x12, token(1), 1, 0x1D, 0x02), "List<List<bool[]>>"),
        ((0x14, 0x08, 2, 0, 0), "int[,]"),
    ],
)
def test_types_are_spelled_as_in_csharp(blob: tuple[int, ...], expected: str) -> None:
    assert spelled(*blob) == expected


@pytest.mark.parametrize(
    ("blob", "number"),
    [((0x03,), 3), ((0x80, 0x80), 0x80), ((0xAE, 0x57), 0x2E57), ((0xC0, 0x00, 0x40, 0x00), 0x4000)],
)
def test_numbers_are_compressed(blob: tuple[int, ...], number: int) -> None:
    assert metadata.Signature(bytes(blob), Tables(), None, [], []).number() == number


def test_pointers_and_references_are_told() -> None:
    reader = metadata.Signature(bytes((0x10, 0x08, 0x0F, 0x05)), Tables(), None, [], [])
    assert reader.type() == "int"
    assert reader.by_reference
    assert not reader.unsafe
    reader.type()
    assert reader.unsafe


@pytest.mark.parametrize(
    ("kind", "raw", "expected"),
    [
        (0x02, b"\x01", "true"),
        (0x08, b"\xff\xff\xff\xff", "-1"),
        (0x0E, 'a"b'.encode("utf-16-le"), '"a\\"b"'),
        (0x12, b"\0\0\0\0", "null"),
        (0x03, b",\0", "','"),
    ],
)
def test_defaults_are_written_as_in_csharp(kind: int, raw: bytes, expected: str) -> None:
    assert metadata.constant(kind, raw) == expected


def test_keys_count_the_arguments_of_outer_types_too() -> None:
    assert metadata.normal("System.Collections.Generic.Dictionary`2.KeyCollection") == (
        "System.Collections.Generic.Dictionary.KeyCollection`2"
    )
    assert metadata.normal("System.String") == "System.String"


def test_a_folder_without_the_assemblies_is_told(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"holds no mscorlib\.dll; unpack the packages"):
        extract.all_types(tmp_path)


def test_the_page_names_what_is_read() -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    for package, assembly in extract.PACKAGES.items():
        assert f"| `{package}` | `{assembly}` |" in page
