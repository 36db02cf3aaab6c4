"""# SCP005 missing-base

## What it does

Reports a section of a product's, an API's or an operation's policy without `<base />`. Nothing is said of a `backend`
that forwards the request itself, where a template decides what the section holds, and where the scope is global or
not known. Under the profile `strict` it is a warning.

## Why is this bad?

Without `<base />`, nothing of the broader scopes runs in that section: neither the product's nor the global limits,
checks and headers.

## Example

```xml title="apis/orders/policy.xml"
<!-- apim-policy: scope=api api=orders -->
<policies>
    <inbound>
        <set-method>GET</set-method>
    </inbound>
</policies>
```

## Use instead

```xml title="apis/orders/policy.xml"
<!-- apim-policy: scope=api api=orders -->
<policies>
    <inbound>
        <base />
        <set-method>GET</set-method>
    </inbound>
</policies>
```

## Fix safety

The fix puts `<base />` at the start of the section. It is unsafe, because the policies of the broader scopes run from
then on.

## References

- [Scopes and inheritance](https://learn.microsoft.com/azure/api-management/set-edit-policies#use-base-element-to-set-policy-evaluation-order)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.flow import facts
from apim_policy.rules.mcp.layout import appended, put_before
from apim_policy.rules.model import Applicability, Rule, Severity
from apim_policy.rules.rewriting import fix
from apim_policy.workspace.model import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic
    from apim_policy.rules.structure import Place


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    root = context.structure.root
    if root is None or root.element.name != "policies":
        return
    without = [place for place in context.structure.places if _stops(context, place, root)]
    if not without:
        return
    resources = (context.info, *context.info.also)
    if any(info.scope not in _INHERITS for info in resources):
        return
    for place in without:
        element = place.element
        what = _INHERITS[context.info.scope]
        message = f"<{element.name}> has no <base />, so that nothing of the broader scopes runs there for this {what}."
        first = next(element.elements(), None)
        document = context.document
        edit = put_before(document, first, _BASE) if first else appended(document, element, _BASE)
        yield RULE.diagnostic(
            context, element.name_span, message, fixes=[fix(context, "Add <base />", [edit])]
        )


def _stops(context: RuleContext, place: Place, root: Place) -> bool:
    element = place.element
    if place.parent is not root or place.section is None or place.open or element.child("base") is not None:
        return False
    backend = place.section == "backend"
    return not (backend and any(facts.forwards(context.document, inner) for inner in element.walk()))


_BASE = [(0, "<base />")]
_INHERITS = {Scope.PRODUCT: "product", Scope.API: "API", Scope.OPERATION: "operation"}


RULE = Rule(
    code="SCP005",
    name="missing-base",
    level=Severity.INFO,
    summary="A section that stops what broader scopes do",
    check=_check,
    strict=Severity.WARNING,
    fix=Applicability.UNSAFE,
)
