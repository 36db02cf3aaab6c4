"""# SCP003 wrong-gateway

## What it does

Reports a policy that the type of gateway in the settings does not run, according to the policy's page. Without that
setting nothing is reported.

## Why is this bad?

The gateway rejects the policy, or skips it.

## Example

```toml title="apim-policy.toml"
[gateway]
type = "consumption"
```

```xml title="policy.xml"
<policies>
    <inbound>
        <rate-limit-by-key calls="10" renewal-period="60" counter-key="@(context.Request.IpAddress)" />
    </inbound>
</policies>
```

## Use instead

```toml title="apim-policy.toml"
[gateway]
type = "v2"
```

```xml title="policy.xml"
<policies>
    <inbound>
        <rate-limit-by-key calls="10" renewal-period="60" counter-key="@(context.Request.IpAddress)" />
    </inbound>
</policies>
```

## References

- [Policy reference: gateways](https://learn.microsoft.com/azure/api-management/api-management-policies)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.model import Rule, Severity
from apim_policy.text.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    gateway = context.settings.gateway.type
    if gateway is None:
        return
    for place in context.structure.policies:
        policy = place.policy
        if policy is None or not policy.gateways:
            continue
        gateways = policy.gateways
        for variant in policy.variants:
            if place.element.attribute(variant.attribute) is not None:
                gateways += variant.gateways
        if gateway.value not in gateways:
            held = listed([name for name in _ORDER if name in gateways])
            message = f"{policy.name} does not run on the {gateway.value} gateway, only on {held}."
            yield RULE.diagnostic(context, place.element.name_span, message)


_ORDER = ("classic", "v2", "consumption", "self-hosted", "workspace")


RULE = Rule(
    code="SCP003",
    name="wrong-gateway",
    level=Severity.WARNING,
    summary="A policy that the configured gateway lacks",
    check=_check,
)
