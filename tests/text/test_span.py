from __future__ import annotations

from apim_policy.text.span import Span


def test_a_caret_at_either_end_touches_the_span() -> None:
    assert [Span(2, 4).contains(offset) for offset in range(1, 6)] == [False, True, True, True, False]


def test_a_span_covers_itself_and_what_lies_within() -> None:
    assert Span(2, 6).covers(Span(2, 6))
    assert Span(2, 6).covers(Span(4, 4))
    assert not Span(2, 6).covers(Span(1, 3))
    assert not Span(2, 6).covers(Span(5, 7))


def test_spans_that_only_meet_do_not_overlap() -> None:
    assert Span(2, 4).overlaps(Span(3, 5))
    assert not Span(2, 4).overlaps(Span(4, 6))
    assert not Span(2, 4).overlaps(Span(3, 3))
