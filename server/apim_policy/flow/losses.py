"""Request headers that a header boundary stops: where they are set for nothing, and where they are looked at in vain."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from apim_policy.flow import facts
from apim_policy.flow.composition import Layer
from apim_policy.flow.facts import Action
from apim_policy.flow.headers import Write
from apim_policy.flow.names import belongs_to_exchange
from apim_policy.flow.relay import KEY, relayed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from apim_policy.flow.headers import Read
    from apim_policy.flow.server import Call, ServerFlow


class Loss(NamedTuple):
    """A header that an MCP server's policy sets, and that stops at the boundary."""

    name: str
    write: Write
    """The first that may have given it the value which is lost."""
    others: tuple[Write, ...]
    """The further ones."""
    certain: bool
    """Whether the header is set by that policy whatever happens."""


def losses(flow: ServerFlow) -> Iterator[Loss]:
    """The headers that the policy of an MCP server, or a fragment of it, sets for nothing; each once."""
    reported: set[str] = set()
    for write in flow.outer.writes if flow.bounded else ():
        if (
            write.origin.layer is not Layer.MCP
            or write.name is None
            or write.key is None
            or write.key in reported
        ):
            continue
        state = flow.outer.sent(write.key)
        if state is None or write.deletes or write not in state.sources or _gets_there(flow, write.name):
            continue
        reported.add(write.key)
        others = (other for other in flow.own_writes(write.key) if other is not write)
        certain = all(
            isinstance(source, Write) and source.action is Action.OVERRIDE for source in state.sources
        )
        yield Loss(write.name, write, tuple(others), certain)


def _gets_there(flow: ServerFlow, name: str) -> bool:
    """Whether a header's value gets to the API some other way, or is not meant to."""
    keys = {
        call.resource.key_header.lower() for call in flow.calls if call.resource and call.resource.key_header
    }
    return name.lower() in {KEY, *keys} or belongs_to_exchange(name) or relayed(flow, name)


def vain_looks(flow: ServerFlow, path: Path) -> Iterator[Read]:
    """The looks at headers that no tool call brings, in the policy of an API or an operation at ``path``.

    Those in fragments that it includes are among them, those in outer scopes are not. A look that only decides whether,
    or from what, the policy sets the header itself is none.
    """
    for call in flow.calls if flow.bounded else ():
        for read in call.passage.reads:
            lost = read.key is not None and read.state.stopped
            if lost and read.origin.in_policy(path) is not None and not _makes_up_for_it(call, read):
                yield read


def _makes_up_for_it(call: Call, read: Read) -> bool:
    element = read.origin.element
    for write in call.passage.writes:
        if write.key != read.key or write.deletes or write.origin.path != read.origin.path:
            continue
        if write.origin.element is element:
            return read.fallback
        fork = element.parent if facts.is_arm(element) else None
        if any(ancestor is fork for ancestor in write.origin.element.ancestors()):
            return True
    return False
