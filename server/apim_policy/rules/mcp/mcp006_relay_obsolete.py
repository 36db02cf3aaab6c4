"""# MCP006 relay-obsolete

## What it does

Reports a relay through `Ocp-Apim-Subscription-Key` where `apim-policy.toml` states that the gateway forwards headers.

## Why is this bad?

Until the update of November 2025, a gateway passed no request header from an MCP server's policy to the API behind a
tool except `Ocp-Apim-Subscription-Key`, so people let that header carry another one. Since that update a gateway forwards
request headers by itself, and what the MCP server's policy sets in them takes effect. There the relay does nothing but
cost: the API takes its header from whoever sends such a key, and an API behind it cannot require a subscription.

## Example

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
        <set-header name="Ocp-Apim-Subscription-Key" exists-action="override">
            <value>@(context.Request.Headers.GetValueOrDefault("Authorization", ""))</value>
        </set-header>
    </inbound>
</policies>
```

## Use instead

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

## Fix safety

The fix removes both halves, from the policy of the MCP server and from those of all APIs behind its tools. A value that
the MCP server's policy made for the key header alone is written to the header for which it was meant. It is unsafe
because it rests on what the settings say of the gateway, and it is offered where no half stands in a fragment.

## References

- [Secure access to MCP servers](https://learn.microsoft.com/azure/api-management/secure-mcp-servers)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.flow.names import KEY_HEADER
from apim_policy.rules.mcp.servers import assumption, servers_of, severity_of_relay
from apim_policy.rules.model import Applicability, Rule, Severity, Tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic


def check(context: RuleContext) -> Iterator[Diagnostic]:
    """One finding for each sending half."""
    for flow in servers_of(context):
        from apim_policy.flow.relay import is_relay, sending_halves
        from apim_policy.rules.mcp.removal import removal

        for half in () if flow.bounded else sending_halves(flow):
            if half.header is None or not is_relay(flow, half):
                continue
            fix = removal(flow, half)
            element = half.write.origin.in_policy(context.path) or half.write.origin.element
            yield RULE.diagnostic(
                context,
                element.tag_span,
                f'"{half.header}" needs no relay through {KEY_HEADER}: the settings say that the gateway forwards'
                f" headers.{assumption(flow)}",
                severity=severity_of_relay(RULE.level, [flow]),
                fixes=[fix] if fix else [],
                tags=[Tag.UNNECESSARY],
            )


RULE = Rule(
    code="MCP006",
    name="relay-obsolete",
    level=Severity.INFO,
    summary="A relay through the key header on a gateway that forwards headers",
    check=check,
    fix=Applicability.UNSAFE,
)
