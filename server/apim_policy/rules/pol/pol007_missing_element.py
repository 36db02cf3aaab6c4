"""# POL007 missing-element

## What it does

Reports an element that lacks a child which it needs. Nothing is said where a template decides what the element holds,
or where something stands in it that it does not have: that is reported instead.

## Why is this bad?

The service rejects the document when it is saved, or the policy cannot do its work.

## Example

```xml
<policies>
    <inbound>
        <choose>
            <otherwise>
                <set-method>GET</set-method>
            </otherwise>
        </choose>
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <choose>
            <when condition="@(context.Request.Method == &quot;HEAD&quot;)">
                <set-method>GET</set-method>
            </when>
        </choose>
    </inbound>
</policies>
```

## References

- [Policy reference](https://learn.microsoft.com/azure/api-management/api-management-policies)
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
    for slip in context.structure.of(Kind.MISSING_CHILD):
        decl = slip.place.decl
        if slip.name:
            message = f"{decl.name} needs a child <{slip.name}>."
        elif decl.min_children == 1:
            message = (
                f"{decl.name} is empty; it needs a child such as <{next(iter(decl.children), 'value')}>."
            )
        else:
            message = f"{decl.name} needs {decl.min_children} children or more."
        yield RULE.diagnostic(context, slip.element.name_span, message)


RULE = Rule(
    code="POL007",
    name="missing-element",
    level=Severity.ERROR,
    summary="A child element that the policy needs is missing",
    check=_check,
)
