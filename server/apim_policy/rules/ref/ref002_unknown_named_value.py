"""# REF002 unknown-named-value

## What it does

Reports `{{…}}` whose named value is not among those of the service, in attributes, texts and expressions. Which these are
is known where the workspace holds a folder with all of them, as APIOps writes it: `namedValues` or `named values`. A
folder with only those that `configuration.extractor.yaml` asks for is none. Both the name that is shown and the name of the
resource count. Nothing is reported where there is no such folder, in Liquid
templates, whose braces look the same, in comments, and in an expression with an interpolated string, which writes two
braces for one.

## Why is this bad?

The service refuses to save a policy with the name of a named value that does not exist: deployment fails.

## Example

```xml title="apis/orders/policy.xml"
<policies>
    <inbound>
        <base />
        <set-header name="X-Key" exists-action="override">
            <value>{{backend-kye}}</value>
        </set-header>
    </inbound>
</policies>
```

```json title="apis/orders/apiInformation.json"
{"properties": {"path": "orders"}}
```

```json title="namedValues/backend-key/namedValueInformation.json"
{"properties": {"displayName": "backend-key", "secret": true}}
```

## Use instead

```xml title="apis/orders/policy.xml"
<policies>
    <inbound>
        <base />
        <set-header name="X-Key" exists-action="override">
            <value>{{backend-key}}</value>
        </set-header>
    </inbound>
</policies>
```

```json title="apis/orders/apiInformation.json"
{"properties": {"path": "orders"}}
```

```json title="namedValues/backend-key/namedValueInformation.json"
{"properties": {"displayName": "backend-key", "secret": true}}
```

## Fix safety

Unsafe: the nearest name is a guess.

## References

- [Named values](https://learn.microsoft.com/azure/api-management/api-management-howto-properties)
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
    yield from unknown_resources(RULE, context, ResourceKind.NAMED_VALUE)


RULE = Rule(
    code="REF002",
    name="unknown-named-value",
    level=Severity.WARNING,
    summary="A named value that the service does not have",
    check=_check,
    fix=Applicability.UNSAFE,
)
