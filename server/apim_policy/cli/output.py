"""Where a report goes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TextIO

from apim_policy.cli.main import UsageError
from apim_policy.report.style import PLAIN, style_of

if TYPE_CHECKING:
    from pathlib import Path

    from apim_policy.report.style import Style


def style_for(file: Path | None, stream: TextIO | None = None) -> Style:
    """How a report to ``file``, or else to ``stream`` or standard output, may be decorated."""
    return PLAIN if file is not None else style_of(stream or sys.stdout)


def write(text: str, file: Path | None, stream: TextIO | None = None) -> None:
    """Write a report to ``file``, or else to ``stream`` or standard output.

    Raises UsageError where the file cannot be written.
    """
    if file is None:
        (stream or sys.stdout).write(text)
        return
    try:
        file.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise UsageError(f'The report cannot be written to "{file}": {error.strerror or error}.') from None
