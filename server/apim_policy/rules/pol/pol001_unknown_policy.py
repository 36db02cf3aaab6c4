"""# POL001 unknown-policy

## What it does

Reports an element in a section, a branch or another list of policies that no policy has as its name. Names are told
apart by case.

## Why is this bad?

The service rejects the document when it is saved.

## Example

```xml
<policies>
    <inbound>
        <set-headr name="X-Request-Id" exists-action="override">
            <value>@(context.RequestId.ToString())</value>
        </set-headr>
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <set-header name="X-Request-Id" exists-action="override">
            <value>@(context.RequestId.ToString())</value>
        </set-header>
    </inbound>
</policies>
```

## Fix safety

The fix gives the element the nearest name of a policy. It is unsafe, because another may be meant.

## References

- [Policy reference](https://learn.microsoft.com/azure/api-management/api-management-policies)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.model import Applicability, Rule, Severity
from apim_policy.rules.rewriting import fix, renamed
from apim_policy.rules.structure import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    for slip in context.structure.of(Kind.UNKNOWN_POLICY):
        name = slip.element.name
        message = f'There is no policy "{name}".'
        fixes = []
        if slip.name:
            message = f'{message} Did you mean "{slip.name}"?'
            fixes = [fix(context, f"Change to <{slip.name}>", renamed(slip.element, slip.name))]
        yield RULE.diagnostic(context, slip.element.name_span, message, fixes=fixes)


RULE = Rule(
    code="POL001",
    name="unknown-policy",
    level=Severity.ERROR,
    summary="An element that is no policy, where a policy is due",
    check=_check,
    fix=Applicability.UNSAFE,
)
