"""# POL010 exclusive-attributes

## What it does

Reports attributes and children of one element that exclude each other, that need each other, or of which one is
needed; and values that another attribute rules out. Where sources disagree, or the documentation alone demands it,
this is a warning. Nothing is said where an expression, a named value or a template decides.

## Why is this bad?

The service rejects the document when it is saved, or the policy does not do what it says.

## Example

```xml
<policies>
    <backend>
        <forward-request timeout="60" timeout-ms="60000" />
    </backend>
</policies>
```

```xml
<policies>
    <inbound>
        <set-backend-service />
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <backend>
        <forward-request timeout="60" />
    </backend>
</policies>
```

## References

- [Policy reference](https://learn.microsoft.com/azure/api-management/api-management-policies)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.constraints import breaches
from apim_policy.rules.model import Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    for place in context.structure.constrained:
        for breach in breaches(context.document, place):
            severity = Severity.WARNING if breach.constraint.warning else None
            yield RULE.diagnostic(context, breach.span, breach.message, severity=severity)


RULE = Rule(
    code="POL010",
    name="exclusive-attributes",
    level=Severity.ERROR,
    summary="Attributes or children that exclude each other, or need each other",
    check=_check,
)
