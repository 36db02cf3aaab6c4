"""# MCP001 header-not-forwarded

## What it does

Reports a request header that the policy of an MCP server sets, and that the APIs behind its tools will never see.

## Why is this bad?

An MCP server whose tools are operations of an API makes a second, inner call to that API. Until the update of November
2025, which took weeks to reach all hosted gateways, the only request header that went from the MCP server's policy to
that call was `Ocp-Apim-Subscription-Key`: listing the tools works, and each call of a tool ends in 401. Since that
update a gateway forwards request headers, except for some that Microsoft has not published, and what the policy sets
takes effect; a self-hosted gateway behaves as its image does, for as long as it runs.

Which of the two holds for your gateway is one line in `apim-policy.toml`:

```toml
[gateway]
mcp-header-forwarding = "automatic"  # or "subscription-key-only"
```

With `automatic` this rule is silent; without an answer it warns, and one of its fixes writes the line.

Nothing is reported for a passthrough server, which sends its headers to an MCP server outside, or for headers such as
`Accept` and `Content-Type`, which each of the two calls has for itself.

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
        <set-header name="X-User-Id" exists-action="override">
            <value>@(context.User.Id)</value>
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
        <check-header name="X-User-Id" failed-check-httpcode="401" failed-check-error-message="Who?" ignore-case="true" />
    </inbound>
</policies>
```

## Use instead

Let the API obtain what it needs by itself: a token with `authentication-managed-identity` or
`get-authorization-context` in the API's own policy or in that of the operation. Or declare the header as a parameter of
the operation, which makes it an argument of the tool. Or let the key header carry the value, which is what the fix does:

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
        <set-header name="X-User-Id" exists-action="override">
            <value>@(context.User.Id)</value>
        </set-header>
        <set-header name="Ocp-Apim-Subscription-Key" exists-action="override">
            <value>@("X-User-Id=" + context.Request.Headers.GetValueOrDefault("X-User-Id", ""))</value>
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
            <when condition="@(context.Request.Headers.GetValueOrDefault("Ocp-Apim-Subscription-Key", "").StartsWith("X-User-Id="))">
                <set-header name="X-User-Id" exists-action="override">
                    <value>@(context.Request.Headers.GetValueOrDefault("Ocp-Apim-Subscription-Key", "").Substring("X-User-Id=".Length))</value>
                </set-header>
                <set-header name="Ocp-Apim-Subscription-Key" exists-action="delete" />
            </when>
        </choose>
        <check-header name="X-User-Id" failed-check-httpcode="401" failed-check-error-message="Who?" ignore-case="true" />
    </inbound>
</policies>
```

## Fix safety

The relay is unsafe: it changes what the API accepts. Whoever calls the API directly can send the same value in the key
header, so the API must validate the header or not trust it. The inner call has no subscription, so `context.Subscription`
and `context.Product` are null in it, and an API that requires a subscription answers 401 before any of its policies
runs; the fix is not offered for one. Only one header can ride on the key. The relay is applied to many files at once
only with `--unsafe-fixes --fix-only MCP001`, and never where a path alone says that there is an MCP server.

## References

- [Secure access to MCP servers](https://learn.microsoft.com/azure/api-management/secure-mcp-servers)
- [Expose a REST API as an MCP server](https://learn.microsoft.com/azure/api-management/export-rest-mcp-server)
- [Headers that do not reach the API](https://github.com/Azure/MCP/issues/26)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.mcp.servers import (
    RELAY_IT,
    apis,
    assumption,
    boundary,
    or_state_it,
    servers_of,
    severity_of_lost,
)
from apim_policy.rules.model import Applicability, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from apim_policy.flow.losses import Loss
    from apim_policy.flow.server import ServerFlow
    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic, Related
    from apim_policy.syntax.tree import Element
    from apim_policy.text.span import Span


def check(context: RuleContext) -> Iterator[Diagnostic]:
    """One finding for each header whose value is lost, at the first policy that sets it."""
    reported: set[tuple[Element, str]] = set()
    for flow in servers_of(context):
        from apim_policy.flow.losses import losses

        for loss in losses(flow):
            # Several servers may share one policy file.
            place = (loss.write.origin.element, loss.name)
            if place not in reported:
                reported.add(place)
                yield _finding(context, flow, loss)


def _finding(context: RuleContext, flow: ServerFlow, loss: Loss) -> Diagnostic:
    from apim_policy.rules.mcp import answers, relay

    name = loss.name
    title = f'Relay "{name}" through Ocp-Apim-Subscription-Key'
    offer = relay.offer(context, [flow], name, title=title, batch=True)
    subject = f'{apis(flow.server.tools_from)} will not see "{name}"'
    sentences = [f"{subject}{'' if loss.certain else ', which this may set'}: {boundary(context.workspace)}."]
    if offer.refusal:
        sentences.append(offer.refusal)
    way_out = RELAY_IT if offer.fix is not None else f'Let the API obtain "{name}" itself'
    sentences.append(f"{way_out}{or_state_it(context.workspace)}.")
    if offer.fix is not None:
        sentences.append(offer.caution)
    element = loss.write.origin.in_policy(context.path) or loss.write.origin.element
    return RULE.diagnostic(
        context,
        element.tag_span,
        " ".join(sentences) + assumption(flow) + (f"\n\n{offer.paste}" if offer.paste else ""),
        severity=severity_of_lost(RULE.level, [flow]),
        related=_related(context, flow, loss),
        fixes=[
            *([offer.fix] if offer.fix else []),
            *answers.about_gateway(context.workspace),
            *answers.about_document(flow.info, context.document),
        ],
    )


def _related(context: RuleContext, flow: ServerFlow, loss: Loss) -> Iterator[Related]:
    origin = loss.write.origin
    if origin.path != context.path:
        yield context.related(origin.element.tag_span, "It is set in this fragment", origin.path)
    for other in loss.others:
        yield context.related(other.origin.element.tag_span, "It is set here as well", other.origin.path)
    seen: set[tuple[Path, Span]] = set()
    for call in flow.calls:
        for read in call.passage.reads:
            place = (read.origin.path, read.span)
            if read.key == loss.write.key and read.state.stopped and place not in seen:
                seen.add(place)
                yield context.related(read.span, f'"{call.api}" looks for it here', read.origin.path)


RULE = Rule(
    code="MCP001",
    name="header-not-forwarded",
    level=Severity.WARNING,
    summary="A header that an MCP server's policy sets does not reach the API behind its tools",
    check=check,
    fix=Applicability.UNSAFE,
)
