"""A service as the resources say that one set of files deploys: an inventory, and statements about the files they load."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from apim_policy.workspace.model import (
    Api,
    Confidence,
    DocumentInfo,
    McpKind,
    McpServer,
    Product,
    Resource,
    ResourceKind,
    Scope,
    Tool,
)
from apim_policy.workspace.readers.api_information import (
    MCP,
    ApiInformation,
    called_operation,
    flag,
    read_api_information,
)
from apim_policy.workspace.readers.layout import without_revision
from apim_policy.workspace.readers.path import path_form
from apim_policy.workspace.readers.resources import FileText, known
from apim_policy.workspace.readers.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from apim_policy.workspace.model import Evidence, Stated
    from apim_policy.workspace.readers.resources import Deployed

_SCOPES = {
    ("policies",): Scope.GLOBAL,
    ("products", "policies"): Scope.PRODUCT,
    ("apis", "policies"): Scope.API,
    ("apis", "operations", "policies"): Scope.OPERATION,
    ("apis", "resolvers", "policies"): Scope.RESOLVER,
    ("policyfragments",): Scope.FRAGMENT,
}
_WORKSPACES = "workspaces"
_KINDS = {
    ResourceKind.FRAGMENT: "policyfragments",
    ResourceKind.NAMED_VALUE: "namedvalues",
    ResourceKind.BACKEND: "backends",
    ResourceKind.LOGGER: "loggers",
    ResourceKind.SCHEMA: "schemas",
}
_VALUES = ("value", "policyContent")
"""The properties that hold a policy; the second is the name that the first had before 2019."""


class _Place(NamedTuple):
    """What the type and the names of a resource say, holes included."""

    kind: tuple[str, ...]
    names: tuple[str, ...]
    workspace: str | None

    @property
    def first(self) -> str:
        return self.names[0].lower()


def _place(resource: Deployed) -> _Place:
    if len(resource.kind) > 1 and resource.kind[0] == _WORKSPACES:
        return _Place(resource.kind[1:], resource.names[1:], resource.names[0])
    return _Place(resource.kind, resource.names, None)


class DeployedService:
    """The inventory of what some resources make, and what they say of the files that they load."""

    def __init__(self, resources: Iterable[Deployed]) -> None:
        self._resources = [(resource, _place(resource)) for resource in resources if resource.names]
        self._spelling: dict[str, str] = {}
        for _, place in self._resources:
            name = known(place.names[0])
            if place.kind == ("apis",) and name is not None:
                self._spelling.setdefault(name.lower(), name)
        self._said: dict[tuple[str | None, str], ApiInformation] = {}
        self._unknown: set[tuple[str | None, str]] = set()
        """APIs whose type the files give, but not so that it could be told."""
        self._read_apis()
        self._read_tools()
        self.statements: dict[Path, list[Statement]] = {}
        """What is said of each file."""
        self._apis: dict[str, Api] = {}
        self._products: dict[str, Product] = {}
        self._fragments: dict[str, Path] = {}
        self._workspace_policies: dict[str, Path] = {}
        self._global_policy: Path | None = None
        self._describe()
        self._load()
        self._put_in_products()

    def _read_apis(self) -> None:
        for resource, place in self._resources:
            if place.kind != ("apis",) or not resource.declared:
                continue
            said = read_api_information(known(place.names[0]), resource.described, self._spelled)
            key = (place.workspace, place.first)
            self._said.setdefault(key, said)
            given = (
                resource.described.get(*resource.described.key("properties", name))
                for name in ("type", "apiType")
            )
            if said.type is None and any(value is not None for value in given):
                self._unknown.add(key)

    def _read_tools(self) -> None:
        """Tools that are resources of their own add to those that their server lists."""
        for resource, place in self._resources:
            if place.kind != ("apis", "tools") or not resource.declared:
                continue
            key = (place.workspace, place.first)
            said = self._said.get(key)
            if said is None:
                continue
            server = said.mcp or McpServer(known(place.names[0]), McpKind.REST_BACKED, False, ())
            listed = server.tools or not server.tools_from
            described = resource.described
            at = described.key("properties", "operationId")
            called = called_operation(described.get(*at))
            tools = server.tools
            tools_from = server.tools_from
            if called is not None:
                api, operation = self._spelled(called[0]), called[1]
                title = known(place.names[1]) or operation
                tool = Tool(
                    title, api, operation, described.evidence(f'tool "{title}" calls {api}/{operation}', *at)
                )
                tools = (*tools, tool) if listed else ()
                tools_from = tuple(dict.fromkeys((*tools_from, api)))
            elif tools:
                tools = ()
            evidence = said.mcp_evidence or (described.evidence("it has tools"),)
            self._said[key] = said._replace(
                type=MCP,
                mcp=server._replace(
                    kind=McpKind.REST_BACKED, kind_assumed=False, tools_from=tools_from, tools=tools
                ),
                mcp_evidence=evidence,
            )

    def _spelled(self, name: str) -> str:
        for candidate in (name, without_revision(name)):
            if candidate.lower() in self._spelling:
                return self._spelling[candidate.lower()]
        return without_revision(name)

    def _describe(self) -> None:
        for resource, place in self._resources:
            name = known(place.names[0])
            if name is None:
                continue
            if place.kind == ("apis",):
                said = self._said.get((place.workspace, place.first))
                if said is not None:
                    self._apis.setdefault(
                        name.lower(),
                        Api(
                            name,
                            said.type,
                            said.evidence,
                            said.subscription_required,
                            said.key_header,
                            mcp=said.mcp,
                        ),
                    )
            elif place.kind == ("products",) and resource.declared:
                required = flag(resource.described, "subscriptionRequired")
                self._products.setdefault(name.lower(), Product(name, (), None, required))

    def _load(self) -> None:
        for resource, place in self._resources:
            described = resource.described
            for property_ in _VALUES:
                at = described.key("properties", property_)
                value = described.get(*at)
                if isinstance(value, FileText):
                    for path in value.paths:
                        statement = self._statement(place, path, described.evidence(_words(place), *at))
                        if statement is not None:
                            self.statements.setdefault(path, []).append(statement)
                            self._keep(statement, path)

    def _statement(self, place: _Place, path: Path, evidence: Evidence) -> Statement | None:
        scope = (
            Scope.WORKSPACE if place.kind == ("policies",) and place.workspace else _SCOPES.get(place.kind)
        )
        if scope is None:
            return None
        name = known(place.names[0])
        said = None
        if scope is Scope.API:
            key = (place.workspace, place.first)
            said = self._said.get(key)
            if (said is None or key in self._unknown) and path_form(path) is not None:
                # What the path suggests may be true: nothing says what kind of API it is.
                return None
        mcp = said.mcp if said else None
        required: Stated | None = said.subscription_required if said else None
        is_api = scope in (Scope.API, Scope.OPERATION, Scope.RESOLVER)
        return Statement(
            (evidence, *(said.mcp_evidence if said and mcp else ())),
            scope=Scope.MCP if mcp else scope,
            workspace=known(place.workspace),
            product=name if scope is Scope.PRODUCT else None,
            api=name if is_api else None,
            operation=known(place.names[1]) if scope is Scope.OPERATION else None,
            fragment=name if scope is Scope.FRAGMENT else None,
            kind=mcp.kind if mcp and not mcp.kind_assumed else None,
            tools_from=mcp.tools_from if mcp else (),
            tools=mcp.tools if mcp else (),
            subscription_required=required,
        )

    def _keep(self, said: Statement, path: Path) -> None:
        """Take notice of the policy in the inventory."""
        if said.scope is Scope.GLOBAL:
            self._global_policy = self._global_policy or path
        elif said.scope is Scope.WORKSPACE and said.workspace is not None:
            self._workspace_policies.setdefault(said.workspace.lower(), path)
        elif said.fragment is not None:
            self._fragments.setdefault(said.fragment.lower(), path)
        elif said.product is not None:
            product = self._products.setdefault(said.product.lower(), Product(said.product, ()))
            self._products[said.product.lower()] = product._replace(policy=product.policy or path)
        elif said.api is not None and said.scope is not Scope.RESOLVER:
            api = self._apis.setdefault(said.api.lower(), Api(said.api, None, said.evidence[0]))
            if said.scope is not Scope.OPERATION:
                api = api._replace(policy=api.policy or path)
            elif said.operation is not None:
                api = api._replace(operation_policies={said.operation: path, **api.operation_policies})
            self._apis[said.api.lower()] = api

    def _put_in_products(self) -> None:
        for resource, place in self._resources:
            if place.kind == ("products", "apis"):
                api = known(place.names[1])
            elif place.kind == ("products", "apilinks"):
                id_ = resource.described.get(*resource.described.key("properties", "apiId"))
                api = known(id_.rpartition("/")[2]) if isinstance(id_, str) else None
            else:
                continue
            name = known(place.names[0])
            if name is None or api is None:
                continue
            product = self._products.setdefault(name.lower(), Product(name, ()))
            apis = tuple(dict.fromkeys((*product.apis, self._spelled(api))))
            self._products[name.lower()] = product._replace(apis=apis)
            found = self._apis.get(self._spelled(api).lower())
            if found is not None:
                products = tuple(dict.fromkeys((*found.products, product.name)))
                self._apis[found.name.lower()] = found._replace(products=products)

    @property
    def api_names(self) -> Sequence[str]:
        """Names of the APIs, sorted."""
        return sorted(api.name for api in self._apis.values())

    def api(self, name: str) -> Api | None:
        """What the resources say of an API."""
        return self._apis.get(name.lower())

    def api_policies(self) -> Sequence[Path]:
        """The policy files of all APIs that have one."""
        return [api.policy for api in self._apis.values() if api.policy is not None]

    @property
    def product_names(self) -> Sequence[str]:
        """Names of the products, sorted."""
        return sorted(product.name for product in self._products.values())

    def product(self, name: str) -> Product | None:
        """What the resources say of a product."""
        return self._products.get(name.lower())

    def fragment(self, name: str) -> Path | None:
        """The file that is loaded as the fragment."""
        return self._fragments.get(name.lower())

    @property
    def lists_fragments(self) -> bool:
        """False: other files may deploy further ones."""
        return False

    def resources(self, kind: ResourceKind) -> Mapping[str, Resource]:
        """The resources of a kind by the names in lower case that policies may call them."""
        found: dict[str, Resource] = {}
        for resource, place in self._resources:
            name = known(place.names[0])
            if place.kind == (_KINDS[kind],) and name is not None:
                if kind is ResourceKind.NAMED_VALUE:
                    shown = resource.described.get(*resource.described.key("properties", "displayName"))
                    name = known(shown) or name
                file = self._fragments.get(name.lower()) if kind is ResourceKind.FRAGMENT else None
                file = file or resource.described.evidence("").path
                found.setdefault(name.lower(), Resource(kind, name, file))
        return found

    def listing(self, kind: ResourceKind) -> Path | None:
        """None: other files may deploy further ones."""
        return None

    @property
    def global_policy(self) -> Path | None:
        """The file that is loaded as the policy for all APIs."""
        return self._global_policy

    def workspace_policy(self, name: str) -> Path | None:
        """The file that is loaded as a workspace's policy."""
        return self._workspace_policies.get(name.lower())

    @property
    def mcp_servers(self) -> Sequence[DocumentInfo]:
        """The MCP servers whose policy is a file."""
        return [
            DocumentInfo(path, Scope.MCP, Confidence.STATED)
            for path in sorted(self.statements)
            if any(said.scope is Scope.MCP for said in self.statements[path])
        ]


def _words(place: _Place) -> str:
    """A clause on a resource that loads a file."""
    name = known(place.names[0])
    quoted = f' "{name}"' if name else ""
    operation = known(place.names[1]) if place.kind[:2] == ("apis", "operations") else None
    nouns = {
        ("policies",): "the policy of a workspace" if place.workspace else "the policy for all APIs",
        ("products", "policies"): f"the policy of {_article('product', quoted)}",
        ("apis", "policies"): f"the policy of {_article('API', quoted)}",
        ("apis", "operations", "policies"): (
            f"the policy of {_article('operation', f' {chr(34)}{operation}{chr(34)}' if operation else '')}"
        ),
        ("apis", "resolvers", "policies"): f"a resolver of {_article('API', quoted)}",
        ("policyfragments",): f"{_article('fragment', quoted)}",
    }
    return f"it is loaded as {nouns.get(place.kind, 'a policy')}"


def _article(noun: str, quoted: str) -> str:
    if quoted:
        return f"the {noun}{quoted}"
    return f"{'an' if noun[0] in 'Ao' else 'a'} {noun}"
