from __future__ import annotations

from pathlib import Path

import pytest

from apim_policy.workspace.files import FileStore
from apim_policy.workspace.model import Scope
from apim_policy.workspace.readers.root import RootReader

PATH = Path("/project/policy.xml")


@pytest.mark.parametrize(
    ("root", "scope"),
    [
        ("fragment", Scope.FRAGMENT),
        ("http-data-source", Scope.RESOLVER),
        ("graphql-data-source", Scope.RESOLVER),
        ("policies", None),
        ("project", None),
    ],
)
def test_the_root_tells_fragments_and_resolvers(root: str, scope: Scope | None) -> None:
    store = FileStore()
    text = f"<!-- x -->\n<{root} />"
    store.open(PATH, text)
    said = RootReader(store).statements(PATH)
    assert [statement.scope for statement in said] == ([scope] if scope else [])
    for statement in said:
        (evidence,) = statement.evidence
        assert (text[slice(*evidence.span)], evidence.line) == (root, 1)
        assert evidence.text == f"root element is {root}"


def test_a_file_that_cannot_be_read_states_nothing(tmp_path: Path) -> None:
    assert RootReader(FileStore()).statements(tmp_path / "gone.xml") == ()
