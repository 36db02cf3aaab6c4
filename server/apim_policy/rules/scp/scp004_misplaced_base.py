"""# SCP004 misplaced-base

## What it does

Reports `<base />` in a policy fragment, in a resolver and inside another policy. In the global scope it is
information: it stands for nothing there.

## Why is this bad?

The element stands for the policies of the next broader scope, in the same section. Only a section itself has them;
the service rejects the element anywhere else.

## Example

```xml
<policies>
    <inbound>
        <choose>
            <when condition="@(context.Request.Method == &quot;GET&quot;)">
                <base />
            </when>
        </choose>
    </inbound>
</policies>
```

```xml
<fragment>
    <base />
    <set-method>GET</set-method>
</fragment>
```

## Use instead

```xml
<policies>
    <inbound>
        <base />
        <choose>
            <when condition="@(context.Request.Method == &quot;HEAD&quot;)">
                <set-method>GET</set-method>
            </when>
        </choose>
    </inbound>
</policies>
```

## References

- [Use base to set the order of evaluation](https://learn.microsoft.com/azure/api-management/set-edit-policies#use-base-element-to-set-policy-evaluation-order)
- [Policy fragments](https://learn.microsoft.com/azure/api-management/policy-fragments)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.model import Rule, Severity
from apim_policy.rules.structure import Kind
from apim_policy.schema.declarations import Status
from apim_policy.workspace.model import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    structure = context.structure
    root = structure.root
    if root is None:
        return
    for slip in structure.of(Kind.MISPLACED_BASE):
        if root.element.name == "fragment":
            message = "<base /> cannot stand in a policy fragment. Put it into the sections that include the fragment."
        elif root.policy is not None:
            message = "<base /> cannot stand in a resolver, which inherits nothing. Remove it."
        else:
            message = f"<base /> may stand only directly in a section, not in {slip.place.element.name}."
        yield RULE.diagnostic(context, slip.element.name_span, message)
    bases = [
        place for place in structure.policies if place.policy and place.policy.status is Status.STRUCTURAL
    ]
    if bases and context.info.scope is Scope.GLOBAL and not context.info.also:
        for place in bases:
            message = "<base /> has no effect in the global scope, which has no broader one."
            yield RULE.diagnostic(context, place.element.name_span, message, severity=Severity.INFO)


RULE = Rule(
    code="SCP004",
    name="misplaced-base",
    level=Severity.ERROR,
    summary="A `<base />` where nothing is inherited",
    check=_check,
)
