"""Names of request headers: which one carries a key, and which say nothing of the caller."""

from __future__ import annotations

import re

KEY_HEADER = "Ocp-Apim-Subscription-Key"
"""The header that carries a subscription's key unless an API renames it
(https://learn.microsoft.com/azure/api-management/api-management-subscriptions)."""

_MESSAGE = frozenset(
    {
        "accept",
        "accept-encoding",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "date",
        "expect",
        "forwarded",
        "host",
        "keep-alive",
        "origin",
        "request-id",
        "te",
        "traceparent",
        "tracestate",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "via",
    }
)
_MESSAGE_PREFIXES = ("access-control-", "sec-", "x-arr-", "x-azure-", "x-forwarded-")
_EXCHANGE_PREFIXES = ("mcp-", "last-event-id")
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


def describes_message(name: str) -> bool:
    """Whether a request header speaks of the message, the connection or the browser rather than of the caller.

    Each of the two calls, to the MCP server and to the API, has its own (RFC 9110, sections 7, 8 and 12), so whether
    one gets across says nothing about what the API sees.
    """
    key = name.lower()
    return key in _MESSAGE or key.startswith(_MESSAGE_PREFIXES)


def belongs_to_exchange(name: str) -> bool:
    """Whether a request header is for the MCP server itself, not for the APIs behind its tools.

    The transport's own names come from https://modelcontextprotocol.io/specification/2025-06-18/basic/transports.
    """
    return describes_message(name) or name.lower().startswith(_EXCHANGE_PREFIXES)


def is_header_name(text: str) -> bool:
    """Whether a text can be a header's name (RFC 9110, section 5.1)."""
    return _HEADER_NAME.fullmatch(text) is not None
