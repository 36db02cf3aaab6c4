"""Diagnostics of all documents in the client's folders, for a client that asks for them.

A question is answered when there is something new to say. What an author types says nothing new here, only what is
saved: a folder of thousands of documents takes seconds.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from lsprotocol import types

from apim_policy.workspace.files import UnreadableFileError

if TYPE_CHECKING:
    from pathlib import Path

    from apim_policy.lsp.server import PolicyServer

# Between two documents, in which requests are answered, in seconds.
_PAUSE = 0.001

_Report = types.WorkspaceFullDocumentDiagnosticReport | types.WorkspaceUnchangedDocumentDiagnosticReport


class WorkspacePull:
    """Answers ``workspace/diagnostic`` for one session."""

    def __init__(self, server: PolicyServer) -> None:
        self._server = server
        self._told: dict[str, tuple[str, list[types.Diagnostic]]] = {}
        self._count = 0
        self._news = asyncio.Event()
        if server.client.pull_diagnostics:
            server.answer(types.WORKSPACE_DIAGNOSTIC, self.answer)

    def news(self) -> None:
        """Something changed on the disk, or in the settings."""
        self._news.set()

    async def answer(self, params: types.WorkspaceDiagnosticParams) -> types.WorkspaceDiagnosticReport:
        """What is new since the client's last question; waits until there is something."""
        known = {item.uri: item.value for item in params.previous_result_ids}
        while True:
            self._news.clear()
            reports = await self._look(known)
            if not known or any(
                isinstance(item, types.WorkspaceFullDocumentDiagnosticReport) for item in reports
            ):
                return types.WorkspaceDiagnosticReport(reports)
            await self._news.wait()

    async def _look(self, known: dict[str, str]) -> list[_Report]:
        reports: list[_Report] = []
        gone = set(known)
        for path in await self._paths():
            await asyncio.sleep(_PAUSE)
            if self._server.documents.at(path) is not None:
                # The client asks for open documents one by one.
                gone.discard(self._server.session.convert.uri(path))
                continue
            await self._server.session.ready(path)
            report = self._report(path, known)
            if report is not None:
                gone.discard(report.uri)
                reports.append(report)
        reports += [
            types.WorkspaceFullDocumentDiagnosticReport(uri, []) for uri in sorted(gone) if self._forget(uri)
        ]
        return reports

    async def _paths(self) -> list[Path]:
        session = self._server.session
        found: dict[Path, None] = {}
        for folder in session.projects.folders:
            inside = folder / "policy.xml"
            await session.ready(inside)
            documents = session.projects.of(inside).workspace.documents
            found |= dict.fromkeys(path for path in documents if path.is_relative_to(folder))
        return list(found)

    def _report(self, path: Path, known: dict[str, str]) -> _Report | None:
        session = self._server.session
        uri = session.convert.uri(path)
        try:
            lines = session.convert.lines(path)
        except UnreadableFileError:
            return None
        diagnostics = [session.convert.diagnostic(lines, finding) for finding in session.lint(path)]
        told = self._told.get(uri)
        if told is None or told[1] != diagnostics:
            self._count += 1
            told = self._told[uri] = f"workspace {self._count}", diagnostics
        if known.get(uri) == told[0]:
            return types.WorkspaceUnchangedDocumentDiagnosticReport(uri, told[0])
        return types.WorkspaceFullDocumentDiagnosticReport(uri, diagnostics, result_id=told[0])

    def _forget(self, uri: str) -> bool:
        return self._told.pop(uri, None) is not None
