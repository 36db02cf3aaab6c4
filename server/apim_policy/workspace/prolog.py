"""What stands before a document's root element, read without parsing the rest."""

from __future__ import annotations

import re
from typing import NamedTuple

from apim_policy.syntax.tree import ROOTS
from apim_policy.text.span import Span

_NAME = re.compile(r"[A-Za-z_][\w.:-]*")
_ROOT_TAG = re.compile(rf"<({'|'.join(sorted(ROOTS))})(?=[\s/>])")
# What opens something that is no element, and what ends it.
_OTHER = (("<!--", "-->"), ("<?", "?>"), ("<!", ">"))


class Prolog(NamedTuple):
    """The start of a text."""

    comments: tuple[Span, ...]
    """Comments before the first element, ``<!--`` and ``-->`` included."""
    root: str | None
    """Name of the first element; None where there is none."""
    root_start: int
    """Offset of the first element's ``<``; the text's length where there is none."""
    complete: bool
    """False where more characters could say otherwise."""

    @property
    def is_policy(self) -> bool:
        """Whether the text is a policy document."""
        return self.root in ROOTS


def read_prolog(text: str, *, whole: bool = True) -> Prolog:
    """The prolog of a text, or of its first characters where ``whole`` is False.

    Text that stands where none should is passed over. A comment that is never closed is taken to end where a policy
    document's root element begins, so that the document is found and its fault reported.
    """
    comments: list[Span] = []
    start = text.find("<")
    while start >= 0:
        name = _NAME.match(text, start + 1)
        if name is not None:
            return Prolog(tuple(comments), name.group(), start, whole or name.end() < len(text))
        end = start + 1
        for opening, closing in _OTHER:
            if text.startswith(opening, start):
                close = text.find(closing, start + len(opening))
                if close < 0:
                    root = _ROOT_TAG.search(text, start) if whole else None
                    if root is None:
                        return Prolog(tuple(comments), None, len(text), whole)
                    return Prolog(tuple(comments), root.group(1), root.start(), True)
                end = close + len(closing)
                if opening == "<!--":
                    comments.append(Span(start, end))
                break
        start = text.find("<", end)
    return Prolog(tuple(comments), None, len(text), whole)
