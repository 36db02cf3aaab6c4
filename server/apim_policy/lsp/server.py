"""The language server: what a client may ask, and the ways to reach it."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import FeatureRequestError, JsonRpcException
from pygls.lsp.server import LanguageServer

from apim_policy import __version__
from apim_policy.lsp.capabilities import capabilities
from apim_policy.lsp.client import Client
from apim_policy.lsp.documents import Change, Documents
from apim_policy.lsp.garbage import Garbage, switch_off
from apim_policy.lsp.protocol import ARRIVED, ContentModifiedError, PolicyProtocol, internal_error
from apim_policy.lsp.transport import serve_messages, serve_pipes, serve_stream
from apim_policy.text.lines import Position

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from apim_policy.lsp.asking import Asker
    from apim_policy.lsp.client import Opening
    from apim_policy.lsp.documents import OpenDocument
    from apim_policy.lsp.publishing import Publisher
    from apim_policy.lsp.session import Session
    from apim_policy.lsp.upkeep import Upkeep
    from apim_policy.lsp.workspace_pull import WorkspacePull

log = logging.getLogger(__name__)

# A cancellation, or the next letter that is typed, gets this long to overtake a request, in seconds.
_PAUSE = 0.002
# How often to look whether the client's process is still alive, in seconds.
_WATCH = 1.0


class PolicyServer(LanguageServer):
    """One session with one client. Lives inside a running event loop."""

    protocol: PolicyProtocol
    session: Session
    publisher: Publisher
    upkeep: Upkeep
    asker: Asker
    workspace_pull: WorkspacePull

    def __init__(self) -> None:
        self.client = Client()
        self.documents = Documents(self.client.unit, Path.cwd())
        self._garbage = Garbage()
        self._tasks: set[asyncio.Task[None]] = set()
        super().__init__("apim-policy", __version__, protocol_cls=PolicyProtocol)

    def initialize(self, opening: Opening) -> types.InitializeResult:
        """The answer to ``initialize``."""
        if opening.process_id is not None and _lives(opening.process_id):
            self.background(self._watch(opening.process_id), "watch over the client")
        self.client = opening.client
        self.documents = Documents(opening.client.unit, next(iter(opening.folders), Path.cwd()))
        return types.InitializeResult(
            capabilities=capabilities(opening.client),
            server_info=types.ServerInfo(name=self.name, version=self.version),
        )

    def start(self, opening: Opening) -> None:
        """Begin to work, once ``initialize`` is answered."""
        # Imported here, so that the client does not wait for modules that the first answer has no need of.
        from apim_policy.lsp import (
            code_actions,
            effective,
            expressions,
            features,
            formatting,
            header_flow,
            links,
            navigation,
            tokens,
        )
        from apim_policy.lsp.asking import Asker
        from apim_policy.lsp.publishing import Publisher
        from apim_policy.lsp.session import Session
        from apim_policy.lsp.upkeep import Upkeep
        from apim_policy.lsp.workspace_pull import WorkspacePull

        self.publisher = Publisher(self)
        self.upkeep = Upkeep(self, opening.options)
        self.session = Session(self, opening.folders, self.upkeep.search, self.upkeep.settings_read)
        self.upkeep.apply_configuration()
        self.asker = Asker(self)
        self.workspace_pull = WorkspacePull(self)
        features.register(self)
        code_actions.register(self)
        formatting.register(self)
        header_flow.register(self)
        navigation.register(self)
        effective.register(self)
        links.register(self)
        expressions.register(self)
        tokens.register(self)

    def opened(self, item: types.TextDocumentItem) -> None:
        """The client opened a document."""
        document = self.documents.open(item.uri, item.language_id, item.version, item.text)
        self._garbage.stir()
        self.session.changed(document)
        self.publisher.touch(document)
        self.asker.met(document)

    def changed(self, params: types.DidChangeTextDocumentParams) -> None:
        """The client changed a document."""
        uri = params.text_document.uri
        changes = [_change(item) for item in params.content_changes]
        document = self.documents.change(uri, params.text_document.version, changes)
        if document is None:
            log.warning("ignored a change of %s, which is not open", uri)
            return
        self._garbage.stir()
        self.session.changed(document)
        self.publisher.touch(document)

    def closed(self, uri: str) -> None:
        """The client closed a document: what the disk holds counts again."""
        document = self.documents.close(uri)
        if document is not None:
            self.session.closed(document)
            self.publisher.closed(document)
            self.publisher.touch_all()

    def look_again(self) -> None:
        """Files or settings changed: any finding may be another now."""
        self.publisher.touch_all()
        self.workspace_pull.news()

    async def document(self, uri: str, *, exact: bool = False, indexed: bool = False) -> OpenDocument | None:
        """The document that a request is about, after a pause in which the request may be cancelled.

        ``exact``: the request holds positions. Raises ContentModifiedError where the document changed since it arrived.
        ``indexed``: the answer depends on other files.
        """
        await asyncio.sleep(_PAUSE)
        if indexed:
            await self.session.ready()
        document = self.documents.get(uri)
        if exact and document is not None and document.revision > ARRIVED.get():
            raise ContentModifiedError
        return document

    def answer(self, method: str, handler: Callable[[Any], Awaitable[Any]]) -> None:
        """Let ``handler`` answer the requests, or take the notifications, of a method."""

        async def handle(params: Any) -> Any:
            try:
                return await handler(params)
            except JsonRpcException:
                raise
            except Exception as error:
                raise internal_error(method, error) from None

        self.feature(method)(handle)

    def background(self, work: Coroutine[Any, Any, None], what: str) -> None:
        """Run something beside the requests; its failure is logged."""
        task = asyncio.get_running_loop().create_task(work, name=what)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("%s failed", task.get_name(), exc_info=error)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log what went wrong while a notification was handled; it is no news for the author of a policy.

        What went wrong with a request is in its answer.
        """
        if source is not FeatureRequestError:
            data = getattr(error, "data", None) or {}
            log.error("%s\n%s", error, "".join(data.get("traceback", ())))

    async def _watch(self, process: int) -> None:
        while _lives(process):
            await asyncio.sleep(_WATCH)
        log.warning("the client's process %d is gone", process)
        self.protocol.disconnected()


