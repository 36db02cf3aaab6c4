"""Reports over every document of the corpus: other programs accept them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus.measure import CORPUS
from support.command import apim_policy
from support.schemas import check_gitlab, check_junit, check_sarif

if TYPE_CHECKING:
    from support.command import Result

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no documents at {CORPUS}"),
]


def lint(form: str, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.chdir(CORPUS)
    return apim_policy("lint", "--no-config", "--exit-zero", "--output-format", form)


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch) -> int:
    return len(lint("json", monkeypatch).json["diagnostics"])


def test_sarif(monkeypatch: pytest.MonkeyPatch, count: int):
    (run,) = check_sarif(lint("sarif", monkeypatch).text)["runs"]
    results = [result for result in run["results"] if "suppressions" not in result]
    assert len(results) == count > 0
    marks = [
        (result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], result["partialFingerprints"])
        for result in run["results"]
    ]
    assert len({(path, mark["findingContext/v1"]) for path, mark in marks}) == len(marks)


def test_gitlab(monkeypatch: pytest.MonkeyPatch, count: int):
    assert len(check_gitlab(lint("gitlab", monkeypatch).text)) == count


def test_junit(monkeypatch: pytest.MonkeyPatch):
    root = check_junit(lint("junit", monkeypatch).text)
    assert len(root) > 400


@pytest.mark.parametrize("form", ["github", "azure-pipelines"])
def test_each_finding_is_a_line(form: str, monkeypatch: pytest.MonkeyPatch, count: int):
    assert lint(form, monkeypatch).text.count("\n") == count
