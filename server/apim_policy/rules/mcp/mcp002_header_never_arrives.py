"""# MCP002 header-never-arrives

## What it does

Reports where the policy of an API, or of one of its operations, looks at a request header that no tool call of an MCP
server brings along.

## Why is this bad?

An MCP server whose tools are operations of an API makes a second, inner call to that API. Until the update of November
2025, which took weeks to reach all hosted gateways, the only request header that went from the MCP server to that call
was `Ocp-Apim-Subscription-Key`, so a `validate-jwt` in the API's policy answered 401 whatever the client had sent. Since
that update a gateway forwards request headers, except for some that Microsoft has not published; state so in
`apim-policy.toml` (`mcp-header-forwarding = "automatic"`), and this rule is silent. Without an answer it informs, with
`subscription-key-only` it warns.

Nothing is reported where a policy that runs before has set the header after the boundary: the global policy, that of a
product, the API's own or that of an operation.

## Example

```toml title="apim-policy.toml"
[gateway]
mcp-header-forwarding = "subscription-key-only"
```
```json title="apis/orders-mcp/apiInformation.json"
{
  "properties": {
    "type": "mcp",
    "path": "agents/orders",
    "mcpTools": [{ "name": "list_orders", "operationId": "/apis/orders-api/operations/list-orders" }]
  }
}
```
```xml title="apis/orders-mcp/policy.xml"
<policies>
    <inbound>
        <base />
    </inbound>
</policies>
```
```json title="apis/orders-api/apiInformation.json"
{ "properties": { "path": "orders", "subscriptionRequired": false } }
```
```xml title="apis/orders-api/policy.xml"
<policies>
    <inbound>
        <base />
        <set-variable name="caller" value="@(context.Request.Headers.GetValueOrDefault("X-User-Id", ""))" />
    </inbound>
</policies>
```

## Use instead

Check the client where its headers are, in the policy of the MCP server, and let the API obtain what it needs by itself:
with `authentication-managed-identity` or `get-authorization-context`, in its own policy or in that of the operation. Or
declare the header as a parameter of the operation, which makes it an argument of the tool. On a gateway that forwards
headers, say so:

```toml title="apim-policy.toml"
[gateway]
mcp-header-forwarding = "automatic"
```
```json title="apis/orders-mcp/apiInformation.json"
{
  "properties": {
    "type": "mcp",
    "path": "agents/orders",
    "mcpTools": [{ "name": "list_orders", "operationId": "/apis/orders-api/operations/list-orders" }]
  }
}
```
```xml title="apis/orders-mcp/policy.xml"
<policies>
    <inbound>
        <base />
    </inbound>
</policies>
```
```json title="apis/orders-api/apiInformation.json"
{ "properties": { "path": "orders", "subscriptionRequired": false } }
```
```xml title="apis/orders-api/policy.xml"
<policies>
    <inbound>
        <base />
        <set-variable name="caller" value="@(context.Request.Headers.GetValueOrDefault("X-User-Id", ""))" />
    </inbound>
</policies>
```

## Fix safety

The relay through `Ocp-Apim-Subscription-Key` is unsafe and never applied to many files at once from here; the page of
MCP001 says what it does. What the API could obtain by itself is not for a fix to write.

## References

- [Secure access to MCP servers](https://learn.microsoft.com/azure/api-management/secure-mcp-servers)
- [API policies fail on calls of tools](https://github.com/Azure/MCP/issues/26)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.mcp.servers import (
    RELAY_IT,
    assumption,
    boundary,
    called_by,
    or_state_it,
    server_name,
    severity_of_lost,
    unknown_gateway,
)
from apim_policy.rules.model import Applicability, Rule, Severity
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.flow.headers import Read
    from apim_policy.flow.server import ServerFlow
    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic, Related


def check(context: RuleContext) -> Iterator[Diagnostic]:
    """One finding for each header, at the first look at it."""
    lost: dict[str, tuple[Read, list[ServerFlow]]] = {}
    for flow in called_by(context):
        from apim_policy.flow.losses import vain_looks

        for read in vain_looks(flow, context.path):
            key = read.key or ""
            first, flows = lost.setdefault(key, (read, []))
            if _start(context, read) < _start(context, first):
                lost[key] = (read, flows)
            if flow not in flows:
                flows.append(flow)
    for read, flows in lost.values():
        yield _finding(context, read, flows)


def _start(context: RuleContext, read: Read) -> int:
    """Where in the checked document a look, or the fragment that holds it, stands."""
    if read.origin.path == context.path:
        return read.span.start
    element = read.origin.in_policy(context.path)
    return element.start if element is not None else 0


def _finding(context: RuleContext, read: Read, flows: list[ServerFlow]) -> Diagnostic:
    from apim_policy.rules.mcp import answers, relay

    name = read.name or ""
    unknown = unknown_gateway(context.workspace)
    offer = relay.offer(context, flows, name, title=f'Relay "{name}" through Ocp-Apim-Subscription-Key')
    servers = [server_name(context, flow.info) for flow in flows]
    which = f"MCP server {servers[0]}" if len(servers) == 1 else f"MCP servers {', '.join(servers)}"
    sentences = [f'No tool call of the {which} brings "{name}" here: {boundary(context.workspace)}.']
    if offer.refusal:
        sentences.append(offer.refusal)
    way_out = RELAY_IT if offer.fix is not None else "Obtain what is needed here"
    sentences.append(f"{way_out}{or_state_it(context.workspace)}.")
    if offer.fix is not None:
        sentences.append(offer.caution)
    here = read.origin.path == context.path
    element = read.origin.in_policy(context.path) or read.origin.element
    return RULE.diagnostic(
        context,
        read.span if here else element.tag_span,
        " ".join(sentences) + assumption(flows[0]) + (f"\n\n{offer.paste}" if offer.paste else ""),
        severity=severity_of_lost(Severity.INFO if unknown else RULE.level, flows),
        related=_related(context, read, flows),
        fixes=[*([offer.fix] if offer.fix else []), *answers.about_gateway(context.workspace)],
    )


def _related(context: RuleContext, read: Read, flows: list[ServerFlow]) -> Iterator[Related]:
    if read.origin.path != context.path:
        yield context.related(read.span, "This fragment looks for it here", read.origin.path)
    for flow in flows:
        name = server_name(context, flow.info)
        writes = flow.own_writes(read.key or "")
        for write in writes:
            yield context.related(
                write.origin.element.tag_span, f"The MCP server {name} sets it here", write.origin.path
            )
        if not writes:
            yield _server_place(context, flow, f"The tools of the MCP server {name} call this API")


def _server_place(context: RuleContext, flow: ServerFlow, message: str) -> Related:
    evidence = next((item for item in flow.info.evidence if item.path != flow.info.path), None)
    if evidence is not None:
        return context.related(evidence.span, message, evidence.path)
    root = None if flow.info.missing else context.other(flow.info.path).root
    return context.related(root.tag_span if root else Span(0, 0), message, flow.info.path)


RULE = Rule(
    code="MCP002",
    name="header-never-arrives",
    level=Severity.WARNING,
    summary="An API reads a header that no tool call of an MCP server brings along",
    check=check,
    fix=Applicability.UNSAFE,
)
