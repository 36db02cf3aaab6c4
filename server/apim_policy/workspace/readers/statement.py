"""What a reader says of a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from apim_policy.workspace.model import Confidence, McpKind, PathForm, Scope

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from apim_policy.workspace.model import Evidence, Stated, Tool


class Statement(NamedTuple):
    """One resource that loads a document, as far as one source tells; what it does not tell is None or empty."""

    evidence: tuple[Evidence, ...]
    confidence: Confidence = Confidence.STATED
    scope: Scope | None = None
    workspace: str | None = None
    product: str | None = None
    api: str | None = None
    operation: str | None = None
    fragment: str | None = None
    kind: McpKind | None = None
    tools_from: tuple[str, ...] = ()
    tools: tuple[Tool, ...] = ()
    subscription_required: Stated | None = None
    """Whether callers of the API need a key."""
    path_form: PathForm | None = None

    @property
    def implied_scope(self) -> Scope | None:
        """The scope, or the one that follows from the other names."""
        if self.scope is not None:
            return self.scope
        for value, scope in (
            (self.kind or self.tools_from, Scope.MCP),
            (self.operation, Scope.OPERATION),
            (self.api, Scope.API),
            (self.product, Scope.PRODUCT),
            (self.fragment, Scope.FRAGMENT),
            (self.workspace, Scope.WORKSPACE),
        ):
            if value:
                return scope
        return None

    @property
    def implied_kind(self) -> McpKind | None:
        """The kind of the MCP server, or the one that follows from its tools."""
        return self.kind or (McpKind.REST_BACKED if self.tools_from or self.tools else None)


class Reader(Protocol):
    """A source of statements."""

    def statements(self, path: Path) -> Sequence[Statement]:
        """What the source says of a document: a statement for each resource that loads it."""
