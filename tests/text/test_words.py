"""Lists in messages, and names that were probably meant."""

from __future__ import annotations

import pytest

from apim_policy.text.words import listed, nearest


def test_words_are_listed_as_they_are_read_aloud():
    assert listed(["a"]) == "a"
    assert listed(["a", "b"]) == "a and b"
    assert listed(["a", "b", "c"], "or") == "a, b or c"


def test_no_words_are_no_list():
    with pytest.raises(ValueError, match="not enough values"):
        listed([])


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("inbond", "inbound"),
        ("Outbound", "outbound"),
        ("on_error", "on-error"),
        ("onerror", "on-error"),
        ("set-header", None),
        ("", None),
    ],
)
def test_the_nearest_known_word(word: str, meant: str | None):
    assert nearest(word, {"inbound", "outbound", "backend", "on-error"}) == meant
