"""# SCP014 wrong-parent

## What it does

Reports a policy, or a child of some policy, inside an element that does not hold it, such as `when` outside `choose`.

## Why is this bad?

The service rejects the document when it is saved.

## Example

```xml
<policies>
    <inbound>
        <when condition="@(context.Request.Method == &quot;HEAD&quot;)">
            <set-method>GET</set-method>
        </when>
    </inbound>
</policies>
```

```xml
<policies>
    <inbound>
        <return-response>
            <set-method>GET</set-method>
        </return-response>
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
from apim_policy.rules.walk import parents
from apim_policy.schema.model import load
from apim_policy.text.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic
    from apim_policy.schema.declarations import ElementDecl


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    for slip in context.structure.of(Kind.WRONG_PARENT):
        yield RULE.diagnostic(context, slip.element.name_span, _message(slip.element.name, slip.place.decl))


def _message(name: str, parent: ElementDecl) -> str:
    model = load()
    policy = model.policy(name)
    if name in model.roots and policy is None:
        return f"<{name}> may stand only at the top of a document."
    if (policy is not None and policy.listed) or len(parents().get(name, ())) > _LISTED:
        if parent.any_policy:
            held = "policies"
        elif parent.children:
            held = listed(f"<{child}>" for child in parent.children)
        else:
            return f"<{name}> cannot stand in {parent.name}, which holds no elements."
        return f"<{name}> cannot stand in {parent.name}, which holds only {held}."
    if name not in parents():
        return f"<{name}> may stand only at the top of a document."
    return f"<{name}> may stand only in {listed(sorted(parents()[name]), 'or')}, not in {parent.name}."


_LISTED = 6


RULE = Rule(
    code="SCP014",
    name="wrong-parent",
    level=Severity.ERROR,
    summary="A known element inside a parent that does not hold it",
    check=_check,
)
