"""What readers have in common that know whole services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from apim_policy.workspace.inventory import Inventory
from apim_policy.workspace.readers.statement import Reader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from apim_policy.workspace.readers.apiops import FolderKey
    from apim_policy.workspace.readers.statement import Statement

DEPLOYING = frozenset({".bicep", ".json", ".tf"})
"""Endings of the names of files that may describe resources, in lower case."""


def deploys(path: Path) -> bool:
    """Whether a file of that name may describe resources."""
    return path.suffix.lower() in DEPLOYING


class ServiceInventory(Inventory, Protocol):
    """What one set of files tells of a service."""

    def api_policies(self) -> Sequence[Path]:
        """The policy files of all APIs that have one."""


class ServiceReader(Reader, Protocol):
    """A source that describes services, and so tells which documents belong together."""

    def keys(self, path: Path) -> tuple[FolderKey, ...]:
        """The services that a document belongs to; none where the source does not speak of it."""

    def at(self, key: FolderKey) -> ServiceInventory:
        """The resources of a service, as they are now."""

    def describes(self, file: Path, key: FolderKey) -> bool:
        """Whether a file that is no policy tells of more than one resource of the service."""

    def forget(self) -> None:
        """Read everything again when it is next asked for."""


class Services:
    """All sources of that kind. The first that knows a document says which services it belongs to."""

    def __init__(self, readers: Mapping[str, ServiceReader]) -> None:
        self._readers = readers
        self._keys: dict[Path, tuple[FolderKey, ...]] = {}

    def keys(self, path: Path) -> tuple[FolderKey, ...]:
        """The services that a document belongs to: one where it stands in their folder, each that loads it elsewhere."""
        if path not in self._keys:
            found = (keys for reader in self._readers.values() if (keys := reader.keys(path)))
            self._keys[path] = next(found, ())
        return self._keys[path]

    def at(self, key: FolderKey) -> ServiceInventory:
        """The resources of a service, as they are now."""
        return self._readers[key.source].at(key)

    def statements(self, path: Path) -> Sequence[Statement]:
        """What the services that a document belongs to say of it."""
        keys = self.keys(path)
        return self._readers[keys[0].source].statements(path) if keys else ()

    def may_describe(self, file: Path, path: Path) -> bool:
        """Whether a file that is no policy may tell of the resources around a document.

        Of a file that is gone nobody knows what it said: it may have told of documents that now belong to none.
        """
        keys = self.keys(path)
        if not keys:
            return deploys(file) and not file.exists()
        return any(self._readers[key.source].describes(file, key) for key in keys)

    def forget(self) -> None:
        """Read everything again when it is next asked for."""
        self._keys.clear()
        for reader in self._readers.values():
            reader.forget()
