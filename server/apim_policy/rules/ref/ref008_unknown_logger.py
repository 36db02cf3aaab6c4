"""# REF008 unknown-logger

## What it does

Reports a `logger-id` whose logger, and a `schema-id` whose schema, is not among those of the service. Which these are is
known where the workspace holds a folder with all of them, as APIOps writes it: `loggers` and `schemas`. A folder with only
those that `configuration.extractor.yaml` asks for is none. Nothing is reported where there is no such folder, and about an
id that an expression, a template or a named value completes.

## Why is this bad?

The policy is refused when it is saved, or nothing is logged or checked when it runs.

## Example

```xml title="apis/orders/policy.xml"
<policies>
    <inbound>
        <base />
        <log-to-eventhub logger-id="event-hub-loger">@(context.Request.Method)</log-to-eventhub>
    </inbound>
</policies>
```

```json title="apis/orders/apiInformation.json"
{"properties": {"path": "orders"}}
```

```json title="loggers/event-hub-logger/loggerInformation.json"
{"properties": {"loggerType": "azureEventHub"}}
```

## Use instead

```xml title="apis/orders/policy.xml"
<policies>
    <inbound>
        <base />
        <log-to-eventhub logger-id="event-hub-logger">@(context.Request.Method)</log-to-eventhub>
    </inbound>
</policies>
```

```json title="apis/orders/apiInformation.json"
{"properties": {"path": "orders"}}
```

```json title="loggers/event-hub-logger/loggerInformation.json"
{"properties": {"loggerType": "azureEventHub"}}
```

## Fix safety

Unsafe: the nearest name is a guess.

## References

- [Log to event hub](https://learn.microsoft.com/azure/api-management/log-to-eventhub-policy)
- [Validate content](https://learn.microsoft.com/azure/api-management/validate-content-policy)
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
    yield from unknown_resources(RULE, context, ResourceKind.LOGGER, ResourceKind.SCHEMA)


RULE = Rule(
    code="REF008",
    name="unknown-logger",
    level=Severity.WARNING,
    summary="A logger or schema that the service does not have",
    check=_check,
    fix=Applicability.UNSAFE,
)
