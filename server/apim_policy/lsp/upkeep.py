"""Keeps what the server knows true: settings, files that change behind the editor's back, folders, the search of them."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from apim_policy.lsp.configuration import SECTION, Configuration, read_configuration
from apim_policy.lsp.convert import SOURCE
from apim_policy.lsp.uris import to_path, to_uri
from apim_policy.workspace.discovery import SUFFIXES, is_candidate
from apim_policy.workspace.ignoring import GITIGNORE, SKIPPED_FOLDERS
from apim_policy.workspace.readers.services import DEPLOYING, deploys
from apim_policy.workspace.settings import FILE_NAME

if TYPE_CHECKING:
    from pathlib import Path

    from apim_policy.lsp.projects import Project
    from apim_policy.lsp.server import PolicyServer
    from apim_policy.workspace.settings import SettingsError

log = logging.getLogger(__name__)

# A search that takes longer than this is shown, in seconds.
_SHOW_AFTER = 1.0
_ENDINGS = ",".join(sorted(suffix[1:] for suffix in SUFFIXES | DEPLOYING if suffix))
_WATCHED = (f"**/*.{{{_ENDINGS}}}", f"**/{FILE_NAME}", f"**/{GITIGNORE}")


class Upkeep:
    """What one session does beside answering requests."""

    def __init__(self, server: PolicyServer, options: object) -> None:
        self._server = server
        self._options = read_configuration(options, Configuration())
        self.configuration = self._options
        self.configured = asyncio.Event()
        """Set once the client's own settings are known, or it turned out that it gives none."""
        self._faulty: dict[Path, str] = {}
        server.answer(types.INITIALIZED, self.initialized)
        server.answer(types.WORKSPACE_DID_CHANGE_WATCHED_FILES, self.files_changed)
        server.answer(types.WORKSPACE_DID_CHANGE_CONFIGURATION, self.configuration_changed)
        server.answer(types.TEXT_DOCUMENT_DID_SAVE, self.saved)

    async def initialized(self, _: types.InitializedParams) -> None:
        """Ask the client to tell of changes, and for its settings."""
        client = self._server.client
        wanted = []
        if client.watch_files:
            watchers = [types.FileSystemWatcher(pattern) for pattern in _WATCHED]
            # The end of a folder is told of under its own name only.
            watchers.append(types.FileSystemWatcher("**/*", kind=types.WatchKind.Delete))
            options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
            wanted.append(_registration(types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options))
        if client.watch_configuration:
            section = types.DidChangeConfigurationRegistrationOptions(section=SECTION)
            wanted.append(_registration(types.WORKSPACE_DID_CHANGE_CONFIGURATION, section))
        if wanted:
            self._server.background(self._register(wanted), "registration")
        if client.configuration:
            self._server.background(self._fetch_configuration(), "configuration")
        else:
            self.configured.set()

    async def files_changed(self, params: types.DidChangeWatchedFilesParams) -> None:
        """Files were changed, made or deleted on the disk."""
        paths = [path for change in params.changes if (path := to_path(change.uri)) is not None]
        projects = self._server.session.projects
        if any(path.name == FILE_NAME or path == projects.config for path in paths):
            self.read_again()
        # Builds make and delete thousands of files that are none of ours.
        concerned = [path for path in paths if _may_matter(path) or projects.hold_below(path)]
        for path in concerned:
            projects.update(path)
        if concerned:
            self._server.look_again()

    async def saved(self, params: types.DidSaveTextDocumentParams) -> None:
        """A document was saved; with a client that tells of no other files, they may have changed as well."""
        path = to_path(params.text_document.uri)
        self._server.workspace_pull.news()
        projects = self._server.session.projects
        if projects.outdated or (path is not None and path.name == FILE_NAME):
            self.read_again()
        elif not self._server.client.watch_files:
            for project in projects:
                self.search(project)

    async def configuration_changed(self, params: types.DidChangeConfigurationParams) -> None:
        """The client's settings changed. Some clients send them along, others want to be asked."""
        if self._server.client.configuration:
            await self._fetch_configuration()
        elif isinstance(params.settings, dict):
            self._configure(params.settings.get(SECTION, params.settings))

    def folders_changed(self, event: types.WorkspaceFoldersChangeEvent) -> None:
        """Folders were added to the client's workspace, or taken out of it."""
        folders = self._server.session.projects.folders
        for removed in event.removed:
            path = to_path(removed.uri)
            if path in folders:
                folders.remove(path)
        for added in event.added:
            path = to_path(added.uri)
            if path is not None and path not in folders:
                folders.append(path)
        self.read_again()

    def read_again(self) -> None:
        """Read all settings, and search all folders, again."""
        projects = self._server.session.projects
        projects.forget()
        for file in list(self._faulty):
            projects.check(file)
        self._server.look_again()

    def search(self, project: Project) -> None:
        """Search the folder of a project, beside other work."""
        self._server.background(self._search(project), f"search of {project.root}")

    def settings_read(self, file: Path, error: SettingsError | None) -> None:
        """A settings file was read: say what is wrong with it, or no longer is."""
        if error is None:
            if self._faulty.pop(file, None) is not None:
                self._publish(file, [])
            return
        line = types.Range(types.Position(error.line, 0), types.Position(error.line + 1, 0))
        severity = types.DiagnosticSeverity.Error
        self._publish(file, [types.Diagnostic(line, error.message, severity=severity, source=SOURCE)])
        if self._faulty.get(file) != str(error):
            self._faulty[file] = str(error)
            message = f"{FILE_NAME}, line {error.line + 1}: {error.message} Until it is mended, the last valid settings hold."
            self._server.window_show_message(types.ShowMessageParams(types.MessageType.Error, message))

    def _publish(self, file: Path, diagnostics: list[types.Diagnostic]) -> None:
        # Also to a client that asks for diagnostics: it asks for those of policy documents only.
        params = types.PublishDiagnosticsParams(uri=to_uri(file), diagnostics=diagnostics)
        self._server.text_document_publish_diagnostics(params)

    async def _register(self, wanted: list[types.Registration]) -> None:
        try:
            await self._server.client_register_capability_async(types.RegistrationParams(wanted))
        except JsonRpcException as error:
            log.warning("the client registers nothing: %s", error)

    async def _fetch_configuration(self) -> None:
        params = types.ConfigurationParams([types.ConfigurationItem(section=SECTION)])
        try:
            answer = await self._server.workspace_configuration_async(params)
        except JsonRpcException as error:
            log.warning("the client gives no settings: %s", error)
        else:
            if answer:
                self._configure(answer[0])
        finally:
            self.configured.set()

    def _configure(self, options: object) -> None:
        before = self.configuration
        # What the client configures counts more than what it sent when it connected.
        self.configuration = read_configuration(options, self._options)
        if self.configuration.configuration_file != before.configuration_file:
            self.apply_configuration()
            self.read_again()

    def apply_configuration(self) -> None:
        """Let the client's settings take effect."""
        projects = self._server.session.projects
        projects.config = self.configuration.settings_file(projects.folders)

    async def _search(self, project: Project) -> None:
        async with _Progress(self._server, project.root) as progress:
            await project.index(progress.found)
        self._server.look_again()


