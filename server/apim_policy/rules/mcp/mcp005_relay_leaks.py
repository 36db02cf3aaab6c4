"""# MCP005 relay-leaks

## What it does

Reports an API's policy that puts a relayed header back from `Ocp-Apim-Subscription-Key` and lets the key header, which
still holds the value, go on to the backend.

## Why is this bad?

Until the update of November 2025, a gateway passed no request header from an MCP server's policy to the API behind a
tool except `Ocp-Apim-Subscription-Key`, so people let that header carry a token. The gateway takes the key header off no
request: what is in it reaches the backend and, on the way, its logs, where nobody expects a token and nothing masks one.
On a gateway that forwards headers since that update the relay is not needed at all (MCP006), but as long as it is there
it leaks.

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
{ "properties": { "path": "orders", "subscriptionRequired": false } }
```
```xml title="apis/orders-api/policy.xml"
<policies>
    <inbound>
        <base />
        <set-header name="Authorization" exists-action="override">
            <value>@(context.Request.Headers.GetValueOrDefault("Ocp-Apim-Subscription-Key", ""))</value>
        </set-header>
    </inbound>
</policies>
```

## Use instead

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
{ "properties": { "path": "orders", "subscriptionRequired": false } }
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

## Fix safety

The fix deletes the key header right after its value was put back. It is unsafe where the half has no guard: then it also
takes the key from direct callers' requests, which a backend may look at.

## References

- [Subscriptions and keys](https://learn.microsoft.com/azure/api-management/api-management-subscriptions)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.flow.names import KEY_HEADER
from apim_policy.rules.mcp.servers import assumption, called_by, halves_here, severity_of_relay
from apim_policy.rules.model import Applicability, FileEdit, Fix, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.flow.relay import Half
    from apim_policy.flow.server import Call, ServerFlow
    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic
    from apim_policy.syntax.tree import Element


def check(context: RuleContext) -> Iterator[Diagnostic]:
    """One finding for each restoring half whose value stays in the key header."""
    flows = called_by(context)
    reported: set[Element] = set()
    for half, call in halves_here(context, flows):
        from apim_policy.flow.relay import leaks

        element = half.write.origin.element
        if element not in reported and leaks(half, call.passage) and _is_relay(half, call, flows):
            reported.add(element)
            yield _finding(context, half, flows)


def _is_relay(half: Half, call: Call, flows: list[ServerFlow]) -> bool:
    """Whether a value, rather than a key, is put back."""
    from apim_policy.flow.relay import Form, sending_halves

    if half.form is Form.NAMED:
        return True
    header = half.header or ""
    if any(sending.carries(header) for flow in flows for sending in sending_halves(flow)):
        return True
    api = call.resource
    key_needed = api is not None and api.subscription_required is not None and api.subscription_required.value
    return half.form is Form.PLAIN and bool(flows) and not key_needed


def _finding(context: RuleContext, half: Half, flows: list[ServerFlow]) -> Diagnostic:
    from apim_policy.flow.relay import sending_halves
    from apim_policy.rules.mcp import layout

    origin = half.write.origin
    here = origin.in_policy(context.path) or origin.element
    deletion = layout.put_after(
        origin.document, origin.element, [(0, f'<set-header name="{KEY_HEADER}" exists-action="delete" />')]
    )
    sources = [
        context.related(sending.write.origin.element.tag_span, "It is sent here", sending.write.origin.path)
        for flow in flows
        for sending in sending_halves(flow)
        if sending.carries(half.header or "")
    ]
    if origin.path != context.path:
        sources.insert(
            0, context.related(origin.element.tag_span, "It is put back in this fragment", origin.path)
        )
    return RULE.diagnostic(
        context,
        here.tag_span,
        f'The value of "{half.header}" stays in {KEY_HEADER} and goes on to the backend. Delete that header once the'
        f" value is put back.{assumption(flows[0]) if flows else ''}",
        severity=severity_of_relay(RULE.level, flows) if flows else RULE.level,
        related=sources,
        fixes=[
            Fix(
                f'Relay of "{half.header}": delete {KEY_HEADER} once its value is put back',
                (FileEdit(origin.path, (deletion,)),),
                Applicability.UNSAFE,
            )
        ],
    )


RULE = Rule(
    code="MCP005",
    name="relay-leaks",
    level=Severity.WARNING,
    summary="A relayed value stays in the key header and goes on to the backend",
    check=check,
    fix=Applicability.UNSAFE,
)
