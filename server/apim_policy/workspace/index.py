"""All that is known of a folder, kept up to date while files change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.workspace.discovery import find_documents, is_candidate
from apim_policy.workspace.ignoring import GITIGNORE, Ignoring
from apim_policy.workspace.readers.apiops import APIOPS, ApiopsReader
from apim_policy.workspace.readers.comment import CommentReader
from apim_policy.workspace.readers.deployments import DEPLOYMENT, DeploymentReader
from apim_policy.workspace.readers.git_configuration import GIT_CONFIGURATION, GitConfigurationReader
from apim_policy.workspace.readers.path import PathReader
from apim_policy.workspace.readers.resource_kit import ResourceKitReader
from apim_policy.workspace.readers.root import RootReader
from apim_policy.workspace.readers.services import Services, deploys
from apim_policy.workspace.readers.settings import SettingsReader
from apim_policy.workspace.resolution import resolve
from apim_policy.workspace.stated import StatedResources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from apim_policy.workspace.files import FileStore
    from apim_policy.workspace.inventory import Inventory
    from apim_policy.workspace.model import DocumentInfo
    from apim_policy.workspace.readers.apiops import FolderKey
    from apim_policy.workspace.readers.statement import Reader
    from apim_policy.workspace.resolution import Resolved
    from apim_policy.workspace.settings import Settings


class Index:
    """The documents of a folder and what they were taken for."""

    def __init__(
        self, root: Path, settings: Settings, store: FileStore, documents: Iterable[Path], *, complete: bool
    ) -> None:
        self.root = root
        self.settings = settings
        self.store = store
        self.version = 0
        """Grows with every change of a file."""
        self.generation = 0
        """Grows with every change of what is known of documents and resources."""
        self._documents = set(documents)
        self._complete = complete
        self._apiops = ApiopsReader(store)
        self._services = Services(
            {
                APIOPS: self._apiops,
                GIT_CONFIGURATION: GitConfigurationReader(store),
                DEPLOYMENT: DeploymentReader(store, root, settings.exclude, settings.root),
            }
        )
        self._comments = CommentReader(store)
        self._settings = SettingsReader(settings)
        # In the order of their weight.
        self._readers: tuple[Reader, ...] = (
            self._comments,
            self._settings,
            self._services,
            RootReader(store),
            ResourceKitReader(),
            PathReader(),
        )
        self._resolved: dict[Path, Resolved] = {}
        self._stated: dict[tuple[FolderKey, ...], StatedResources] = {}
        self._ordered: tuple[Path, ...] | None = None
        self._folders: tuple[FolderKey, ...] | None = None
        self._beyond: frozenset[Path] | None = None
        self._ignoring: Ignoring | None = None
        store.use_placeholders(root, settings.placeholders)

    @property
    def documents(self) -> tuple[Path, ...]:
        """The policy documents, ordered by path."""
        if self._ordered is None:
            self._ordered = tuple(sorted(self._documents))
        return self._ordered

    def resolved(self, path: Path) -> Resolved:
        """What a document was taken for."""
        known = self._resolved.get(path)
        if known is None:
            known = self._resolved[path] = resolve(
                path, (reader.statements(path) for reader in self._readers)
            )
        return known

    def info(self, path: Path) -> DocumentInfo:
        """What a document was taken for."""
        return self.resolved(path).info

    def says_itself(self, path: Path) -> bool:
        """Whether a comment or the settings speak of a document."""
        return bool(self._comments.statements(path) or self._settings.statements(path))

    def services(self, path: Path) -> tuple[FolderKey, ...]:
        """The services that a document belongs to: one where it stands in their folder, each that loads it elsewhere."""
        return self._services.keys(path)

    def may_describe(self, file: Path, path: Path) -> bool:
        """Whether a file that is no policy may tell of the resources around a document, wherever it stands."""
        return self._services.may_describe(file, path)

    def service_policies(self, path: Path) -> Sequence[Path]:
        """All policy files of the service in whose APIOps folder a document stands; none where it stands in none."""
        folder = self._apiops.folder(path)
        return folder.policies if folder else ()

    @property
    def folders(self) -> tuple[FolderKey, ...]:
        """The services of all documents that are known, ordered by path."""
        if self._folders is None:
            found = {key for path in self._known() for key in self.services(path)}
            self._folders = tuple(sorted(found, key=lambda key: (key.root, key.workspace or "")))
        return self._folders

    def inventories(self, keys: tuple[FolderKey, ...]) -> Sequence[Inventory]:
        """What is known of resources outside all services and in those that are given; what counts first is first."""
        return (self._stated_beside(keys), *map(self._services.at, keys))

    def _stated_beside(self, keys: tuple[FolderKey, ...]) -> StatedResources:
        """What documents say of themselves."""
        if keys not in self._stated:
            known = self._known().union(*(self._services.at(key).api_policies() for key in keys))
            self._stated[keys] = StatedResources(
                self.resolved(path)
                for path in known
                if not (own := self.services(path)) or (set(own) & set(keys) and self.says_itself(path))
            )
        return self._stated[keys]

    def _known(self) -> frozenset[Path]:
        """The documents, and those beyond them that must be known to say what these are.

        Where only some files were asked for, the rest of the folder is searched when one of them names its resource by
        itself, outside all services: the others that belong to it could stand anywhere.
        """
        if self._beyond is None:
            beyond: set[Path] = set()
            if not self._complete:
                if any(not self.services(path) and self.says_itself(path) for path in self._documents):
                    beyond.update(self._search(self.root))
                else:
                    for entry in self.settings.documents:
                        beyond.update(filter(entry.pattern.matches, self._search(entry.pattern.folder)))
            self._beyond = frozenset(beyond | self._documents)
        return self._beyond

    def _search(self, folder: Path) -> Iterator[Path]:
        return find_documents(folder, self.store, Ignoring(folder, self.settings.exclude, self.settings.root))

    def update(self, path: Path) -> bool:
        """Take notice that a file or folder was changed, made or deleted, on the disk or in an editor.

        Returns whether more than the file's own text is concerned: what some document is taken for, or which documents
        there are.
        """
        self.version += 1
        if not self.store.is_open(path):
            self.store.invalidate(path)
        before = self._resolved.pop(path, None)
        exists = self.store.exists(path)
        if path in self._documents and exists:
            # A document stays one while its author types in the root element's name.
            same = before is None or before == self.resolved(path)
            if not same:
                self.generation += 1
                self._stated.clear()
            return not same
        if not exists:
            gone = {document for document in self._documents if path == document or path in document.parents}
            found = set(self._search(path)) if self._complete and path.is_dir() else set()
            self._documents = self._documents - gone | {
                document for document in found if not self._leaves_out(document)
            }
        elif path.name == GITIGNORE and self._complete:
            self._documents = set(self._search(self.root))
        elif self._belongs(path):
            self._documents.add(path)
        elif not deploys(path) and not self.services(path):
            return False
        self._forget()
        return True

    def _belongs(self, path: Path) -> bool:
        """Whether a file that is new is one of the documents."""
        return (
            self._complete
            and is_candidate(path.name)
            and path.is_relative_to(self.root)
            and self.store.is_policy_document(path)
            and not self._leaves_out(path)
        )

    def _leaves_out(self, path: Path) -> bool:
        if self._ignoring is None:
            self._ignoring = Ignoring(self.root, self.settings.exclude, self.settings.root)
        return self._ignoring.leaves_out(path)

    def _forget(self) -> None:
        self.generation += 1
        self._services.forget()
        self._resolved.clear()
        self._stated.clear()
        self._ordered = self._folders = self._beyond = self._ignoring = None
