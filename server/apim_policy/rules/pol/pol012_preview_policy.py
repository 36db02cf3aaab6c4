"""# POL012 preview-policy

## What it does

Points out a policy that is in preview, and one that Microsoft's own schema has although no page documents it.

## Why is this bad?

What is in preview may change, and comes without support for production; what is undocumented may go at any time.

## Example

```xml
<policies>
    <inbound>
        <authentication-token-store />
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <authentication-managed-identity resource="https://example.com" />
    </inbound>
</policies>
```

## References

- [Supplemental terms of use for previews](https://azure.microsoft.com/support/legal/preview-supplemental-terms/)
- [Policy reference](https://learn.microsoft.com/azure/api-management/api-management-policies)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.model import Rule, Severity
from apim_policy.schema.declarations import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    for place in context.structure.policies:
        policy = place.policy
        words = _WORDS.get(policy.status) if policy is not None else None
        if policy is not None and words is not None:
            yield RULE.diagnostic(context, place.element.name_span, f"{policy.name} {words}")


_WORDS = {
    Status.PREVIEW: "is in preview: it may change, and is not meant for production.",
    Status.UNDOCUMENTED: "is accepted, but no page documents it: it may change or go without notice.",
}


RULE = Rule(
    code="POL012",
    name="preview-policy",
    level=Severity.HINT,
    summary="A policy that is in preview, or that no page documents",
    check=_check,
)
