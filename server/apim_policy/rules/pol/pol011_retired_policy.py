"""# POL011 retired-policy

## What it does

Reports a policy that API Management no longer supports, and names the one that takes its place.

## Why is this bad?

Gateways skip the policy, or will soon.

## Example

```xml
<policies>
    <backend>
        <set-graphql-resolver parent-type="Query" field="orders">
            <http-data-source>
                <http-request>
                    <set-method>GET</set-method>
                    <set-url>https://example.com/orders</set-url>
                </http-request>
            </http-data-source>
        </set-graphql-resolver>
    </backend>
</policies>
```

## Use instead

```xml
<http-data-source>
    <http-request>
        <set-method>GET</set-method>
        <set-url>https://example.com/orders</set-url>
    </http-request>
</http-data-source>
```

## References

- [Configure a GraphQL resolver](https://learn.microsoft.com/azure/api-management/configure-graphql-resolver)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.model import Rule, Severity, Tag
from apim_policy.schema.declarations import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    for place in context.structure.policies:
        policy = place.policy
        if policy is not None and policy.status is Status.RETIRED:
            instead = f" Use {policy.successor} instead." if policy.successor else ""
            message = f"{policy.name} is retired.{instead}"
            yield RULE.diagnostic(context, place.element.name_span, message, tags=[Tag.DEPRECATED])


RULE = Rule(
    code="POL011",
    name="retired-policy",
    level=Severity.WARNING,
    summary="A policy that is retired",
    check=_check,
)
