"""Hosts of URLs that a document writes out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apim_policy.csharp.results import leading_text
from apim_policy.flow.taint import whole_expression
from apim_policy.syntax.tree import PartKind

if TYPE_CHECKING:
    from apim_policy.syntax.tree import Attribute, Document, Text

_URL = re.compile(r"(?i:https?://)(?:[^/?#\s@]*@)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?=[:/?#\s]|$)")
# Names that mean nothing on the Internet, or are kept for private use (RFC 6761, RFC 6762).
_NEAR = frozenset(
    {
        "local",
        "localhost",
        "internal",
        "lan",
        "intranet",
        "corp",
        "home",
        "private",
        "test",
        "invalid",
        "cluster",
    }
)


def leading(document: Document, owner: Attribute | Text) -> str:
    """How a value begins: its literal text up to a named value or a placeholder, or what an expression begins with.

    Ends with U+0000 where something that is not known may follow without a gap.
    """
    expression = whole_expression(document, owner)
    if expression is not None:
        return leading_text(document, expression).lstrip()
    pieces: list[str] = []
    for part in owner.parts:
        if part.kind is not PartKind.LITERAL:
            return f"{''.join(pieces).lstrip()}\0"
        pieces.append(document.slice(part))
    return "".join(pieces).strip()


def url_host(document: Document, owner: Attribute | Text) -> str | None:
    """The host of a URL; None where it is none, or where a named value or the like has a say in the host."""
    match = _URL.match(leading(document, owner))
    return match[1] if match else None


def is_near(host: str) -> bool:
    """Whether a host is loopback, in a private network, or a name that only a private network knows."""
    # The import takes longer than what it is needed for, and few documents come here.
    import ipaddress

    name = host.strip("[].").lower()
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return "." not in name or name.rpartition(".")[2] in _NEAR
    return address.is_private or address.is_loopback or address.is_link_local
