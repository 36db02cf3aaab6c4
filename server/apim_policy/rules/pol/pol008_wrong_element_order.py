"""# POL008 wrong-element-order

## What it does

Reports the first child of an element that comes after one which it should precede. Nothing is said where a template
decides what the element holds.

## Why is this bad?

The documentation asks to follow the order in each policy's statement, and Microsoft's schema demands it. A document
that does not may be rejected, or stop working.

## Example

```xml
<policies>
    <inbound>
        <return-response>
            <set-body>gone</set-body>
            <set-status code="410" />
        </return-response>
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <return-response>
            <set-status code="410" />
            <set-body>gone</set-body>
        </return-response>
    </inbound>
</policies>
```

## References

- [Set or edit policies](https://learn.microsoft.com/azure/api-management/set-edit-policies)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.model import Rule, Severity
from apim_policy.rules.structure import Kind
from apim_policy.text.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    for slip in context.structure.of(Kind.WRONG_ORDER):
        order = listed(f"<{name}>" for name in slip.place.decl.children)
        name = slip.element.name
        message = f"<{name}> must come before <{slip.name}> in {slip.place.decl.name}; the order is {order}."
        yield RULE.diagnostic(context, slip.element.name_span, message)


RULE = Rule(
    code="POL008",
    name="wrong-element-order",
    level=Severity.WARNING,
    summary="Children in another order than the policy documents",
    check=_check,
)
