"""The scopes around a document, by name, from the inside outwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from apim_policy.flow.composition import Source
from apim_policy.workspace.files import UnreadableFileError
from apim_policy.workspace.model import Scope

if TYPE_CHECKING:
    from pathlib import Path

    from apim_policy.workspace.model import DocumentInfo
    from apim_policy.workspace.workspace import Workspace

ALL_APIS = "policy of all APIs"


class Whose(NamedTuple):
    """A policy and what it belongs to."""

    source: Source
    what: str
    """What it is, to follow "the", such as ``API "orders"``."""


class Level(NamedTuple):
    """One scope."""

    sources: tuple[Whose, ...]
    """Its policy; several where it depends on the call which of them runs, if any. Empty where none is known."""
    certain: bool
    """Whether the one policy runs with every call."""
    missing: str = ""
    """What to say where it is certain that there is such a scope, and its policy is not known."""


def described(info: DocumentInfo) -> str:
    """What a document is the policy of, to follow "the"."""
    api = info.api or (info.mcp.name if info.mcp is not None else None)
    words = {
        Scope.GLOBAL: ALL_APIS,
        Scope.WORKSPACE: _named("workspace", info.workspace),
        Scope.PRODUCT: _named("product", info.product),
        Scope.API: _named("API", api),
        Scope.MCP: _named("MCP server", api),
        Scope.OPERATION: f"{_named('operation', info.operation)} of the {_named('API', api)}",
        Scope.FRAGMENT: _named("fragment", info.fragment),
        Scope.RESOLVER: f"resolver of the {_named('API', api)}",
        Scope.UNKNOWN: "document",
    }
    return words[info.scope]


def levels_of(workspace: Workspace, info: DocumentInfo, source: Source) -> list[Level]:
    """The document that ``info`` describes, and the scopes around it."""
    levels = [Level((Whose(source, described(info)),), certain=True)]
    if info.scope in (Scope.FRAGMENT, Scope.RESOLVER):
        return levels
    if info.scope is Scope.UNKNOWN:
        said = "nothing says whose policy this is, so what base brings in is not known"
        return [*levels, Level((), certain=True, missing=said)]
    name = info.api or (info.mcp.name if info.mcp is not None else None)
    api = workspace.api(name) if name is not None else None
    if info.scope is Scope.OPERATION:
        levels.append(_one(workspace, api.policy if api else None, _named("API", name)))
    if info.scope in (Scope.OPERATION, Scope.API, Scope.MCP) and api is not None:
        products = [
            Whose(found, _named("product", product))
            for product in api.products
            if (found := _source(workspace, workspace.product_policy(product)))
        ]
        levels.append(Level(tuple(products), certain=False))
    if info.workspace is not None and info.scope is not Scope.WORKSPACE:
        policy = workspace.workspace_policy(info.workspace)
        levels.append(_one(workspace, policy, _named("workspace", info.workspace)))
    if info.scope is not Scope.GLOBAL:
        levels.append(_one(workspace, workspace.global_policy, ALL_APIS))
    return levels


def _one(workspace: Workspace, path: Path | None, what: str) -> Level:
    source = _source(workspace, path)
    owner = what if what == ALL_APIS else f"policy of the {what}"
    missing = f"the workspace holds no {owner}, so what that does is not known"
    return Level((Whose(source, what),) if source else (), certain=True, missing=missing)


def _source(workspace: Workspace, path: Path | None) -> Source | None:
    try:
        return Source(path, workspace.store.document(path)) if path is not None else None
    except UnreadableFileError:
        return None


def _named(kind: str, name: str | None) -> str:
    return f'{kind} "{name}"' if name is not None else kind
