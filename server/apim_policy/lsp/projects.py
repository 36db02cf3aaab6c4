"""The folders that a client works in, each with its settings and what is known of its documents.

Which documents share settings and a workspace is decided as on the command line, so that both find the same.
"""

from __future__ import annotations

import asyncio
import time
from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING

from apim_policy.lint.selection import Selection
from apim_policy.text.encoding import UndecodableError, decode
from apim_policy.workspace.discovery import search
from apim_policy.workspace.ignoring import Ignoring
from apim_policy.workspace.index import Index
from apim_policy.workspace.roots import project_root
from apim_policy.workspace.settings import (
    McpHeaderForwarding,
    Settings,
    SettingsError,
    find_settings,
    load_settings,
)
from apim_policy.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from apim_policy.workspace.files import FileStore

# How long a search may keep the event loop from other work, in seconds.
_SLICE = 0.008


class Project:
    """Documents that share a workspace and its settings."""

    def __init__(self, root: Path, settings: Settings, selection: Selection, store: FileStore) -> None:
        self.root = root
        self.settings = settings
        self.selection = selection
        self._store = store
        self._ignoring = Ignoring(root, settings.exclude, settings.root)
        self._workspace: Workspace | None = None
        self._indexing = False
        self._again = False
        self._missed: list[Path] = []
        self.indexed = asyncio.Event()
        """Set once the folder was searched, or never will be."""
        self.abandoned = False
        """Whether its settings no longer hold, so that another project took its place."""

    @property
    def workspace(self) -> Workspace:
        """What is known of the folder. Only to be asked for once it is indexed."""
        assert self._workspace is not None, f"{self.root} is not indexed yet"
        return self._workspace

    async def index(self, found: Callable[[int], bool]) -> None:
        """Search the folder, in slices. A workspace that is there already serves until the search is done.

        ``found`` hears after each slice how many documents there are so far; where it returns False the search ends early.
        """
        if self._indexing:
            self._again = True
            return
        self._indexing = True
        try:
            await self._index(found)
            while self._again and not self.abandoned:
                self._again = False
                await self._index(found)
        finally:
            self._indexing = False
            if self._workspace is None:
                self._workspace = self._made_of([])
            self.indexed.set()

    async def _index(self, found: Callable[[int], bool]) -> None:
        self._missed = []
        documents: list[Path] = []
        pause = time.monotonic() + _SLICE
        for path in search(self.root, self._store, self._ignoring):
            if path is not None:
                documents.append(path)
            if time.monotonic() > pause:
                await asyncio.sleep(0)
                if self.abandoned or not found(len(documents)):
                    break
                pause = time.monotonic() + _SLICE
        self._workspace = self._made_of(documents)
        for path in self._missed:
            self._workspace.update(path)

    def _made_of(self, documents: list[Path]) -> Workspace:
        return Workspace(Index(self.root, self.settings, self._store, documents, complete=True))

    def update(self, path: Path) -> None:
        """A file or folder was changed, made or deleted, on the disk or in the editor."""
        if path.is_relative_to(self.root):
            if self._workspace is not None:
                self._workspace.update(path)
            if self._indexing:
                self._missed.append(path)

    def holds_below(self, folder: Path) -> bool:
        """Whether a document lies in that folder."""
        if self._workspace is None:
            return folder.is_relative_to(self.root)
        documents = self._workspace.documents
        # Ordered by path, what lies in a folder comes right after it.
        following = documents[bisect_left(documents, folder) :][:1]
        return any(path.is_relative_to(folder) for path in following)

    def excludes(self, path: Path) -> bool:
        """Whether the settings want nothing said about a document."""
        return self._ignoring.excluded(str(path), is_folder=False)


