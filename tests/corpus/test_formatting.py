"""Formatting of every real document: no finding more, nothing but white space changed, and twice is once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from apim_policy.formatting.layout import format_document
from apim_policy.formatting.shape import Obstacle, Unformattable
from apim_policy.lint.engine import lint_document
from apim_policy.lint.selection import Selection
from apim_policy.syntax.parser import parse
from apim_policy.text.encoding import decode
from apim_policy.workspace.files import FileStore
from apim_policy.workspace.settings import Settings
from apim_policy.workspace.workspace import Workspace
from corpus.measure import CORPUS, documents
from support.layouts import after_formatting, check_same_meaning

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no documents at {CORPUS}"),
]

LEFT = {Obstacle.FAULTS: 3, Obstacle.TEMPLATE: 1}
"""How many documents are left as they are, and why."""


@pytest.fixture(scope="module")
def texts() -> dict[Path, tuple[str, str]]:
    """The documents that change, before and after."""
    found: dict[Path, tuple[str, str]] = {}
    left: Counter[Obstacle] = Counter()
    for path, _ in documents():
        text = decode(path.read_bytes())[0]
        after = after_formatting(text)
        if isinstance(after, Unformattable):
            left[after.obstacle] += 1
        elif after != text:
            found[path] = text, after
    assert left == LEFT
    return found


def test_a_good_part_of_them_is_laid_out_already(texts: dict[Path, tuple[str, str]]) -> None:
    assert 50 < len(texts) < 150


def test_only_white_space_changes(texts: dict[Path, tuple[str, str]]) -> None:
    for before, after in texts.values():
        check_same_meaning(before, after)


def test_twice_is_once(texts: dict[Path, tuple[str, str]]) -> None:
    for path, (_, after) in texts.items():
        assert format_document(parse(after)) == [], path


def test_findings_stay_the_same(texts: dict[Path, tuple[str, str]]) -> None:
    def found() -> Counter[tuple[Path, str, str]]:
        return Counter(
            (path, finding.code, finding.name)
            for path in texts
            for finding in lint_document(workspace, path, selection)
        )

    store = FileStore()
    workspace = Workspace.discover(CORPUS, Settings(), store)
    selection = Selection(Settings())
    before = found()
    for path, (_, after) in texts.items():
        store.open(path, after)
        workspace.update(path)
    assert found() == before
