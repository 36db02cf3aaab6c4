from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apim_policy.text.span import Span
from apim_policy.workspace.files import FileStore
from apim_policy.workspace.json_file import JsonFile

if TYPE_CHECKING:
    from pathlib import Path

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def read(folder: Path, text: str | bytes) -> JsonFile | None:
    path = folder / "x.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return JsonFile.read(FileStore(), path)


def test_a_member_stands_from_its_name_to_the_end_of_its_value(tmp_path: Path) -> None:
    text = '{\n  "é": { "type" : "mcp", "tools": [ {"a": 1}, [2] ] }\n}'
    file = read(tmp_path, text)
    assert file is not None

    def quoted(*keys: str | int) -> str:
        return text[slice(*file.span(*keys))]

    assert quoted("é", "type") == '"type" : "mcp"'
    assert quoted("é", "tools", 0) == '{"a": 1}'
    assert quoted("é", "tools", 1) == "[2]"
    assert quoted("é", "tools", 1, 0) == "2"
    assert file.span("é", "nothing") == Span(0, 0)


def test_evidence_points_at_line_and_span(tmp_path: Path) -> None:
    file = read(tmp_path, '{\r\n  "a": 1,\r\n  "b": 2\r\n}')
    assert file is not None
    evidence = file.evidence("b is 2", "b")
    assert (evidence.line, evidence.text, evidence.path) == (2, "b is 2", tmp_path / "x.json")
    assert file.evidence("the file").span == Span(0, 0)


def test_keys_are_found_in_any_case(tmp_path: Path) -> None:
    file = read(tmp_path, '{"Properties": {"mcptools": [1]}}')
    assert file is not None
    assert file.key("properties", "mcpTools") == ("Properties", "mcptools")
    assert file.key("properties", "other") == ("Properties", "other")
    assert file.get(*file.key("properties", "mcpTools"), 0) == 1
    assert file.get("Properties", 0) is None
    assert file.get("Properties", "mcptools", 7) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"a": 1,}',
        "// x\n{}",
        b'{"a": "\xe9"}',
        "[" * 200_000,
        '{"a":' * 100_000,
        "[" + "9" * 10_000 + "]",
    ],
    ids=["empty", "open", "comma", "comment", "latin-1", "deep-list", "deep-object", "huge-number"],
)
def test_what_is_no_sensible_json_is_nothing(tmp_path: Path, text: str | bytes) -> None:
    assert read(tmp_path, text) is None


def test_a_missing_file_is_nothing(tmp_path: Path) -> None:
    assert JsonFile.read(FileStore(), tmp_path / "nowhere.json") is None


def test_a_very_long_file_is_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, " " * (16 * 1024 * 1024) + "{}") is None


def test_deep_members_have_no_place_but_a_value(tmp_path: Path) -> None:
    file = read(tmp_path, '{"a":' * 12 + "1" + "}" * 12)
    assert file is not None
    assert file.get(*["a"] * 12) == 1
    assert file.span(*["a"] * 8) != Span(0, 0)
    assert file.span(*["a"] * 12) == Span(0, 0)


@given(value=VALUES, indent=st.sampled_from([None, 2]), ascii_only=st.booleans())
def test_every_span_holds_its_value(
    value: object, indent: int | None, ascii_only: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    file = JsonFile(tmp_path_factory.getbasetemp(), text, value)

    def check(part: object, keys: tuple[str | int, ...]) -> None:
        if 0 < len(keys) <= 8:
            quoted = text[slice(*file.span(*keys))]
            last = keys[-1]
            expected = {last: part} if isinstance(last, str) else part
            assert json.loads(f"{{{quoted}}}" if isinstance(last, str) else quoted) == expected
        for key, inner in (
            part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
        ):
            check(inner, (*keys, key))

    check(value, ())
