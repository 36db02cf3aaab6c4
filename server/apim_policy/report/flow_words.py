"""How the picture of headers speaks to people, in a terminal and on a page alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.flow.names import KEY_HEADER
from apim_policy.flow.picture import Certainty, EventKind, LayerKind, Outcome, Part, ValueKind
from apim_policy.text.words import listed
from apim_policy.workspace.model import Confidence, McpKind
from apim_policy.workspace.settings import FILE_NAME, McpHeaderForwarding

if TYPE_CHECKING:
    from apim_policy.flow.picture import Event, Header, Layer, Picture, Unseen, ValueSource, Way

NO_SERVERS = "There are no MCP servers in this folder."

_KINDS = {
    LayerKind.CLIENT: "client",
    LayerKind.GLOBAL: "all APIs",
    LayerKind.PRODUCT: "product",
    LayerKind.MCP: "MCP server",
    LayerKind.BOUNDARY: "boundary",
    LayerKind.API: "API",
    LayerKind.OPERATION: "operation",
    LayerKind.BACKEND: "backend",
}
_AGAIN = "set again after the boundary"
_PARTS = {Part.BEFORE_BASE: "before <base />", Part.BACKEND: "backend section"}


def layer_kind(layer: Layer) -> str:
    """What a layer is, in a word or two."""
    return _KINDS[layer.kind]


def layer_part(layer: Layer) -> str:
    """Which part of a scope's policies a layer stands for; empty where it stands for all that run."""
    return _PARTS[layer.part] if layer.part else ""


def header_name(header: Header) -> str:
    """A header's name."""
    return header.name if header.name is not None else "any header"


def before_sending(header: Header, index: int) -> list[Event]:
    """What happens to a header in a layer before the request is sent on: what has a place on its line."""
    return [event for event in header.in_layer(index) if event.section in (None, "inbound", "backend")]


def kind_of(picture: Picture) -> str:
    """What the server is."""
    name = "REST-backed" if picture.server.kind is McpKind.REST_BACKED else "passthrough"
    if picture.info.confidence is Confidence.ASSUMED:
        return f"{name} MCP server, assumed from its path"
    return f"{name} MCP server{', kind assumed' if picture.server.kind_assumed else ''}"


def tools_of(picture: Picture, way: Way) -> str:
    """Whose calls a way is."""
    if way.tools:
        return ", ".join(way.tools)
    if way.operation is not None:
        return f"operation {way.operation}"
    if picture.server.kind is McpKind.PASSTHROUGH:
        return "all calls"
    return "its tools" if way.api is None else "other tools" if _has_others(picture, way) else "its tools"


def target_of(picture: Picture, way: Way) -> str:
    """Where the calls of a way go."""
    if way.api is not None:
        return way.api
    if picture.server.kind is McpKind.PASSTHROUGH:
        return "an MCP server outside"
    return "APIs that are not known"


def boundary(picture: Picture) -> str:
    """What gets across from the call of the MCP server to the call of the API."""
    if picture.server.kind is McpKind.PASSTHROUGH:
        return "It forwards its requests to an MCP server outside, with their headers."
    if picture.forwarding is McpHeaderForwarding.AUTOMATIC:
        return (
            f"{FILE_NAME} says that the gateway forwards request headers to the APIs behind the tools. "
            "Some are excluded; which, nobody has published."
        )
    if picture.forwarding is McpHeaderForwarding.SUBSCRIPTION_KEY_ONLY:
        return f"{FILE_NAME} says that the gateway passes one request header to the APIs behind the tools: {KEY_HEADER}."
    return (
        f"Drawn for a gateway from before the update of November 2025, which passes one request header to the APIs "
        f"behind the tools: {KEY_HEADER}. Gateways with the update forward headers; {FILE_NAME} does not say which "
        f"yours is (gateway.mcp-header-forwarding)."
    )


def lost_title(picture: Picture) -> str:
    """What stands before the names of the headers that are lost."""
    if picture.server.kind_assumed:
        return "Lost on the way, if its tools are operations of APIs here:"
    return "Lost on the way:"


