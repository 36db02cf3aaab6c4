"""Collects garbage while the author thinks.

Trees hold cycles, and a collection in the middle of an answer takes longer than the answer. So the collector is switched
off, and runs when no document has changed for a while.
"""

from __future__ import annotations

import asyncio
import gc
import time

# How long nothing must happen, in seconds.
_QUIET = 0.3
# How many objects may pile up before they are collected at once, whatever happens: some 100 MB.
_LIMIT = 1_000_000
# A collection that takes longer, in seconds, looks at too much that stays: the trees of a large folder.
_LONG = 0.05


def switch_off() -> None:
    """Take the collector over for this process; what was imported so far is never looked at again."""
    gc.collect()
    gc.freeze()
    gc.disable()


class Garbage:
    """Collects for one session, where the collector was switched off."""

    def __init__(self) -> None:
        self._timer: asyncio.TimerHandle | None = None

    def stir(self) -> None:
        """Something happened that leaves garbage behind."""
        if gc.isenabled():
            return
        if gc.get_count()[0] > _LIMIT:
            gc.collect()
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(_QUIET, self._collect)

    def _collect(self) -> None:
        self._timer = None
        begun = time.perf_counter()
        gc.collect()
        if time.perf_counter() - begun > _LONG:
            gc.freeze()
