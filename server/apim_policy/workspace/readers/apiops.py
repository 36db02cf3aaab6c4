"""Evidence in the folders and the JSON that APIOps extracts from a service."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.text.span import Span
from apim_policy.workspace.files import UnreadableFileError
from apim_policy.workspace.json_file import JsonFile
from apim_policy.workspace.model import Api, Confidence, DocumentInfo, Evidence, Product, Scope
from apim_policy.workspace.readers import layout
from apim_policy.workspace.readers.api_information import MCP, ApiInformation, flag, read_api_information
from apim_policy.workspace.readers.extraction import APIS, KEYS, PRODUCTS, left_out
from apim_policy.workspace.readers.folders import subfolders
from apim_policy.workspace.readers.listed import find_listing, read_resources
from apim_policy.workspace.readers.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from apim_policy.workspace.files import FileStore
    from apim_policy.workspace.model import Resource, ResourceKind, Stated
    from apim_policy.workspace.readers.layout import Place


APIOPS = "APIOps"


class FolderKey(NamedTuple):
    """Which artifacts are meant."""

    root: Path
    """The folder of the service."""
    workspace: str | None = None
    """None for the service itself."""
    source: str = APIOPS
    """The kind of files that describe it."""


class ApiopsFolder:
    """The artifacts of one service, or of one of its workspaces. Everything is read when it is first asked for."""

    def __init__(self, key: FolderKey, store: FileStore) -> None:
        self.key = key
        self._root = key.root
        self._outer = ApiopsFolder(FolderKey(key.root), store) if key.workspace else None
        self._base = key.root / layout.WORKSPACES / key.workspace if key.workspace else key.root
        self._store = store
        self._information: dict[str, ApiInformation | None] = {}
        self._apis: dict[str, Api] = {}
        self._resources: dict[ResourceKind, Mapping[str, Resource]] = {}
        self._listings: dict[ResourceKind, Path | None] = {}

    @cached_property
    def api_names(self) -> Sequence[str]:
        """Names of the APIs, sorted."""
        return subfolders(self._base / layout.APIS)

    @cached_property
    def _api_by_name(self) -> dict[str, str]:
        return {name.lower(): name for name in self.api_names}

    def api(self, name: str) -> Api | None:
        """An API by its folder's name."""
        spelled = self._api_by_name.get(name.lower())
        if spelled is None:
            return None
        if spelled not in self._apis:
            self._apis[spelled] = self._read_api(spelled)
        return self._apis[spelled]

    def information(self, name: str) -> ApiInformation | None:
        """What ``apiInformation.json`` says of an API; None where there is none that can be read."""
        if name not in self._information:
            file = JsonFile.read(self._store, self._base / layout.APIS / name / layout.API_INFORMATION)
            self._information[name] = read_api_information(name, file, self._spelled) if file else None
        return self._information[name]

    def _spelled(self, name: str) -> str:
        """An API's name as its folder spells it; a revision without a folder of its own means the API."""
        for candidate in (name, layout.without_revision(name)):
            if candidate.lower() in self._api_by_name:
                return self._api_by_name[candidate.lower()]
        return layout.without_revision(name)

    def _read_api(self, name: str) -> Api:
        folder = self._base / layout.APIS / name
        operations = folder / layout.OPERATIONS
        policies = {operation: operations / operation / layout.POLICY for operation in subfolders(operations)}
        said = self.information(name)
        current = layout.without_revision(name).lower()
        return Api(
            name=name,
            type=said.type if said else None,
            evidence=said.evidence if said else None,
            subscription_required=said.subscription_required if said else None,
            key_header=said.key_header if said else None,
            policy=self._existing(folder / layout.POLICY),
            operation_policies={
                operation: policy for operation, policy in policies.items() if self._store.exists(policy)
            },
            mcp=said.mcp if said else None,
            products=tuple(
                product
                for product in self.product_names
                if current in (api.lower() for api in self._product_apis[product])
            ),
        )

    def api_policies(self) -> Sequence[Path]:
        """The policy files of all APIs that have one."""
        paths = (self._base / layout.APIS / name / layout.POLICY for name in self.api_names)
        return [path for path in paths if self._store.exists(path)]

    @cached_property
    def policies(self) -> Sequence[Path]:
        """All policy files below the folder of the service, those of its workspaces among them, ordered by path.

        None where only some of its APIs or products were extracted.
        """
        apis = map(layout.without_revision, self.api_names)
        if left_out(self._store, self._root, APIS, apis) or left_out(
            self._store, self._root, PRODUCTS, self.product_names
        ):
            return ()
        return sorted(
            Path(folder) / layout.POLICY for folder, _, files in os.walk(self._root) if layout.POLICY in files
        )

    @property
    def mcp_servers(self) -> Sequence[DocumentInfo]:
        """The APIs whose JSON makes them MCP servers, whether or not they have a policy."""
        found = []
        for name in self.api_names:
            path = self._base / layout.APIS / name / layout.API_INFORMATION
            # Nearly all APIs are none, and most of the time goes into positions.
            if not _mentions(self._store, path, MCP):
                continue
            said = self.information(name)
            if said is not None and said.mcp is not None:
                policy = path.with_name(layout.POLICY)
                found.append(
                    DocumentInfo(
                        policy,
                        Scope.MCP,
                        Confidence.STATED,
                        said.mcp_evidence,
                        workspace=self.key.workspace,
                        api=name,
                        mcp=said.mcp,
                        missing=not self._store.exists(policy),
                    )
                )
        return found

    @cached_property
    def product_names(self) -> Sequence[str]:
        """Names of the products, sorted."""
        return subfolders(self._base / layout.PRODUCTS)

    def product(self, name: str) -> Product | None:
        """A product by its folder's name."""
        spelled = next((known for known in self.product_names if known.lower() == name.lower()), None)
        if spelled is None:
            return None
        folder = self._base / layout.PRODUCTS / spelled
        file = JsonFile.read(self._store, folder / layout.PRODUCT_INFORMATION)
        return Product(
            name=spelled,
            apis=self._product_apis[spelled],
            policy=self._existing(folder / layout.POLICY),
            subscription_required=flag(file, "subscriptionRequired") if file else None,
        )

    @cached_property
    def _product_apis(self) -> dict[str, tuple[str, ...]]:
        return {name: self._apis_of(self._base / layout.PRODUCTS / name) for name in self.product_names}

    def _apis_of(self, product: Path) -> tuple[str, ...]:
        """Names of a product's APIs: a folder for each, or a list."""
        names = list(subfolders(product / layout.APIS))
        file = JsonFile.read(self._store, product / layout.PRODUCT_APIS)
        if file is not None and isinstance(file.value, list):
            listed = (entry.get("name") for entry in file.value if isinstance(entry, dict))
            names += [name for name in listed if isinstance(name, str)]
        return tuple(dict.fromkeys(names))

    @cached_property
    def _fragments(self) -> dict[str, Path]:
        found = {}
        for collection in layout.FRAGMENTS:
            for name in subfolders(self._base / collection):
                policy = self._base / collection / name / layout.POLICY
                if self._store.exists(policy):
                    found[name.lower()] = policy
        return found

    def fragment(self, name: str) -> Path | None:
        """The policy file of a fragment. Whether a workspace sees those of its service is not documented: it may."""
        found = self._fragments.get(name.lower())
        return self._outer.fragment(name) if found is None and self._outer else found

    @cached_property
    def lists_fragments(self) -> bool:
        """Whether fragments were extracted at all."""
        return any((self._base / collection).is_dir() for collection in layout.FRAGMENTS)

    def resources(self, kind: ResourceKind) -> Mapping[str, Resource]:
        """The resources of a kind by the names in lower case that policies may call them.

        Whether a workspace sees those of its service is not documented: it may.
        """
        if kind not in self._resources:
            outer = self._outer.resources(kind) if self._outer else {}
            self._resources[kind] = {**outer, **read_resources(self._base, kind, self._store)}
        return self._resources[kind]

    def listing(self, kind: ResourceKind) -> Path | None:
        """The folder that holds all resources of a kind, where they were extracted."""
        if kind not in self._listings:
            folder = find_listing(self._base, kind)
            key = KEYS.get(kind)
            if folder is not None and key and left_out(self._store, self._root, key, subfolders(folder)):
                folder = None
            self._listings[kind] = folder
        return self._listings[kind]

    @property
    def global_policy(self) -> Path | None:
        """The policy file for all APIs."""
        return self._existing(self._root / layout.POLICY)

    def workspace_policy(self, name: str) -> Path | None:
        """The policy file of a workspace of the service."""
        return self._existing(self._root / layout.WORKSPACES / name / layout.POLICY)

    def _existing(self, path: Path) -> Path | None:
        return path if self._store.exists(path) else None


