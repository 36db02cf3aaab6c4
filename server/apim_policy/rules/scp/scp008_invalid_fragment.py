"""# SCP008 invalid-fragment

## What it does

Reports what a policy fragment may not hold: sections, another fragment, and policies of which the documentation says
so. `cache-lookup` and `cache-lookup-value` are left alone: their pages rule them out, and working fragments use them.

## Why is this bad?

The service rejects the fragment when it is saved.

## Example

```xml
<fragment>
    <inbound>
        <set-method>GET</set-method>
    </inbound>
</fragment>
```

```xml
<fragment>
    <include-fragment fragment-id="shared-headers" />
</fragment>
```

## Use instead

```xml
<fragment>
    <set-method>GET</set-method>
</fragment>
```

## References

- [Policy fragments](https://learn.microsoft.com/azure/api-management/policy-fragments)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.model import Rule, Severity
from apim_policy.rules.structure import Kind
from apim_policy.schema.declarations import RoleKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    for slip in context.structure.of(Kind.NOT_IN_FRAGMENT):
        name, policy = slip.element.name, slip.place.policy
        if policy is None:
            message = (
                f"A policy fragment has no sections: put what <{name}> holds directly into <fragment>, "
                f"and include the fragment in {name}."
            )
        elif any(
            role.kind is RoleKind.FRAGMENT for a in policy.element.attributes.values() for role in a.roles
        ):
            message = "A policy fragment cannot include another. Include both where they are needed."
        else:
            message = f"{name} cannot stand in a policy fragment. Put it into the policy that includes the fragment."
        yield RULE.diagnostic(context, slip.element.name_span, message)


RULE = Rule(
    code="SCP008",
    name="invalid-fragment",
    level=Severity.ERROR,
    summary="A section, or another fragment, in a policy fragment",
    check=_check,
)
