"""# EXP001 syntax-error

## What it does

Reports the first place in an expression where the C# breaks off: a missing bracket, semicolon or operator, an unknown
escape in a string, an operator of another language, an empty expression. Expressions that are never closed are XML004's,
strings in single quotes EXP008's. Nothing is reported where a named value or a placeholder outside strings decides what
the code is.

## Why is this bad?

The service compiles expressions when the document is saved, and rejects the document.

## Example

```xml
<policies>
    <inbound>
        <set-variable name="reads" value="@(context.Request.Method == "GET" or context.Request.Method == "HEAD")" />
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <set-variable name="reads" value="@(context.Request.Method == "GET" || context.Request.Method == "HEAD")" />
    </inbound>
</policies>
```

## References

- [Policy expressions: syntax](https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#Syntax)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.csharp.syntax_errors import syntax_error
from apim_policy.rules.exp.expressions import closed_expressions
from apim_policy.rules.model import Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    for written in closed_expressions(context):
        found = syntax_error(written.code)
        if found is not None:
            yield RULE.diagnostic(context, written.place(found.span), found.message)


RULE = Rule(
    code="EXP001",
    name="syntax-error",
    level=Severity.ERROR,
    summary="Expression that is no C#",
    check=_check,
)
