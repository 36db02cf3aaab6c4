"""What the server makes of a client's edits, seen through the outline that it sends back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.jsonrpc import Connection, notification

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTENT_MODIFIED = -32801


@pytest.fixture(scope="module")
def server() -> Iterator[Connection]:
    with Connection() as connection:
        connection.initialize()
        yield connection


class Editor:
    """A document that is open in a session."""

    count = 0

    def __init__(self, server: Connection, text: str, language: str = "xml") -> None:
        Editor.count += 1
        self.server = server
        self.uri = f"file:///work/{Editor.count}/policy.xml"
        self.version = 1
        self.open(text, language)

    def open(self, text: str, language: str = "xml") -> None:
        item = {"uri": self.uri, "languageId": language, "version": self.version, "text": text}
        self.server.notify("textDocument/didOpen", {"textDocument": item})

    def close(self) -> None:
        self.server.notify("textDocument/didClose", {"textDocument": {"uri": self.uri}})

    def published(self, version: int) -> list[str]:
        """The codes of the findings in that version."""
        message = self.server.expect(
            lambda message: (
                message.get("method") == "textDocument/publishDiagnostics"
                and message["params"]["uri"] == self.uri
                and message["params"]["version"] == version
            )
        )
        return [item["code"] for item in message["params"]["diagnostics"]]

    def replace(self, start: tuple[int, int], end: tuple[int, int], text: str) -> None:
        self.change({"range": {"start": position(*start), "end": position(*end)}, "text": text})

    def insert(self, line: int, column: int, text: str) -> None:
        self.replace((line, column), (line, column), text)

    def change(self, *changes: object) -> None:
        self.version += 1
        document = {"uri": self.uri, "version": self.version}
        self.server.notify(
            "textDocument/didChange", {"textDocument": document, "contentChanges": list(changes)}
        )

    def symbols(self) -> list[dict[str, Any]]:
        return self.server.ask("textDocument/documentSymbol", {"textDocument": {"uri": self.uri}})

    def outline(self) -> list[str]:
        return [symbol["name"] for symbol in self.symbols()]


def position(line: int, column: int) -> dict[str, int]:
    return {"line": line, "character": column}


def header(name: str) -> str:
    return f'<set-header name="{name}" />'


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x0b", "\x0c", "\x85", "\x1e"])
def test_characters_that_only_python_takes_for_line_ends(server: Connection, separator: str) -> None:
    text = f"<fragment>\n<!-- one{separator}line -->\n{header('old')}\n</fragment>"
    editor = Editor(server, text)
    editor.replace((2, 18), (2, 21), "new")
    assert editor.outline() == ["set-header new"]
    assert editor.symbols()[0]["location"]["range"] == {"start": position(2, 0), "end": position(2, 25)}


def test_an_insertion_past_the_end_of_the_last_line(server: Connection) -> None:
    editor = Editor(server, '<fragment><set-header name="a"')
    editor.insert(0, 500, ' /><trace source="b" />')
    assert editor.outline() == ["set-header a", "trace b"]


def test_an_insertion_past_the_last_line(server: Connection) -> None:
    editor = Editor(server, "<fragment>\n")
    editor.insert(7, 0, header("a"))
    assert editor.outline() == ["set-header a"]


def test_an_insertion_past_the_end_of_a_line_stays_on_it(server: Connection) -> None:
    editor = Editor(server, f"<fragment>\r\n<set-header\r\nname='a' />{header('b')}</fragment>")
    editor.insert(1, 500, " x='1'")
    assert editor.outline() == ["set-header a", "set-header b"]
    assert editor.symbols()[0]["location"]["range"]["end"] == position(2, 11)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end(server: Connection, end: str) -> None:
    editor = Editor(server, f"<fragment>{end}{end}{header('a')}{end}</fragment>")
    editor.replace((2, 18), (2, 19), "b")
    assert editor.outline() == ["set-header b"]


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 23), ("utf-16", 21), ("utf-32", 20)])
def test_columns_count_in_the_encoding_that_the_client_prefers(encoding: str, column: int) -> None:
    offered = ["utf-7", encoding, "utf-16", "utf-8", "utf-32"]
    with Connection() as server:
        result = server.initialize(capabilities={"general": {"positionEncodings": offered}})
        assert result["capabilities"]["positionEncoding"] == encoding
        editor = Editor(server, f"<fragment><!--😀-->{header('x')}</fragment>")
        (symbol,) = editor.symbols()
        assert symbol["location"]["range"]["start"]["character"] == column - 2
        editor.insert(0, column + 16, "y")
        assert editor.outline() == ["set-header yx"]


def test_several_changes_at_once(server: Connection) -> None:
    editor = Editor(server, f"<fragment>\n{header('a')}\n{header('b')}\n</fragment>")
    editor.change(
        {"range": {"start": position(2, 18), "end": position(2, 19)}, "text": "B"},
        {"range": {"start": position(1, 18), "end": position(1, 19)}, "text": "A"},
        {"range": {"start": position(1, 0), "end": position(1, 0)}, "text": f"{header('0')}\n"},
        {"range": {"start": position(3, 18), "end": position(3, 18)}, "text": "!"},
    )
    assert editor.outline() == ["set-header 0", "set-header A", "set-header !B"]


def test_a_change_of_the_whole_text(server: Connection) -> None:
    editor = Editor(server, "nothing")
    editor.change({"text": f"<fragment>{header('a')}</fragment>"})
    assert editor.outline() == ["set-header a"]


def test_a_lone_half_of_a_surrogate_pair_does_no_harm(server: Connection) -> None:
    editor = Editor(server, f"<fragment><!-- -->{header('x')}</fragment>")
    editor.insert(0, 15, "\ud83d")
    assert editor.outline() == ["set-header x"]
    assert editor.symbols()[0]["location"]["range"]["start"] == position(0, 19)


def test_a_change_of_a_document_that_was_never_opened_is_ignored(server: Connection) -> None:
    editor = Editor(server, f"<fragment>{header('a')}</fragment>")
    other = {"uri": "file:///other.xml", "version": 2}
    server.notify("textDocument/didChange", {"textDocument": other, "contentChanges": [{"text": "x"}]})
    server.notify("textDocument/didClose", {"textDocument": {"uri": "file:///other.xml"}})
    assert editor.outline() == ["set-header a"]


def test_a_document_that_is_opened_twice_is_what_it_was_last(server: Connection) -> None:
    editor = Editor(server, f"<fragment>{header('a')}</fragment>")
    editor.open(f"<fragment>{header('b')}</fragment>")
    assert editor.outline() == ["set-header b"]


def test_a_closed_document_has_no_outline(server: Connection) -> None:
    editor = Editor(server, f"<fragment>{header('a')}</fragment>")
    editor.close()
    assert editor.symbols() is None


def test_other_xml_is_none_of_our_business(server: Connection) -> None:
    stranger = Editor(server, "<project><build a='' a='' /></project>")
    assert stranger.symbols() is None
    # What comes later is published, so that nothing is still to come for the first.
    assert Editor(server, "<fragment><trace a='' a='' /></fragment>").published(1) == ["XML006"]
    assert [item for item in server.pending() if item.get("params", {}).get("uri") == stranger.uri] == []


def test_a_document_becomes_a_policy_while_it_is_typed(server: Connection) -> None:
    editor = Editor(server, "")
    for character in f"<fragment>{header('a')}</fragment>":
        editor.insert(0, 500, character)
    assert editor.outline() == ["set-header a"]


def test_a_document_that_is_called_a_policy_is_one_whatever_is_in_it(server: Connection) -> None:
    editor = Editor(server, "<inbound><base /></inbound>", language="apim-policy")
    assert editor.outline() == ["base"]


def test_a_question_about_a_place_that_moved_is_not_answered(server: Connection) -> None:
    editor = Editor(server, f"<fragment>{header('a')}</fragment>")
    question = {"textDocument": {"uri": editor.uri}, "position": position(0, 3)}
    change = {"textDocument": {"uri": editor.uri, "version": 9}, "contentChanges": [{"text": "<fragment/>"}]}
    request = server.prepare("textDocument/hover", question)
    server.send(request, notification("textDocument/didChange", change))
    assert server.answer(request["id"])["error"]["code"] == CONTENT_MODIFIED


def test_the_last_version_is_published(server: Connection) -> None:
    editor = Editor(server, "<fragment><trace f='' a='' /></fragment>")
    for name in "bcdef":
        editor.replace((0, 22), (0, 23), name)
    assert editor.published(6) == ["XML006"]


def test_five_megabytes_are_edited_as_any_other_text(server: Connection) -> None:
    editor = Editor(server, f"<fragment><!--{'é' * 2_500_000}-->{header('a')}</fragment>")
    editor.insert(0, 9999999, "\n")
    assert editor.outline() == ["set-header a"]
