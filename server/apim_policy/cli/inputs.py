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
from apim_policy.workspace.roots import project_root
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
    """Whether some path was not found or could not be written, or its settings could not be used; the user has been
    told."""
    _rejected: set[str] = field(default_factory=set)

    def reject(self, error: SettingsError, folder: Path) -> None:
        """Tell the user, once, that the documents of a settings file are not checked."""
        place = f"{shown(error.path, folder)}:{error.line + 1}"
        if place not in self._rejected:
            complain(f"{place}: {error.message} The documents that these settings are for were not checked.")
        self._rejected.add(place)
        self.failed = True


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
                raise UsageError(f'There is no settings file "{options.config}".')
        self._finder = SettingsFinder(config, search=not options.no_config)
        self._by_folder: dict[Path, Group | None] = {}

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
        elif group := self._group(path.parent):
            group.documents[path] = True

    def _search(self, text: str, folder: Path) -> None:
        try:
            with os.scandir(folder):
                pass
        except OSError as error:
            self._miss(text, reason_of(error))
            return
        group = self._group(folder)
        ignoring = (
            Ignoring(folder, group.settings.exclude, group.settings.root) if group else Ignoring(folder)
        )
        found = False
        for path in find_documents(folder, group.store if group else FileStore(), ignoring):
            found = True
            if own := self._group(path.parent, named=folder):
                own.documents.setdefault(path, False)
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
        if group := self._group(path.parent):
            self._inputs.stdin = StandardInput(path, encoding)
            group.documents[path] = True
            group.store.open(path, text)

    def _miss(self, text: str, reason: str) -> None:
        complain(f'"{text}" was not checked: {reason}.')
        self._inputs.failed = True

    def _group(self, folder: Path, named: Path | None = None) -> Group | None:
        """The group of the documents in a folder; None where its settings cannot be used, which the user is told."""
        if folder not in self._by_folder:
            self._by_folder[folder] = self._find_group(folder, named or folder)
        return self._by_folder[folder]

    def _find_group(self, folder: Path, named: Path) -> Group | None:
        try:
            settings = self._finder.of(folder, is_folder=True)
        except SettingsError as error:
            self._inputs.reject(error, self._folder)
            return None
        root = project_root(folder, settings, (self._folder, named))
        key = (root, settings.path)
        if key not in self._groups:
            if self._options.profile is not None:
                settings = replace(settings, profile=Profile(self._options.profile))
            self._groups[key] = Group(root, settings, FileStore(settled=True))
        return self._groups[key]
