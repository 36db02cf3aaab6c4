"""Checks many documents: side by side where it pays, and without keeping what is done with."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

from apim_policy.lint.engine import Checked, check_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from apim_policy.lint.selection import Selection
    from apim_policy.workspace.workspace import Workspace

_CHUNK = 50
"""Documents that are checked between two looks around."""
_PAYS_FROM = 1_500
"""Fewer documents take less time than to set up further processes."""
_KEEPS_UP_TO = 1_000
"""So many documents may stay in memory, since one often asks for another."""

# What a process was made to check; it inherits this from its parent.
_task: tuple[Workspace, Sequence[Path], Selection] | None = None


def check_many(
    workspace: Workspace, paths: Sequence[Path], selection: Selection, jobs: int = 0
) -> Iterator[list[Checked]]:
    """What came of the documents, in their order, a few at a time.

    ``jobs`` is how many processes may work; 0 leaves it to the number of processors and documents. The result does not
    depend on it.
    """
    global _task
    chunks = range(0, len(paths), _CHUNK)
    jobs = min(jobs or _usual_jobs(len(paths)), len(chunks))
    _task = workspace, paths, selection
    if len(paths) > _KEEPS_UP_TO:
        # What is there by now stays to the end: no need to look through it again and again.
        gc.freeze()
        gc.enable()
    try:
        if jobs > 1 and _can_fork():
            yield from _side_by_side(chunks, jobs)
        else:
            yield from map(_check_chunk, chunks)
    finally:
        _task = None


def _usual_jobs(documents: int) -> int:
    return _processors() if documents >= _PAYS_FROM else 1


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _can_fork() -> bool:
    # Elsewhere a process would have to learn everything anew, which takes longer than the work itself.
    return sys.platform == "linux"


def _side_by_side(chunks: Sequence[int], jobs: int) -> Iterator[list[Checked]]:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    done = 0
    try:
        with ProcessPoolExecutor(jobs, get_context("fork")) as executor:
            for checked in executor.map(_check_chunk, chunks):
                done += 1
                yield checked
    except (BrokenProcessPool, OSError):
        # A process was killed, or none could be made: what is left is done here.
        yield from map(_check_chunk, chunks[done:])


def _check_chunk(start: int) -> list[Checked]:
    assert _task is not None
    workspace, paths, selection = _task
    chunk = paths[start : start + _CHUNK]
    checked = [check_document(workspace, path, selection) for path in chunk]
    if len(paths) > _KEEPS_UP_TO:
        for path in chunk:
            workspace.store.forget(path)
    return checked
