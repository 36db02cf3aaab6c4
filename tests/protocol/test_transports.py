"""The other ways to reach the server."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from support.jsonrpc import COMMAND

if TYPE_CHECKING:
    from collections.abc import Iterator

INITIALIZE = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}
SHUTDOWN = {"jsonrpc": "2.0", "id": 2, "method": "shutdown"}
EXIT = {"jsonrpc": "2.0", "method": "exit"}


@contextmanager
def listening(option: str) -> Iterator[tuple[str, int]]:
    with subprocess.Popen([*COMMAND, option, "127.0.0.1:0"], stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            said = process.stderr.readline()
            match = re.search(r"://([\d.]+):(\d+)", said)
            assert match is not None, said
            yield match[1], int(match[2])
        finally:
            process.kill()


def frame(message: object) -> bytes:
    body = json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def read(stream: Any) -> Any:
    length = 0
    while (line := stream.readline()).strip():
        if line.lower().startswith(b"content-length"):
            length = int(line.split(b":")[1])
    return json.loads(stream.read(length)) if length else None


def converse(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=30) as connection, connection.makefile("rb") as stream:
        connection.sendall(frame(INITIALIZE))
        assert read(stream)["result"]["serverInfo"]["name"] == "apim-policy"
        connection.sendall(frame(SHUTDOWN) + frame(EXIT))
        assert read(stream) == {"jsonrpc": "2.0", "id": 2, "result": None}
        assert stream.read() == b""


def test_a_port_serves_one_session_after_the_other() -> None:
    with listening("--tcp") as address:
        converse(address)
        socket.create_connection(address, timeout=30).close()
        converse(address)


def test_a_websocket_takes_messages_without_headers() -> None:
    client = pytest.importorskip("websockets.asyncio.client")

    async def talk(host: str, port: int) -> None:
        async with client.connect(f"ws://{host}:{port}") as connection:
            await connection.send(json.dumps(INITIALIZE))
            answer = json.loads(await connection.recv())
            assert answer["result"]["serverInfo"]["name"] == "apim-policy"
            await connection.send(json.dumps(SHUTDOWN).encode())
            assert json.loads(await connection.recv()) == {"jsonrpc": "2.0", "id": 2, "result": None}
            await connection.send(json.dumps(EXIT))
            await connection.wait_closed()

    with listening("--ws") as (host, port):
        asyncio.run(talk(host, port))
        asyncio.run(talk(host, port))


def test_websockets_say_what_they_need() -> None:
    script = (
        "import sys; sys.modules['websockets'] = None\n"
        "from apim_policy.lsp.server import run_ws\n"
        "sys.exit(run_ws('127.0.0.1', 0))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30)
    assert done.returncode == 2
    assert done.stderr == 'WebSockets need one more package: pip install "apim-policy[ws]"\n'


@pytest.mark.parametrize("option", ["--tcp", "--ws"])
def test_a_port_in_use_is_named(option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [*COMMAND, option, f"127.0.0.1:{port}"], capture_output=True, text=True, timeout=30
        )
    assert done.returncode == 2
    assert f"127.0.0.1:{port}" in done.stderr
    assert "Traceback" not in done.stderr
