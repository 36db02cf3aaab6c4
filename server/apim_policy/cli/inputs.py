"""From the paths of a command line to documents in their workspaces."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from apim_policy.cli.main import UsageError, complain
from apim_policy.report.findings import shown
from apim_policy.text.encoding import UndecodableError, decode
from apim_policy.workspace.discovery import find_documents
from apim_policy.workspace.files import FileStore, reason_of
from apim_policy.workspace.ignoring import Ignoring
from apim_policy.workspace.settings import Profile, SettingsError, SettingsFinder
from apim_policy.workspace.workspace import Workspace

if TYPE_CHECKING:
    from argparse import Namespace

    from apim_policy.text.encoding import Encoding
    from apim_policy.workspace.settings import Settings

STDIN = "-"


@dataclass(slots=True)
class Group:
    """Documents that share a workspace and its settings."""

    root: Path
    settings: Settings
    store: FileStore
    documents: dict[Path, bool] = field(default_factory=dict)
    """Whether each was named, rather than found in a folder that was."""

    def workspace(self) -> Workspace:
        """What is known around the documents."""
        return Workspace.discover(self.root, self.settings, self.store, self.documents)


@dataclass(slots=True)
class StandardInput:
    """The text that came from standard input."""

    path: Path
    encoding: Encoding


@dataclass(slots=True)
class Inputs:
    """What a command is to work on."""

    groups: list[Group] = field(default_factory=list)
    stdin: StandardInput | None = None
    failed: bool = False
    """Whether some path was not found; the user has been told."""


def gather(options: Namespace) -> Inputs:
    """The documents under the paths of a command line.

    Says on standard error what was not found; the rest is there all the same. Raises UsageError.
    """
    return _Gathering(options).gather()


class _Gathering:
    def __init__(self, options: Namespace) -> None:
        self._options = options
        self._folder = Path.cwd()
        self._inputs = Inputs()
        self._groups: dict[tuple[Path, Path | None], Group] = {}
        config = options.config
        if config is not None:
            config = self._folder / config
            if not config.is_file():
                raise UsageError(f'The settings file "{options.config}" does not exist.')
        self._finder = SettingsFinder(config, search=not options.no_config)
        self._by_folder: dict[Path, Group] = {}

    def gather(self) -> Inputs:
        paths = self._options.paths or ["."]
        if self._options.stdin_filename is not None and STDIN not in paths:
            raise UsageError("--stdin-filename needs - as a path, which stands for standard input.")
        for text in dict.fromkeys(paths):
            if text == STDIN:
                self._take_stdin()
            else:
                self._take(text)
        self._inputs.groups = list(self._groups.values())
        return self._inputs

    def _take(self, text: str) -> None:
        # Not resolved: a link keeps its name in what is printed. The parts ".." and "." go.
        path = Path(os.path.normpath(self._folder / text))
        try:
            is_folder = path.is_dir()
            if not is_folder:
                path.lstat()
        except OSError as error:
            self._miss(text, reason_of(error))
            return
        if is_folder:
            self._search(text, path)
        else:
            self._group(path).documents[path] = True

    def _search(self, text: str, folder: Path) -> None:
        try:
            with os.scandir(folder):
                pass
        except OSError as error:
            self._miss(text, reason_of(error))
            return
        settings = self._settings(folder, is_folder=True)
        store = self._group(folder, is_folder=True).store
        found = False
        for path in find_documents(folder, store, Ignoring(folder, settings.exclude, settings.root)):
            self._group(path).documents.setdefault(path, False)
            found = True
        if not found:
            complain(f'No policy documents were found in "{text}".')

    def _take_stdin(self) -> None:
        name = self._options.stdin_filename or Path("<stdin>")
        path = Path(os.path.normpath(self._folder / name))
        try:
            text, encoding = decode(sys.stdin.buffer.read())
        except UndecodableError as error:
            self._miss(str(name), f"it is neither UTF-8 nor UTF-16 ({error})")
            return
        self._inputs.stdin = StandardInput(path, encoding)
        group = self._group(path)
        group.documents[path] = True
        group.store.open(path, text)

    def _miss(self, text: str, reason: str) -> None:
        complain(f'"{text}" was not checked: {reason}.')
        self._inputs.failed = True

    def _settings(self, path: Path, *, is_folder: bool = False) -> Settings:
        try:
            return self._finder.of(path, is_folder=is_folder)
        except SettingsError as error:
            raise UsageError(f"{shown(error.path, self._folder)}:{error.line + 1}: {error.message}") from None

    def _group(self, path: Path, *, is_folder: bool = False) -> Group:
        folder = path if is_folder else path.parent
        known = self._by_folder.get(folder)
        if known is not None:
            return known
        settings = self._settings(folder, is_folder=True)
        root = self._root(folder, settings)
        key = (root, settings.path)
        if key not in self._groups:
            if self._options.profile is not None:
                settings = replace(settings, profile=Profile(self._options.profile))
            store = FileStore()
            self._groups[key] = Group(root, settings, store)
        self._by_folder[folder] = self._groups[key]
        return self._groups[key]

    def _root(self, folder: Path, settings: Settings) -> Path:
        """The folder that is searched for what surrounds a document: APIs, fragments, other policies."""
        if settings.root is not None and folder.is_relative_to(settings.root):
            return settings.root
        for candidate in (folder, *folder.parents):
            if (candidate / ".git").exists():
                return candidate
        # Outside a repository only the working folder tells how far a project reaches, unless it holds everything.
        here = self._folder
        return (
            here if folder.is_relative_to(here) and here not in (Path.home(), Path(here.anchor)) else folder
        )
