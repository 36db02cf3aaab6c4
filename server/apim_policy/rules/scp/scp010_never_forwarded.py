"""# SCP010 never-forwarded

## What it does

Reports a `backend` section with neither `<base />` nor anything that forwards the request. A fragment that is not in
the workspace counts as forwarding, and a policy that answers the request by itself is left alone. An empty section is
a hint: it is the documented way not to call a backend.

## Why is this bad?

The section replaces that of the broader scopes, where the request is forwarded. Without a policy that forwards, the
backend is never called, and `outbound` runs with an empty response.

## Example

```xml
<policies>
    <backend>
        <set-backend-service backend-id="orders" />
    </backend>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <base />
        <set-backend-service backend-id="orders" />
    </inbound>
    <backend>
        <base />
    </backend>
</policies>
```

## References

- [Forward request](https://learn.microsoft.com/azure/api-management/forward-request-policy)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.flow import facts
from apim_policy.rules.effects import may_forward
from apim_policy.rules.model import Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    root = context.structure.root
    backend = root.element.child("backend") if root and root.element.name == "policies" else None
    if backend is None or facts.is_substituted(backend) or context.document.faults:
        return
    elements = list(backend.elements())
    if any(may_forward(context, element) for element in elements):
        return
    if elements:
        message = "Nothing in <backend> forwards the request. Add <base /> or <forward-request />."
        yield RULE.diagnostic(context, backend.name_span, message)
    else:
        message = "<backend> is empty, so that the backend is never called."
        yield RULE.diagnostic(context, backend.name_span, message, severity=Severity.HINT)


RULE = Rule(
    code="SCP010",
    name="never-forwarded",
    level=Severity.WARNING,
    summary="A `backend` section that sends nothing to the backend",
    check=_check,
)
