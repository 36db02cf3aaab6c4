"""# POL004 invalid-value

## What it does

Reports a literal value of an attribute or a text that is not of its type: not one of the values that are listed, no
number, no boolean, no duration. Values with an expression, a named value or a placeholder are left alone. A word in
capitals where a number is due is information only, since a deployment may replace it.

## Why is this bad?

The service rejects the document when it is saved.

## Example

```xml
<policies>
    <inbound>
        <set-header name="X-Version" exists-action="replace">
            <value>2</value>
        </set-header>
    </inbound>
</policies>
```

```xml
<policies>
    <backend>
        <retry condition="@(context.Response.StatusCode >= 500)" count="three" interval="1">
            <forward-request />
        </retry>
    </backend>
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

## Fix safety

The fix puts the nearest valid value in the place of the one that is there. It is unsafe, because another may be
meant.

## References

- [Policy reference](https://learn.microsoft.com/azure/api-management/api-management-policies)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.model import Applicability, Rule, Severity
from apim_policy.rules.rewriting import fix
from apim_policy.rules.structure import Kind
from apim_policy.rules.values import Misfit, enumeration, valid
from apim_policy.schema.declarations import ValueKind
from apim_policy.text.edits import TextEdit
from apim_policy.text.span import Span
from apim_policy.text.words import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic
    from apim_policy.rules.structure import Slip
    from apim_policy.schema.declarations import ValueType


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    for slip in context.structure.of(Kind.INVALID_VALUE):
        kind = slip.type
        if kind is None:
            continue
        what = (
            f"{slip.element.name}'s {slip.attribute.name}"
            if slip.attribute
            else f"The text of {slip.element.name}"
        )
        quoted = f'not "{_short(slip.value)}"' if slip.value else "and is empty"
        message = f"{what} must be {valid(kind)}, {quoted}."
        severity = None
        fixes = []
        if slip.misfit is Misfit.PERHAPS:
            severity = Severity.INFO
            message = f"{message} Nothing in this file shows that a deployment replaces it."
        elif slip.value and (meant := _meant(slip.value, kind)):
            message = f'{message} Did you mean "{meant}"?'
            fixes = [fix(context, f'Change to "{meant}"', [TextEdit(_span(context, slip), meant)])]
        yield RULE.diagnostic(context, _span(context, slip), message, severity=severity, fixes=fixes)


def _meant(value: str, kind: ValueType) -> str | None:
    if kind.kind is ValueKind.BOOLEAN:
        return nearest(value, ("true", "false"))
    return nearest(value, enumeration(kind)) if kind.kind is ValueKind.ENUMERATION else None


def _span(context: RuleContext, slip: Slip) -> Span:
    if slip.attribute is not None:
        return slip.attribute.value_span if slip.value else slip.attribute.span
    if slip.part is None:
        return slip.element.name_span
    text = context.document.slice(slip.part)
    start = slip.part.start + len(text) - len(text.lstrip())
    return Span(start, start + len(text.strip()))


def _short(value: str) -> str:
    return value if len(value) <= _QUOTED else f"{value[:_QUOTED]}…"


_QUOTED = 40


RULE = Rule(
    code="POL004",
    name="invalid-value",
    level=Severity.ERROR,
    summary="A value that is no number, boolean, duration, or one of those listed",
    check=_check,
    fix=Applicability.UNSAFE,
)
