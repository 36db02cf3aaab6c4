"""A JSON-RPC client that knows nothing of the Language Server Protocol: it sends what it is told, right or wrong."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import threading
from collections import deque
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

COMMAND = (sys.executable, "-m", "apim_policy", "lsp")
TIMEOUT = 30.0
"""Seconds after which a message that was promised counts as lost."""

Message = dict[str, Any]


class Connection:
    """A server process, driven over its standard input and output."""

    def __init__(self, command: Sequence[str] = COMMAND, cwd: Path | None = None) -> None:
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=cwd
        )
        self.errors: list[bytes] = []
        self._arrived: queue.Queue[Message | None] = queue.Queue()
        self._put_back: deque[Message] = deque()
        self._next_id = 0
        self._threads = [
            threading.Thread(target=self._read, daemon=True),
            threading.Thread(target=self._drain, daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        for thread in self._threads:
            thread.join()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert stream is not None
            with contextlib.suppress(OSError):
                stream.close()

    def write(self, data: bytes) -> None:
        """Send bytes as they are."""
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, *messages: object) -> None:
        """Send messages in one write, each with its header."""
        bodies = [json.dumps(message).encode() for message in messages]
        self.write(b"".join(b"Content-Length: %d\r\n\r\n" % len(body) + body for body in bodies))

    def notify(self, method: str, params: object = None) -> None:
        self.send(notification(method, params))

    def request(self, method: str, params: object = None) -> int:
        """Send a request and return its id."""
        message = self.prepare(method, params)
        self.send(message)
        return message["id"]

    def prepare(self, method: str, params: object = None) -> Message:
        """A request with an id of its own, not sent yet."""
        self._next_id += 1
        return {"jsonrpc": "2.0", "id": self._next_id, "method": method, "params": params}

    def ask(self, method: str, params: object = None) -> Any:
        """The result of a request; fails where the answer is an error."""
        answer = self.answer(self.request(method, params))
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def refused(self, method: str, params: object = None) -> Message:
        """The error that answers a request."""
        answer = self.answer(self.request(method, params))
        assert "error" in answer, f"{method} was answered: {answer}"
        return answer["error"]

    def answer(self, identity: int | str | None) -> Message:
        """The response to the request of that id; what arrives before it is kept for later."""
        return self.expect(lambda message: "method" not in message and message.get("id", "") == identity)

    def expect_call(self, method: str) -> Message:
        """The next notification or request of the server of that method."""
        return self.expect(lambda message: message.get("method") == method)

    def expect(self, wanted: Callable[[Message], bool]) -> Message:
        """The next message that fits; what arrives before it is kept for later."""
        for message in list(self._put_back):
            if wanted(message):
                self._put_back.remove(message)
                return message
        while True:
            try:
                message = self._arrived.get(timeout=TIMEOUT)
            except queue.Empty:
                raise AssertionError(f"the server sent no such message; {self._account()}") from None
            if message is None:
                self._arrived.put(None)
                raise AssertionError(f"the server closed its output; {self._account()}")
            if wanted(message):
                return message
            self._put_back.append(message)

    def pending(self) -> list[Message]:
        """What arrived so far and was not asked for."""
        while not self._arrived.empty():
            message = self._arrived.get()
            if message is None:
                self._arrived.put(None)
                break
            self._put_back.append(message)
        return list(self._put_back)

    def reply(self, request: Message, result: object) -> None:
        """Answer a request of the server."""
        self.send({"jsonrpc": "2.0", "id": request["id"], "result": result})

    def initialize(self, **params: object) -> Message:
        """Open the session with these parameters."""
        result = self.ask("initialize", {"processId": None, "rootUri": None, "capabilities": {}, **params})
        self.notify("initialized", {})
        return result

    def hang_up(self) -> None:
        """Close the server's input, as the end of the client's process does."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    def wait(self) -> int:
        """The exit status of the process."""
        return self.process.wait(TIMEOUT)

    def shut_down(self) -> int:
        """Say goodbye as the protocol asks; the exit status of the process."""
        assert self.ask("shutdown") is None
        self.notify("exit")
        return self.wait()

    def _account(self) -> str:
        return f"it sent {list(self._put_back)} and wrote {b''.join(self.errors).decode(errors='replace')!r}"

    def _read(self) -> None:
        output = self.process.stdout
        assert output is not None
        while True:
            length = None
            while (line := output.readline()).strip():
                name, _, value = line.decode("ascii").partition(":")
                if name == "Content-Length":
                    length = int(value)
            if length is None:
                self._arrived.put(None)
                return
            self._arrived.put(json.loads(output.read(length)))

    def _drain(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.errors.append(line)


def notification(method: str, params: object = None) -> Message:
    """A notification as it goes over the wire."""
    return {"jsonrpc": "2.0", "method": method, "params": params}
