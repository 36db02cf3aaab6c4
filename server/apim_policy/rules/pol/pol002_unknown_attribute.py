"""# POL002 unknown-attribute

## What it does

Reports an attribute that a policy, or an element in it, does not have. Nothing is said about namespaces and about
names that a template fills in.

## Why is this bad?

The service rejects the document when it is saved.

## Example

```xml
<policies>
    <inbound>
        <set-header name="X-Version" exist-action="override">
            <value>2</value>
        </set-header>
    </inbound>
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

The fix gives the attribute the nearest name that is not in use. It is unsafe, because another may be meant.

## References

- [Policy reference](https://learn.microsoft.com/azure/api-management/api-management-policies)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.model import Applicability, Rule, Severity
from apim_policy.rules.rewriting import fix
from apim_policy.rules.structure import Kind
from apim_policy.text.edits import TextEdit
from apim_policy.text.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    for slip in context.structure.of(Kind.UNKNOWN_ATTRIBUTE):
        if slip.attribute is None:
            continue
        known = slip.place.decl.attributes
        message = f'"{slip.attribute.name}" is not an attribute of {slip.element.name}'
        fixes = []
        if slip.name:
            message = f'{message}. Did you mean "{slip.name}"?'
            edits = [TextEdit(slip.attribute.name_span, slip.name)]
            fixes = [fix(context, f'Change to "{slip.name}"', edits)]
        elif known:
            message = f"{message}, which has {listed(list(known)[:_LISTED])}{_rest(len(known))}."
        else:
            message = f"{message}, which has none. Remove it."
        yield RULE.diagnostic(context, slip.attribute.name_span, message, fixes=fixes)


_LISTED = 8


def _rest(known: int) -> str:
    return f" and {known - _LISTED} more" if known > _LISTED else ""


RULE = Rule(
    code="POL002",
    name="unknown-attribute",
    level=Severity.ERROR,
    summary="An attribute that the element does not have",
    check=_check,
    fix=Applicability.UNSAFE,
)