class ApiopsReader:
    """Reads the folders of services, each found upwards from the documents in it."""

    def __init__(self, store: FileStore) -> None:
        self._store = store
        self._folders: dict[FolderKey, ApiopsFolder] = {}
        self._known: dict[Path, bool] = {}

    def forget(self) -> None:
        """Read everything again when it is next asked for."""
        self._folders.clear()
        self._known.clear()

    def keys(self, path: Path) -> tuple[FolderKey, ...]:
        """The artifacts that a document belongs to: one folder or none."""
        folder = self.folder(path)
        return (folder.key,) if folder else ()

    def describes(self, file: Path, key: FolderKey) -> bool:
        """False: each file tells of one resource, which its path names."""
        return False

    def folder(self, path: Path) -> ApiopsFolder | None:
        """The artifacts that a document belongs to."""
        place = layout.locate(path)
        return self._folder(place) if place and self._is_service(place) else None

    def _folder(self, place: Place) -> ApiopsFolder:
        return self.at(FolderKey(place.root, None if place.scope is Scope.WORKSPACE else place.workspace))

    def at(self, key: FolderKey) -> ApiopsFolder:
        """The artifacts under a key, as they are now."""
        if key not in self._folders:
            self._folders[key] = ApiopsFolder(key, self._store)
        return self._folders[key]

    def statements(self, path: Path) -> Sequence[Statement]:
        """One statement for a policy file of a service, none for any other."""
        place = layout.locate(path)
        if place is None or not self._is_service(place):
            return ()
        said = self._folder(place).information(place.api) if place.scope is Scope.API and place.api else None
        requirement: Stated | None = said.subscription_required if said else None
        mcp = said.mcp if said else None
        if said is not None:
            evidence = said.mcp_evidence if mcp else (said.evidence,)
        else:
            evidence = (Evidence(path, Span(0, 0), 0, _words(place)),)
        return (
            Statement(
                evidence,
                scope=Scope.MCP if mcp else place.scope,
                workspace=place.workspace,
                product=place.product,
                api=place.api,
                operation=place.operation,
                fragment=place.fragment,
                kind=mcp.kind if mcp and not mcp.kind_assumed else None,
                tools_from=mcp.tools_from if mcp else (),
                tools=mcp.tools if mcp else (),
                subscription_required=requirement,
            ),
        )

    def _is_service(self, place: Place) -> bool:
        """Whether the root of a place is the folder of a service."""
        if place.root not in self._known:
            self._known[place.root] = is_extracted(place.root)
        return self._known[place.root]


def is_extracted(root: Path) -> bool:
    """Whether a folder holds a file by which APIOps describes a resource of the service or of one of its workspaces."""
    workspaces = root / layout.WORKSPACES
    return any(
        (base / collection / name / information).is_file()
        for base in (root, *(workspaces / name for name in subfolders(workspaces)))
        for collection, information in layout.INFORMATION.items()
        for name in subfolders(base / collection)
    )


def _mentions(store: FileStore, path: Path, word: str) -> bool:
    try:
        return word in store.read(path).text.lower()
    except UnreadableFileError:
        return False


def _words(place: Place) -> str:
    """A clause on a place that nothing but the folders describes."""
    described = {
        Scope.GLOBAL: "at the top of what APIOps extracted",
        Scope.WORKSPACE: f'in the folder of the workspace "{place.workspace}"',
        Scope.PRODUCT: f'in the folder of the product "{place.product}"',
        Scope.API: f'in the folder of the API "{place.api}"',
        Scope.OPERATION: f'in the folder of the operation "{place.operation}"',
        Scope.RESOLVER: f'in the folder of a resolver of the API "{place.api}"',
        Scope.FRAGMENT: f'in the folder of the fragment "{place.fragment}"',
    }
    return f"it stands {described[place.scope]}"
