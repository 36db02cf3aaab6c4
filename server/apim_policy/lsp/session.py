"""What is known of the client's documents: their trees, their findings, what they were taken for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from apim_policy.ide.markup import Link
from apim_policy.lint.engine import lint_document
from apim_policy.lsp.convert import Converter
from apim_policy.lsp.projects import Projects
from apim_policy.lsp.uris import to_path
from apim_policy.report import scopes
from apim_policy.report.findings import shown
from apim_policy.workspace.files import FileStore
from apim_policy.workspace.model import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from lsprotocol import types

    from apim_policy.lsp.documents import OpenDocument
    from apim_policy.lsp.projects import Project
    from apim_policy.lsp.server import PolicyServer
    from apim_policy.rules.model import Diagnostic
    from apim_policy.syntax.tree import Document
    from apim_policy.workspace.model import DocumentInfo
    from apim_policy.workspace.settings import SettingsError
    from apim_policy.workspace.workspace import Workspace

POLICY_LANGUAGE = "apim-policy"
"""The language id by which an author says that a document is a policy, whatever is in it."""


class _Found(NamedTuple):
    workspace: Workspace
    version: int
    findings: list[Diagnostic]


class Session:
    """The documents of one client and the projects that they belong to."""

    def __init__(
        self,
        server: PolicyServer,
        folders: Sequence[Path],
        on_new: Callable[[Project], None],
        on_settings: Callable[[Path, SettingsError | None], None],
    ) -> None:
        self._server = server
        self.store = FileStore()
        self.projects = Projects(self.store, folders, on_new, on_settings)
        self.convert = Converter(server.client, server.documents, self.store)
        self._found: dict[Path, _Found] = {}

    async def ready(self, path: Path | None = None) -> None:
        """Wait until the folders around all open documents, and around ``path``, were searched."""
        while True:
            paths = [document.path for document in self._server.documents] + ([path] if path else [])
            projects = map(self.projects.of, paths)
            waiting = next((project for project in projects if not project.indexed.is_set()), None)
            if waiting is None:
                return
            await waiting.indexed.wait()

    def changed(self, document: OpenDocument) -> None:
        """A document was opened or changed."""
        self.store.open(document.path, document.text)
        self.projects.of(document.path)
        self.projects.update(document.path)

    def closed(self, document: OpenDocument) -> None:
        """A document was closed."""
        self.store.close(document.path)
        self._found.pop(document.path, None)
        self.projects.update(document.path)

    def is_policy(self, document: OpenDocument) -> bool:
        """Whether a document is the server's business: by what it is called, or by its root element."""
        if document.language != POLICY_LANGUAGE and not self.store.is_policy_document(document.path):
            return False
        return not self.projects.of(document.path).excludes(document.path)

    def tree(self, document: OpenDocument) -> Document | None:
        """The tree of a policy document; None for other documents."""
        return self.store.document(document.path) if self.is_policy(document) else None

    def findings(self, document: OpenDocument) -> list[Diagnostic]:
        """The findings in an open policy document."""
        workspace = self.projects.of(document.path).workspace
        known = self._found.get(document.path)
        if known is None or known.workspace is not workspace or known.version != workspace.version:
            found = self.lint(document.path)
            known = self._found[document.path] = _Found(workspace, workspace.version, found)
        return known.findings

    def lint(self, path: Path) -> list[Diagnostic]:
        """The findings in a policy document, as the command line reports them."""
        project = self.projects.of(path)
        return lint_document(project.workspace, path, project.selection)

    def diagnostics(self, document: OpenDocument) -> list[types.Diagnostic] | None:
        """The findings in a document as the client reads them; None where it is no policy document."""
        if not self.is_policy(document):
            return None
        return [self.convert.diagnostic(document.lines, finding) for finding in self.findings(document)]

    def info(self, path: Path) -> DocumentInfo:
        """What a document was taken for."""
        return self.projects.of(path).workspace.info(path)

    def callers(self, info: DocumentInfo) -> Sequence[DocumentInfo]:
        """The MCP servers whose tools call the API or operation of a document."""
        if info.api is None or info.scope not in (Scope.API, Scope.OPERATION):
            return ()
        around = self.projects.of(info.path).workspace.around(info.path)
        return around.servers_calling(info.api, info.operation)

    def place(self, path: Path, line: int | None) -> Link:
        """How to write and reach a file, and a line of it counted from 0."""
        anchor = "" if line is None else f"#L{line + 1}"
        suffix = "" if line is None else f":{line + 1}"
        return Link(f"{self._shown(path)}{suffix}", f"{self.convert.uri(path)}{anchor}")

    async def described(self, uri: str) -> dict[str, Any] | None:
        """What a document was taken for, as ``apim-policy scopes`` writes it; None where it is no policy document."""
        path = self.policy_path(uri)
        if path is None:
            return None
        await self.ready(path)
        return scopes.as_object(self.info(path), self.base(path))

    def policy_path(self, uri: str) -> Path | None:
        """The path of a policy document, open or not; None where there is none."""
        document = self._server.documents.get(uri)
        path = document.path if document else to_path(uri)
        if path is None:
            return None
        found = self.is_policy(document) if document else self.store.is_policy_document(path)
        return path if found else None

    def base(self, path: Path) -> Path:
        """The folder that a file is shown relative to."""
        return self.projects.folder_of(path) or self.projects.of(path).root

    def _shown(self, path: Path) -> str:
        return shown(path, self.base(path))
