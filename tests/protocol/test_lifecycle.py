"""The life of a session, message by message, right and wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from support.jsonrpc import Connection, notification

if TYPE_CHECKING:
    from collections.abc import Iterator

HOVER = {"textDocument": {"uri": "file:///w/policy.xml"}, "position": {"line": 0, "character": 1}}
SYMBOLS = {"textDocument": {"uri": "file:///w/nothing.xml"}}
PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS = -32700, -32600, -32601, -32602
NOT_INITIALIZED, CANCELLED = -32002, -32800


@pytest.fixture
def server() -> Iterator[Connection]:
    with Connection() as connection:
        yield connection


@pytest.fixture
def session(server: Connection) -> Connection:
    server.initialize()
    return server


@pytest.fixture(scope="module")
def lasting() -> Iterator[Connection]:
    """A session for all that must not end one."""
    with Connection() as connection:
        connection.initialize()
        yield connection


def assert_alive(session: Connection) -> None:
    assert session.ask("textDocument/documentSymbol", SYMBOLS) is None


def test_a_session_that_ends_as_it_should_exits_with_0(server: Connection) -> None:
    result = server.initialize()
    assert result["serverInfo"]["name"] == "apim-policy"
    assert server.shut_down() == 0
    assert server.errors == []


def test_what_a_client_may_rightly_do_is_not_logged(session: Connection) -> None:
    session.notify("$/unheardOf", {})
    session.notify("$/cancelRequest", {"id": 999})
    session.refused("textDocument/frobnicate", {})
    assert session.shut_down() == 0
    assert session.errors == []


def test_shutdown_is_answered_with_null(session: Connection) -> None:
    assert session.answer(session.request("shutdown")) == {"jsonrpc": "2.0", "id": 1 + 1, "result": None}


def test_exit_without_shutdown_exits_with_1(session: Connection) -> None:
    session.notify("exit")
    assert session.wait() == 1


def test_exit_before_initialize_exits_with_1(server: Connection) -> None:
    server.notify("exit")
    assert server.wait() == 1


def test_a_client_that_dies_ends_the_session(session: Connection) -> None:
    session.hang_up()
    assert session.wait() == 1


def test_a_client_that_dies_after_shutdown_is_no_failure(session: Connection) -> None:
    session.ask("shutdown")
    session.hang_up()
    assert session.wait() == 0


def test_a_client_whose_process_is_gone_ends_the_session(server: Connection) -> None:
    # Something else, such as a shell between the two, may keep the pipe open.
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as client:
        server.initialize(processId=client.pid)
        client.kill()
    assert server.wait() == 1


def test_a_process_id_of_another_machine_is_not_watched(server: Connection) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        pass
    server.initialize(processId=gone.pid)
    assert server.shut_down() == 0


@pytest.mark.parametrize(
    "method", ["textDocument/hover", "shutdown", "apim-policy/documentInfo", "no/such/method"]
)
def test_requests_before_initialize_are_refused(server: Connection, method: str) -> None:
    assert server.refused(method, HOVER)["code"] == NOT_INITIALIZED
    server.initialize()
    assert server.shut_down() == 0


def test_notifications_before_initialize_are_dropped(server: Connection) -> None:
    server.notify("textDocument/didOpen", opened("file:///w/policy.xml", "<policies>"))
    server.initialize()
    assert (
        server.ask("textDocument/documentSymbol", {"textDocument": {"uri": "file:///w/policy.xml"}}) is None
    )


def test_a_second_initialize_is_refused(lasting: Connection) -> None:
    assert lasting.refused("initialize", {"capabilities": {}})["code"] == INVALID_REQUEST


@pytest.mark.parametrize("method", ["textDocument/hover", "shutdown", "initialize", "no/such/method"])
def test_requests_after_shutdown_are_refused(session: Connection, method: str) -> None:
    session.ask("shutdown")
    assert session.refused(method, HOVER)["code"] == INVALID_REQUEST
    session.notify("exit")
    assert session.wait() == 0


def test_an_unknown_method_is_named(lasting: Connection) -> None:
    error = lasting.refused("textDocument/frobnicate", {})
    assert error["code"] == METHOD_NOT_FOUND
    assert "textDocument/frobnicate" in error["message"]


@pytest.mark.parametrize("method", ["$/unheardOf", "some/notification"])
def test_unknown_notifications_are_ignored(lasting: Connection, method: str) -> None:
    lasting.notify(method, {"a": 1})
    assert_alive(lasting)


@pytest.mark.parametrize(
    "params",
    [
        None,
        [],
        {},
        "text",
        {"textDocument": {"uri": "file:///a"}, "position": {"line": -1, "character": 0}},
        {"textDocument": {"uri": "file:///a"}, "position": {"line": "first", "character": 0}},
        {"textDocument": None, "position": {"line": 0, "character": 0}},
    ],
)
def test_a_request_with_wrong_parameters_is_answered(lasting: Connection, params: object) -> None:
    error = lasting.refused("textDocument/hover", params)
    assert error["code"] == INVALID_PARAMS
    assert "textDocument/hover" in error["message"]
    assert_alive(lasting)


@pytest.mark.parametrize("params", [None, [], {"uri": 5}])
def test_our_own_request_with_wrong_parameters_is_answered(lasting: Connection, params: object) -> None:
    assert lasting.refused("apim-policy/documentInfo", params)["code"] == INVALID_PARAMS


@pytest.mark.parametrize("params", [[], {"uri": 5}, {"server": []}, {"format": "pdf"}, {"format": None}])
def test_a_header_flow_with_wrong_parameters_is_answered(lasting: Connection, params: object) -> None:
    error = lasting.refused("apim-policy/headerFlow", params)
    assert error["code"] == INVALID_PARAMS
    assert '"format", one of html, json, mermaid, text' in error["message"]


def test_initialize_without_parameters_is_answered_and_may_be_repeated(server: Connection) -> None:
    assert server.refused("initialize")["code"] == INVALID_PARAMS
    server.initialize()
    assert server.shut_down() == 0


@pytest.mark.parametrize(
    "capabilities",
    [
        None,
        [],
        {"textDocument": "all", "general": {"positionEncodings": "utf-8"}},
        {
            "textDocument": {
                "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": [1, 2]}}}
            }
        },
        {
            "workspace": {"symbol": {"symbolKind": {"valueSet": [999]}}},
            "general": {"positionEncodings": ["utf-7"]},
        },
    ],
)
def test_capabilities_of_an_unexpected_form_keep_no_client_from_starting(
    server: Connection, capabilities: object
) -> None:
    assert server.initialize(capabilities=capabilities)["capabilities"]["positionEncoding"] == "utf-16"
    assert server.shut_down() == 0


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{ not json", PARSE_ERROR),
        (b"", PARSE_ERROR),
        (b"\xff\xfe\x00", PARSE_ERROR),
        (b"[" * 100_000, PARSE_ERROR),
        (b'[{"jsonrpc": "2.0", "id": 1, "method": "shutdown"}]', INVALID_REQUEST),
        (b'"text"', INVALID_REQUEST),
        (b"null", INVALID_REQUEST),
        (b"{}", INVALID_REQUEST),
        (b'{"jsonrpc": "2.0", "id": null, "method": "shutdown"}', INVALID_REQUEST),
        (b'{"jsonrpc": "2.0", "id": true, "method": "shutdown"}', INVALID_REQUEST),
        (b'{"jsonrpc": "2.0", "id": {}, "method": "shutdown"}', INVALID_REQUEST),
    ],
)
def test_a_message_that_is_none_is_answered_with_a_null_id(
    lasting: Connection, body: bytes, code: int
) -> None:
    lasting.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
    answer = lasting.answer(None)
    assert "id" in answer
    assert answer["error"]["code"] == code
    assert_alive(lasting)


def test_a_request_of_another_version_is_refused(lasting: Connection) -> None:
    lasting.send({"jsonrpc": "1.0", "id": "old", "method": "shutdown"})
    assert lasting.answer("old")["error"]["code"] == INVALID_REQUEST


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"Content-Length: many\r\n\r\n",
        b"Content-Length: -5\r\n\r\n",
        b"\r\n\r\n",
        b"x" * 10_000 + b"\r\n",
    ],
)
def test_bytes_that_are_no_message_are_passed_over(lasting: Connection, garbage: bytes) -> None:
    lasting.write(garbage)
    assert lasting.answer(None)["error"]["code"] == PARSE_ERROR
    assert_alive(lasting)


@pytest.mark.parametrize(
    "header",
    [
        b"content-length: %d\r\n\r\n",
        b"Content-Length:%d\r\n\r\n",
        b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: %d\r\n\r\n",
        b"Content-Length: %d\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n",
        b"Content-Length: %d\n\n",
    ],
)
def test_headers_are_read_in_all_their_forms(lasting: Connection, header: bytes) -> None:
    body = json.dumps(
        {"jsonrpc": "2.0", "id": "h", "method": "textDocument/documentSymbol", "params": SYMBOLS}
    ).encode()
    lasting.write(header % len(body) + body)
    assert lasting.answer("h")["result"] is None


def test_a_message_may_arrive_byte_by_byte(lasting: Connection) -> None:
    body = json.dumps(
        {"jsonrpc": "2.0", "id": "é", "method": "textDocument/documentSymbol", "params": SYMBOLS},
        ensure_ascii=False,
    ).encode()
    for byte in b"Content-Length: %d\r\n\r\n%b" % (len(body), body):
        lasting.write(bytes([byte]))
    assert lasting.answer("é")["result"] is None


def test_a_cancelled_request_is_answered_as_cancelled(session: Connection) -> None:
    session.notify("textDocument/didOpen", opened("file:///w/policy.xml", "<policies/>"))
    request = session.prepare("textDocument/hover", HOVER)
    session.send(request, notification("$/cancelRequest", {"id": request["id"]}))
    assert session.answer(request["id"])["error"]["code"] == CANCELLED


@pytest.mark.parametrize("identity", [1, 999, "999", None, {}])
def test_cancelling_what_is_not_under_way_changes_nothing(lasting: Connection, identity: object) -> None:
    lasting.notify("$/cancelRequest", {"id": identity})
    assert_alive(lasting)


def test_requests_under_way_at_shutdown_are_answered(session: Connection) -> None:
    session.notify("textDocument/didOpen", opened("file:///w/policy.xml", "<policies/>"))
    hover, shutdown = session.prepare("textDocument/hover", HOVER), session.prepare("shutdown")
    session.send(hover, shutdown)
    assert session.answer(shutdown["id"])["result"] is None
    assert session.answer(hover["id"])["error"]["code"] == CANCELLED


def test_an_id_in_use_is_not_taken_twice(session: Connection) -> None:
    session.notify("textDocument/didOpen", opened("file:///w/policy.xml", "<policies/>"))
    request = session.prepare("textDocument/hover", HOVER)
    session.send(request, request)
    answers = [session.answer(request["id"]), session.answer(request["id"])]
    assert sorted("error" in answer for answer in answers) == [False, True]


def test_strings_and_numbers_are_different_ids(lasting: Connection) -> None:
    both = [
        {"jsonrpc": "2.0", "id": identity, "method": "textDocument/documentSymbol", "params": SYMBOLS}
        for identity in (70, "70")
    ]
    lasting.send(*both)
    assert {lasting.answer(70)["id"], lasting.answer("70")["id"]} == {70, "70"}


@pytest.mark.parametrize(
    "answer",
    [
        {"jsonrpc": "2.0", "id": "never-asked", "result": None},
        {"jsonrpc": "2.0", "id": "never-asked", "error": {"code": -32601, "message": "no"}},
        {"jsonrpc": "2.0", "id": None, "error": {"code": -32700, "message": "no"}},
        {"jsonrpc": "2.0", "id": "never-asked", "error": "no"},
    ],
)
def test_answers_that_nobody_waits_for_are_ignored(lasting: Connection, answer: object) -> None:
    lasting.send(answer)
    assert_alive(lasting)


def test_what_handlers_print_does_not_reach_the_protocol() -> None:
    script = (
        "import sys, asyncio\n"
        "from apim_policy.lsp import server\n"
        "original = server.PolicyServer.opened\n"
        "server.PolicyServer.opened = lambda self, item: (print('stray'), original(self, item))\n"
        "sys.exit(server.run_stdio())\n"
    )
    with Connection((sys.executable, "-c", script)) as connection:
        connection.initialize()
        connection.notify("textDocument/didOpen", opened("file:///w/policy.xml", "<policies/>"))
        assert connection.shut_down() == 0


@pytest.mark.skipif(os.name == "nt", reason="the shell is POSIX")
def test_the_end_of_the_input_file_ends_the_session() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "apim_policy", "lsp"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=30,
    )
    assert done.returncode == 1
    assert done.stdout == b""
    assert done.stderr == b""


def opened(uri: str, text: str) -> dict[str, object]:
    return {"textDocument": {"uri": uri, "languageId": "apim-policy", "version": 1, "text": text}}
