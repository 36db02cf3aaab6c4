"""Garbage is collected while nothing happens."""

from __future__ import annotations

import asyncio
import gc
import weakref
from typing import TYPE_CHECKING

import pytest

from apim_policy.lsp.garbage import Garbage

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.asyncio


class Knot:
    """Refers to itself, so that only the collector frees it."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture
def switched_off() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("switched_off")
async def test_what_an_edit_left_behind_is_freed_in_the_next_pause() -> None:
    freed = asyncio.Event()
    weakref.finalize(Knot(), freed.set)
    Garbage().stir()
    assert not freed.is_set()
    async with asyncio.timeout(30):
        await freed.wait()


async def test_a_collector_that_runs_by_itself_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(loop, "call_later", lambda *_: pytest.fail("a collection was planned"))
    Garbage().stir()
