"""# POL016 protected-header

## What it does

Reports a policy that sets or removes a header which the gateway manages itself. Only literal names are looked at.

## Why is this bad?

The gateway ignores the policy, or replaces the header by its own.

## Example

```xml
<policies>
    <inbound>
        <set-header name="Content-Length" exists-action="override">
            <value>0</value>
        </set-header>
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <set-header name="X-Length" exists-action="override">
            <value>0</value>
        </set-header>
    </inbound>
</policies>
```

## References

- [Set header](https://learn.microsoft.com/azure/api-management/set-header-policy)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.model import Rule, Severity
from apim_policy.schema.declarations import ConstraintKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    document = context.document
    for place in context.structure.constrained:
        for constraint in place.decl.constraints:
            if constraint.kind is not ConstraintKind.PROTECTED_HEADER or constraint.attribute is None:
                continue
            attribute = place.element.attribute(constraint.attribute)
            name = document.literal(attribute) if attribute else None
            if attribute is None or name is None:
                continue
            if name.strip().lower() not in {value.lower() for value in constraint.values}:
                continue
            if constraint.when_attribute is not None:
                if document.literal_value(place.element, constraint.when_attribute) != constraint.when_value:
                    continue
                message = f'The header "{name.strip()}" cannot be removed.'
            else:
                message = f'The header "{name.strip()}" cannot be set.'
            message = f"{message} {constraint.note}".rstrip()
            yield RULE.diagnostic(context, attribute.value_span, message)


RULE = Rule(
    code="POL016",
    name="protected-header",
    level=Severity.WARNING,
    summary="A header that cannot be set, or not be removed",
    check=_check,
)
