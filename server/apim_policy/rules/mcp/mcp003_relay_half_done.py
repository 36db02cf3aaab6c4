"""# MCP003 relay-half-done

## What it does

Reports one half of a relay through `Ocp-Apim-Subscription-Key` where the policy that should hold the other half is in
the workspace and does not.

## Why is this bad?

Until the update of November 2025, a gateway passed no request header from an MCP server's policy to the API behind a
tool except `Ocp-Apim-Subscription-Key`. So people let that header carry another one: the MCP server's policy copies, say,
`Authorization` into it, and the API's policy copies it back. With one half alone the header is still lost, and the API
gets a token for a key, or overwrites a header with nothing; on a gateway that forwards headers since that update, no
half is needed (MCP006).

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
            <value>@("Authorization=" + context.Request.Headers.GetValueOrDefault("Authorization", ""))</value>
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
            <value>@("Authorization=" + context.Request.Headers.GetValueOrDefault("Authorization", ""))</value>
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
        <choose>
            <when condition="@(context.Request.Headers.GetValueOrDefault("Ocp-Apim-Subscription-Key", "").StartsWith("Authorization="))">
                <set-header name="Authorization" exists-action="override">
                    <value>@(context.Request.Headers.GetValueOrDefault("Ocp-Apim-Subscription-Key", "").Substring("Authorization=".Length))</value>
                </set-header>
                <set-header name="Ocp-Apim-Subscription-Key" exists-action="delete" />
            </when>
        </choose>
    </inbound>
</policies>
```

## Fix safety

The fix adds the missing half, in the form of the half that is there. It is unsafe because it changes what the API
accepts: a direct caller can send the same value, so the API must validate the header or not trust it.

## References

- [Secure access to MCP servers](https://learn.microsoft.com/azure/api-management/secure-mcp-servers)
- [Subscriptions and keys](https://learn.microsoft.com/azure/api-management/api-management-subscriptions)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.flow.names import KEY_HEADER
from apim_policy.rules.mcp.servers import (
    apis,
    assumption,
    called_by,
    halves_here,
    server_name,
    servers_of,
    severity_of_relay,
)
from apim_policy.rules.model import Applicability, Rule, Severity
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.flow.relay import Half
    from apim_policy.flow.server import Call, ServerFlow
    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic, Related
    from apim_policy.syntax.tree import Element
    from apim_policy.workspace.model import Api


def check(context: RuleContext) -> Iterator[Diagnostic]:
    """Findings at sending halves of the document, or at its restoring halves."""
    for flow in servers_of(context):
        if flow.bounded:
            yield from _nobody_restores(context, flow)
    yield from _nobody_sends(context)


def _nobody_restores(context: RuleContext, flow: ServerFlow) -> Iterator[Diagnostic]:
    from apim_policy.flow.relay import Form, sending_halves
    from apim_policy.rules.mcp import relay

    for half in sending_halves(flow):
        if half.form is Form.POSSIBLE or half.header is None:
            continue
        lacking: dict[str, Api] = {}
        for call in flow.calls:
            if (
                call.resource is not None
                and call.resource.policy is not None
                and not _restores(call, half.header)
            ):
                lacking[call.api] = call.resource
        if lacking:
            names = tuple(lacking)
            puts = "never puts" if len(names) == 1 else "never put"
            message = (
                f'{apis(names)} {puts} "{half.header}" back: {KEY_HEADER} carries it from here, and no policy there'
                f" reads that header.{assumption(flow)}"
            )
            element = half.write.origin.in_policy(context.path) or half.write.origin.element
            offer = relay.offer(
                context, [flow], half.header, title=f'Relay "{half.header}": add the missing half'
            )
            yield RULE.diagnostic(
                context,
                element.tag_span,
                message,
                severity=severity_of_relay(RULE.level, [flow]),
                related=[_missing_half(context, name, api) for name, api in lacking.items()],
                fixes=[offer.fix] if offer.fix else [],
            )


def _restores(call: Call, header: str) -> bool:
    from apim_policy.flow.relay import reads_key, restoring_halves

    passage = call.passage
    return any(half.carries(header) for half in restoring_halves(passage)) or reads_key(passage)


def _missing_half(context: RuleContext, name: str, api: Api) -> Related:
    from apim_policy.flow.sections import section

    path = api.policy or context.path
    document = context.other(path)
    place = section(document, "inbound") or document.root
    return context.related(place.tag_span if place else Span(0, 0), f'"{name}" should put it back here', path)


def _nobody_sends(context: RuleContext) -> Iterator[Diagnostic]:
    flows = called_by(context)
    if not flows:
        return
    from apim_policy.flow.relay import Form, sends_key

    if any(sends_key(flow) for flow in flows):
        return
    reported: set[Element] = set()
    for half, call in halves_here(context, flows):
        api = call.resource
        key_needed = (
            api is not None and api.subscription_required is not None and api.subscription_required.value
        )
        if half.header is None or half.form is Form.POSSIBLE or (half.form is Form.PLAIN and key_needed):
            continue
        if half.write.origin.element not in reported:
            reported.add(half.write.origin.element)
            yield _unsent(context, half, half.header, flows)


def _unsent(context: RuleContext, half: Half, header: str, flows: list[ServerFlow]) -> Diagnostic:
    from apim_policy.rules.mcp import relay

    names = ", ".join(server_name(context, flow.info) for flow in flows)
    subject = (
        f"The MCP server {names} never sends" if len(flows) == 1 else f"None of the MCP servers {names} sends"
    )
    element = half.write.origin.in_policy(context.path) or half.write.origin.element
    fixes = []
    if all(flow.bounded for flow in flows):
        offer = relay.offer(context, flows, header, title=f'Relay "{header}": add the missing half')
        fixes = [offer.fix] if offer.fix else []
    return RULE.diagnostic(
        context,
        element.tag_span,
        f'{subject} "{header}" in {KEY_HEADER}, so there is nothing to put back here.{assumption(flows[0])}',
        severity=severity_of_relay(RULE.level, flows),
        fixes=fixes,
    )


RULE = Rule(
    code="MCP003",
    name="relay-half-done",
    level=Severity.WARNING,
    summary="One half of a relay through the key header stands alone",
    check=check,
    fix=Applicability.UNSAFE,
)
