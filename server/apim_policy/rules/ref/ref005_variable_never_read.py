"""# REF005 variable-never-read

## What it does

Reports a variable that is set and that nothing reads: no expression, no Liquid template and no attribute in the
document, in the fragments that it includes, or in the policies around it and inside it.

Nothing is reported where something that is not known may read it: in fragments, where an included fragment or a scope
around the document is not in the workspace, in policies of products and of all APIs, and where an expression computes
the name of a variable or goes through all of them. Nor is the name reported that a policy such as `send-request` demands
for its answer.

## Why is this bad?

It costs time with each call, and may be a sign that another name was meant where it should be read.

## Example

```xml
<!-- apim-policy: scope=operation api=orders operation=get-order -->
<policies>
    <inbound>
        <set-variable name="started" value="@(DateTime.UtcNow)" />
    </inbound>
    <backend>
        <forward-request />
    </backend>
    <outbound />
    <on-error />
</policies>
```

## Use instead

```xml
<!-- apim-policy: scope=operation api=orders operation=get-order -->
<policies>
    <inbound>
        <set-variable name="started" value="@(DateTime.UtcNow)" />
    </inbound>
    <backend>
        <forward-request />
    </backend>
    <outbound>
        <set-header name="X-Elapsed" exists-action="override">
            <value>@((DateTime.UtcNow - (DateTime)context.Variables["started"]).ToString())</value>
        </set-header>
    </outbound>
    <on-error />
</policies>
```

## References

- [Set variable](https://learn.microsoft.com/azure/api-management/set-variable-policy)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.flow.variables import document_variables
from apim_policy.rules.model import Rule, Severity, Tag
from apim_policy.rules.ref.names import in_other_case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    own = document_variables(context.document)
    read = {use.name for use in own.uses if not use.sets}
    suspects = [
        use for use in own.uses if use.sets and use.literal and not use.aside and use.name not in read
    ]
    reach = context.reach
    if not suspects or None in read or reach.included or not (reach.outer_known and reach.inner_known):
        return
    names = reach.names
    if names.any_used or not names.complete:
        return
    for use in suspects:
        name = use.name
        if name is None or name in names.used or in_other_case(name, names.used):
            continue
        message = f'Nothing reads the variable "{name}", so setting it can go.'
        yield RULE.diagnostic(context, use.span, message, tags=[Tag.UNNECESSARY])


RULE = Rule(
    code="REF005",
    name="variable-never-read",
    level=Severity.HINT,
    summary="A variable that is set and that nothing reads",
    check=_check,
)
