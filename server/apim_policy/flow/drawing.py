"""From the flow of an MCP server's calls to the picture of its headers."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.flow import facts
from apim_policy.flow.composition import Layer as ScopeLayer
from apim_policy.flow.flow import Flow
from apim_policy.flow.happenings import Happening, happenings_of, missing_fragment
from apim_policy.flow.lanes import Crossing, Side, header_of
from apim_policy.flow.losses import losses, vain_looks
from apim_policy.flow.names import KEY_HEADER
from apim_policy.flow.picture import (
    Layer,
    LayerKind,
    Outcome,
    Part,
    Picture,
    Unseen,
    Way,
    server_name,
)
from apim_policy.flow.relay import relayed
from apim_policy.workspace.model import McpKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apim_policy.flow.composition import Scope
    from apim_policy.flow.headers import Passage, Write
    from apim_policy.flow.server import Call, ServerFlow
    from apim_policy.syntax.tree import Document
    from apim_policy.workspace.model import DocumentInfo, McpServer
    from apim_policy.workspace.workspace import Workspace


def pictures(workspace: Workspace, servers: Sequence[DocumentInfo] | None = None) -> list[Picture]:
    """The pictures of these MCP servers, or of all in the workspace, ordered by name."""
    infos = workspace.mcp_servers() if servers is None else servers
    drawn = (picture(workspace.around(info.path), info) for info in infos)
    return sorted((item for item in drawn if item is not None), key=lambda item: item.name.lower())


def picture(workspace: Workspace, info: DocumentInfo) -> Picture | None:
    """The picture of the MCP server that ``info`` describes; None where it describes none.

    ``workspace`` as the server's policy sees it.
    """
    if info.mcp is None:
        return None
    flow = Flow.of(workspace)
    forwarding = workspace.settings.gateway.mcp_header_forwarding
    if info.mcp.kind is McpKind.PASSTHROUGH:
        return Picture(info, info.mcp, forwarding, (_passthrough(flow.call(info), info),))
    served = flow.server(info)
    if served is None:
        return None
    known = _Known.of(served)
    ways = [_way(served, call, known) for call in served.calls] or [_way(served, None, known)]
    return Picture(info, info.mcp, forwarding, tuple(ways))


class _Known(NamedTuple):
    """What is known of all calls of a server."""

    lost: dict[str, Write]
    """The writes whose values are lost, by the header's name in lower case."""
    vain: frozenset[int]
    """Identities of the looks that find nothing."""

    @classmethod
    def of(cls, flow: ServerFlow) -> _Known:
        paths = {
            source.path
            for call in flow.calls
            for scope in call.chain
            if scope.layer in (ScopeLayer.API, ScopeLayer.OPERATION)
            for source in scope.sources
        }
        return cls(
            {loss.name.lower(): loss.write for loss in losses(flow)},
            frozenset(id(read) for path in paths for read in vain_looks(flow, path)),
        )


def _passthrough(call: Call, info: DocumentInfo) -> Way:
    side = _Part(call.chain, call.passage, {ScopeLayer.MCP: server_name(info)})
    layers = (Layer(LayerKind.CLIENT), *side.layers, Layer(LayerKind.BACKEND))
    found = side.placed(1)
    sides = (Side(call.passage, found, 1),)
    headers = [header_of(key, sides, None, layers, frozenset()) for key in _keys(found)]
    ends = None if call.passage.reaches_end else LayerKind.MCP
    return Way((), None, None, layers, tuple(headers), tuple(side.unseen()), ends)


def _way(flow: ServerFlow, call: Call | None, known: _Known) -> Way:
    outer = _Part(flow.chain, flow.outer, {ScopeLayer.MCP: server_name(flow.info)})
    before = (Layer(LayerKind.CLIENT), *outer.layers, Layer(LayerKind.BOUNDARY))
    found = outer.placed(1)
    sides = [Side(flow.outer, found, 1)]
    if call is None:
        layers: tuple[Layer, ...] = (*before, Layer(LayerKind.API))
        unseen = list(outer.unseen())
        happened = found
    else:
        names = {ScopeLayer.API: call.api, ScopeLayer.OPERATION: call.operation}
        inner = _Part(call.chain, call.passage, names)
        layers = (*before, *inner.layers, Layer(LayerKind.BACKEND))
        beyond = inner.placed(len(before))
        sides.append(Side(call.passage, beyond, len(before)))
        # The policy for all APIs is asked for on both sides, and missing once.
        unseen = list(dict.fromkeys((*outer.unseen(), *inner.unseen())))
        happened = [*found, *beyond]
    keys = _keys(happened, (KEY_HEADER.lower(),) if flow.bounded and flow.outer.reaches_end else ())

    def crossing(key: str) -> Crossing:
        return Crossing(len(before) - 1, flow, known.lost.get(key), relayed(flow, key))

    headers = [
        header_of(key, tuple(sides), crossing(key) if key is not None else None, layers, known.vain)
        for key in keys
    ]
    headers.sort(key=lambda header: header.outcome is not Outcome.LOST)
    ends = None
    if not flow.outer.reaches_end:
        ends = LayerKind.MCP
    elif call is not None and not call.passage.reaches_end:
        ends = LayerKind.API
    return Way(
        _tools(flow.server, call, flow),
        call.api if call else None,
        call.operation if call else None,
        layers,
        tuple(headers),
        tuple(unseen),
        ends,
    )


