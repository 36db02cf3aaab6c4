"""Texts made to hurt: no exception, no deep recursion, no more work for each character than for the first.

Work is counted in calls, which is the same on every machine; ``benchmarks/parsing.py`` measures time.
"""

from __future__ import annotations

import sys

import pytest

from apim_policy.syntax.masking import masked
from apim_policy.syntax.parser import parse
from apim_policy.syntax.tokens import tokens
from support.hostile import CASES, hostile
from support.trees import check_document


def calls_to_parse(text: str) -> int:
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        if event in ("call", "c_call"):
            calls += 1

    sys.setprofile(count)
    try:
        document = parse(text)
        masked(document)
        for _ in tokens(document):
            pass
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("name", CASES)
def test_twice_the_text_is_twice_the_work(name: str) -> None:
    once, twice = calls_to_parse(hostile(name, 400)), calls_to_parse(hostile(name, 800))
    assert twice <= 2.2 * once + 200


@pytest.mark.parametrize("name", CASES)
def test_the_tree_is_sound(name: str) -> None:
    check_document(parse(hostile(name, 300)))


@pytest.mark.parametrize(
    "name", ["open tags of two names", "holes in holes", "open comments", "crossed tags"]
)
def test_deep_nesting_does_not_recurse(name: str) -> None:
    document = parse(hostile(name, 20_000))
    assert document.faults
    assert len(masked(document)) == len(document.text)
