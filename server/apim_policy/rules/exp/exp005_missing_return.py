"""# EXP005 missing-return

## What it does

Reports a block `@{…}` in which some path reaches the end without `return`, at its `@{`. A path that throws or loops for
ever returns nothing and is no fault. Nothing is reported where the end is not surely reached.

## Why is this bad?

An expression must give a value back on every path. The service rejects the document when it is saved.

## Example

```xml
<policies>
    <inbound>
        <set-variable name="plan" value="@{
            if (context.Product != null) {
                return context.Product.Name;
            }
        }" />
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <set-variable name="plan" value="@{
            if (context.Product != null) {
                return context.Product.Name;
            }
            return "none";
        }" />
    </inbound>
</policies>
```

## Fix safety

Where the last statement is a call, or declares one variable with a value, the fix returns that value. It is unsafe,
because another value may be meant.

## References

- [Policy expressions: syntax](https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#Syntax)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.csharp.control_flow import body, last_statement, missing_return
from apim_policy.rules.exp.expressions import closed_expressions
from apim_policy.rules.model import Applicability, Rule, Severity
from apim_policy.rules.rewriting import fix
from apim_policy.text.edits import TextEdit
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.exp.expressions import Written
    from apim_policy.rules.model import Diagnostic

_MESSAGE = (
    "Not every path of this expression returns a value. "
    'End each one with "return …;", or throw where there is no value to return.'
)


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    for written in closed_expressions(context):
        if not missing_return(written.code):
            continue
        start = written.expression.start
        edit = _returned(written)
        fixes = [fix(context, "Return the last value", [edit])] if edit is not None else []
        yield RULE.diagnostic(context, Span(start, start + 2), _MESSAGE, fixes=fixes)


def _returned(written: Written) -> TextEdit | None:
    """The change that makes the last statement return its value; None where it has none."""
    code = written.code
    block = body(code)
    last = last_statement(block) if block is not None else None
    if last is None or not last.named_children:
        return None
    inner = last.named_children[0]
    start = written.place(code.span_of(last)).start
    if last.type == "expression_statement" and inner.type == "invocation_expression":
        return TextEdit.insert(start, "return ")
    if last.type != "local_declaration_statement" or inner.type != "variable_declaration":
        return None
    declarators = [child for child in inner.named_children if child.type == "variable_declarator"]
    if len(declarators) != 1 or len(declarators[0].named_children) < 2:
        return None
    value = declarators[0].named_children[-1]
    if value.type == "initializer_expression":
        return None
    return TextEdit(Span(start, written.place(code.span_of(value)).start), "return ")


RULE = Rule(
    code="EXP005",
    name="missing-return",
    level=Severity.ERROR,
    summary="Block with a path that returns nothing",
    check=_check,
    fix=Applicability.UNSAFE,
)
