"""Words of C# and of HTTP that are proposed in expressions."""

from __future__ import annotations

STATEMENTS = (
    "return",
    "var",
    "if",
    "else",
    "foreach",
    "for",
    "while",
    "switch",
    "try",
    "throw",
    "break",
    "continue",
)
"""Keywords that begin a statement, those first that authors write most."""

VALUES = ("new", "null", "true", "false", "typeof", "default")
"""Keywords that begin a value."""

TYPES = (
    "string",
    "int",
    "bool",
    "object",
    "double",
    "decimal",
    "long",
    "float",
    "byte",
    "char",
    "short",
    "uint",
    "ulong",
)
"""Keywords that name a type."""

BLOCKS = {
    "if": ("if (…) { … }", "if (${1:condition})\n{\n    $0\n}"),
    "foreach": ("foreach (…) { … }", "foreach (var ${1:item} in ${2:items})\n{\n    $0\n}"),
    "try": ("try { … } catch { … }", "try\n{\n    $1\n}\ncatch (Exception)\n{\n    $0\n}"),
}
"""Statements as snippets, by the keyword that they begin with: label and snippet."""

BODY_TYPES = ("string", "JObject", "JArray", "JToken", "byte[]", "XNode")
"""What ``As`` makes of a body
(https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#ContextVariables)."""

HEADERS = {
    "Accept": "media types that the client takes",
    "Accept-Encoding": "compressions that the client takes",
    "Accept-Language": "languages that the client prefers",
    "Authorization": "credentials",
    "Cache-Control": "how long, and by whom, it may be kept",
    "Content-Disposition": "whether to show or to save the body",
    "Content-Encoding": "compression of the body",
    "Content-Language": "language of the body",
    "Content-Length": "size of the body in bytes",
    "Content-Type": "media type of the body",
    "Cookie": "cookies of the client",
    "Date": "when the message was made",
    "ETag": "version of what is sent",
    "Expires": "when it is stale",
    "Forwarded": "who was on the way, by the standard",
    "Host": "name of the host that was called",
    "If-Match": "only for these versions",
    "If-Modified-Since": "only if changed since then",
    "If-None-Match": "only for other versions",
    "Last-Modified": "when it was changed last",
    "Location": "where to go on",
    "Ocp-Apim-Subscription-Key": "key of the subscription",
    "Ocp-Apim-Trace": "asks for a trace of the call",
    "Origin": "site that the script came from",
    "Prefer": "wishes of the client",
    "Referer": "page that the call came from",
    "Retry-After": "when to try again",
    "Server": "software of the server",
    "Set-Cookie": "cookie for the client",
    "Transfer-Encoding": "how the body is sent",
    "User-Agent": "software of the client",
    "Vary": "request headers that the response depends on",
    "WWW-Authenticate": "how to authenticate",
    "X-Correlation-Id": "identifier of the whole exchange",
    "X-Forwarded-For": "addresses of the clients on the way",
    "X-Forwarded-Host": "host that the client called",
    "X-Forwarded-Proto": "protocol that the client used",
    "X-Request-Id": "identifier of the call",
    "traceparent": "identifier of the trace and of the caller in it",
    "tracestate": "more about the trace, by vendor",
}
"""Common headers with what they say (https://www.iana.org/assignments/http-fields, and what gateways add)."""
