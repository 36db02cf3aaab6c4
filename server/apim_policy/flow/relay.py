"""The two halves of a relay: one header's value that crosses the boundary in the key header.

Of all request headers, a gateway from before the update of November 2025 passes only the key header from an MCP
server's policy to the API behind a tool. So authors let it carry another header's value: the MCP server's policy writes
the value into the key header (the sending half), the API's policy writes it back (the restoring half). Forms of 2025
copy the bare value or put ``Bearer`` in front; a guarded form puts the header's name and ``=`` in front, so that a key
is never taken for a value.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.csharp.headers import header_use
from apim_policy.csharp.results import leading_text
from apim_policy.flow import facts
from apim_policy.flow.names import KEY_HEADER, is_header_name
from apim_policy.syntax.tree import Expression, PartKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.flow.headers import Passage, Write
    from apim_policy.flow.server import ServerFlow

KEY = KEY_HEADER.lower()
CREDENTIAL = "Authorization"
"""The header that people relayed in 2025; a bare copy of any other one may well be a subscription's key."""
SCHEME = "Bearer "
"""What a token in that header begins with; no subscription's key does."""


class Form(Enum):
    """How a half is written."""

    NAMED = "named"
    """The header's name and ``=`` stand in front of the value."""
    PLAIN = "plain"
    """The value alone, or ``Bearer`` and the value: the forms of 2025."""
    POSSIBLE = "possible"
    """May as well hand on a key; a relay only where the other half is there."""


class Half(NamedTuple):
    """One half of a relay."""

    write: Write
    """The write of the key header, or that of the header which is restored."""
    header: str | None
    """The header that is relayed, as the half spells it; None where that cannot be told."""
    form: Form
    copied: bool
    """Whether a sending half copies a header that is there, rather than making the value itself."""

    def carries(self, name: str) -> bool:
        """Whether it relays that header."""
        return self.header is not None and self.header.lower() == name.lower()


def sending_halves(flow: ServerFlow) -> list[Half]:
    """The halves in an MCP server's own policy, or in fragments that it includes, whose value crosses the boundary."""
    halves = [_sending(write) for write in flow.own_writes(KEY)]
    if all(half.header is not None or half.write.expression is None for half in halves):
        return halves
    # What an expression makes of a variable cannot be told; what the APIs make of the key header can.
    restored = {half.header for call in flow.calls for half in restoring_halves(call.passage)}
    header = restored.pop() if len(restored) == 1 else None
    return [
        half._replace(header=header) if half.header is None and half.write.expression else half
        for half in halves
    ]


def restoring_halves(passage: Passage) -> list[Half]:
    """The halves among the policies that run for a call of an API."""
    halves = (_restoring(write) for write in passage.writes)
    return [half for half in halves if half is not None]


def relayed(flow: ServerFlow, header: str) -> bool:
    """Whether the key header carries a header's value across the boundary, as far as the MCP server's side goes."""
    halves = [half for half in sending_halves(flow) if half.carries(header)]
    if any(half.form is not Form.POSSIBLE for half in halves):
        return True
    seen = [
        call.passage for call in flow.calls if call.resource is not None and call.resource.policy is not None
    ]
    restored = any(half.carries(header) for passage in seen for half in restoring_halves(passage))
    return bool(halves) and (restored or not seen)


def is_relay(flow: ServerFlow, half: Half) -> bool:
    """Whether a sending half surely hands on something other than a key."""
    if half.form is not Form.POSSIBLE:
        return True
    return half.header is not None and any(
        other.carries(half.header) for call in flow.calls for other in restoring_halves(call.passage)
    )


def sends_key(flow: ServerFlow) -> bool:
    """Whether something writes the key header on the MCP server's side, or may."""
    outer = flow.outer
    return bool(outer.gaps) or any(write.key in (KEY, None) and not write.deletes for write in outer.writes)


def reads_key(passage: Passage) -> bool:
    """Whether the policies of a call look at the key header at all, or may."""
    return bool(passage.gaps) or any(read.key in (KEY, None) for read in passage.reads)


def leaks(half: Half, passage: Passage) -> bool:
    """Whether the key header, whose value was restored, goes on to the backend."""
    if not passage.reaches_end:
        return False
    after = half.write.order
    rewritten = any(write.order > after and write.key in (KEY, None) for write in passage.writes)
    unseen = any(order > after for order, _ in passage.gaps)
    return not rewritten and not unseen


def _sending(write: Write) -> Half:
    use = write.use
    copy = use.copy
    if copy is not None and copy.name.lower() != KEY:
        if copy.prefix.lower() == f"{copy.name.lower()}=":
            return Half(write, copy.name, Form.NAMED, copied=True)
        credential = copy.name.lower() == CREDENTIAL.lower()
        plain = credential and copy.stripped == "" and copy.prefix.strip() in ("", SCHEME.strip())
        return Half(write, copy.name, Form.PLAIN if plain else Form.POSSIBLE, copied=True)
    start = _start(write)
    if start.startswith(SCHEME):
        return Half(write, CREDENTIAL, Form.PLAIN, copied=False)
    if write.expression is not None and start.endswith("=") and is_header_name(start[:-1]):
        return Half(write, start[:-1], Form.NAMED, copied=False)
    names = {access.name for access in use.accesses if access.name and access.name.lower() != KEY}
    return Half(write, names.pop() if len(names) == 1 else None, Form.POSSIBLE, copied=bool(use.accesses))


def _start(write: Write) -> str:
    """The first characters of the value that a write gives, as far as they are known."""
    document = write.origin.document
    parts = [part for owner in write.values for part in owner.parts if document.slice(part).strip()]
    if not parts:
        return ""
    if isinstance(parts[0], Expression):
        return leading_text(document, parts[0])
    return document.slice(parts[0]).lstrip() if parts[0].kind is PartKind.LITERAL else ""


def _restoring(write: Write) -> Half | None:
    if write.name is None or write.key == KEY or write.deletes:
        return None
    use = write.use
    if not any(access.name and access.name.lower() == KEY for access in use.accesses):
        return None
    marker = f"{write.key}="
    literals = (*use.literals, *_guards(write))
    if any(literal.lower() == marker for literal in literals):
        return Half(write, write.name, Form.NAMED, copied=True)
    credential = write.key == CREDENTIAL.lower()
    return Half(write, write.name, Form.PLAIN if credential else Form.POSSIBLE, copied=True)


def _guards(write: Write) -> Iterator[str]:
    """The strings in the conditions around a write."""
    document = write.origin.document
    for element in write.origin.element.ancestors():
        for attribute in element.attributes:
            if facts.is_condition(element, attribute.name):
                for part in attribute.parts:
                    if isinstance(part, Expression):
                        yield from header_use(document, part).literals
