from __future__ import annotations

from pathlib import Path

import pytest

from apim_policy.workspace.model import Scope
from apim_policy.workspace.readers.layout import Place, locate, without_revision

ROOT = Path("/repo/artifacts")


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("policy.xml", Place(ROOT, Scope.GLOBAL)),
        ("apis/a/policy.xml", Place(ROOT, Scope.API, api="a")),
        ("apis/a;rev=2/policy.xml", Place(ROOT, Scope.API, api="a;rev=2")),
        ("apis/a/operations/o/policy.xml", Place(ROOT, Scope.OPERATION, api="a", operation="o")),
        ("apis/a/resolvers/r/policy.xml", Place(ROOT, Scope.RESOLVER, api="a")),
        ("products/p/policy.xml", Place(ROOT, Scope.PRODUCT, product="p")),
        ("policy fragments/f/policy.xml", Place(ROOT, Scope.FRAGMENT, fragment="f")),
        ("policyFragments/f/policy.xml", Place(ROOT, Scope.FRAGMENT, fragment="f")),
        ("workspaces/w/policy.xml", Place(ROOT, Scope.WORKSPACE, workspace="w")),
        ("workspaces/w/apis/a/policy.xml", Place(ROOT, Scope.API, workspace="w", api="a")),
        (
            "workspaces/w/apis/a/operations/o/policy.xml",
            Place(ROOT, Scope.OPERATION, workspace="w", api="a", operation="o"),
        ),
        (
            "workspaces/w/policy fragments/f/policy.xml",
            Place(ROOT, Scope.FRAGMENT, workspace="w", fragment="f"),
        ),
        ("apis/apis/policy.xml", Place(ROOT, Scope.API, api="apis")),
    ],
)
def test_places_of_both_generations(path: str, place: Place) -> None:
    assert locate(ROOT / path) == place


def test_other_names_have_no_place() -> None:
    assert locate(ROOT / "apis/a/other.xml") is None
    assert locate(Path("/policy.xml")) == Place(Path("/"), Scope.GLOBAL)


def test_a_revision_belongs_to_its_api() -> None:
    assert without_revision("a;rev=2") == "a"
    assert without_revision("a") == "a"
