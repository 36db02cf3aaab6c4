"""# POL006 unexpected-element

## What it does

Reports a child that a policy, or an element in it, does not have, and a child that stands there more often than it
may. An element that belongs elsewhere is SCP014.

## Why is this bad?

The service rejects the document when it is saved.

## Example

```xml
<policies>
    <inbound>
        <set-header name="X-Version" exists-action="override">
            <val>2</val>
        </set-header>
    </inbound>
</policies>
```

```xml
<policies>
    <inbound>
        <choose>
            <when condition="@(context.Request.Method == &quot;GET&quot;)" />
            <otherwise />
            <otherwise />
        </choose>
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <set-header name="X-Version" exists-action="override">
            <value>2</value>
        </set-header>
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
from apim_policy.text.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    for slip in context.structure.of(Kind.UNKNOWN_CHILD):
        parent, name = slip.place.decl, slip.element.name
        message = f"{parent.name} has no child <{name}>"
        if slip.name:
            message = f"{message}. Did you mean <{slip.name}>?"
        elif parent.children:
            message = f"{message}; it holds {listed(f'<{child}>' for child in parent.children)}."
        else:
            message = f"{message}; it holds no elements."
        yield RULE.diagnostic(context, slip.element.name_span, message)
    for slip in context.structure.of(Kind.REPEATED_CHILD):
        parent, name = slip.place.decl, slip.element.name
        most = parent.children[name].max
        times = "once" if most == 1 else f"{most} times"
        message = f"<{name}> may stand in {parent.name} only {times}. Remove this one, or put both into one."
        yield RULE.diagnostic(context, slip.element.name_span, message)


RULE = Rule(
    code="POL006",
    name="unexpected-element",
    level=Severity.ERROR,
    summary="A child element that the policy does not have",
    check=_check,
)
