"""The flow of requests through a whole workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from apim_policy.flow.composition import Layer, Library, Scope, Source, compose
from apim_policy.flow.declared import declared_headers
from apim_policy.flow.effects import Effects
from apim_policy.flow.headers import UNSEEN, Passage
from apim_policy.flow.server import Call, ServerFlow, from_client
from apim_policy.workspace.files import UnreadableFileError
from apim_policy.workspace.model import McpKind
from apim_policy.workspace.model import Scope as Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from apim_policy.flow.composition import Step
    from apim_policy.flow.headers import HeaderState
    from apim_policy.workspace.model import DocumentInfo, McpServer
    from apim_policy.workspace.workspace import Workspace

_REQUEST_SECTIONS = ("inbound", "backend", "outbound")


class Flow:
    """What runs, in which order, for the requests of a workspace.

    What single policies do is computed once for each version of a document; what follows from it for a tool call is
    put together anew when something in the workspace has changed, which costs little.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._library = _WorkspaceLibrary(workspace)
        self._effects = Effects()
        self._version = workspace.version
        self._servers: dict[DocumentInfo, ServerFlow] = {}
        self._calls: dict[DocumentInfo, Call] = {}

    @classmethod
    def of(cls, workspace: Workspace) -> Flow:
        """The flow of a workspace, the same one whenever it is asked for."""
        flow = _FLOWS.get(workspace)
        if flow is None:
            flow = _FLOWS[workspace] = cls(workspace)
        return flow

    def server(self, info: DocumentInfo) -> ServerFlow | None:
        """The way of a tool call of the MCP server whose policy ``info`` describes.

        None for a passthrough server, whose requests go to a server outside, and for what is no MCP server.
        """
        if info.mcp is None or info.mcp.kind is not McpKind.REST_BACKED:
            return None
        self._refresh()
        flow = self._servers.get(info)
        if flow is None:
            flow = self._servers[info] = self._server(info, info.mcp)
        return flow

    def servers_calling(self, info: DocumentInfo) -> list[ServerFlow]:
        """The REST-backed MCP servers whose tools run the policy of an API or an operation that ``info`` describes."""
        if info.api is None or info.scope not in (Kind.API, Kind.OPERATION):
            return []
        flows = (self.server(server) for server in self._workspace.servers_calling(info.api, info.operation))
        return [flow for flow in flows if flow is not None]

    def call(self, info: DocumentInfo) -> Call:
        """The way of a client's own call through the policy of an API or an operation."""
        self._refresh()
        call = self._calls.get(info)
        if call is None:
            chain = self._chain(info)
            passage = self._passage(chain, from_client)
            call = self._calls[info] = Call(
                info.api or "",
                self._workspace.api(info.api) if info.api else None,
                info.operation,
                chain,
                passage,
            )
        return call

    def steps(self, info: DocumentInfo, section: str) -> list[Step]:
        """What runs of one section where the document that ``info`` describes is the innermost scope.

        Rests on the scope that ``info`` gives: what ``<base />`` stands for means nothing where that is unknown.
        """
        return compose(self._chain(info), section, self._library)

    def _chain(self, info: DocumentInfo) -> tuple[Scope, ...]:
        scopes = [self._scope(_LAYERS.get(info.scope, Layer.API), info.path)]
        if info.scope is Kind.OPERATION and info.api is not None:
            api = self._workspace.api(info.api)
            scopes.append(self._scope(Layer.API, api.policy if api else None, known=api is not None))
        return (*scopes, *self._outer(info.api))

    def _refresh(self) -> None:
        if self._version != self._workspace.version:
            self._version = self._workspace.version
            self._servers.clear()
            self._calls.clear()

    def _server(self, info: DocumentInfo, server: McpServer) -> ServerFlow:
        chain = (self._scope(Layer.MCP, info.path), *self._outer(info.api or server.name))
        outer = self._passage(chain, from_client)
        forwarding = self._workspace.settings.gateway.mcp_header_forwarding
        flow = ServerFlow(info, server, forwarding, chain, outer)
        flow.calls = tuple(call for api in server.tools_from for call in self._calls_of(flow, api))
        return flow

    def _calls_of(self, flow: ServerFlow, name: str) -> Iterable[Call]:
        api = self._workspace.api(name)
        beyond = flow.beyond(api, declared_headers(api, self._workspace.store) if api is not None else tuple)
        scope = self._scope(Layer.API, api.policy if api else None, known=api is None or api.policy is None)
        outer = (scope, *self._outer(name))
        policies = api.operation_policies if api is not None else {}
        own = {op: path for op, path in policies.items() if flow.server.calls_operation(name, op)}
        listed = {tool.operation.lower() for tool in flow.server.tools if tool.api.lower() == name.lower()}
        if not listed or listed - {operation.lower() for operation in own}:
            yield Call(name, api, None, outer, self._passage(outer, beyond))
        for operation, path in own.items():
            chain = (self._scope(Layer.OPERATION, path), *outer)
            yield Call(name, api, operation, chain, self._passage(chain, beyond))

    def _outer(self, api: str | None) -> tuple[Scope, Scope]:
        """The scopes around an API: its products, and all APIs."""
        workspace = self._workspace
        resource = workspace.api(api) if api is not None else None
        paths = (workspace.product_policy(product) for product in (resource.products if resource else ()))
        products = tuple(
            source for path in paths if path is not None and (source := self._library.source(path))
        )
        return (
            Scope(Layer.PRODUCT, products, certain=False),
            self._scope(Layer.GLOBAL, workspace.global_policy),
        )

    def _scope(self, layer: Layer, path: Path | None, *, known: bool = True) -> Scope:
        source = self._library.source(path) if path is not None else None
        return Scope(layer, (source,) if source else (), known and source is not None)

    def _passage(self, chain: Sequence[Scope], initial: Callable[[str], HeaderState]) -> Passage:
        passage = Passage(self._effects, initial)
        for section in _REQUEST_SECTIONS:
            passage.run(compose(chain, section, self._library), section)
            if section == "backend":
                passage.finish()
        written = {write.key for write in passage.writes}

        def when_failed(key: str) -> HeaderState:
            # An error may come before or after any write.
            return UNSEEN if key in written or None in written or passage.gaps else initial(key)

        failed = Passage(self._effects, when_failed)
        failed.run(compose(chain, "on-error", self._library), "on-error")
        passage.reads += failed.reads
        return passage


class _WorkspaceLibrary(Library):
    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace

    def source(self, path: Path) -> Source | None:
        try:
            return Source(path, self._workspace.store.document(path))
        except UnreadableFileError:
            return None

    def fragment(self, name: str) -> Source | None:
        path = self._workspace.fragment(name)
        return self.source(path) if path is not None else None


_LAYERS = {
    Kind.API: Layer.API,
    Kind.OPERATION: Layer.OPERATION,
    Kind.MCP: Layer.MCP,
    Kind.PRODUCT: Layer.PRODUCT,
}
_FLOWS: WeakKeyDictionary[Workspace, Flow] = WeakKeyDictionary()
