"""# XML004 unterminated-expression

## What it does

Reports an expression that is never closed, at its `@(` or `@{`, and names the bracket or the quote that stays open. The
document after the place where the markup visibly goes on is checked as usual. An expression whose brackets match before
its code ends is reported too.

## Why is this bad?

The service takes the rest of the document for the code of the expression and rejects the document when it is saved,
often with a message about something further down.

## Example

```xml
<policies>
    <inbound>
        <base />
        <set-variable name="client" value="@(context.Request.Headers.GetValueOrDefault("X-Client", "none")" />
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <base />
        <set-variable name="client" value="@(context.Request.Headers.GetValueOrDefault("X-Client", "none"))" />
    </inbound>
</policies>
```

## References

- [Policy expressions: syntax](https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#Syntax)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.model import Rule, Severity
from apim_policy.rules.xml.faults import faults_of
from apim_policy.syntax.open_bracket import open_bracket
from apim_policy.syntax.tree import FaultKind
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic
    from apim_policy.syntax.tree import Fault


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    for fault in faults_of(context.document, FaultKind.UNTERMINATED_EXPRESSION):
        yield (
            _closed_early(context, fault) if fault.detail == "closed-early" else _never_closed(context, fault)
        )


def _never_closed(context: RuleContext, fault: Fault) -> Diagnostic:
    document = context.document
    end = fault.related[1] if fault.related else fault.end
    found = open_bracket(document.text, fault.start, end)
    opening = f'"{fault.token}" is never closed'
    if found.start == fault.start + 1:
        message = f'{opening}. Write "{found.closing}" where the expression ends.'
        return RULE.diagnostic(context, fault.span, message)
    place = Span(found.start, found.start + len(found.token))
    line = document.lines.line_of(found.start) + 1
    if found.token in _PAIRED:
        message = f'{opening}: the "{found.token}" on line {line} stays open. Write "{found.closing}" where it ends.'
    else:
        message = f"{opening}: the quote on line {line} stays open, so what follows counts as text. Write the closing quote."
    related = context.related(place, "This stays open")
    return RULE.diagnostic(context, fault.span, message, related=[related])


def _closed_early(context: RuleContext, fault: Fault) -> Diagnostic:
    document = context.document
    place = Span(*fault.related) if fault.related else fault.span
    closing = document.slice(place)
    line = document.lines.line_of(place.start) + 1
    message = (
        f'The "{closing}" on line {line} already closes "{fault.token}", but its code goes on. '
        f'Write the bracket that is missing before it, or remove this "{closing}".'
    )
    related = context.related(place, "The expression ends here")
    return RULE.diagnostic(context, fault.span, message, related=[related])


_PAIRED = frozenset({"(", "[", "{", "/*"})

RULE = Rule(
    code="XML004",
    name="unterminated-expression",
    level=Severity.ERROR,
    summary="Expression that is never closed",
    check=_check,
)
