"""Laws of positions, edits and encodings, each against the plainest way to say the same."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from apim_policy.text.edits import OverlappingEditsError, TextEdit, apply_edits, conflict
from apim_policy.text.encoding import Encoding, UndecodableError, decode
from apim_policy.text.lines import LineIndex, Position, Unit
from apim_policy.text.span import Span

# Ends of lines and what only looks like one; characters of one to four bytes and of two code units; half a pair.
_CHARS = (
    "a",
    "<",
    "\n",
    "\r",
    "\r\n",
    "\x0b",
    "\x0c",
    "\x85",
    "\u2028",
    "\u2029",
    "é",
    "€",
    "😀",
    "\ud83d",
    "\ufeff",
)
texts = st.lists(st.sampled_from(_CHARS), max_size=20).map("".join)
units = st.sampled_from(Unit)


def width(text: str, unit: Unit) -> int:
    codec, size = {Unit.UTF8: ("utf-8", 1), Unit.UTF16: ("utf-16-le", 2), Unit.UTF32: ("utf-32-le", 4)}[unit]
    # Encoded one by one, so that two halves of a pair are not taken for one character.
    return sum(len(char.encode(codec, "surrogatepass")) for char in text) // size


def split(text: str) -> list[str]:
    return re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)


@given(texts, units)
@example("a\r\nb", Unit.UTF16)
@example("\ud83d\ude00", Unit.UTF16)
def test_a_position_says_the_line_and_the_width_before(text: str, unit: Unit) -> None:
    index = LineIndex(text)
    lines = split(text)
    assert index.line_count == len(lines)
    offset = 0
    for number, line in enumerate(lines):
        assert index.line_start(number) == offset
        assert index.line_text(number) == line.rstrip("\r\n")
        for column in range(len(line) if number + 1 < len(lines) else len(line) + 1):
            assert index.position(offset + column, unit) == Position(number, width(line[:column], unit))
        offset += len(line)


@given(texts, units)
def test_an_offset_comes_back_from_its_position(text: str, unit: Unit) -> None:
    index = LineIndex(text)
    for offset in range(len(text) + 1):
        position = index.position(offset, unit)
        # A caret cannot stand inside a line end; the position there means the end of the line.
        assert index.offset(*position, unit) == min(offset, index.line_end(position.line))


@given(texts, units, st.integers(-2, 25), st.integers(-2, 90))
def test_any_position_is_a_place_in_the_text(text: str, unit: Unit, line: int, column: int) -> None:
    index = LineIndex(text)
    offset = index.offset(line, column, unit)
    assert 0 <= offset <= len(text)
    back = index.position(offset, unit)
    assert back <= Position(max(line, 0), max(column, 0))
    if 0 <= line < index.line_count:
        assert index.line_start(line) <= offset <= index.line_end(line)


def edits_of(text: str) -> st.SearchStrategy[list[TextEdit]]:
    ends = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
    new = st.sampled_from(("", "x", "\r\n", "😀<"))
    return st.lists(st.builds(lambda pair, new: TextEdit(Span(*sorted(pair)), new), ends, new), max_size=5)


texts_with_edits = texts.flatmap(lambda text: st.tuples(st.just(text), edits_of(text)))


def compatible(edits: list[TextEdit]) -> bool:
    return not any(conflict(left, right) for index, left in enumerate(edits) for right in edits[:index])


@given(texts_with_edits)
def test_edits_one_by_one_equal_the_change_at_once(case: tuple[str, list[TextEdit]]) -> None:
    text, edits = case
    kept: list[TextEdit] = []
    for edit in edits:
        if compatible([*kept, edit]):
            kept.append(edit)
    at_once = apply_edits(text, kept)
    one_by_one, shift = text, 0
    for span, new in sorted(kept, key=lambda edit: edit.span):
        one_by_one = apply_edits(one_by_one, [TextEdit(Span(span.start + shift, span.end + shift), new)])
        shift += len(new) - (span.end - span.start)
    assert at_once == one_by_one
    assert len(at_once) == len(text) + shift


@given(texts_with_edits)
def test_a_change_is_refused_exactly_where_two_edits_conflict(case: tuple[str, list[TextEdit]]) -> None:
    text, edits = case
    if compatible(edits):
        apply_edits(text, edits)
    else:
        with pytest.raises(OverlappingEditsError):
            apply_edits(text, edits)


@given(texts_with_edits)
def test_the_order_of_edits_does_not_matter_but_for_insertions_at_one_place(
    case: tuple[str, list[TextEdit]],
) -> None:
    text, edits = case
    places = [edit.span for edit in edits if edit.span.start == edit.span.end]
    if compatible(edits) and len(places) == len(set(places)):
        assert apply_edits(text, edits) == apply_edits(text, edits[::-1])


_encodings = st.sampled_from(
    (
        Encoding("utf-8"),
        Encoding("utf-8", b"\xef\xbb\xbf"),
        Encoding("utf-16-le", b"\xff\xfe"),
        Encoding("utf-16-be", b"\xfe\xff"),
    )
)


@given(texts.filter(lambda text: "\ud83d" not in text and not text.startswith("\ufeff")), _encodings)
def test_a_text_comes_back_from_its_bytes(text: str, encoding: Encoding) -> None:
    assert decode(encoding.encode(text)) == (text, encoding)


_pieces = (
    b"<",
    b"\x00",
    b"<\x00",
    b"\x00<",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xfe\xff",
    b"a",
    b"\xc3\xa9",
    b"\xff",
    b"\xd8",
)


@given(st.one_of(st.lists(st.sampled_from(_pieces), max_size=8).map(b"".join), st.binary(max_size=12)))
def test_bytes_that_can_be_read_come_back_unchanged(data: bytes) -> None:
    text, encoding, refused_at = "", None, -1
    try:
        text, encoding = decode(data)
    except UndecodableError as error:
        refused_at = error.offset
    if encoding is None:
        assert 0 <= refused_at < len(data)
    else:
        assert encoding.encode(text) == data
