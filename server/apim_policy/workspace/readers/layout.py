"""Where APIOps puts the policies of a service.

Both generations of the tool use these folders: https://github.com/Azure/apiops (``tools/code/common``) and
https://github.com/Azure/apiops-cli (``src/models/resource-types.ts``). They differ in the folder of fragments, and in
how a product lists its APIs.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from apim_policy.workspace.model import ResourceKind, Scope

POLICY = "policy.xml"
APIS = "apis"
PRODUCTS = "products"
OPERATIONS = "operations"
RESOLVERS = "resolvers"
WORKSPACES = "workspaces"
FRAGMENTS = ("policyFragments", "policy fragments")

API_INFORMATION = "apiInformation.json"
PRODUCT_INFORMATION = "productInformation.json"
PRODUCT_APIS = "apis.json"
INFORMATION = {
    APIS: API_INFORMATION,
    PRODUCTS: PRODUCT_INFORMATION,
    **dict.fromkeys(FRAGMENTS, "policyFragmentInformation.json"),
}
"""For each folder of resources, the file that describes one of them."""

RESOURCES = {
    ResourceKind.FRAGMENT: (FRAGMENTS, INFORMATION[FRAGMENTS[0]]),
    ResourceKind.NAMED_VALUE: (("namedValues", "named values"), "namedValueInformation.json"),
    ResourceKind.BACKEND: (("backends",), "backendInformation.json"),
    ResourceKind.LOGGER: (("loggers",), "loggerInformation.json"),
    ResourceKind.SCHEMA: (("schemas",), "schemaInformation.json"),
}
"""For each kind of resource, the folders that may hold a folder for each, and the file that describes one."""

_SCOPES = {
    APIS: Scope.API,
    PRODUCTS: Scope.PRODUCT,
    WORKSPACES: Scope.WORKSPACE,
    **dict.fromkeys(FRAGMENTS, Scope.FRAGMENT),
}


class Place(NamedTuple):
    """What a path says where it lies in such a layout."""

    root: Path
    """The folder of the service."""
    scope: Scope
    workspace: str | None = None
    product: str | None = None
    api: str | None = None
    """With its ``;rev=N`` where the folder has one."""
    operation: str | None = None
    fragment: str | None = None


def locate(path: Path) -> Place | None:
    """The place of a policy file by the shape of its path; None where its name is another.

    Whether the folder really is that of a service is for others to find out: any ``policy.xml`` could be a global policy.
    """
    parts = path.parts
    if parts[-1] != POLICY:
        return None
    above = len(parts) - 1
    operation = None
    scope, name = Scope.GLOBAL, ""
    if above >= 5 and parts[above - 4] == APIS and parts[above - 2] in (OPERATIONS, RESOLVERS):
        operation = parts[above - 1] if parts[above - 2] == OPERATIONS else None
        scope = Scope.OPERATION if operation else Scope.RESOLVER
        name = parts[above - 3]
        above -= 4
    elif above >= 3 and parts[above - 2] in _SCOPES:
        scope, name = _SCOPES[parts[above - 2]], parts[above - 1]
        above -= 2
    workspace = name if scope is Scope.WORKSPACE else None
    if scope not in (Scope.WORKSPACE, Scope.GLOBAL) and above >= 3 and parts[above - 2] == WORKSPACES:
        workspace = parts[above - 1]
        above -= 2
    return Place(
        root=Path(*parts[:above]),
        scope=scope,
        workspace=workspace,
        product=name if scope is Scope.PRODUCT else None,
        api=name if scope in (Scope.API, Scope.OPERATION, Scope.RESOLVER) else None,
        operation=operation,
        fragment=name if scope is Scope.FRAGMENT else None,
    )


def without_revision(name: str) -> str:
    """The name of an API without the ``;rev=N`` of a revision that is not the current one."""
    return name.partition(";rev=")[0]
