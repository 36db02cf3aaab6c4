from __future__ import annotations

import pytest

from apim_policy.text.edits import OverlappingEditsError, TextEdit, apply_edits, conflict
from apim_policy.text.span import Span

TEXT = "<set-header />"


def test_replacement_insertion_and_deletion_speak_of_the_text_as_it_was() -> None:
    edits = [
        TextEdit.insert(len("<set-header"), ' name="X-A"'),
        TextEdit(Span(1, 4), "check"),
        TextEdit.delete(len("<set-header"), len("<set-header ")),
    ]
    assert apply_edits(TEXT, edits[:2]) == '<check-header name="X-A" />'
    assert apply_edits(TEXT, edits) == '<check-header name="X-A"/>'


def test_no_edit_changes_nothing() -> None:
    assert apply_edits(TEXT, []) == TEXT


def test_insertions_at_one_place_keep_their_order() -> None:
    assert apply_edits("[]", [TextEdit.insert(1, "a"), TextEdit.insert(1, "b")]) == "[ab]"


def test_an_insertion_stands_before_what_replaces_the_characters_behind_it() -> None:
    assert apply_edits("abc", [TextEdit(Span(1, 2), "B"), TextEdit.insert(1, "-")]) == "a-Bc"


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (TextEdit.delete(0, 3), TextEdit.delete(2, 4), True),
        (TextEdit.delete(0, 3), TextEdit.delete(0, 3), True),
        (TextEdit.delete(0, 3), TextEdit.delete(3, 4), False),
        (TextEdit.insert(1, "x"), TextEdit.delete(0, 3), True),
        (TextEdit.insert(0, "x"), TextEdit.delete(0, 3), False),
        (TextEdit.insert(3, "x"), TextEdit.delete(0, 3), False),
        (TextEdit.insert(1, "x"), TextEdit.insert(1, "y"), False),
    ],
)
def test_edits_conflict_when_one_changes_what_the_other_replaces(
    left: TextEdit, right: TextEdit, expected: bool
) -> None:
    assert conflict(left, right) is expected
    assert conflict(right, left) is expected


def test_edits_that_overlap_are_refused() -> None:
    with pytest.raises(OverlappingEditsError, match="edits overlap at offset 2"):
        apply_edits(TEXT, [TextEdit.delete(0, 3), TextEdit.delete(2, 4)])


def test_an_edit_outside_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="edit 10-20 lies outside a text of 14 characters"):
        apply_edits(TEXT, [TextEdit.delete(10, 20)])
