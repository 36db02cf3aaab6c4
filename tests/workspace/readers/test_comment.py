from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from apim_policy.workspace.files import FileStore
from apim_policy.workspace.model import Confidence, McpKind, Scope
from apim_policy.workspace.readers.comment import CommentReader

if TYPE_CHECKING:
    from apim_policy.workspace.readers.statement import Statement

PATH = Path("/project/policy.xml")


def read(text: str) -> list[Statement]:
    store = FileStore()
    store.open(PATH, text)
    return list(CommentReader(store).statements(PATH))


def test_a_comment_states_an_mcp_server_and_its_tools() -> None:
    text = "<!-- ä -->\n<!-- apim-policy: scope=mcp tools-from=orders-api, items-api -->\n<policies />"
    (said,) = read(text)
    assert (said.scope, said.tools_from, said.implied_kind) == (
        Scope.MCP,
        ("orders-api", "items-api"),
        McpKind.REST_BACKED,
    )
    assert said.confidence is Confidence.STATED
    (evidence,) = said.evidence
    assert text[slice(*evidence.span)] == "<!-- apim-policy: scope=mcp tools-from=orders-api, items-api -->"
    assert (evidence.path, evidence.line) == (PATH, 1)
    assert evidence.text == "a comment says scope=mcp tools-from=orders-api, items-api"


@pytest.mark.parametrize(
    ("said", "scope"),
    [
        ("scope=global", Scope.GLOBAL),
        ("scope=MCP kind=passthrough", Scope.MCP),
        ("kind=passthrough", Scope.MCP),
        ("api=orders-api", Scope.API),
        ("api=orders-api operation=create-order", Scope.OPERATION),
        ("product=starter", Scope.PRODUCT),
        ("workspace=sales", Scope.WORKSPACE),
        ("fragment", Scope.FRAGMENT),
        ("fragment=name-the-caller", Scope.FRAGMENT),
        ("scope=resolver api=graph", Scope.RESOLVER),
    ],
)
def test_the_scope_follows_from_what_is_said(said: str, scope: Scope) -> None:
    (statement,) = read(f"<!-- apim-policy: {said} --><policies/>")
    assert statement.implied_scope is scope


def test_values_may_be_quoted() -> None:
    (said,) = read(
        "<!--apim-policy: api=\"my orders\" operation='a b' subscription-required=true--><policies/>"
    )
    assert (said.api, said.operation) == ("my orders", "a b")
    assert said.subscription_required is not None
    assert said.subscription_required.value is True


@pytest.mark.parametrize(
    "text",
    [
        "<policies><!-- apim-policy: scope=mcp --></policies>",
        "<policies/><!-- apim-policy: scope=mcp -->",
        "<!-- apim-policy: ignore-file[SEC003] api=x --><policies/>",
        "<!-- apim-policy: ignore[SEC003] --><policies/>",
        "<!-- the apim-policy: scope=mcp --><policies/>",
        "<!-- apim-policy: scope=unknown --><policies/>",
        "<!-- apim-policy: scope=mpc --><policies/>",
        "<!-- apim-policy: --><policies/>",
        "<!-- apim-policy: api= --><policies/>",
        "",
    ],
)
def test_other_comments_state_nothing(text: str) -> None:
    assert read(text) == []


def test_each_comment_is_a_statement_of_its_own() -> None:
    said = read("<!-- apim-policy: api=a --><!-- apim-policy: api=b --><policies/>")
    assert [statement.api for statement in said] == ["a", "b"]


def test_a_file_that_cannot_be_read_states_nothing(tmp_path: Path) -> None:
    assert CommentReader(FileStore()).statements(tmp_path / "gone.xml") == ()
