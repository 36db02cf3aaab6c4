"""What was once reached on real documents is not lost again.

The figures are in ``record.json``; ``make ratchet`` records better ones.
"""

from __future__ import annotations

import dataclasses

import pytest

from corpus.measure import SCORER, Figures, losses, measure, read_figures, read_record

OUTPUT = """\
  some/policy.xml:3: POL001 <nope> is no policy
findings: {'error': 1}; error codes on sound documents: {'POL001': 1}
known defects not reported: []
time: 2.10 s for 100 documents without start-up, 21.00 ms each; mask and parse alone: 0.90 s; ratio 2.33
accept: 99 of 100 documents without an error-level finding (1 to read)
  missing_end_tag           25/25   2 with more than one finding for one fault
  no_return                  3/20   missed: a.xml line 4; reported instead: [('EXP001', 4)]
recall: 28 of 45 faults reported in place (62.2%); 2 cascades
"""
REACHED = Figures(
    documents=100,
    accepted=99,
    planted={"missing_end_tag": 25, "no_return": 20},
    reported={"missing_end_tag": 25, "no_return": 3},
    cascades={"missing_end_tag": 2, "no_return": 0},
)


@pytest.mark.corpus
@pytest.mark.skipif(not SCORER.is_file(), reason=f"no scorer at {SCORER}")
def test_nothing_is_worse_than_the_record() -> None:
    assert losses(read_record(), measure()) == [], (
        "worse than the record; after a wanted change: make ratchet"
    )


def test_figures_are_read_from_what_the_scorer_prints() -> None:
    assert read_figures(OUTPUT) == REACHED
    assert read_figures("usage: score.py\n") is None


def test_the_same_figures_are_no_loss() -> None:
    assert losses(REACHED, REACHED) == []


@pytest.mark.parametrize(
    ("change", "loss"),
    [
        ({"accepted": 98}, "98 of 100 documents are accepted; the record is 99 of 100"),
        (
            {"reported": {"missing_end_tag": 25, "no_return": 2}},
            "no_return: 2 of 20 faults are reported in place; the record is 3",
        ),
        (
            {"reported": {"missing_end_tag": 25}},
            "no_return: 0 of 20 faults are reported in place; the record is 3",
        ),
        (
            {"cascades": {"missing_end_tag": 3, "no_return": 0}},
            "missing_end_tag: 3 faults bring more than one finding; the record is 2",
        ),
    ],
)
def test_each_worse_figure_is_a_loss(change: dict[str, object], loss: str) -> None:
    assert losses(REACHED, dataclasses.replace(REACHED, **change)) == [loss]


def test_better_figures_are_no_loss() -> None:
    better = dataclasses.replace(REACHED, accepted=100, cascades={"missing_end_tag": 0, "no_return": 0})
    assert losses(REACHED, better) == []


def test_the_record_speaks_of_the_same_classes_throughout() -> None:
    record = read_record()
    assert set(record.planted) == set(record.reported) == set(record.cascades)
    assert record.accepted <= record.documents
