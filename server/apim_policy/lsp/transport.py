"""Bytes from and to a client: standard input and output, a TCP connection, a WebSocket.

pygls reads a message with three trips through a thread pool, drops what it cannot read without an answer, and reports
success whatever ended the session; so the loops are our own.
"""

from __future__ import annotations

import asyncio
import os
import threading
from typing import TYPE_CHECKING, BinaryIO, Protocol

from apim_policy.lsp.framing import Framer, FramingError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from apim_policy.lsp.protocol import PolicyProtocol

_CHUNK = 1 << 16


class _Sink(Protocol):
    def write(self, data: bytes) -> object: ...

    def flush(self) -> object: ...


class Writer:
    """Where the protocol writes its messages; a client that is gone ends the session, it raises nothing."""

    def __init__(self, sink: _Sink, lost: Callable[[], None]) -> None:
        self._sink: _Sink | None = sink
        self._lost = lost

    def write(self, data: bytes) -> None:
        """Send one message."""
        if self._sink is None:
            return
        try:
            self._sink.write(data)
            self._sink.flush()
        except (OSError, ValueError):
            self._sink = None
            self._lost()

    def close(self) -> None:
        """Send nothing more."""
        self._sink = None


class Feed:
    """Hands what arrives to a protocol, and ends its session with the stream."""

    def __init__(self, protocol: PolicyProtocol) -> None:
        self._protocol = protocol
        self._framer = Framer()

    def data(self, data: bytes) -> None:
        """Some bytes arrived; none means that the client is gone."""
        if not data:
            self._protocol.disconnected()
            return
        for item in self._framer.feed(data):
            if isinstance(item, FramingError):
                self._protocol.refuse(str(item))
            else:
                self._protocol.receive(item)


async def serve_pipes(protocol: PolicyProtocol, source: int, sink: BinaryIO) -> int:
    """Serve one client over a pair of pipes; the exit status of the session."""
    loop = asyncio.get_running_loop()
    feed = Feed(protocol)
    protocol.set_writer(Writer(sink, protocol.disconnected))

    def pump() -> None:
        # A plain descriptor: a thread that waits inside a buffered reader makes the interpreter abort at its end.
        while True:
            try:
                data = os.read(source, _CHUNK)
            except OSError:
                data = b""
            try:
                loop.call_soon_threadsafe(feed.data, data)
            except RuntimeError:
                return
            if not data:
                return

    threading.Thread(target=pump, name="client input", daemon=True).start()
    return await protocol.finished


async def serve_stream(
    protocol: PolicyProtocol, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> int:
    """Serve one client over a TCP connection; the exit status of the session."""
    feed = Feed(protocol)
    protocol.set_writer(Writer(_StreamSink(writer), protocol.disconnected))

    async def pump() -> None:
        while not protocol.finished.done():
            try:
                data = await reader.read(_CHUNK)
            except OSError:
                data = b""
            feed.data(data)

    pumping = asyncio.create_task(pump())
    try:
        return await protocol.finished
    finally:
        pumping.cancel()
        writer.close()


class _StreamSink:
    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    def write(self, data: bytes) -> None:
        self._writer.write(data)

    def flush(self) -> None:
        if self._writer.is_closing():
            raise BrokenPipeError


class MessageStream(Protocol):
    """A connection whose messages have bounds of their own: a WebSocket."""

    def send(self, message: str) -> Awaitable[None]:
        """Send one message."""

    def __aiter__(self) -> AsyncIterator[str | bytes]: ...


async def serve_messages(protocol: PolicyProtocol, connection: MessageStream) -> int:
    """Serve one client over a connection that needs no headers; the exit status of the session."""
    outgoing: asyncio.Queue[str] = asyncio.Queue()
    protocol.set_writer(Writer(_QueueSink(outgoing), protocol.disconnected), include_headers=False)

    async def pump() -> None:
        async for message in connection:
            protocol.receive(message)
        protocol.disconnected()

    async def deliver() -> None:
        while True:
            await connection.send(await outgoing.get())

    tasks = [asyncio.create_task(pump()), asyncio.create_task(deliver())]
    try:
        for task in tasks:
            task.add_done_callback(lambda _: protocol.disconnected())
        return await protocol.finished
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _QueueSink:
    def __init__(self, queue: asyncio.Queue[str]) -> None:
        self._queue = queue

    def write(self, data: bytes) -> None:
        self._queue.put_nowait(data.decode())

    def flush(self) -> None:
        pass
