"""# SCP011 unreachable-policy

## What it does

Reports what follows `return-response`, `mock-response` and their kind in the same list of policies. Where only `<base
/>` follows, it is a hint. Nothing is said where a template decides what the list holds.

## Why is this bad?

Such a policy answers the request at once. What stands after it never runs.

## Example

```xml
<policies>
    <inbound>
        <return-response>
            <set-status code="204" />
        </return-response>
        <set-header name="X-Seen" exists-action="override">
            <value>1</value>
        </set-header>
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <set-header name="X-Seen" exists-action="override">
            <value>1</value>
        </set-header>
        <return-response>
            <set-status code="204" />
        </return-response>
    </inbound>
</policies>
```

## References

- [Return response](https://learn.microsoft.com/azure/api-management/return-response-policy)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.flow import facts
from apim_policy.rules.model import Rule, Severity, Tag
from apim_policy.schema.declarations import EffectKind, Runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    document = context.document
    ended: set[int] = set()
    for place in context.structure.policies:
        outer = place.parent
        if not place.listed or outer is None or outer.open or outer.decl.runs in (None, Runs.SIDE_BY_SIDE):
            continue
        if place.element.open_tag:
            continue
        if not place.decl.has_effect(EffectKind.ENDS_REQUEST) or not facts.ends_request(
            document, place.element
        ):
            continue
        if id(outer) in ended:
            continue
        ended.add(id(outer))
        siblings = list(outer.element.elements())
        at = next(index for index, sibling in enumerate(siblings) if sibling is place.element)
        after = siblings[at + 1 :]
        if not after:
            continue
        only_base = all(facts.is_base(element) for element in after)
        what = f"<{after[0].name}>" if len(after) == 1 else f"<{after[0].name}> and what follows it"
        message = f"{what} never runs: {place.element.name} ends the request before."
        yield RULE.diagnostic(
            context,
            after[0].name_span,
            message,
            severity=Severity.HINT if only_base else None,
            related=[context.related(place.element.name_span, "The request ends here")],
            tags=[Tag.UNNECESSARY],
        )


RULE = Rule(
    code="SCP011",
    name="unreachable-policy",
    level=Severity.WARNING,
    summary="A policy after one that ends the request",
    check=_check,
)
