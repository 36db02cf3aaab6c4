"""A tool call on its way: from the client through an MCP server's policy to the policies of the API that it calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.flow.composition import Layer
from apim_policy.flow.headers import FROM_CLIENT, STOPPED, UNSEEN, Passage
from apim_policy.flow.names import KEY_HEADER, describes_message
from apim_policy.workspace.settings import McpHeaderForwarding

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from apim_policy.flow.composition import Scope
    from apim_policy.flow.headers import HeaderState, Write
    from apim_policy.workspace.model import Api, DocumentInfo, McpServer


class Call:
    """What runs for a call of an API: its effective policy, and the request on its way through it."""

    def __init__(
        self,
        api: str,
        resource: Api | None,
        operation: str | None,
        chain: tuple[Scope, ...],
        passage: Passage,
    ) -> None:
        self.api = api
        """The API's name."""
        self.resource = resource
        """None where the workspace says nothing of the API but its name."""
        self.operation = operation
        """The operation whose policy is the innermost; None for the operations without one."""
        self.chain = chain
        """The scopes, from the innermost outwards."""
        self.passage = passage


class ServerFlow:
    """All that happens to request headers between the client of one MCP server and the backends of its tools."""

    def __init__(
        self,
        info: DocumentInfo,
        server: McpServer,
        forwarding: McpHeaderForwarding,
        chain: tuple[Scope, ...],
        outer: Passage,
    ) -> None:
        self.info = info
        self.server = server
        self.forwarding = forwarding
        self.chain = chain
        """The scopes on the MCP server's side, from the innermost outwards."""
        self.outer = outer
        """From the client to the header boundary."""
        self.calls: tuple[Call, ...] = ()
        """From the header boundary to the backends: one for each operation that has a policy of its own and that a
        tool may call, and one for the other tools of each API."""

    @property
    def bounded(self) -> bool:
        """Whether headers stop at the boundary, which holds as long as nobody says that the gateway forwards them."""
        return self.forwarding is not McpHeaderForwarding.AUTOMATIC

    def own_writes(self, name: str) -> list[Write]:
        """The writes of the server's own policy that may have given a header the value with which it gets here."""
        state = self.outer.sent(name)
        return (
            [write for write in state.writes() if write.origin.layer is Layer.MCP]
            if state is not None
            else []
        )

    def beyond(self, api: Api | None, declared: Callable[[], Container[str]]) -> Callable[[str], HeaderState]:
        """What each request header is where the inner call of an API begins.

        ``declared`` gives the headers, in lower case, that the tools may take as arguments.
        """
        renamed = api.key_header.lower() if api is not None and api.key_header else None

        def state(key: str) -> HeaderState:
            if not self.bounded or key == KEY_HEADER.lower():
                return self.outer.sent(key) or STOPPED
            # Whether a key crosses under another name is not documented; what describes a message is made anew.
            return UNSEEN if key == renamed or describes_message(key) or key in declared() else STOPPED

        return state


def from_client(_key: str) -> HeaderState:
    """What each request header is where a client's call begins."""
    return FROM_CLIENT
