"""Words in messages: lists, and the name that was probably meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_NEAR = 65


def listed(words: Iterable[str], joined_by: str = "and") -> str:
    """``a, b and c``. Raises ValueError where there are no words."""
    *most, last = words
    return f"{', '.join(most)} {joined_by} {last}" if most else last


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that ``word`` is most probably a misspelling of; letter case and punctuation count for nothing."""
    from rapidfuzz import fuzz, process, utils

    found = process.extractOne(
        word, sorted(known), scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=_NEAR
    )
    return found[0] if found else None