def summary(picture: Picture) -> str:
    """What an author wants to know first."""
    lost = picture.lost
    if lost:
        return f"{lost_title(picture)} {listed(lost)}."
    if not any(header.events for way in picture.ways for header in way.headers):
        return "No policy sets or reads a request header."
    return "No header is lost."


def outcome(header: Header, way: Way) -> str:
    """What becomes of a header, as the rest of a sentence that begins with its name."""
    if header.name is None:
        return "names that are known only when the policy runs"
    stops = [event for event in header.events if event.kind is EventKind.STOPPED]
    arrives = any(
        event.kind is EventKind.FORWARDED and event.layer == len(way.layers) - 1 for event in header.events
    )
    missed = any(event.problem and event.kind is EventKind.READ for event in header.events)
    reader = way.operation if way.api is None else way.api
    match header.outcome:
        case Outcome.LOST if stops:
            where = "stops at the boundary"
            if missed:
                return f"{where}, and {reader} looks for it in vain"
            return f"{where}, {_AGAIN}" if arrives else where
        case Outcome.LOST if any(event.kind is EventKind.DELETED for event in header.events):
            return f"is deleted before the boundary, and {reader} looks for it in vain"
        case Outcome.LOST:
            return f"is looked for by {reader}, and nothing brings it"
        case Outcome.RELAYED:
            return f"crosses the boundary in {KEY_HEADER}"
        case Outcome.FORWARDED:
            again = f", {_AGAIN}" if stops else ""
            sure = any(
                event.certainty is not Certainty.POSSIBLE and event.layer == len(way.layers) - 1
                for event in header.events
                if event.kind is EventKind.FORWARDED
            )
            if way.layers[-1].kind is not LayerKind.BACKEND:
                return "gets across the boundary"
            return f"reaches the backend{again}" if sure else f"reaches the backend where it is there{again}"
        case Outcome.WITHHELD:
            return "stops at the boundary" if stops else "does not reach the backend"
        case _:
            return "may reach the backend: not all that runs is known"


def how(event: Event) -> str:
    """By what an event comes about, and to what: ``set-header, to an expression``. Empty where no policy is at work."""
    words = []
    if event.policy is not None:
        words.append(event.policy)
    if event.source is not None:
        words.append(_source(event.source))
    if event.fragment is not None:
        words.append(f"in the fragment {event.fragment}")
    if event.section not in (None, "inbound"):
        words.append(f"in {event.section}")
    if event.kind is EventKind.READ and event.problem:
        words.append("finds nothing")
    elif event.kind is EventKind.RELAYED:
        words.append(f"its value crosses in {KEY_HEADER}")
    elif event.certainty is Certainty.POSSIBLE and event.policy is not None:
        words.append("depends on the request")
    return ", ".join(words)


def unseen(item: Unseen) -> str:
    """Something that takes part and cannot be seen."""
    if item.fragment is not None:
        return (
            f'The fragment "{item.fragment}" is not in the workspace: what it does to headers is not known.'
        )
    if item.kind is LayerKind.GLOBAL:
        return "The policy for all APIs is not in the workspace."
    return f"The policy of the {_KINDS[item.kind]} is not in the workspace."


def ends(way: Way) -> str | None:
    """That nothing gets past a policy, where that is so."""
    if way.ends is None:
        return None
    return f"The policy of the {_KINDS[way.ends]} answers every call itself: nothing gets past it."


def _has_others(picture: Picture, way: Way) -> bool:
    return any(other.api == way.api and other.operation is not None for other in picture.ways)


def _source(source: ValueSource) -> str:
    match source.kind:
        case ValueKind.NAMED_VALUE:
            return f"from the named value {listed(source.names)}"
        case ValueKind.HEADER:
            return f"from the header {listed(source.names)}"
        case ValueKind.EXPRESSION:
            return "from an expression"
        case ValueKind.LITERAL:
            return "from a literal"
        case _:
            return "with a value of its own"
