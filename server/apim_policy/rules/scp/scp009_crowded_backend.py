"""# SCP009 crowded-backend

## What it does

Reports the second policy that stands directly in `backend`. `<base />` counts as one, and so does a policy that holds
others, such as `retry` or `choose`. Nothing is said where a template decides what the section holds.

## Why is this bad?

The service rejects the document: the backend section allows only one policy to be specified.

## Example

```xml
<policies>
    <backend>
        <base />
        <forward-request timeout="60" />
    </backend>
</policies>
```

## Use instead

```xml
<policies>
    <backend>
        <forward-request timeout="60" />
    </backend>
</policies>
```

## References

- [Forward request](https://learn.microsoft.com/azure/api-management/forward-request-policy)
- [Set or edit policies](https://learn.microsoft.com/azure/api-management/set-edit-policies)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.flow import facts
from apim_policy.rules.model import Rule, Severity
from apim_policy.rules.structure import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic
    from apim_policy.syntax.tree import Element


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    root = context.structure.root
    backend = root.element.child("backend") if root and root.element.name == "policies" else None
    if backend is None or backend.open or context.document.faults:
        return
    elements = _held(context, backend)
    if len(elements) > 1:
        first, second = elements[:2]
        message = (
            f"<backend> takes only one policy, and holds <{first.name}> already. "
            f"Move what does not forward the request into <inbound>, or keep one of them."
        )
        related = [context.related(first.name_span, "The first policy")]
        yield RULE.diagnostic(context, second.name_span, message, related=related)


def _held(context: RuleContext, backend: Element) -> list[Element]:
    """The policies in the section, without those that another rule wants elsewhere."""
    structure = context.structure
    elsewhere = {id(slip.element) for slip in structure.of(Kind.WRONG_SECTION)}
    held = [
        place.element
        for place in structure.policies
        if place.element.parent is backend
        and (place.listed or facts.is_base(place.element))
        and id(place.element) not in elsewhere
    ]
    return sorted(held, key=lambda element: element.start)


RULE = Rule(
    code="SCP009",
    name="crowded-backend",
    level=Severity.ERROR,
    summary="More than one policy in `backend`",
    check=_check,
)
