"""Resources that are known because documents say whose policies they are, by comment, settings or path."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from apim_policy.workspace.model import Api, Product, Resource, ResourceKind, Scope
from apim_policy.workspace.readers.api_information import MCP
from apim_policy.workspace.resolution import Resolved

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from apim_policy.workspace.model import DocumentInfo

# What people put behind a fragment's name in the name of its file.
_FRAGMENT_ENDINGS = (".fragment", ".policy")


class StatedResources:
    """The inventory that follows from the documents themselves."""

    def __init__(self, resolved: Iterable[Resolved]) -> None:
        by_path = sorted(resolved, key=lambda item: item.info.path)
        self._by_scope: dict[Scope, list[Resolved]] = {scope: [] for scope in Scope}
        for item in by_path:
            for info in (item.info, *item.info.also):
                self._by_scope[info.scope].append(Resolved(info, item.subscription_required))

    def _of(self, *scopes: Scope) -> list[Resolved]:
        if len(scopes) == 1:
            return self._by_scope[scopes[0]]
        found = [item for scope in scopes for item in self._by_scope[scope]]
        return sorted(found, key=lambda item: item.info.path)

    @cached_property
    def _apis(self) -> dict[str, list[Resolved]]:
        found: dict[str, list[Resolved]] = {}
        for item in self._of(Scope.API, Scope.MCP, Scope.OPERATION):
            if item.info.api is not None:
                found.setdefault(item.info.api.lower(), []).append(item)
        return found

    @cached_property
    def api_names(self) -> Sequence[str]:
        """Names of the APIs, sorted."""
        return sorted(items[0].info.api or "" for items in self._apis.values())

    def api(self, name: str) -> Api | None:
        """An API that some document names."""
        items = self._apis.get(name.lower())
        if not items:
            return None
        own = next((item for item in items if item.info.scope is not Scope.OPERATION), None)
        operations = {
            item.info.operation: item.info.path
            for item in reversed(items)
            if item.info.scope is Scope.OPERATION and item.info.operation is not None
        }
        main = own or items[0]
        return Api(
            name=main.info.api or name,
            type=MCP if main.info.mcp else None,
            evidence=next(iter(main.info.evidence), None),
            subscription_required=next(
                (item.subscription_required for item in items if item.subscription_required), None
            ),
            policy=own.info.path if own else None,
            operation_policies=dict(sorted(operations.items())),
            mcp=main.info.mcp,
        )

    @cached_property
    def product_names(self) -> Sequence[str]:
        """Names of the products, sorted."""
        return sorted(
            {item.info.product for item in self._of(Scope.PRODUCT) if item.info.product is not None}
        )

    @cached_property
    def _products(self) -> dict[str, Product]:
        found: dict[str, Product] = {}
        for item in self._of(Scope.PRODUCT):
            if item.info.product is not None:
                product = Product(item.info.product, (), item.info.path)
                found.setdefault(product.name.lower(), product)
        return found

    def product(self, name: str) -> Product | None:
        """A product that some document names as its own."""
        return self._products.get(name.lower())

    def fragment(self, name: str) -> Path | None:
        """The document that is stated to be the fragment, or else the only one whose file has its name."""
        return self._fragments.get(name.lower())

    @cached_property
    def _fragments(self) -> dict[str, Path]:
        stated: dict[str, Path] = {}
        named: dict[str, list[Path]] = {}
        for item in self._of(Scope.FRAGMENT):
            if item.info.fragment is not None:
                stated.setdefault(item.info.fragment.lower(), item.info.path)
            else:
                named.setdefault(_fragment_name(item.info), []).append(item.info.path)
        return {name: paths[0] for name, paths in named.items() if len(paths) == 1} | stated

    @property
    def lists_fragments(self) -> bool:
        """False: further fragments may exist where no document speaks of them."""
        return False

    def resources(self, kind: ResourceKind) -> Mapping[str, Resource]:
        """The fragments; of other resources documents do not speak."""
        if kind is not ResourceKind.FRAGMENT:
            return {}
        return {name: Resource(kind, name, path) for name, path in self._fragments.items()}

    def listing(self, kind: ResourceKind) -> Path | None:
        """None: further ones may exist where no document speaks of them."""
        return None

    @property
    def global_policy(self) -> Path | None:
        """The document that is stated to be the policy for all APIs."""
        return next((item.info.path for item in self._of(Scope.GLOBAL)), None)

    def workspace_policy(self, name: str) -> Path | None:
        """The document that is stated to be a workspace's policy."""
        for item in self._of(Scope.WORKSPACE):
            if item.info.workspace is not None and item.info.workspace.lower() == name.lower():
                return item.info.path
        return None

    @property
    def mcp_servers(self) -> Sequence[DocumentInfo]:
        """The MCP servers, in the order of their policy files' paths."""
        return [item.info for item in self._of(Scope.MCP)]


def _fragment_name(info: DocumentInfo) -> str:
    name = info.path.stem.lower()
    for ending in _FRAGMENT_ENDINGS:
        name = name.removesuffix(ending)
    return name