def _change(item: types.TextDocumentContentChangeEvent) -> Change:
    if isinstance(item, types.TextDocumentContentChangePartial):
        start, end = item.range.start, item.range.end
        return Change(Position(start.line, start.character), Position(end.line, end.character), item.text)
    return Change(None, None, item.text)


def _lives(process: int) -> bool:
    # A process that is not there from the start lives in another container. Windows has no signal that only asks.
    if os.name == "nt":
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def run_stdio() -> int:
    """Serve the client that started this process, over standard input and output; the exit status."""
    if sys.stdin is not None and sys.stdin.isatty():
        print(
            "Waiting for an editor on standard input. An editor starts this command by itself.",
            file=sys.stderr,
        )
    source = os.dup(0)
    sink = os.fdopen(os.dup(1), "wb")
    # Standard output belongs to the protocol; what anything else prints must not end up between its messages.
    os.dup2(2, 1)
    sys.stdout = sys.stderr

    async def serve() -> int:
        return await serve_pipes(PolicyServer().protocol, source, sink)

    return _run(serve())


def run_tcp(host: str, port: int) -> int:
    """Serve clients that connect to a port, each in a session of its own; the exit status."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await serve_stream(PolicyServer().protocol, reader, writer)

    async def serve() -> int:
        try:
            listener = await asyncio.start_server(connected, host, port)
        except OSError as error:
            return _cannot_listen(host, port, error)
        _listening("tcp", listener.sockets[0].getsockname())
        async with listener:
            await listener.serve_forever()
        return 0

    return _run(serve())


def run_ws(host: str, port: int) -> int:
    """Serve clients that connect by WebSocket, each in a session of its own; the exit status."""
    try:
        from websockets.asyncio.server import ServerConnection, serve
    except ImportError:
        print('WebSockets need one more package: pip install "apim-policy[ws]"', file=sys.stderr)
        return 2

    async def connected(connection: ServerConnection) -> None:
        await serve_messages(PolicyServer().protocol, connection)

    async def listen() -> int:
        try:
            listener = await serve(connected, host, port, max_size=None)
        except OSError as error:
            return _cannot_listen(host, port, error)
        _listening("ws", next(iter(listener.sockets)).getsockname())
        async with listener:
            await listener.serve_forever()
        return 0

    return _run(listen())


def _run(session: Coroutine[Any, Any, int]) -> int:
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s", stream=sys.stderr)
    # It logs each error that answers a request, with a traceback; what matters of that is logged here.
    logging.getLogger("pygls").setLevel(logging.CRITICAL)
    switch_off()
    try:
        return asyncio.run(session)
    except KeyboardInterrupt:
        return 130


def _listening(scheme: str, address: tuple[Any, ...]) -> None:
    host, port = address[:2]
    print(
        f"Listening on {scheme}://{f'[{host}]' if ':' in host else host}:{port}", file=sys.stderr, flush=True
    )


def _cannot_listen(host: str, port: int, error: OSError) -> int:
    print(f"Cannot listen on {host}:{port}: {error.strerror or error}", file=sys.stderr)
    return 2
