"""How findings speak of MCP servers and APIs, and how grave they are for the evidence they rest on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apim_policy.flow.names import KEY_HEADER
from apim_policy.rules.model import Severity
from apim_policy.workspace.model import Confidence, PathForm, Scope
from apim_policy.workspace.settings import McpHeaderForwarding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from apim_policy.flow.relay import Half
    from apim_policy.flow.server import Call, ServerFlow
    from apim_policy.rules.context import RuleContext
    from apim_policy.workspace.model import DocumentInfo
    from apim_policy.workspace.workspace import Workspace

_KEY_HEADER = re.compile(re.escape(KEY_HEADER), re.I)
_BY_FORM = {PathForm.MCP_SERVER: Severity.INFO, PathForm.MCP: Severity.HINT}


def servers_of(context: RuleContext) -> list[ServerFlow]:
    """The REST-backed MCP servers whose policy the checked document is."""
    infos = [info for info in (context.info, *context.info.also) if info.scope is Scope.MCP]
    flows = (context.flow.server(info) for info in infos)
    return [flow for flow in flows if flow is not None]


def called_by(context: RuleContext) -> list[ServerFlow]:
    """The REST-backed MCP servers whose tools run the checked document."""
    found: dict[Path, ServerFlow] = {}
    for info in (context.info, *context.info.also):
        # Without a server the flow, which costs time to load, is not needed.
        if info.api is not None and context.workspace.servers_calling(info.api, info.operation):
            for flow in context.flow.servers_calling(info):
                found.setdefault(flow.info.path, flow)
    return list(found.values())


def assumed(flow: ServerFlow) -> bool:
    """Whether only a path says that there is an MCP server."""
    return flow.info.confidence is not Confidence.STATED


def severity_of_lost(level: Severity, flows: Iterable[ServerFlow]) -> Severity:
    """The level of a finding about a header that is lost, from the best evidence there is."""
    return min((_severity_of_lost(level, flow) for flow in flows), key=lambda severity: severity.rank)


def _severity_of_lost(level: Severity, flow: ServerFlow) -> Severity:
    form = flow.info.path_form if assumed(flow) else None
    return level if form is None else max(level, _BY_FORM[form], key=lambda severity: severity.rank)


def severity_of_relay(level: Severity, flows: Iterable[ServerFlow]) -> Severity:
    """The level of a finding about a relay: one milder where only a path speaks of MCP servers."""
    return level.lowered() if all(assumed(flow) for flow in flows) else level


def halves_here(context: RuleContext, flows: Sequence[ServerFlow]) -> Iterator[tuple[Half, Call]]:
    """The restoring halves in the checked policy of an API or an operation, each with every call that runs it.

    ``flows`` are the MCP servers whose tools call it; without any, it is a client's own call.
    """
    infos = [
        info for info in (context.info, *context.info.also) if info.scope in (Scope.API, Scope.OPERATION)
    ]
    if not flows and not (infos and _KEY_HEADER.search(context.document.text)):
        return
    from apim_policy.flow.relay import restoring_halves

    calls = [call for flow in flows for call in flow.calls] or [context.flow.call(info) for info in infos]
    for call in calls:
        for half in restoring_halves(call.passage):
            if half.write.origin.in_policy(context.path) is not None:
                yield half, call


def unknown_gateway(workspace: Workspace) -> bool:
    """Whether nobody has said which request headers the gateway forwards."""
    return workspace.settings.gateway.mcp_header_forwarding is McpHeaderForwarding.UNKNOWN


def boundary(workspace: Workspace) -> str:
    """Why a header is lost, as a clause to follow a colon."""
    passes = "only Ocp-Apim-Subscription-Key from an MCP server's policy to the API"
    if unknown_gateway(workspace):
        return f"before the update of November 2025, a gateway passes {passes}"
    return f"the gateway passes {passes}"


RELAY_IT = "Relay the value through that header"


def or_state_it(workspace: Workspace) -> str:
    """For a gateway of which nothing is known, the other thing that an author can do, to end a sentence."""
    if not unknown_gateway(workspace):
        return ""
    return ", or state that your gateway forwards headers, as those with the update do"


def assumption(flow: ServerFlow) -> str:
    """What was assumed of the server, as a sentence with a space before it; nothing where all is stated."""
    if assumed(flow):
        return (
            " That this is the policy of an MCP server whose tools call an API of the same service was assumed from its"
            " path."
        )
    if flow.server.kind_assumed:
        return " Nothing says what its tools call; an API of the same service was assumed."
    return ""


def server_name(context: RuleContext, info: DocumentInfo) -> str:
    """An MCP server in a message: its name, or where its policy stands."""
    name = info.mcp.name if info.mcp is not None else None
    return f'"{name or info.api}"' if name or info.api else shown(context, info.path)


def shown(context: RuleContext, path: Path) -> str:
    """A path in a message: relative to the workspace where it lies within."""
    root = context.workspace.root
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def apis(names: Sequence[str]) -> str:
    """The APIs of some tools in a message, to begin a sentence."""
    if not names:
        return "The API behind the tools"
    return f"The API {quoted(names)}" if len(names) == 1 else f"The APIs {quoted(names)}"


def quoted(names: Sequence[str]) -> str:
    """Names in quotes, joined as in a sentence."""
    words = [f'"{name}"' for name in names]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
