"""Keeps a client's diagnostics true: by publishing them, or by answering for them and saying when to ask again.

A change of one document may change the findings of any other, so after each change all open documents are looked at,
the changed one first.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from lsprotocol import types

if TYPE_CHECKING:
    from apim_policy.lsp.documents import OpenDocument
    from apim_policy.lsp.server import PolicyServer

# Between two documents, so that requests are answered in between and a change makes the rest superfluous, in seconds.
_PAUSE = 0.002


class Told(NamedTuple):
    """What a client last heard about a document."""

    identity: str
    diagnostics: list[types.Diagnostic] | None
    """None where the document is no policy document: then nothing is published about it."""


class Publisher:
    """Diagnostics of one session."""

    def __init__(self, server: PolicyServer) -> None:
        self._server = server
        self._told: dict[str, Told] = {}
        self._count = 0
        self._changed: dict[str, None] = {}
        self._rest: dict[str, None] = {}
        self._working = False

    def touch(self, document: OpenDocument) -> None:
        """A document's text changed."""
        self._changed[document.uri] = None
        self.touch_all()

    def touch_all(self) -> None:
        """Something changed that any document's findings may depend on."""
        for document in self._server.documents:
            if document.uri not in self._changed:
                self._rest[document.uri] = None
        client = self._server.client
        if not self._working and (client.refresh_diagnostics or not client.pull_diagnostics):
            self._working = True
            self._server.background(self._work(), "diagnostics")

    def closed(self, document: OpenDocument) -> None:
        """The client closed a document: what it was told about it goes away."""
        self._changed.pop(document.uri, None)
        self._rest.pop(document.uri, None)
        told = self._told.pop(document.uri, None)
        if told is not None and told.diagnostics and not self._server.client.pull_diagnostics:
            self._send(types.PublishDiagnosticsParams(uri=document.uri, diagnostics=[]))

    def answer(self, document: OpenDocument) -> Told:
        """The diagnostics of a document, for a client that asked; the identity stays while they stay the same."""
        told = self._current(document)
        self._told[document.uri] = told
        return told

    def differing(self, asked: OpenDocument) -> list[tuple[OpenDocument, Told]]:
        """Other open documents whose diagnostics are no longer what the client was told, now told again."""
        found = []
        for document in self._server.documents:
            before = self._told.get(document.uri)
            if (
                document.uri != asked.uri
                and before is not None
                and (now := self._current(document)) is not before
            ):
                self._told[document.uri] = now
                found.append((document, now))
        return found

    async def _work(self) -> None:
        try:
            stale = False
            while self._changed or self._rest:
                await asyncio.sleep(_PAUSE)
                await self._server.session.ready()
                if self._server.client.pull_diagnostics:
                    stale = self._look() or stale
                else:
                    self._publish()
            if stale:
                self._server.background(self._refresh(), "refresh of diagnostics")
        finally:
            self._working = False

    def _next(self) -> tuple[OpenDocument | None, bool]:
        changed = bool(self._changed)
        queue = self._changed or self._rest
        uri = next(iter(queue), None)
        if uri is None:
            return None, False
        del queue[uri]
        return self._server.documents.get(uri), changed

    def _publish(self) -> None:
        document, changed = self._next()
        if document is None:
            return
        before = self._told.get(document.uri)
        now = self._current(document)
        self._told[document.uri] = now
        # A new version is published even with the same findings, for clients that wait for it.
        spoken = now.diagnostics is not None or (before is not None and before.diagnostics)
        if spoken and (changed or now is not before):
            self._send(
                types.PublishDiagnosticsParams(
                    uri=document.uri, version=document.version, diagnostics=now.diagnostics or []
                )
            )

    def _look(self) -> bool:
        document, changed = self._next()
        if document is None or changed:
            # The client changed this one itself, and will ask.
            return False
        before = self._told.get(document.uri)
        return before is not None and self._current(document) is not before

    def _current(self, document: OpenDocument) -> Told:
        diagnostics = self._server.session.diagnostics(document)
        before = self._told.get(document.uri)
        if before is not None and before.diagnostics == diagnostics:
            return before
        self._count += 1
        return Told(str(self._count), diagnostics)

    def _send(self, params: types.PublishDiagnosticsParams) -> None:
        self._server.text_document_publish_diagnostics(params)

    async def _refresh(self) -> None:
        await self._server.workspace_diagnostic_refresh_async(None)
