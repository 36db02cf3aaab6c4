"""# POL017 unbuffered-retry

## What it does

Reports `forward-request` inside `retry` without `buffer-request-body="true"`. Nothing is said where an expression, a
named value or a template decides.

## Why is this bad?

A body that is not buffered goes out with the first attempt and is gone: the attempts after it are sent without a
body, or fail.

## Example

```xml
<policies>
    <backend>
        <retry condition="@(context.Response.StatusCode >= 500)" count="3" interval="1">
            <forward-request />
        </retry>
    </backend>
</policies>
```

## Use instead

```xml
<policies>
    <backend>
        <retry condition="@(context.Response.StatusCode >= 500)" count="3" interval="1">
            <forward-request buffer-request-body="true" />
        </retry>
    </backend>
</policies>
```

## Fix safety

The fix sets the attribute. What is sent stays the same; the gateway keeps the body in memory until the call is done.

## References

- [Retry](https://learn.microsoft.com/azure/api-management/retry-policy)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.model import Applicability, Rule, Severity
from apim_policy.rules.rewriting import fix, given
from apim_policy.schema.declarations import EffectKind
from apim_policy.text.edits import TextEdit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    document = context.document
    for place in context.structure.policies:
        element = place.element
        if _BUFFER not in place.decl.attributes or not place.decl.has_effect(EffectKind.FORWARDS):
            continue
        if element.open_tag or _BUFFER in place.proposed:
            continue
        around = place.repeated
        attribute = element.attribute(_BUFFER)
        value = document.literal(attribute) if attribute else "false"
        if around is None or value is None or value.strip() not in ("false", "0"):
            continue
        if attribute is None:
            edit = given(context, element, _BUFFER, "true")
        else:
            edit = TextEdit(attribute.value_span, "true")
        message = (
            f"{element.name} in {around.element.name} sends the body only once. "
            f'Set {_BUFFER}="true", so that it is sent again with each attempt.'
        )
        fixes = [fix(context, f'Set {_BUFFER}="true"', [edit], Applicability.SAFE)]
        related = [context.related(around.element.name_span, "It is repeated by this")]
        yield RULE.diagnostic(context, element.name_span, message, related=related, fixes=fixes)


_BUFFER = "buffer-request-body"


RULE = Rule(
    code="POL017",
    name="unbuffered-retry",
    level=Severity.WARNING,
    summary="A request that is sent again without its body",
    check=_check,
    fix=Applicability.SAFE,
)
