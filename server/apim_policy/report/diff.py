"""Changes as a unified diff."""

from __future__ import annotations

import re
from difflib import unified_diff
from typing import TYPE_CHECKING

from apim_policy.report.style import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.report.style import Style

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_COLOURS = {"+": "32", "-": "31", "@": "36"}


def render(name: str, before: str | None, after: str, style: Style) -> str:
    """The change of one file, which ``patch`` understands; ``before`` is None for a new file."""
    old, new = _LINE.findall(before or ""), _LINE.findall(after)
    source = "/dev/null" if before is None else f"a/{name}"
    return "".join(_painted(unified_diff(old, new, source, f"b/{name}"), style))


def _painted(lines: Iterator[str], style: Style) -> Iterator[str]:
    for number, line in enumerate(lines):
        ending = "\n" if line.endswith("\n") else "\n\\ No newline at end of file\n"
        content = line.removesuffix("\n")
        if style.colour:
            # A patch must hold every character; a terminal must not obey them.
            content = printable(content.removesuffix("\r"))
        yield style.paint(content, "1" if number < 2 else _COLOURS.get(line[0], "0")) + ending
