"""# POL003 missing-attribute

## What it does

Reports an element that lacks an attribute which it needs. Where the documentation alone demands the attribute, and
Microsoft's own schema leaves it optional, this is a warning. Nothing is said where a template adds attributes.

## Why is this bad?

The service rejects the document when it is saved, or the policy cannot do its work.

## Example

```xml
<policies>
    <inbound>
        <set-variable value="@(context.Request.IpAddress)" />
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <set-variable name="caller" value="@(context.Request.IpAddress)" />
    </inbound>
</policies>
```

## Fix safety

The fix adds the attribute with its default or its first valid value, or empty where nothing is known of it. It is
unsafe, and no batch applies it: the value is yours to choose.

## References

- [Policy reference](https://learn.microsoft.com/azure/api-management/api-management-policies)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.model import Applicability, Rule, Severity
from apim_policy.rules.rewriting import fix, given
from apim_policy.rules.structure import Kind
from apim_policy.text.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    for slip in context.structure.of(Kind.MISSING_ATTRIBUTE):
        declared = slip.place.decl.attributes[slip.name]
        name, element = slip.name, slip.element
        values = declared.type.values
        value = declared.default or (values[0].value if values else "")
        message = f'{element.name} needs the attribute "{name}".'
        if values:
            message = f"{message} Give it one of {listed([each.value for each in values], 'or')}."
        yield RULE.diagnostic(
            context,
            element.name_span,
            message,
            severity=Severity.WARNING if declared.soft else None,
            fixes=[fix(context, f'Add "{name}"', [given(context, element, name, value)], batch=False)],
        )


RULE = Rule(
    code="POL003",
    name="missing-attribute",
    level=Severity.ERROR,
    summary="An attribute that the element needs is missing",
    check=_check,
    fix=Applicability.UNSAFE,
)
