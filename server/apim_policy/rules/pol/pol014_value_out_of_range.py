"""# POL014 value-out-of-range

## What it does

Reports a number below or above what the policy takes. Where the service accepts a value and may not do what it says,
this is a warning. Only literals are looked at.

## Why is this bad?

The service rejects the document when it is saved, or ignores the value.

## Example

```xml
<policies>
    <backend>
        <retry condition="@(context.Response.StatusCode >= 500)" count="100" interval="1">
            <forward-request />
        </retry>
    </backend>
</policies>
```

```xml
<policies>
    <backend>
        <forward-request timeout="600" />
    </backend>
</policies>
```

## Use instead

```xml
<policies>
    <backend>
        <retry condition="@(context.Response.StatusCode >= 500)" count="10" interval="1">
            <forward-request timeout="120" />
        </retry>
    </backend>
</policies>
```

## References

- [Policy reference](https://learn.microsoft.com/azure/api-management/api-management-policies)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.model import Rule, Severity
from apim_policy.rules.structure import Kind
from apim_policy.rules.values import valid
from apim_policy.schema.declarations import ConstraintKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    structure = context.structure
    for slip in structure.of(Kind.OUT_OF_RANGE):
        if slip.type is None:
            continue
        span = slip.attribute.value_span if slip.attribute else slip.element.content_span
        what = (
            f"{slip.element.name}'s {slip.attribute.name}"
            if slip.attribute
            else f"The text of {slip.element.name}"
        )
        yield RULE.diagnostic(context, span, f"{what} must be {valid(slip.type)}, not {slip.value.strip()}.")
    for place in structure.constrained:
        for constraint in place.decl.constraints:
            if (
                constraint.kind is ConstraintKind.RANGE
                and constraint.attribute
                and constraint.warn_above is not None
            ):
                attribute = place.element.attribute(constraint.attribute)
                value = context.document.literal(attribute) if attribute else None
                if attribute is None or value is None or not _above(value, constraint.warn_above):
                    continue
                message = (
                    f"{place.element.name}'s {attribute.name} should be at most {constraint.warn_above:g}."
                )
                message = f"{message} {constraint.note}".rstrip()
                yield RULE.diagnostic(context, attribute.value_span, message, severity=Severity.WARNING)


def _above(value: str, limit: float) -> bool:
    try:
        return float(value) > limit
    except ValueError:
        return False


RULE = Rule(
    code="POL014",
    name="value-out-of-range",
    level=Severity.ERROR,
    summary="A number outside its documented limits",
    check=_check,
)
