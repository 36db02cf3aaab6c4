"""Columns of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.report.style import without_escapes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apim_policy.report.style import Style


def table(heads: Sequence[str], rows: Sequence[Sequence[str] | str], style: Style) -> str:
    """Rows under their heads, each column as wide as its widest cell; ends with a line end.

    Cells may carry colour. A row that is a text is a line of its own across all columns.
    """
    widths = [len(head) for head in heads]
    for row in rows:
        if isinstance(row, str):
            continue
        for index, cell in enumerate(row):
            widths[index] = max(widths[index], len(without_escapes(cell)))
    lines = [_line([style.bold(head) for head in heads], widths)]
    lines.extend(row if isinstance(row, str) else _line(row, widths) for row in rows)
    return "".join(f"{line}\n" for line in lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        cell + " " * (width - len(without_escapes(cell))) for cell, width in zip(cells, widths, strict=False)
    ]
    return "  ".join(padded).rstrip()
