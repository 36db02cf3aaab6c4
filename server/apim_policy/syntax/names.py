"""Names at which the parser finds its way again.

Facts about policies live in the schema; here stands only what recovery needs: which names surely open a policy or
a section, and which of them an unclosed element cannot hold. A test keeps the names in step with the schema.
"""

from __future__ import annotations

SECTIONS = frozenset({"inbound", "backend", "outbound", "on-error"})

POLICIES = frozenset(
    [
        "authentication-basic",
        "authentication-certificate",
        "authentication-managed-identity",
        "authentication-token",
        "authentication-token-store",
        "azure-openai-emit-token-metric",
        "azure-openai-semantic-cache-lookup",
        "azure-openai-semantic-cache-store",
        "azure-openai-token-limit",
        "base",
        "block",
        "cache-lookup",
        "cache-lookup-value",
        "cache-remove-value",
        "cache-store",
        "cache-store-value",
        "cache-value",
        "check-header",
        "choose",
        "cors",
        "cosmosdb-data-source",
        "cross-domain",
        "emit-metric",
        "find-and-replace",
        "forward-request",
        "get-authorization-context",
        "graphql-data-source",
        "http-data-source",
        "include-fragment",
        "invoke-dapr-binding",
        "invoke-request",
        "ip-filter",
        "json-to-xml",
        "jsonp",
        "limit-concurrency",
        "llm-content-safety",
        "llm-emit-token-metric",
        "llm-semantic-cache-lookup",
        "llm-semantic-cache-store",
        "llm-token-limit",
        "log-to-eventhub",
        "mock-response",
        "proxy",
        "publish-event",
        "publish-to-dapr",
        "quota",
        "quota-by-key",
        "rate-limit",
        "rate-limit-by-key",
        "redirect-content-urls",
        "retry",
        "return-response",
        "rewrite-uri",
        "send-one-way-request",
        "send-request",
        "send-service-bus-message",
        "set-backend-service",
        "set-body",
        "set-graphql-resolver",
        "set-header",
        "set-method",
        "set-query-parameter",
        "set-request-metric-dimension-value",
        "set-status",
        "set-url",
        "set-variable",
        "sql-data-source",
        "trace",
        "validate-azure-ad-token",
        "validate-client-certificate",
        "validate-content",
        "validate-graphql-request",
        "validate-headers",
        "validate-jwt",
        "validate-odata-request",
        "validate-parameters",
        "validate-status-code",
        "wait",
        "xml-to-json",
        "xsl-transform",
    ]
)

KNOWN_NAMES = POLICIES | SECTIONS | {"policies", "fragment", "when", "otherwise"}

UNMISTAKABLE = (
    frozenset(name for name in KNOWN_NAMES if "-" in name) | SECTIONS | {"policies", "choose", "when"}
)
"""Names that foreign XML, as in the body of a message, does not have."""

_BRANCHES = frozenset({"when", "otherwise"})
_ANY_POLICY = POLICIES
_MESSAGE = frozenset({"set-url", "set-method", "set-header", "set-body", "set-status", "set-query-parameter"})
_REQUEST = _MESSAGE | {
    "authentication-basic",
    "authentication-certificate",
    "authentication-managed-identity",
    "authentication-token",
    "authentication-token-store",
    "proxy",
}
_SOURCE = frozenset(
    {
        "authentication-basic",
        "authentication-certificate",
        "authentication-managed-identity",
        "get-authorization-context",
        "include-fragment",
        "publish-event",
        "set-backend-service",
        "set-body",
        "set-header",
        "set-url",
    }
)

_HOLDS: dict[str, frozenset[str]] = {
    "policies": SECTIONS | POLICIES | _BRANCHES,
    "fragment": POLICIES,
    **dict.fromkeys(SECTIONS, _ANY_POLICY),
    "choose": _BRANCHES,
    "when": _ANY_POLICY,
    "otherwise": _ANY_POLICY,
    "retry": _ANY_POLICY,
    "wait": _ANY_POLICY,
    "limit-concurrency": _ANY_POLICY,
    "block": _ANY_POLICY,
    "cache-value": _ANY_POLICY,
    "return-response": _MESSAGE,
    "send-request": _REQUEST,
    "send-one-way-request": _REQUEST,
    "invoke-request": _ANY_POLICY,
    "http-data-source": frozenset({"backend"}),
    "http-request": _ANY_POLICY,
    "http-response": _ANY_POLICY,
    **dict.fromkeys(("sql-data-source", "connection-info", "request", "response", "write-request"), _SOURCE),
    "set-graphql-resolver": _ANY_POLICY | {"http-data-source"},
}
_NOTHING: frozenset[str] = frozenset()


def may_hold(parent: str, child: str) -> bool:
    """Whether an element that lacks its end tag may reach over this child.

    True for every child of no known name. A known name ends an element that cannot hold it, and an element of no
    known name (``value``, ``origin``) ends where the same name begins again.
    """
    if child not in KNOWN_NAMES:
        return child != parent or parent in _HOLDS
    return child in _HOLDS.get(parent, _NOTHING)
