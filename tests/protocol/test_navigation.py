"""Navigation and renaming of variables as JSON, for a client that announces nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.jsonrpc import Connection

if TYPE_CHECKING:
    from collections.abc import Iterator

URI = "file:///work/navigation/policy.xml"
TEXT = """\
<policies>
    <inbound>
        <set-variable name="user" value="1" />
        <set-body>@((string)context.Variables["user"])</set-body>
    </inbound>
</policies>
"""
SET = {"start": {"line": 2, "character": 28}, "end": {"line": 2, "character": 32}}
READ = {"start": {"line": 3, "character": 47}, "end": {"line": 3, "character": 51}}
CARET = {"textDocument": {"uri": URI}, "position": {"line": 3, "character": 49}}


@pytest.fixture(scope="module")
def server() -> Iterator[Connection]:
    with Connection() as connection:
        result = connection.initialize()
        offers = result["capabilities"]
        assert offers["definitionProvider"] is True
        assert offers["referencesProvider"] is True
        assert offers["documentHighlightProvider"] is True
        assert offers["renameProvider"] is True
        item = {"uri": URI, "languageId": "xml", "version": 1, "text": TEXT}
        connection.notify("textDocument/didOpen", {"textDocument": item})
        yield connection


@pytest.mark.parametrize(
    ("method", "more", "answer"),
    [
        ("definition", {}, [{"uri": URI, "range": SET}]),
        (
            "references",
            {"context": {"includeDeclaration": True}},
            [{"uri": URI, "range": SET}, {"uri": URI, "range": READ}],
        ),
        ("references", {"context": {"includeDeclaration": False}}, [{"uri": URI, "range": READ}]),
        ("documentHighlight", {}, [{"range": SET, "kind": 3}, {"range": READ, "kind": 2}]),
        ("prepareRename", {}, {"range": READ, "placeholder": "user"}),
        (
            "rename",
            {"newName": "who"},
            {"changes": {URI: [{"range": SET, "newText": "who"}, {"range": READ, "newText": "who"}]}},
        ),
        ("rename", {"newName": "user"}, {"changes": {}}),
    ],
)
def test_answers(server: Connection, method: str, more: dict[str, Any], answer: object) -> None:
    assert server.ask(f"textDocument/{method}", {**CARET, **more}) == answer
