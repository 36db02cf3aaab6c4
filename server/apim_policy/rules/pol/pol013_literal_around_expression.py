"""# POL013 literal-around-expression

## What it does

Reports a value that mixes literal text with a policy expression. Values with named values, placeholders or Liquid are
left alone, and those of which no source says whether they take an expression at all.

## Why is this bad?

An expression is evaluated only where it is the whole value. Otherwise its source is sent as it stands.

## Example

```xml
<policies>
    <inbound>
        <set-header name="Authorization" exists-action="override">
            <value>Bearer @((string)context.Variables["token"])</value>
        </set-header>
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <set-header name="Authorization" exists-action="override">
            <value>@("Bearer " + (string)context.Variables["token"])</value>
        </set-header>
    </inbound>
</policies>
```

## Fix safety

The fix moves the text into the expression, as C# strings. It is unsafe, because it changes what the policy does.

## References

- [Policy expressions](https://learn.microsoft.com/azure/api-management/api-management-policy-expressions)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.model import Applicability, Rule, Severity
from apim_policy.rules.rewriting import fix
from apim_policy.rules.structure import Kind
from apim_policy.syntax.tree import Expression, Text
from apim_policy.text.edits import TextEdit
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic
    from apim_policy.syntax.tree import Attribute, Document


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    for slip in context.structure.of(Kind.MIXED):
        owner: Attribute | Text
        if slip.attribute is not None:
            owner, span = slip.attribute, slip.attribute.value_span
        elif isinstance(slip.part, Text):
            owner, span = slip.part, _trimmed(context.document, slip.part)
        else:
            continue
        where = f'"{slip.attribute.name}"' if slip.attribute else "This text"
        message = (
            f"{where} of {slip.element.name} mixes text with an expression, so that the expression is not evaluated. "
            "Make it one expression that joins both."
        )
        joined = _joined(context.document, owner, span)
        fixes = [fix(context, "Make it one expression", [TextEdit(span, joined)])] if joined else []
        yield RULE.diagnostic(context, span, message, fixes=fixes)


def _joined(document: Document, owner: Attribute | Text, span: Span) -> str | None:
    """The value as one expression; None where its parts cannot be joined without a look at them."""
    pieces = []
    for part in owner.parts:
        start, end = max(part.start, span.start), min(part.end, span.end)
        if isinstance(part, Expression):
            code = document.slice(part.code_span)
            if part.escaped or not part.closed or document.text[part.start + 1] != "(" or "//" in code:
                return None
            pieces.append(f"({code})")
        elif start < end:
            text = document.text[start:end]
            if any(char in text for char in '"\\&\r\n'):
                return None
            pieces.append(f'"{text}"')
    return f"@({' + '.join(pieces)})"


def _trimmed(document: Document, text: Text) -> Span:
    source = document.slice(text)
    start = text.start + len(source) - len(source.lstrip())
    return Span(start, start + len(source.strip()))


RULE = Rule(
    code="POL013",
    name="literal-around-expression",
    level=Severity.WARNING,
    summary="An expression with literal text before or after it",
    check=_check,
    fix=Applicability.UNSAFE,
)
