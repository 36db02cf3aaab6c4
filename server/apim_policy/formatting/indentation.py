"""How far lines are indented."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apim_policy.syntax.tree import Document, Element

DEFAULT_UNIT = "    "
"""One step of indentation where a document shows none of its own; as the portal and the documentation write."""
_TAB = 4
"""How many columns a tab is taken for where tabs and blanks stand side by side."""

_LEADING = re.compile(r"[ \t]*")
# Whoever indents further than this aligns with something.
_WIDEST = 8


def width(text: str) -> int:
    """How many columns some characters take."""
    return len(text) + text.count("\t") * (_TAB - 1)


def blanks(columns: int, unit: str) -> str:
    """White space of that many columns, of tabs as far as they go where ``unit`` is one."""
    if "\t" in unit:
        return "\t" * (columns // _TAB) + " " * (columns % _TAB)
    return " " * columns


def leading(document: Document, offset: int) -> str:
    """The blanks at the start of the line that holds ``offset``."""
    lines = document.lines
    match = _LEADING.match(document.text, lines.line_start(lines.line_of(offset)))
    return match.group() if match else ""


def begins_line(document: Document, offset: int) -> bool:
    """Whether nothing but blanks stands before ``offset`` on its line."""
    lines = document.lines
    match = _LEADING.match(document.text, lines.line_start(lines.line_of(offset)))
    return match is not None and match.end() >= offset


def indentation_unit(document: Document, parents: Iterable[Element], default: str = DEFAULT_UNIT) -> str:
    """One step of a document's indentation: what most children of ``parents`` show; ``default`` where none does."""
    steps: Counter[str] = Counter()
    for parent in parents:
        if not begins_line(document, parent.start):
            continue
        outer = leading(document, parent.start)
        for child in parent.elements():
            if not begins_line(document, child.start):
                continue
            inner = leading(document, child.start)
            step = inner[len(outer) :]
            if step and inner.startswith(outer) and len(step) <= _WIDEST and len(set(step)) == 1:
                steps[step] += 1
    if not steps:
        return default
    most = max(steps.values())
    return min((step for step, count in steps.items() if count == most), key=width)