class Projects:
    """The projects of a client's documents, made when a document first needs one."""

    def __init__(
        self,
        store: FileStore,
        folders: Sequence[Path],
        on_new: Callable[[Project], None],
        on_settings: Callable[[Path, SettingsError | None], None],
    ) -> None:
        self.folders = list(folders)
        """The client's workspace folders."""
        self.config: Path | None = None
        """A settings file that holds for all documents, whatever stands beside them."""
        self._store = store
        self._on_new = on_new
        self._on_settings = on_settings
        self._by_folder: dict[Path, Project] = {}
        self._by_key: dict[tuple[Path, Path | None], Project] = {}
        self._good: dict[Path, tuple[Settings, Selection]] = {}
        self._stamps: dict[Path, tuple[int, int] | None] = {}
        self._answers: dict[Path, McpHeaderForwarding] = {}

    def __iter__(self) -> Iterator[Project]:
        return iter(list(self._by_key.values()))

    def of(self, path: Path) -> Project:
        """The project of a document."""
        folder = path.parent
        project = self._by_folder.get(folder)
        if project is None:
            file = self.config or find_settings(folder)
            settings, selection = self._settings(file)
            opened = self.folder_of(folder)
            key = (project_root(folder, settings, (opened,) if opened else ()), file)
            settings = self._answered(key[0], settings)
            if key not in self._by_key:
                self._by_key[key] = Project(key[0], settings, selection, self._store)
                self._on_new(self._by_key[key])
            project = self._by_folder[folder] = self._by_key[key]
        return project

    def forget(self) -> None:
        """Read all settings again, and search all folders again, when they are next needed."""
        for project in self:
            project.abandoned = True
        self._answers.clear()
        self._by_folder.clear()
        self._by_key.clear()
        self._stamps.clear()

    def answer(self, root: Path, answer: McpHeaderForwarding) -> None:
        """Take the author's word for what the settings of a project leave open, until they are read again."""
        self.forget()
        self._answers[root] = answer

    def check(self, file: Path) -> None:
        """Read a settings file that was faulty again, to say whether it still is."""
        if file.is_file():
            self._settings(file)
        else:
            self._on_settings(file, None)

    def update(self, path: Path) -> None:
        """A file or folder was changed, made or deleted, on the disk or in the editor."""
        for project in self:
            project.update(path)

    def hold_below(self, folder: Path) -> bool:
        """Whether a document of any project lies in that folder."""
        return any(project.holds_below(folder) for project in self)

    @property
    def outdated(self) -> bool:
        """Whether some settings file was made, changed or deleted since it was read."""
        if any(_stamp(file) != stamp for file, stamp in self._stamps.items()):
            return True
        return any(
            (self.config or find_settings(folder)) != project.settings.path
            for folder, project in self._by_folder.items()
        )

    def folder_of(self, path: Path) -> Path | None:
        """The innermost workspace folder of the client that holds ``path``."""
        holding = [folder for folder in self.folders if path.is_relative_to(folder)]
        return max(holding, key=lambda folder: len(folder.parts), default=None)

    def _answered(self, root: Path, settings: Settings) -> Settings:
        answer = self._answers.get(root)
        if answer is None or settings.gateway.mcp_header_forwarding is not McpHeaderForwarding.UNKNOWN:
            return settings
        return replace(settings, gateway=replace(settings.gateway, mcp_header_forwarding=answer))

    def _settings(self, file: Path | None) -> tuple[Settings, Selection]:
        if file is None:
            settings = Settings()
            return settings, Selection(settings)
        if file not in self._stamps:
            self._stamps[file] = _stamp(file)
            try:
                settings = load_settings(file)
                self._good[file] = settings, Selection(settings)
            except SettingsError as error:
                self._on_settings(file, error)
            else:
                self._on_settings(file, None)
        if file not in self._good:
            # Never valid so far: the defaults hold, and the file still says where the project begins.
            settings = Settings(path=file, text=_text(file))
            return settings, Selection(settings)
        return self._good[file]


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _text(file: Path) -> str:
    try:
        return decode(file.read_bytes())[0]
    except (OSError, UndecodableError):
        return ""
