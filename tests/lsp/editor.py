"""An editor without a screen: it keeps texts, sends what is typed, and carries out what the server asks for."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from lsprotocol import converters, types
from pygls.protocol import default_converter
from pytest_lsp import LanguageClient

from apim_policy.lsp.server import PolicyServer
from apim_policy.lsp.transport import serve_stream
from apim_policy.text.lines import LineIndex, Position, Unit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path

TIMEOUT = 30.0
"""Seconds after which something that was promised counts as lost."""

_CONVERTER = converters.get_converter()


@dataclass
class Buffer:
    """A document that is open."""

    text: str
    version: int


@dataclass
class Published:
    """What the server last published about a document."""

    version: int | None
    diagnostics: Sequence[types.Diagnostic]


@dataclass
class Editor:
    """One editor with one folder open, as the client of one server."""

    client: LanguageClient
    root: Path
    capabilities: dict[str, Any]
    unit: Unit = Unit.UTF16
    offers: types.ServerCapabilities = field(default_factory=types.ServerCapabilities)
    buffers: dict[str, Buffer] = field(default_factory=dict)
    published: dict[str, Published] = field(default_factory=dict)
    watched: list[str] = field(default_factory=list)
    """Methods that the server registered."""
    messages: list[str] = field(default_factory=list)
    questions: list[types.ShowMessageRequestParams] = field(default_factory=list)
    answer: str | None = None
    """What is answered to a question: the title of an action, or nothing."""
    refreshes: int = 0
    progress: dict[types.ProgressToken, list[Any]] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    """What the client's own configuration holds under ``apimPolicy``."""
    _heard: asyncio.Event = field(default_factory=asyncio.Event)
    _asked: dict[str, tuple[str | None, list[types.Diagnostic]]] = field(default_factory=dict)

    @property
    def pulls(self) -> bool:
        """Whether diagnostics are asked for, not published."""
        return self.offers.diagnostic_provider is not None

    async def start(self, *folders: Path, **options: object) -> None:
        """Open the session."""
        self._listen()
        result = await self.client.initialize_session(
            types.InitializeParams(
                capabilities=_CONVERTER.structure(self.capabilities, types.ClientCapabilities),
                root_uri=self.root.as_uri(),
                workspace_folders=[
                    types.WorkspaceFolder(folder.as_uri(), folder.name) for folder in folders or (self.root,)
                ],
                initialization_options=options or None,
            )
        )
        self.offers = result.capabilities
        self.unit = Unit(result.capabilities.position_encoding)

    def uri(self, name: str) -> str:
        """The URI of a file of the folder."""
        return (self.root / name).as_uri()

    def text(self, name: str) -> str:
        """What the editor, or else the disk, holds."""
        buffer = self.buffers.get(self.uri(name))
        return buffer.text if buffer else (self.root / name).read_bytes().decode()

    def open(self, *names: str, language: str = "xml") -> None:
        """Open files of the folder."""
        for name in names:
            uri, text = self.uri(name), (self.root / name).read_bytes().decode()
            self.buffers[uri] = Buffer(text, 1)
            item = types.TextDocumentItem(uri=uri, language_id=language, version=1, text=text)
            self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def replace(self, name: str, old: str, new: str) -> None:
        """Change the only place of a file that reads ``old``."""
        text = self.text(name)
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        start = text.index(old)
        self._edit(self.uri(name), [types.TextEdit(self.range(name, start, start + len(old)), new)])

    def save(self, name: str) -> None:
        """Write a file to the disk, and say so."""
        uri = self.uri(name)
        (self.root / name).write_bytes(self.buffers[uri].text.encode())
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri)))

    def close(self, name: str) -> None:
        """Close a file."""
        uri = self.uri(name)
        del self.buffers[uri]
        self.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
        )

    def write(self, name: str, text: str) -> None:
        """Change or make a file behind the editor's back; the server is told where it asked for that."""
        path = self.root / name
        kind = types.FileChangeType.Changed if path.exists() else types.FileChangeType.Created
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        self._tell(path, kind)

    def delete(self, name: str) -> None:
        """Delete a file behind the editor's back."""
        (self.root / name).unlink()
        self._tell(self.root / name, types.FileChangeType.Deleted)

    def _tell(self, path: Path, kind: types.FileChangeType) -> None:
        if types.WORKSPACE_DID_CHANGE_WATCHED_FILES in self.watched:
            event = types.FileEvent(path.as_uri(), kind)
            self.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))

    async def diagnostics(self, name: str) -> Sequence[types.Diagnostic]:
        """The diagnostics of a file as it is now."""
        uri = self.uri(name)
        if self.pulls:
            return await self._pull(uri)
        version = self.buffers[uri].version
        await self.until(lambda: uri in self.published and self.published[uri].version == version)
        return self.published[uri].diagnostics

    async def codes(self, name: str) -> list[str]:
        """The codes of the findings in a file as it is now."""
        return sorted(str(item.code) for item in await self.diagnostics(name))

    async def expect(self, name: str, *codes: str) -> None:
        """Wait until these are the findings in a file, be it because of a change elsewhere."""
        async with asyncio.timeout(TIMEOUT):
            while True:
                refreshes = self.refreshes
                self._heard.clear()
                found = await self.codes(name)
                if found == sorted(codes):
                    return
                if self.pulls:
                    while self.refreshes == refreshes:
                        await self._heard.wait()
                        self._heard.clear()
                else:
                    await self._heard.wait()

    async def until(self, happened: Callable[[], bool]) -> None:
        """Wait for a message that makes it true."""
        async with asyncio.timeout(TIMEOUT):
            while not happened():
                self._heard.clear()
                await self._heard.wait()

    async def _pull(self, uri: str) -> list[types.Diagnostic]:
        known, before = self._asked.get(uri, (None, []))
        report = await self.client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri), previous_result_id=known)
        )
        if isinstance(report, types.RelatedUnchangedDocumentDiagnosticReport):
            assert report.result_id == known
            return before
        self._asked[uri] = report.result_id, list(report.items)
        return list(report.items)

    async def actions(
        self, name: str, at: str, only: Sequence[str] | None = None
    ) -> dict[str, types.CodeAction]:
        """What is offered with the caret at the start of ``at``, by title."""
        start = self.text(name).index(at)
        found = await self.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(self.uri(name)),
                self.range(name, start, start),
                types.CodeActionContext(diagnostics=[], only=only),
            )
        )
        actions = [action for action in found or [] if isinstance(action, types.CodeAction)]
        assert len(actions) == len(found or [])
        assert len({action.title for action in actions}) == len(actions)
        return {action.title: action for action in actions}

    async def resolved(self, action: types.CodeAction) -> types.WorkspaceEdit:
        """The edit of an action."""
        if action.edit is None:
            action = await self.client.code_action_resolve_async(action)
        assert action.edit is not None
        return action.edit

    async def apply(self, action: types.CodeAction) -> None:
        """Carry out an action in all its files."""
        self.apply_edit(await self.resolved(action))

    def apply_edit(self, edit: types.WorkspaceEdit) -> None:
        """Carry out an edit: open files change in the editor, others on the disk."""
        assert (edit.changes is None) != (edit.document_changes is None)
        for uri, edits in (edit.changes or {}).items():
            self._edit(uri, edits)
        for change in edit.document_changes or []:
            if isinstance(change, types.CreateFile):
                assert change.options is not None
                assert change.options.ignore_if_exists
                self._path(change.uri).touch()
                continue
            assert isinstance(change, types.TextDocumentEdit)
            buffer = self.buffers.get(change.text_document.uri)
            assert change.text_document.version == (buffer.version if buffer else None)
            for item in change.edits:
                if isinstance(item, types.AnnotatedTextEdit):
                    assert item.annotation_id in (edit.change_annotations or {})
            self._edit(change.text_document.uri, change.edits)

    def _edit(self, uri: str, edits: Sequence[Any]) -> None:
        buffer = self.buffers.get(uri)
        path = self._path(uri)
        text = buffer.text if buffer else path.read_bytes().decode() if path.exists() else ""
        lines = LineIndex(text)
        ordered = sorted(edits, key=lambda item: (item.range.start.line, item.range.start.character))
        for item in reversed(ordered):
            start, end = (
                lines.offset(place.line, place.character, self.unit)
                for place in (item.range.start, item.range.end)
            )
            text = text[:start] + item.new_text + text[end:]
        if buffer is None:
            path.write_bytes(text.encode())
            return
        buffer.text = text
        buffer.version += 1
        changes = [
            types.TextDocumentContentChangePartial(item.range, item.new_text) for item in reversed(ordered)
        ]
        document = types.VersionedTextDocumentIdentifier(version=buffer.version, uri=uri)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, changes))

    def _path(self, uri: str) -> Path:
        assert uri.startswith(self.root.as_uri())
        return self.root / unquote(uri.removeprefix(self.root.as_uri()).lstrip("/"))

    def position(self, name: str, offset: int) -> types.Position:
        """The place of an offset, as the server counts."""
        found = LineIndex(self.text(name)).position(offset, self.unit)
        return types.Position(found.line, found.column)

    def range(self, name: str, start: int, end: int) -> types.Range:
        """The range between two offsets."""
        return types.Range(self.position(name, start), self.position(name, end))

    def quoted(self, name: str, where: types.Range) -> str:
        """The text of a range."""
        lines = LineIndex(self.text(name))
        start, end = (
            lines.offset(*Position(place.line, place.character), self.unit)
            for place in (where.start, where.end)
        )
        return lines.text[start:end]

    async def hover(self, name: str, at: str) -> str | None:
        """What the pointer shows at the start of ``at``."""
        place = self.position(name, self.text(name).index(at))
        found = await self.client.text_document_hover_async(
            types.HoverParams(types.TextDocumentIdentifier(self.uri(name)), place)
        )
        if found is None:
            return None
        assert isinstance(found.contents, types.MarkupContent)
        assert found.contents.kind.value in self.capabilities["textDocument"]["hover"]["contentFormat"]
        return found.contents.value

    def _listen(self) -> None:
        client = self.client

        def heard(method: str) -> Callable[[Callable[..., Any]], None]:
            def register(handler: Callable[..., Any]) -> None:
                def handle(params: Any) -> Any:
                    try:
                        return handler(params)
                    finally:
                        self._heard.set()

                client.feature(method)(handle)

            return register

        @heard(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def publish(params: types.PublishDiagnosticsParams) -> None:
            assert not self.pulls or params.uri.endswith(".toml")
            self.published[params.uri] = Published(params.version, params.diagnostics)

        @heard(types.CLIENT_REGISTER_CAPABILITY)
        def register(params: types.RegistrationParams) -> None:
            self.watched += [item.method for item in params.registrations]

        @heard(types.WORKSPACE_DIAGNOSTIC_REFRESH)
        def refresh(params: None) -> None:
            self.refreshes += 1

        @heard(types.WORKSPACE_CONFIGURATION)
        def configuration(params: types.ConfigurationParams) -> list[Any]:
            assert [item.section for item in params.items] == ["apimPolicy"]
            return [self.settings]

        @heard(types.WINDOW_SHOW_MESSAGE)
        def show(params: types.ShowMessageParams) -> None:
            self.messages.append(params.message)

        @heard(types.WINDOW_SHOW_MESSAGE_REQUEST)
        def ask(params: types.ShowMessageRequestParams) -> types.MessageActionItem | None:
            assert "window" in self.capabilities
            self.questions.append(params)
            return types.MessageActionItem(self.answer) if self.answer else None

        @heard(types.WINDOW_WORK_DONE_PROGRESS_CREATE)
        def create(params: types.WorkDoneProgressCreateParams) -> None:
            self.progress[params.token] = []

        @heard(types.PROGRESS)
        def progress(params: types.ProgressParams) -> None:
            self.progress[params.token].append(params.value)

        @heard(types.WORKSPACE_APPLY_EDIT)
        def apply(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
            self.apply_edit(params.edit)
            return types.ApplyWorkspaceEditResult(applied=True)


@asynccontextmanager
async def connected(root: Path, capabilities: dict[str, Any]) -> AsyncIterator[Editor]:
    """An editor whose session is not open yet, and a server in this process."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await serve_stream(PolicyServer().protocol, reader, writer)

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listener:
        client = LanguageClient(converter_factory=default_converter)
        await client.start_tcp(*listener.sockets[0].getsockname())
        try:
            yield Editor(client, root, capabilities)
            if client.capabilities is not None:
                await client.shutdown_session()
        finally:
            if client.protocol.writer is not None:
                client.protocol.writer.close()
            await client.stop()
    assert client.error is None
