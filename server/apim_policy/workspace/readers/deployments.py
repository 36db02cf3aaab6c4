"""Evidence in files that deploy a service: which of them there are, and which belong together.

A unit is what is deployed in one go: ARM templates that lie together, a Bicep file or a Terraform module that no other uses. Units are found by their text, and read as code only
when a document is asked for that their text names.
"""

from __future__ import annotations

import os
import re
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from apim_policy.workspace.files import UnreadableFileError
from apim_policy.workspace.ignoring import ENVIRONMENT_MARK, SKIPPED_FOLDERS, Ignoring
from apim_policy.workspace.readers.apiops import FolderKey
from apim_policy.workspace.readers.code import Sources
from apim_policy.workspace.readers.deployed import DeployedService
from apim_policy.workspace.readers.services import DEPLOYING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from apim_policy.workspace.files import FileStore
    from apim_policy.workspace.readers.deployment_unit import Unit
    from apim_policy.workspace.readers.resources import Deployed
    from apim_policy.workspace.readers.statement import Statement

DEPLOYMENT = "deployment"
_LARGEST = 4 * 1024 * 1024
"""Bytes of a file that is read; nobody writes longer ones by hand."""
_HEAD = 4096
"""Bytes that are read of a file to see whether it is worth more."""
_NAME = re.compile(r"[\w*.-]")
_MOST = 20_000
"""Files and folders that are looked at."""


class Language(Protocol):
    """A language that resources are described in."""

    SUFFIX: str
    """The ending of its files, in lower case."""

    def begins(self, head: bytes) -> bool:
        """Whether a file with these first bytes may be one of the language."""

    def concerns(self, text: str) -> bool:
        """Whether a file may describe resources of API Management, or use files that do."""

    def loaded(self, file: Path, text: str) -> Collection[Path] | None:
        """The files that a file names in full where it loads them; None where it may put names together."""

    def units(self, files: Sequence[Path], text: Callable[[Path], str]) -> Iterable[Unit]:
        """The files that belong together."""

    def resources(self, unit: Unit, sources: Sources) -> Iterable[Deployed]:
        """What a unit deploys."""


_MODULES = {".json": "arm", ".bicep": "bicep", ".tf": "terraform"}
assert _MODULES.keys() == DEPLOYING


@cache
def _language(suffix: str) -> Language:
    """The language of files that end so; imported where there is such a file."""
    return cast("Language", import_module(f"apim_policy.workspace.readers.{_MODULES[suffix]}"))


class DeploymentReader:
    """Reads the files below one folder that deploy services."""

    def __init__(self, store: FileStore, root: Path, exclude: Sequence[str], base: Path | None) -> None:
        self._store = store
        self._sources = Sources(store, root)
        self._root = root
        self._exclude = exclude
        self._base = base
        self._units: list[tuple[FolderKey, Unit, Language]] | None = None
        self._texts: dict[Path, str] = {}
        self._endings: dict[tuple[Path, str], bool] = {}
        self._loaded: dict[Path, Collection[Path] | None] = {}
        self._services: dict[FolderKey, DeployedService] = {}
        self._keys: dict[Path, tuple[FolderKey, ...]] = {}

    def forget(self) -> None:
        """Read everything again when it is next asked for."""
        self._units = None
        self._texts.clear()
        self._endings.clear()
        self._loaded.clear()
        self._sources.forget()
        self._services.clear()
        self._keys.clear()

    def keys(self, path: Path) -> tuple[FolderKey, ...]:
        """The units that load a document."""
        if path not in self._keys:
            self._keys[path] = tuple(
                key
                for key, unit, language in self._found
                if self._names(unit, language, path) and path in self.at(key).statements
            )
        return self._keys[path]

    def _names(self, unit: Unit, language: Language, path: Path) -> bool:
        """Whether the texts of a unit may name a document, whole or with an ending that is put behind it."""
        open_ended = []
        for file in unit.files:
            if file not in self._loaded:
                self._loaded[file] = language.loaded(file, self._texts[file])
            loaded = self._loaded[file]
            if loaded is None:
                open_ended.append(file)
            elif path in loaded:
                return True
        if any(path.name in self._texts[file] for file in open_ended):
            return True
        return any(path.stem in self._texts[file] for file in open_ended) and any(
            self._ends_so(file, path.suffix) for file in open_ended
        )

    def _ends_so(self, file: Path, suffix: str) -> bool:
        """Whether a text holds the ending of a file's name without a name before it."""
        if (file, suffix) not in self._endings:
            text = self._texts[file]
            start = text.find(suffix) if suffix else -1
            while start >= 0 and _NAME.match(text, start - 1) and not text.endswith("%s", 0, start):
                start = text.find(suffix, start + 1)
            self._endings[file, suffix] = start >= 0
        return self._endings[file, suffix]

    def describes(self, file: Path, key: FolderKey) -> bool:
        """Whether a file is one of a unit's, or was one when it was there."""
        unit = next((unit for own, unit, _ in self._found if own == key), None)
        return unit is not None and (
            file in unit.files or (file.suffix == unit.files[0].suffix and not file.exists())
        )

    def at(self, key: FolderKey) -> DeployedService:
        """What a unit deploys, as its files are now."""
        if key not in self._services:
            found = next(((unit, language) for own, unit, language in self._found if own == key), None)
            resources = found[1].resources(found[0], self._sources) if found else ()
            self._services[key] = DeployedService(resources)
        return self._services[key]

    def statements(self, path: Path) -> Sequence[Statement]:
        """A statement for each resource whose description loads the document."""
        return [said for key in self.keys(path) for said in self.at(key).statements.get(path, ())]

    @property
    def _found(self) -> list[tuple[FolderKey, Unit, Language]]:
        if self._units is None:
            files: dict[str, list[Path]] = {suffix: [] for suffix in _MODULES}
            for path in self._candidates():
                text = self._text(path)
                if text and _language(path.suffix.lower()).concerns(text):
                    self._texts[path] = text
                    files[path.suffix.lower()].append(path)
            self._units = [
                (FolderKey(unit.root, None, DEPLOYMENT), unit, _language(suffix))
                for suffix, found in files.items()
                if found
                for unit in _language(suffix).units(found, self._texts.__getitem__)
            ]
        return self._units

    def _text(self, path: Path) -> str:
        """The text of a file; of one that begins like no file of its language, nothing."""
        try:
            if not self._store.is_open(path):
                with path.open("rb") as file:
                    head = file.read(_HEAD)
                    if path.stat().st_size > _LARGEST or not _language(path.suffix.lower()).begins(head):
                        return ""
            return self._store.read(path).text
        except (OSError, UnreadableFileError):
            return ""

    def _candidates(self) -> Iterator[Path]:
        """The files below the root whose names fit, ordered by path."""
        ignoring = Ignoring(self._root, self._exclude, self._base)
        found = []
        pending = [self._root]
        looked_at = 0
        while pending and looked_at < _MOST:
            folder = pending.pop()
            try:
                with os.scandir(folder) as listing:
                    entries = list(listing)
            except OSError:
                continue
            looked_at += len(entries)
            if folder != self._root and any(entry.name == ENVIRONMENT_MARK for entry in entries):
                continue
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in SKIPPED_FOLDERS and not entry.name.startswith("."):
                        pending.append(folder / entry.name)
                elif entry.name[entry.name.rfind(".") :].lower() in _MODULES and entry.is_file(
                    follow_symlinks=False
                ):
                    found.append(folder / entry.name)
        return (path for path in sorted(found) if not ignoring.leaves_out(path))