class _Progress:
    """Shows a search that takes long, and lets the client end it."""

    def __init__(self, server: PolicyServer, root: Path) -> None:
        self._server = server
        self._root = root
        self._begun = time.monotonic()
        self._token = str(uuid.uuid4())
        self._asked = False
        self._shown = False
        self._over = False

    async def __aenter__(self) -> _Progress:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._over = True
        if self._shown:
            self._server.work_done_progress.end(self._token, types.WorkDoneProgressEnd())

    def found(self, count: int) -> bool:
        """Say how many documents there are so far; False once the client wants no more."""
        if self._shown:
            progress = self._server.work_done_progress
            if progress.tokens[self._token].cancelled():
                return False
            progress.report(self._token, types.WorkDoneProgressReport(message=_counted(count)))
        elif (
            not self._asked and self._server.client.progress and time.monotonic() - self._begun > _SHOW_AFTER
        ):
            self._asked = True
            self._server.background(self._show(), "progress")
        return True

    async def _show(self) -> None:
        progress = self._server.work_done_progress
        await progress.create_async(self._token)
        if self._over:
            return
        title = f"Looking for policy documents in {self._root.name or self._root}"
        progress.begin(self._token, types.WorkDoneProgressBegin(title=title, cancellable=True))
        self._shown = True


def _may_matter(path: Path) -> bool:
    if not SKIPPED_FOLDERS.isdisjoint(path.parts):
        return False
    return is_candidate(path.name) or deploys(path) or path.name == GITIGNORE


def _counted(count: int) -> str:
    return f"{count} document{'' if count == 1 else 's'}"


def _registration(method: str, options: Any) -> types.Registration:
    return types.Registration(id=f"apim-policy-{method}", method=method, register_options=options)
