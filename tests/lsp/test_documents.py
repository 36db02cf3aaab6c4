"""The mirror of the client's documents."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apim_policy.lsp.documents import Change, Documents, apply_changes
from apim_policy.text.lines import LineIndex, Position, Unit

URI = "file:///work/policy.xml"
CODECS = {Unit.UTF8: ("utf-8", 1), Unit.UTF16: ("utf-16-le", 2), Unit.UTF32: ("utf-32-le", 4)}


def edit(text: str, *changes: Change, unit: Unit = Unit.UTF16) -> str:
    return apply_changes(LineIndex(text), changes, unit)


def change(line: int, column: int, end_line: int, end_column: int, text: str) -> Change:
    return Change(Position(line, column), Position(end_line, end_column), text)


def insert(line: int, column: int, text: str) -> Change:
    return change(line, column, line, column, text)


def test_an_insertion_past_the_end_of_the_last_line_goes_to_the_end() -> None:
    assert edit("<policies", insert(0, 99, ">")) == "<policies>"
    assert edit("<policies\n", insert(9, 9, ">")) == "<policies\n>"


def test_a_column_past_the_end_of_a_line_stays_before_its_line_end() -> None:
    assert edit("a\r\nb", insert(0, 99, "!")) == "a!\r\nb"


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x0b", "\x0c", "\x1c", "\x85"])
def test_only_line_feeds_and_carriage_returns_end_a_line(separator: str) -> None:
    assert edit(f"a{separator}b\nc", insert(1, 1, "!")) == f"a{separator}b\nc!"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_counts(end: str) -> None:
    assert edit(f"a{end}{end}b", insert(2, 0, "!")) == f"a{end}{end}!b"


@pytest.mark.parametrize(("unit", "column"), [(Unit.UTF8, 4), (Unit.UTF16, 2), (Unit.UTF32, 1)])
def test_columns_count_what_was_agreed(unit: Unit, column: int) -> None:
    assert edit("😀x", insert(0, column, "!"), unit=unit) == "😀!x"


def test_a_column_within_a_character_means_its_start() -> None:
    assert edit("😀x", insert(0, 1, "!")) == "!😀x"


def test_a_range_that_is_the_wrong_way_round_is_read_the_right_way() -> None:
    assert edit("abcd", change(0, 3, 0, 1, "")) == "ad"


def test_each_change_speaks_of_the_text_that_the_one_before_it_left() -> None:
    assert edit("a\nb", change(0, 1, 1, 0, ""), insert(0, 2, "!")) == "ab!"
    assert edit("abc", insert(0, 3, "d"), insert(0, 4, "e")) == "abcde"
    assert edit("abc", insert(0, 2, "\n"), insert(1, 1, "!")) == "ab\nc!"


def test_a_change_without_a_range_replaces_everything() -> None:
    assert edit("abc", insert(0, 0, "x"), Change(None, None, "new\ntext"), insert(1, 4, "!")) == "new\ntext!"


POSITIONS = st.builds(Position, st.integers(0, 8), st.integers(0, 12))
TEXTS = st.text(st.sampled_from("ab\n\r\u2028\x0bé😀<"), max_size=20)
CHANGES = st.lists(st.builds(Change, POSITIONS, POSITIONS, TEXTS), max_size=6)


@given(TEXTS, CHANGES, st.sampled_from(Unit))
@settings(max_examples=400)
def test_changes_mean_the_same_as_in_an_editor_that_counts_bytes(
    text: str, changes: list[Change], unit: Unit
) -> None:
    expected = text
    for step in changes:
        expected = by_bytes(expected, step, unit)
    assert apply_changes(LineIndex(text), changes, unit) == expected


@given(TEXTS, CHANGES)
def test_edits_sent_together_or_one_by_one_are_the_same(text: str, changes: list[Change]) -> None:
    together, single = Documents(Unit.UTF16, Path("/work")), Documents(Unit.UTF16, Path("/work"))
    together.open(URI, "xml", 1, text)
    single.open(URI, "xml", 1, text)
    together.change(URI, 2, changes)
    for step in changes:
        single.change(URI, 2, [step])
    left, right = together.get(URI), single.get(URI)
    assert left is not None
    assert right is not None
    assert left.text == right.text


def by_bytes(text: str, step: Change, unit: Unit) -> str:
    codec, size = CODECS[unit]
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
    assert "".join(lines) == text

    def place(position: Position) -> int:
        if position.line >= len(lines):
            return len(text)
        line = lines[position.line].rstrip("\r\n")
        counted = line.encode(codec)[: position.column * size].decode(codec, "ignore")
        return sum(map(len, lines[: position.line])) + len(counted)

    assert step.start is not None
    assert step.end is not None
    start, end = sorted((place(step.start), place(step.end)))
    return text[:start] + step.text + text[end:]


def test_a_document_is_found_however_its_uri_is_escaped() -> None:
    documents = Documents(Unit.UTF16, Path("/work"))
    document = documents.open("file:///w/%7Ba%7D%20b.xml", "xml", 1, "")
    assert document.path == Path("/w/{a} b.xml")
    assert documents.get("file:///w/{a}%20b.xml") is document
    assert documents.get("file:///w/%7ba%7d%20b.xml") is document
    assert documents.at(Path("/w/{a} b.xml")) is document


def test_versions_never_change_under_those_who_hold_them() -> None:
    documents = Documents(Unit.UTF16, Path("/work"))
    before = documents.open(URI, "xml", 1, "a")
    after = documents.change(URI, 2, [insert(0, 1, "b")])
    assert after is not None
    assert (before.text, before.version) == ("a", 1)
    assert (after.text, after.version) == ("ab", 2)
    assert after.revision > before.revision


def test_what_was_never_opened_is_neither_changed_nor_closed() -> None:
    documents = Documents(Unit.UTF16, Path("/work"))
    assert documents.change(URI, 2, [insert(0, 0, "a")]) is None
    assert documents.close(URI) is None


def test_a_closed_document_is_gone() -> None:
    documents = Documents(Unit.UTF16, Path("/work"))
    documents.open(URI, "xml", 1, "a")
    documents.close(URI)
    assert documents.get(URI) is None
    assert list(documents) == []


def test_buffers_without_a_file_have_paths_of_their_own() -> None:
    documents = Documents(Unit.UTF16, Path("/work"))
    first = documents.open("untitled:Untitled-1", "apim-policy", 1, "")
    second = documents.open("git:/work/policy.xml?%7B%22ref%22%3A%22%22%7D", "apim-policy", 1, "")
    assert first.path != second.path
    assert not first.path.exists()
    assert documents.open("untitled:Untitled-1", "apim-policy", 2, "x").path == first.path
