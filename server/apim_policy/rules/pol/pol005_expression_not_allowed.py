"""# POL005 expression-not-allowed

## What it does

Reports an expression in an attribute or a text that the documentation says takes none, such as the name of a policy
fragment. Where no source says, nothing is reported.

## Why is this bad?

The service does not evaluate the expression: it rejects the document, or takes the expression's source for the value.

## Example

```xml
<policies>
    <inbound>
        <include-fragment fragment-id="@(context.Api.Id)" />
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <include-fragment fragment-id="shared-headers" />
    </inbound>
</policies>
```

## References

- [Policy expressions](https://learn.microsoft.com/azure/api-management/api-management-policy-expressions)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.model import Rule, Severity
from apim_policy.rules.structure import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    for slip in context.structure.of(Kind.EXPRESSION):
        if slip.part is None:
            continue
        where = f'The attribute "{slip.attribute.name}"' if slip.attribute else "The text"
        message = f"{where} of {slip.element.name} takes no expression. Write a literal, or a named value in double braces."
        yield RULE.diagnostic(context, slip.part.span, message)


RULE = Rule(
    code="POL005",
    name="expression-not-allowed",
    level=Severity.ERROR,
    summary="An expression where the service takes only a literal",
    check=_check,
)
