"""Evidence in the repository that a service kept of its own configuration.

The folders are described in
https://learn.microsoft.com/azure/api-management/api-management-configuration-repository-git. Their names are shortened
titles of the resources: what a resource is called stands in the ``id`` of its ``configuration.json``, and which file holds
its policy in ``$ref-policy``, from the root of the repository on (observed in public repositories). The service stopped
writing such repositories in March 2025, so no MCP server is in one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.workspace.json_file import JsonFile
from apim_policy.workspace.readers.apiops import FolderKey
from apim_policy.workspace.readers.deployed import DeployedService
from apim_policy.workspace.readers.folders import subfolders
from apim_policy.workspace.readers.resources import Deployed, FileText, inside

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from apim_policy.workspace.files import FileStore
    from apim_policy.workspace.json_file import Key
    from apim_policy.workspace.model import Evidence
    from apim_policy.workspace.readers.statement import Statement

GIT_CONFIGURATION = "git configuration"
_POLICIES = "policies"
_CONFIGURATION = "configuration.json"
_COLLECTIONS = ("apis", "products")
_POLICY = "$ref-policy"
_APIS = "$refs-apis"


class GitConfigurationReader:
    """Reads the folders of services, each found upwards from the documents in its ``policies``."""

    def __init__(self, store: FileStore) -> None:
        self._store = store
        self._services: dict[Path, DeployedService] = {}
        self._known: dict[Path, bool] = {}

    def forget(self) -> None:
        """Read everything again when it is next asked for."""
        self._services.clear()
        self._known.clear()

    def keys(self, path: Path) -> tuple[FolderKey, ...]:
        """The service that a document belongs to."""
        root = self._root(path)
        return (FolderKey(root, None, GIT_CONFIGURATION),) if root else ()

    def describes(self, file: Path, key: FolderKey) -> bool:
        """Whether a file is one of the configurations."""
        return file.name == _CONFIGURATION and file.is_relative_to(key.root)

    def at(self, key: FolderKey) -> DeployedService:
        """The resources of a service, as they are now."""
        if key.root not in self._services:
            self._services[key.root] = DeployedService(_resources(key.root, self._store))
        return self._services[key.root]

    def statements(self, path: Path) -> Sequence[Statement]:
        """A statement for each resource whose configuration names the document as its policy."""
        return [said for key in self.keys(path) for said in self.at(key).statements.get(path, ())]

    def _root(self, path: Path) -> Path | None:
        for folder in path.parents:
            if folder.name == _POLICIES and self._is_service(folder.parent):
                return folder.parent
        return None

    def _is_service(self, root: Path) -> bool:
        if root not in self._known:
            service = JsonFile.read(self._store, root / _CONFIGURATION)
            self._known[root] = (service is not None and service.get(_POLICY) is not None) or any(
                (root / collection / name / _CONFIGURATION).is_file()
                for collection in _COLLECTIONS
                for name in subfolders(root / collection)
            )
        return self._known[root]


class _Configuration:
    """One object of a ``configuration.json``, whose members other descriptions keep under ``properties``."""

    def __init__(self, file: JsonFile, at: tuple[Key, ...], policy: FileText | None) -> None:
        self._file = file
        self._at = at
        self._policy = policy

    def get(self, *keys: Key) -> object:
        """The value of a member; the policy is the text of a file."""
        if keys == ("properties", _POLICY):
            return self._policy
        return self._file.get(*self._at, *keys[1:])

    def key(self, *keys: str) -> tuple[str, ...]:
        """The path of keys as it is given, but for the name of the policy."""
        return ("properties", _POLICY) if keys == ("properties", "value") else keys

    def evidence(self, text: str, *keys: Key) -> Evidence:
        """Evidence that points at a member."""
        return self._file.evidence(text, *self._at, *keys[1:])


def _resources(root: Path, store: FileStore) -> Iterator[Deployed]:
    service = JsonFile.read(store, root / _CONFIGURATION)
    if service is not None:
        yield from _policy(service, (), ("policies",), ("policy",), root)
    for collection in _COLLECTIONS:
        for folder in subfolders(root / collection):
            file = JsonFile.read(store, root / collection / folder / _CONFIGURATION)
            if file is not None:
                yield from _described(file, collection, folder, root, store)


def _described(
    file: JsonFile, collection: str, folder: str, root: Path, store: FileStore
) -> Iterator[Deployed]:
    name = _name(file, (), folder)
    yield Deployed((collection,), (name,), _Configuration(file, (), None))
    yield from _policy(file, (), (collection, "policies"), (name, "policy"), root)
    listed = file.get(_APIS)
    for index, entry in enumerate(listed if isinstance(listed, list) else []):
        path = _file(entry, root)
        api = JsonFile.read(store, path) if path else None
        if path is not None and api is not None:
            held = (name, _name(api, (), path.parent.name))
            yield Deployed((collection, "apis"), held, _Configuration(file, (_APIS, index), None))
    operations = file.get("operations")
    for index in range(len(operations) if isinstance(operations, list) else 0):
        at = ("operations", index)
        names = (name, _name(file, at, ""), "policy")
        if names[1]:
            yield from _policy(file, at, ("apis", "operations", "policies"), names, root)


def _policy(
    file: JsonFile, at: tuple[Key, ...], kind: tuple[str, ...], names: tuple[str, ...], root: Path
) -> Iterator[Deployed]:
    path = _file(file.get(*at, _POLICY), root)
    if path is not None:
        yield Deployed(kind, names, _Configuration(file, at, FileText((path,))))


def _file(said: object, root: Path) -> Path | None:
    """The file that a reference means; its first segment is the folder of the service, whatever that is called here."""
    return inside(said.partition("/")[2], root, root) if isinstance(said, str) and "/" in said else None


def _name(file: JsonFile, at: tuple[Key, ...], otherwise: str) -> str:
    id_ = file.get(*at, "id")
    return id_.rpartition("/")[2] if isinstance(id_, str) and id_ else otherwise
