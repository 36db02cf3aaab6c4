"""What becomes of request headers between an MCP server's client and the backends of its tools, as data to be drawn.

A picture holds no value of any header: only where a value comes from, since values may be secrets.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from apim_policy.text.lines import Position
    from apim_policy.text.span import Span
    from apim_policy.workspace.model import DocumentInfo, McpServer
    from apim_policy.workspace.settings import McpHeaderForwarding


class LayerKind(Enum):
    """What a request runs through; the values are those of the JSON output."""

    CLIENT = "client"
    GLOBAL = "global"
    PRODUCT = "product"
    MCP = "mcp"
    BOUNDARY = "boundary"
    """Between the call of the MCP server and the call of the API; no policy stands there."""
    API = "api"
    OPERATION = "operation"
    BACKEND = "backend"


class Part(Enum):
    """Which part of a scope's policies a layer stands for, where they do not run in one go."""

    BEFORE_BASE = "before-base"
    """What stands before ``<base />``, so that it runs before outer scopes."""
    BACKEND = "backend"
    """The section ``backend``, after all of ``inbound``."""


class EventKind(Enum):
    """What happens to a header."""

    SET = "set"
    READ = "read"
    CHANGED = "changed"
    """A value that was there is replaced or added to."""
    DELETED = "deleted"
    STOPPED = "stopped"
    """It does not get across the boundary."""
    FORWARDED = "forwarded"
    """It gets across the boundary, or to the backend."""
    RELAYED = "relayed"
    """Its value gets across the boundary in the header of the subscription's key."""


class Certainty(Enum):
    """How sure an event is."""

    CERTAIN = "certain"
    POSSIBLE = "possible"
    """It depends on the request: a condition, or whether the client sent the header."""
    ASSUMED = "assumed"
    """It depends on the gateway, and nobody said which headers that one forwards."""


class Presence(Enum):
    """What is known of a header between two events."""

    ABSENT = "absent"
    CLIENT = "client"
    """The client may have sent it, and no policy touched it."""
    POSSIBLE = "possible"
    """A policy may have set it."""
    SET = "set"
    """A policy surely set it."""
    UNKNOWN = "unknown"
    """Something that cannot be seen may have set it."""


class Outcome(Enum):
    """What becomes of a header in the end."""

    LOST = "lost"
    """It stops at the boundary though a policy set it there for the API, or a policy of the API looks for it."""
    RELAYED = "relayed"
    """It would stop, and its value crosses in another header."""
    FORWARDED = "forwarded"
    """The backend gets it, or may."""
    WITHHELD = "withheld"
    """The backend does not get it, and nobody misses it."""
    UNKNOWN = "unknown"


class ValueKind(Enum):
    """Where the value that a policy gives a header comes from."""

    LITERAL = "literal"
    NAMED_VALUE = "named-value"
    HEADER = "header"
    """Another request header."""
    EXPRESSION = "expression"
    POLICY = "policy"
    """The policy makes it itself, as ``authentication-managed-identity`` does."""


class ValueSource(NamedTuple):
    """Where a value comes from, without the value."""

    kind: ValueKind
    names: tuple[str, ...] = ()
    """Names of the named values, or that of the header."""


class Place(NamedTuple):
    """Where something stands in a file."""

    path: Path
    span: Span
    start: Position
    """Line and column from 0, in characters."""
    end: Position


class Event(NamedTuple):
    """Something that happens to a header in a layer."""

    kind: EventKind
    layer: int
    """Index of the layer."""
    certainty: Certainty
    after: Presence
    """What the header is from here on."""
    place: Place | None = None
    """The policy; at a stop the policy whose value is lost, or else the one that looks for it in vain."""
    policy: str | None = None
    """Name of the policy's element."""
    section: str | None = None
    fragment: str | None = None
    """Name of the fragment that holds the policy."""
    source: ValueSource | None = None
    problem: bool = False
    """Whether a value is lost here, or looked for in vain."""


class Header(NamedTuple):
    """One header on its way through all layers."""

    name: str | None
    """As it is first spelled; None stands for headers whose names are known only when a policy runs."""
    outcome: Outcome
    entering: tuple[Presence, ...]
    """What it is where each layer begins."""
    events: tuple[Event, ...]
    """In the order in which they happen; those of ``outbound`` and ``on-error`` last."""

    def in_layer(self, index: int) -> list[Event]:
        """What happens to it in one layer."""
        return [event for event in self.events if event.layer == index]


class Layer(NamedTuple):
    """A column of the picture."""

    kind: LayerKind
    name: str | None = None
    """Of the MCP server, the API, the operation or the products."""
    paths: tuple[Path, ...] = ()
    """The policy documents; several where it depends on the request which one runs."""
    part: Part | None = None


class Unseen(NamedTuple):
    """Something that takes part and is not in the workspace."""

    kind: LayerKind
    """The layer that it belongs to."""
    fragment: str | None = None
    """The missing fragment; None where the layer's own policy is missing."""
    place: Place | None = None
    """Where the fragment is included."""


class Way(NamedTuple):
    """The way of the calls of some tools, which run through the same policies."""

    tools: tuple[str, ...]
    """Their names; empty where they are not known one by one."""
    api: str | None
    """The API that they call; None for a passthrough server, and where it is not known."""
    operation: str | None
    """The operation whose policy runs; None where none has a policy of its own."""
    layers: tuple[Layer, ...]
    headers: tuple[Header, ...]
    """Those that are lost first, then in the order in which they are met."""
    unseen: tuple[Unseen, ...] = ()
    ends: LayerKind | None = None
    """``mcp`` or ``api`` where a policy there answers every call itself, so that nothing gets past it."""


class Picture(NamedTuple):
    """All that happens to request headers for one MCP server."""

    info: DocumentInfo
    server: McpServer
    forwarding: McpHeaderForwarding
    ways: tuple[Way, ...]

    @property
    def name(self) -> str:
        """The server's API name, or else what its policy's file or folder is called."""
        return server_name(self.info)

    @property
    def lost(self) -> list[str]:
        """Names of the headers that are lost on some way, each once."""
        return list(
            {
                header.name.lower(): header.name
                for way in self.ways
                for header in way.headers
                if header.outcome is Outcome.LOST and header.name
            }.values()
        )


def server_name(info: DocumentInfo) -> str:
    """What to call an MCP server: its API name, or else what its policy's file or folder is called."""
    known = (info.mcp.name if info.mcp else None) or info.api
    stem = info.path.stem.removesuffix(".policy")
    return known or (info.path.parent.name if stem.lower() == "policy" else stem) or stem
