"""# REF003 unknown-backend

## What it does

Reports a `backend-id`, and the other attributes that name a backend, whose backend is not among those of the service.
Which these are is known where the workspace holds a folder with all of them, as APIOps writes it: `backends`. A folder with
only those that `configuration.extractor.yaml` asks for is none. Nothing is reported where there is no such folder, and about
an id that an expression, a template or a named value completes.

## Why is this bad?

The policy is refused when it is saved, or the call fails when it should go to the backend.

## Example

```xml title="apis/orders/policy.xml"
<policies>
    <inbound>
        <base />
        <set-backend-service backend-id="orders-backnd" />
    </inbound>
</policies>
```

```json title="apis/orders/apiInformation.json"
{"properties": {"path": "orders"}}
```

```json title="backends/orders-backend/backendInformation.json"
{"properties": {"protocol": "http", "url": "https://orders.example.com"}}
```

## Use instead

```xml title="apis/orders/policy.xml"
<policies>
    <inbound>
        <base />
        <set-backend-service backend-id="orders-backend" />
    </inbound>
</policies>
```

```json title="apis/orders/apiInformation.json"
{"properties": {"path": "orders"}}
```

```json title="backends/orders-backend/backendInformation.json"
{"properties": {"protocol": "http", "url": "https://orders.example.com"}}
```

## Fix safety

Unsafe: the nearest name is a guess.

## References

- [Backends](https://learn.microsoft.com/azure/api-management/backends)
- [Set backend service](https://learn.microsoft.com/azure/api-management/set-backend-service-policy)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.model import Applicability, Rule, Severity
from apim_policy.rules.ref.resources import unknown_resources
from apim_policy.workspace.model import ResourceKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    yield from unknown_resources(RULE, context, ResourceKind.BACKEND)


RULE = Rule(
    code="REF003",
    name="unknown-backend",
    level=Severity.WARNING,
    summary="A backend that the service does not have",
    check=_check,
    fix=Applicability.UNSAFE,
)
