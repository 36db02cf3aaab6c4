"""# MCP004 relay-rejected

## What it does

Reports a relay through `Ocp-Apim-Subscription-Key` into an API that requires a subscription. It is an error where files
state both that there is an MCP server with a tool of that API and that the API requires a subscription.

## Why is this bad?

Until the update of November 2025, a gateway passed no request header from an MCP server's policy to the API behind a
tool except `Ocp-Apim-Subscription-Key`, so people let that header carry a token. For the API it is still the key: where
the API requires a subscription, the gateway finds that a token is none and answers 401 before the first policy of the
API runs, on old gateways and on new ones. Since that update a gateway forwards headers, and no relay is needed.

## Example

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
```json title="apis/orders-api/apiInformation.json"
{ "properties": { "path": "orders", "subscriptionRequired": true } }
```
```xml title="apis/orders-api/policy.xml"
<policies>
    <inbound>
        <base />
        <set-header name="Authorization" exists-action="override">
            <value>@(context.Request.Headers.GetValueOrDefault("Ocp-Apim-Subscription-Key", ""))</value>
        </set-header>
        <set-header name="Ocp-Apim-Subscription-Key" exists-action="delete" />
    </inbound>
</policies>
```

## Use instead

Send a key, and let the API obtain its token by itself, with `authentication-managed-identity` or
`get-authorization-context`:

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
            <value>{{orders-key}}</value>
        </set-header>
    </inbound>
</policies>
```
```json title="apis/orders-api/apiInformation.json"
{ "properties": { "path": "orders", "subscriptionRequired": true } }
```
```xml title="apis/orders-api/policy.xml"
<policies>
    <inbound>
        <base />
        <authentication-managed-identity resource="api://orders" />
    </inbound>
</policies>
```

## References

- [Subscriptions and keys](https://learn.microsoft.com/azure/api-management/api-management-subscriptions)
- [Secure access to MCP servers](https://learn.microsoft.com/azure/api-management/secure-mcp-servers)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.flow.names import KEY_HEADER
from apim_policy.rules.mcp.servers import (
    assumed,
    assumption,
    quoted,
    servers_of,
    severity_of_relay,
)
from apim_policy.rules.model import Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic
    from apim_policy.workspace.model import Api


def check(context: RuleContext) -> Iterator[Diagnostic]:
    """One finding for each sending half whose value gets to an API that takes it for a key."""
    for flow in servers_of(context):
        from apim_policy.flow.relay import is_relay, sending_halves

        required = {
            call.api: (call.resource, call.resource.subscription_required)
            for call in flow.calls
            if call.resource is not None
            and call.resource.subscription_required is not None
            and call.resource.subscription_required.value
            and not _lets_in_without_key(context, call.resource)
        }
        for half in sending_halves(flow) if required else ():
            if not is_relay(flow, half):
                continue
            sure = not assumed(flow) and any(not api.products for api, _ in required.values())
            names = tuple(required)
            requires = "requires" if len(names) == 1 else "require"
            value = f'the value of "{half.header}"' if half.header else "what it gets"
            element = half.write.origin.in_policy(context.path) or half.write.origin.element
            yield RULE.diagnostic(
                context,
                element.tag_span,
                f"{quoted(names)} {requires} a subscription, and {value} is no key: the gateway answers 401 before any"
                f" policy of the API runs. Send a key in {KEY_HEADER}, and let the API obtain its token itself."
                f"{assumption(flow)}",
                severity=Severity.ERROR if sure else severity_of_relay(RULE.level, [flow]),
                related=[
                    context.related(
                        stated.evidence.span, f'"{name}" requires a subscription', stated.evidence.path
                    )
                    for name, (_, stated) in required.items()
                ],
            )


def _lets_in_without_key(context: RuleContext, api: Api) -> bool:
    """Whether the API is in an open product, for whose sake the gateway ignores what is no key."""
    products = (context.workspace.product(name) for name in api.products)
    stated = (product.subscription_required for product in products if product is not None)
    return any(answer is not None and not answer.value for answer in stated)


RULE = Rule(
    code="MCP004",
    name="relay-rejected",
    level=Severity.WARNING,
    summary="A relay through the key header into an API that requires a subscription",
    check=check,
)
