"""# EXP012 statement-not-allowed

## What it does

Reports statements that no policy expression may hold: `async` and `await`, `dynamic`, `goto`, `unsafe` and `fixed`,
`yield`, `using` directives, and declarations of types and namespaces.

## Why is this bad?

An expression is the body of one method that the service compiles and runs to its end. The service rejects the document
when it is saved.

## Example

```xml
<policies>
    <inbound>
        <set-variable name="plan" value="@{
            dynamic product = context.Product;
            return product.Name;
        }" />
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <set-variable name="plan" value="@{
            var product = context.Product;
            return product.Name;
        }" />
    </inbound>
</policies>
```

## References

- [Policy expressions](https://learn.microsoft.com/azure/api-management/api-management-policy-expressions)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.csharp.language import barred
from apim_policy.rules.exp.expressions import closed_expressions
from apim_policy.rules.model import Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    for written in closed_expressions(context):
        for construct in barred(written.code):
            message = (
                f"{construct.what[:1].upper()}{construct.what[1:]} is not allowed in a policy expression. "
                f"{construct.instead}"
            )
            yield RULE.diagnostic(context, written.place(construct.span), message)


RULE = Rule(
    code="EXP012",
    name="statement-not-allowed",
    level=Severity.ERROR,
    summary="Statement that no expression may hold",
    check=_check,
)
