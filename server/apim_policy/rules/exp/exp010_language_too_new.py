"""# EXP010 language-too-new

## What it does

Reports C# that came after version 7, which is what the documentation names: switch expressions, ranges, `is not`,
`new()` without a type, `??=`, `using` without parentheses, strings in three quotes, lists in brackets and the like.
What public documents use and the service takes is not reported: patterns with a type, `out` variables, local functions,
`throw` in an expression.

## Why is this bad?

A compiler of an older language does not know it, and the document is rejected when it is saved.

## Example

```xml
<policies>
    <inbound>
        <set-variable name="known" value="@(context.Product is not null)" />
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <set-variable name="known" value="@(context.Product != null)" />
    </inbound>
</policies>
```

## References

- [Policy expressions](https://learn.microsoft.com/azure/api-management/api-management-policy-expressions)
- [The history of C#](https://learn.microsoft.com/dotnet/csharp/whats-new/csharp-version-history)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.csharp.language import newer
from apim_policy.rules.exp.expressions import closed_expressions
from apim_policy.rules.model import Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    for written in closed_expressions(context):
        for construct in newer(written.code):
            message = (
                f"{construct.what[:1].upper()}{construct.what[1:]} needs C# {construct.since}, "
                f"and expressions are C# 7. {construct.instead}"
            )
            yield RULE.diagnostic(context, written.place(construct.span), message)


RULE = Rule(
    code="EXP010",
    name="language-too-new",
    level=Severity.WARNING,
    summary="C# newer than the service compiles",
    check=_check,
)