def _keys(found: Sequence[Happening], more: Sequence[str] = ()) -> list[str | None]:
    """The headers, in the order in which they are met, then ``more``; those without a name last."""
    keys = list(dict.fromkeys([*(happening.key for happening in found), *more]))
    return sorted(keys, key=lambda key: key is None)


def _tools(server: McpServer, call: Call | None, flow: ServerFlow) -> tuple[str, ...]:
    if call is None:
        return tuple(tool.name for tool in server.tools)
    of_api = [tool for tool in server.tools if tool.api.lower() == call.api.lower()]
    if call.operation is not None:
        wanted = call.operation.lower()
        return tuple(tool.name for tool in of_api if tool.operation.lower() == wanted)
    own = {
        other.operation.lower()
        for other in flow.calls
        if other.operation is not None and other.api.lower() == call.api.lower()
    }
    return tuple(tool.name for tool in of_api if tool.operation.lower() not in own)


def _has_base(document: Document) -> bool:
    return document.root is not None and any(facts.is_base(element) for element in document.root.walk())


class _Part:
    """The layers of one call, in the order in which their policies run, and what happens in each."""

    def __init__(
        self, chain: tuple[Scope, ...], passage: Passage, names: dict[ScopeLayer, str | None]
    ) -> None:
        self._chain = chain
        self._passage = passage
        self._names = names
        self._found = happenings_of(passage)
        scopes = [scope for scope in reversed(chain) if scope is chain[0] or self._takes_part(scope)]
        self._rank = {scope.layer: rank for rank, scope in enumerate(scopes)}
        self._scopes = scopes
        self._columns = self._arrange()

    @property
    def layers(self) -> list[Layer]:
        """The columns."""
        found = []
        for scope, part in self._columns:
            paths = tuple(source.path for source in scope.sources)
            found.append(Layer(LayerKind(scope.layer.value), self._names.get(scope.layer), paths, part))
        return found

    def placed(self, first: int) -> list[Happening]:
        """What happens, each with its column, counted from ``first``."""
        return [happening._replace(column=first + happening.column) for happening in self._found]

    def unseen(self) -> Iterator[Unseen]:
        """What takes part and is not in the workspace."""
        inherits = True
        for scope in self._chain:
            if inherits and not scope.known and not scope.sources:
                yield Unseen(LayerKind(scope.layer.value))
            inherits = inherits and all(_has_base(source.document) for source in scope.sources)
        for _, step in self._passage.gaps:
            yield missing_fragment(step)

    def _takes_part(self, scope: Scope) -> bool:
        if scope.layer is ScopeLayer.API:
            return True
        return any(source.path in self._passage.documents for source in scope.sources)

    def _arrange(self) -> list[tuple[Scope, Part | None]]:
        """The columns; gives each happening its own.

        A request mostly runs through the scopes once, from the outermost to the innermost. Where policies stand before
        ``<base />`` or in ``backend``, it comes by a scope once more, which then has a column for each time.
        """
        laps: list[list[Happening]] = [[]]
        for happening in self._found:
            if happening.late:
                continue
            lap = laps[-1]
            if lap and self._rank[happening.layer] < self._rank[lap[-1].layer]:
                laps.append(lap := [])
            lap.append(happening)
        inbound = [
            number for number, lap in enumerate(laps) if any(item.section == "inbound" for item in lap)
        ]
        main = inbound[-1] if inbound else 0
        earlier = {item.layer for lap in laps[:main] for item in lap}
        columns: list[tuple[Scope, Part | None]] = []
        numbered: list[Happening] = []
        homes: dict[ScopeLayer, int] = {}
        for number, lap in enumerate(laps):
            held = {layer: list(items) for layer, items in groupby(lap, key=lambda item: item.layer)}
            for scope in self._scopes:
                full = number == main and scope.layer not in earlier
                if scope.layer not in held and not full:
                    continue
                part = None if number == main else Part.BEFORE_BASE if number < main else Part.BACKEND
                columns.append((scope, part))
                homes[scope.layer] = len(columns) - 1
                numbered += [item._replace(column=len(columns) - 1) for item in held.get(scope.layer, ())]
        late = [item._replace(column=homes[item.layer]) for item in self._found if item.late]
        self._found = numbered + late
        return columns
