"""Links to fragments, where resources are described, and the effective policy, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.jsonrpc import Connection
from support.layers import COMMON, FRAGMENT, OPERATION, layers
from support.workspaces import write_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEXT = f"<policies>\n<inbound>\n{COMMON}\n</inbound>\n</policies>\n"
CARET = COMMON.index("common")
NAME = {"start": {"line": 2, "character": CARET}, "end": {"line": 2, "character": CARET + len("common")}}


class Session:
    """A server with a folder and a document that is open."""

    def __init__(self, root: Path, connection: Connection) -> None:
        self.root = root
        self.connection = connection

    def uri(self, name: str) -> str:
        return (self.root / name).as_uri()

    def ask(self, method: str, **more: object) -> Any:
        params = {"textDocument": {"uri": self.uri(OPERATION)}, "position": NAME["start"], **more}
        return self.connection.ask(f"textDocument/{method}", params)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    root = write_files(
        tmp_path_factory.mktemp("workspace").resolve(),
        {**layers(everywhere=None, fragment="<set-method>GET</set-method>"), OPERATION: TEXT},
    )
    with Connection() as connection:
        result = connection.initialize(rootUri=root.as_uri())
        assert result["capabilities"]["documentLinkProvider"] == {}
        found = Session(root, connection)
        item = {"uri": found.uri(OPERATION), "languageId": "xml", "version": 1, "text": TEXT}
        connection.notify("textDocument/didOpen", {"textDocument": item})
        yield found


def test_links(session: Session) -> None:
    assert session.ask("documentLink") == [{"range": NAME, "target": session.uri(FRAGMENT)}]


def test_definition_and_references(session: Session) -> None:
    root = {"start": {"line": 0, "character": 1}, "end": {"line": 0, "character": len("<fragment")}}
    described = {"uri": session.uri(FRAGMENT), "range": root}
    assert session.ask("definition") == [described]
    assert session.ask("references", context={"includeDeclaration": True}) == [
        described,
        {"uri": session.uri(OPERATION), "range": NAME},
    ]


def test_highlights(session: Session) -> None:
    assert session.ask("documentHighlight") == [{"range": NAME, "kind": 2}]


def test_renaming_is_refused(session: Session) -> None:
    params = {"textDocument": {"uri": session.uri(OPERATION)}, "position": NAME["start"]}
    for method, more in (("prepareRename", {}), ("rename", {"newName": "other"})):
        error = session.connection.refused(f"textDocument/{method}", {**params, **more})
        assert error["message"].startswith('The fragment "common" keeps its name')


def test_the_effective_policy(session: Session) -> None:
    found = session.connection.ask("apim-policy/effectivePolicy", {"uri": session.uri(OPERATION)})
    assert sorted(found) == ["complete", "parts", "text"]
    # Nothing is known of the policy of all APIs, which the sections that are missing stand for.
    assert found["complete"] is False
    lines = found["text"].splitlines()
    (part,) = [part for part in found["parts"] if part["of"] == 'fragment "common"']
    first = next(number for number, line in enumerate(lines) if "<set-method>" in line)
    start = len("<fragment>")
    assert part == {
        "kind": "policy",
        "section": "inbound",
        "range": {"start": {"line": first, "character": 0}, "end": {"line": first + 1, "character": 0}},
        "of": 'fragment "common"',
        "message": None,
        "origin": {
            "uri": session.uri(FRAGMENT),
            "range": {
                "start": {"line": 0, "character": start},
                "end": {"line": 0, "character": start + len("<set-method>GET</set-method>")},
            },
        },
    }


def test_no_effective_policy(session: Session) -> None:
    assert session.connection.ask("apim-policy/effectivePolicy", {"uri": "untitled:Untitled-1"}) is None
