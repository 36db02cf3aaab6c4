"""What a source of evidence knows of the resources of a service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from apim_policy.workspace.model import Api, DocumentInfo, Product, Resource, ResourceKind


class Inventory(Protocol):
    """The resources of one service, as far as one source tells. Names compare without case."""

    @property
    def api_names(self) -> Sequence[str]:
        """Names of the APIs, sorted."""

    def api(self, name: str) -> Api | None:
        """What is known of an API."""

    @property
    def product_names(self) -> Sequence[str]:
        """Names of the products, sorted."""

    def product(self, name: str) -> Product | None:
        """What is known of a product."""

    def fragment(self, name: str) -> Path | None:
        """The policy file of a fragment."""

    @property
    def lists_fragments(self) -> bool:
        """Whether a fragment that is not known here does not exist in the service."""

    def resources(self, kind: ResourceKind) -> Mapping[str, Resource]:
        """The resources of a kind by the names in lower case that policies may call them."""

    def listing(self, kind: ResourceKind) -> Path | None:
        """The folder that holds all resources of a kind; None where further ones may exist in the service."""

    @property
    def global_policy(self) -> Path | None:
        """The policy file for all APIs."""

    def workspace_policy(self, name: str) -> Path | None:
        """The policy file of a workspace of the service."""

    @property
    def mcp_servers(self) -> Sequence[DocumentInfo]:
        """The MCP servers, in the order of their policy files' paths."""
