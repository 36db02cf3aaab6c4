"""What is known around a document: its service's APIs, MCP servers, products and fragments."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from apim_policy.workspace.discovery import find_documents
from apim_policy.workspace.files import FileStore
from apim_policy.workspace.ignoring import Ignoring
from apim_policy.workspace.index import Index
from apim_policy.workspace.model import Scope
from apim_policy.workspace.readers.layout import without_revision
from apim_policy.workspace.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from apim_policy.workspace.inventory import Inventory
    from apim_policy.workspace.model import Api, DocumentInfo, Product, Resource, ResourceKind
    from apim_policy.workspace.readers.apiops import FolderKey


class _Lookups:
    """Answers that hold until something that is known changes."""

    def __init__(self, generation: int) -> None:
        self.generation = generation
        self.apis: dict[str, Api | None] = {}
        self.servers: Sequence[DocumentInfo] | None = None


class Workspace:
    """The documents of a folder, and the resources that they belong to.

    A folder may hold several services. ``around(path)`` is the workspace as one document sees it, in which names mean the
    resources of its own service; in the workspace of the whole folder they mean those of the first that has them. Names
    compare without case.
    """

    def __init__(self, index: Index, folders: tuple[FolderKey, ...] | None = None) -> None:
        self._index = index
        self._folders = folders
        """The services that can be seen; None for all."""
        self._whole = self
        self._parts: dict[tuple[FolderKey, ...], Workspace] = {}
        self._lookups = _Lookups(index.generation)

    @classmethod
    def discover(
        cls,
        root: Path,
        settings: Settings | None = None,
        store: FileStore | None = None,
        files: Iterable[Path] | None = None,
    ) -> Workspace:
        """The workspace of the folder ``root``: of all documents in it, or of ``files`` and what they need.

        With ``files``, no more is read than says what these are and what belongs to them, so that the size of the folder
        does not matter. Paths are absolute.
        """
        settings = settings or Settings()
        store = store or FileStore()
        if files is None:
            ignoring = Ignoring(root, settings.exclude, settings.root)
            return cls(Index(root, settings, store, find_documents(root, store, ignoring), complete=True))
        return cls(Index(root, settings, store, files, complete=False))

    @property
    def root(self) -> Path:
        """The folder."""
        return self._index.root

    @property
    def settings(self) -> Settings:
        """What holds for its documents."""
        return self._index.settings

    @property
    def store(self) -> FileStore:
        """Its files."""
        return self._index.store

    @property
    def version(self) -> int:
        """Grows with every change of a file that ``update`` is told of."""
        return self._index.version

    @property
    def documents(self) -> Sequence[Path]:
        """The policy documents, ordered by path."""
        return self._index.documents

    def service_policies(self, path: Path) -> Sequence[Path]:
        """All policy files of the service in whose folder a document stands, ordered by path.

        None where nothing says which these are. They may be more than the documents that the workspace was asked for.
        """
        return self._index.service_policies(path)

    def may_describe(self, file: Path, path: Path) -> bool:
        """Whether a file that is no policy, and may be gone, can tell of the resources around a document.

        Files of APIOps are not meant: each tells of the one resource that its path names.
        """
        return self._index.may_describe(file, path)

    def info(self, path: Path) -> DocumentInfo:
        """What a document was taken for."""
        return self._index.info(path)

    def update(self, path: Path) -> bool:
        """Take notice that a file or folder was changed, made or deleted, on the disk or in an editor.

        Returns whether more than the file's own text is concerned: what some document is taken for, or which documents
        there are.
        """
        return self._index.update(path)

    def around(self, path: Path) -> Workspace:
        """The workspace as a document sees it; the same object for all documents of a service."""
        if self._whole is not self:
            return self._whole.around(path)
        seen = self._index.services(path)
        if not seen and self._index.says_itself(path):
            seen = _nearest(self._index.folders, path)
        part = self._parts.get(seen)
        if part is None:
            part = self._parts[seen] = Workspace(self._index, seen)
            part._whole = self
        return part

    @property
    def _inventories(self) -> Sequence[Inventory]:
        """What counts first stands first."""
        return self._index.inventories(self._index.folders if self._folders is None else self._folders)

    @property
    def _known(self) -> _Lookups:
        if self._lookups.generation != self._index.generation:
            self._lookups = _Lookups(self._index.generation)
        return self._lookups

    def api(self, name: str) -> Api | None:
        """An API, an MCP server among them. A revision without anything of its own means the API."""
        known = self._known.apis
        if name not in known:
            known[name] = self._api(name) or (self._api(without_revision(name)) if ";" in name else None)
        return known[name]

    def _api(self, name: str) -> Api | None:
        known = [api for inventory in self._inventories if (api := inventory.api(name)) is not None]
        return reduce(_joined, known) if known else None

    @property
    def apis(self) -> Sequence[Api]:
        """All APIs, ordered by name."""
        names = {name.lower(): name for inventory in self._inventories for name in inventory.api_names}
        return [api for _, name in sorted(names.items()) if (api := self.api(name)) is not None]

    def product(self, name: str) -> Product | None:
        """A product."""
        known = [
            product for inventory in self._inventories if (product := inventory.product(name)) is not None
        ]
        return reduce(_joined_product, known) if known else None

    def product_policy(self, name: str) -> Path | None:
        """The policy file of a product."""
        product = self.product(name)
        return product.policy if product else None

    def fragment(self, name: str) -> Path | None:
        """The policy file of a fragment."""
        return next((path for inventory in self._inventories if (path := inventory.fragment(name))), None)

    @property
    def lists_fragments(self) -> bool:
        """Whether a fragment that is not known here does not exist in the service."""
        return any(inventory.lists_fragments for inventory in self._inventories)

    def resource(self, kind: ResourceKind, name: str) -> Resource | None:
        """What policies call by that name."""
        key = name.lower()
        return next((found for each in self._inventories if (found := each.resources(kind).get(key))), None)

    def resources(self, kind: ResourceKind) -> Sequence[Resource]:
        """All resources of a kind that are known, ordered by name."""
        found: dict[str, Resource] = {}
        for inventory in self._inventories:
            for resource in inventory.resources(kind).values():
                found.setdefault(resource.name.lower(), resource)
        return [found[name] for name in sorted(found)]

    def listing(self, kind: ResourceKind) -> Path | None:
        """The folder that holds all resources of a kind; None where others may exist in the service."""
        return next((folder for each in self._inventories if (folder := each.listing(kind))), None)

    @property
    def global_policy(self) -> Path | None:
        """The policy file for all APIs."""
        return next((path for inventory in self._inventories if (path := inventory.global_policy)), None)

    def workspace_policy(self, name: str) -> Path | None:
        """The policy file of a workspace of the service."""
        return next(
            (path for inventory in self._inventories if (path := inventory.workspace_policy(name))), None
        )

    def mcp_servers(self) -> Sequence[DocumentInfo]:
        """The MCP servers, ordered by the paths of their policy files; those without one have ``missing`` set."""
        known = self._known
        if known.servers is None:
            known.servers = self._mcp_servers()
        return known.servers

    def _mcp_servers(self) -> Sequence[DocumentInfo]:
        found: dict[Path, DocumentInfo] = {}
        for inventory in self._inventories:
            for server in inventory.mcp_servers:
                # What a document says of itself counts more than the folder that it stands in.
                said = self.info(server.path)
                known = [server] if server.missing else [said, *said.also]
                for info in known:
                    if info.scope is Scope.MCP:
                        found.setdefault(server.path, info)
        return [found[path] for path in sorted(found)]

    def servers_calling(self, api: str, operation: str | None = None) -> Sequence[DocumentInfo]:
        """The MCP servers with a tool that calls the API, or may call the operation."""
        return [
            server
            for server in self.mcp_servers()
            if server.mcp is not None
            and (
                server.mcp.calls_api(api) if operation is None else server.mcp.calls_operation(api, operation)
            )
        ]


def _joined(first: Api, other: Api) -> Api:
    """An API that two sources speak of; ``first`` counts more."""
    return first._replace(
        type=first.type or other.type,
        evidence=other.evidence if first.type is None and other.type is not None else first.evidence,
        subscription_required=first.subscription_required or other.subscription_required,
        key_header=first.key_header or other.key_header,
        policy=first.policy or other.policy,
        operation_policies={**other.operation_policies, **first.operation_policies},
        mcp=first.mcp or other.mcp,
        products=first.products or other.products,
    )


def _joined_product(first: Product, other: Product) -> Product:
    return first._replace(
        apis=first.apis or other.apis,
        policy=first.policy or other.policy,
        subscription_required=first.subscription_required or other.subscription_required,
    )


def _nearest(folders: Sequence[FolderKey], path: Path) -> tuple[FolderKey, ...]:
    """The folder that shares the most of its path with ``path``."""

    def shared(folder: FolderKey) -> int:
        pairs = zip(folder.root.parts, path.parts, strict=False)
        return next(
            (depth for depth, (one, other) in enumerate(pairs) if one != other), len(folder.root.parts)
        )

    return (max(folders, key=shared),) if folders else ()
