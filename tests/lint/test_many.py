"""Many documents at once: the same findings, in the same order, however many processes work."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

import pytest

from apim_policy.lint import many
from apim_policy.lint.engine import check_document
from apim_policy.lint.selection import Selection
from apim_policy.workspace.settings import Settings
from apim_policy.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FAULTY = '<policies><inbound><base /><set-header name="X" exist-action="skip" /></inbound></policies>\n'
SOUND = "<policies><inbound><base /></inbound></policies>\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    for number in range(130):
        (tmp_path / f"{number:03}.xml").write_text(FAULTY if number % 3 else SOUND, encoding="utf-8")
    return Workspace.discover(tmp_path, Settings())


def check(workspace: Workspace, jobs: int) -> list[object]:
    selection = Selection(workspace.settings)
    chunks = list(many.check_many(workspace, workspace.documents, selection, jobs))
    return [checked for chunk in chunks for checked in chunk]


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_the_result_does_not_depend_on_the_processes(workspace: Workspace, jobs: int) -> None:
    selection = Selection(workspace.settings)
    expected = [check_document(workspace, path, selection) for path in workspace.documents]
    assert sum(len(checked.found) for checked in expected) == 86
    assert check(workspace, jobs) == expected


def test_few_documents_are_checked_here(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "_side_by_side", lambda *_: pytest.fail("no further process was due"))
    assert len(check(workspace, 0)) == 130


@pytest.fixture
def in_another_process(monkeypatch: pytest.MonkeyPatch):
    """Lets a process other than this one do something before it checks a document."""
    if not many._can_fork():
        pytest.skip("processes are forked on Linux only")
    here = os.getpid()

    def instead(do: Callable[[Path], None], at_home: Callable[[Path], None] = lambda _: None) -> None:
        def check(workspace: Workspace, path: Path, selection: Selection) -> object:
            (at_home if os.getpid() == here else do)(path)
            return check_document(workspace, path, selection)

        monkeypatch.setattr(many, "check_document", check)

    return instead


def test_many_documents_are_shared_out(
    workspace: Workspace, in_another_process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many, "_PAYS_FROM", 100)
    monkeypatch.setattr(many, "_processors", lambda: 2)
    in_another_process(lambda _: None, at_home=lambda path: pytest.fail(f"{path} was checked here"))
    assert len(check(workspace, 0)) == 130


def test_what_a_killed_process_left_is_done_here(workspace: Workspace, in_another_process) -> None:
    in_another_process(lambda path: os._exit(9) if path.stem == "060" else None)
    assert [len(item.found) for item in check(workspace, 2)] == [1 if n % 3 else 0 for n in range(130)]


def test_trees_of_many_documents_are_not_kept(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "_KEEPS_UP_TO", 100)
    forgotten: list[Path] = []
    forget = workspace.store.forget
    monkeypatch.setattr(workspace.store, "forget", lambda path: (forgotten.append(path), forget(path)))
    before = gc.isenabled()
    try:
        check(workspace, 1)
        assert gc.isenabled()
    finally:
        gc.unfreeze()
        if not before:
            gc.disable()
    assert forgotten == list(workspace.documents)
    assert workspace.store.document(forgotten[0]).root is not None
