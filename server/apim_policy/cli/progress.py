"""A progress bar for runs that take longer than a second."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable

_PATIENCE = 1.0
"""Seconds before it appears."""
_INTERVAL = 0.1
"""Seconds between two pictures of it."""
_WIDTH = 24


class Progress:
    """Shows on a terminal how far a run is. Elsewhere, and in pipelines, it shows nothing."""

    def __init__(
        self, total: int, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._total = total
        self._stream = stream or sys.stderr
        self._clock = clock
        self._begun = self._drawn = clock()
        self._done = 0
        self._visible = False
        self._shows = self._stream.isatty() and "CI" not in os.environ

    def advance(self, documents: int) -> None:
        """So many more documents are done."""
        self._done += documents
        now = self._clock()
        if self._shows and now - self._begun >= _PATIENCE and now - self._drawn >= _INTERVAL:
            self._drawn = now
            self._visible = True
            self._stream.write(f"\r{self._line(now)}\x1b[K")
            self._stream.flush()

    def end(self) -> None:
        """Take it away again."""
        if self._visible:
            self._visible = False
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def _line(self, now: float) -> str:
        filled = self._done * _WIDTH // max(self._total, 1)
        rate = self._done / (now - self._begun)
        left = (self._total - self._done) / rate if rate else 0.0
        bar = "━" * filled + "─" * (_WIDTH - filled)
        return f"Checking {bar} {self._done:,} of {self._total:,} documents · {rate:,.0f} a second · {_time(left)} left"


def _time(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole} s" if whole < 100 else f"{whole // 60} min {whole % 60:02} s"
