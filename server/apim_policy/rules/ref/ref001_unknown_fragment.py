"""# REF001 unknown-fragment

## What it does

Reports an `include-fragment` whose fragment is not among those of the service. Which these are is known where the
workspace holds a folder with all of them, as APIOps writes it: `policyFragments` or `policy fragments`. A folder with only
those that `configuration.extractor.yaml` asks for is none. Nothing is reported where there is no such folder, and about an
id that a template or a named value completes.

## Why is this bad?

The service refuses to save a policy that includes a fragment which does not exist: deployment fails.

## Example

```xml title="apis/orders/policy.xml"
<policies>
    <inbound>
        <base />
        <include-fragment fragment-id="comon" />
    </inbound>
</policies>
```

```json title="apis/orders/apiInformation.json"
{"properties": {"path": "orders"}}
```

```json title="policyFragments/common/policyFragmentInformation.json"
{"properties": {"description": "What all APIs do"}}
```

```xml title="policyFragments/common/policy.xml"
<fragment>
    <set-header name="X-Source" exists-action="override">
        <value>gateway</value>
    </set-header>
</fragment>
```

## Use instead

```xml title="apis/orders/policy.xml"
<policies>
    <inbound>
        <base />
        <include-fragment fragment-id="common" />
    </inbound>
</policies>
```

```json title="apis/orders/apiInformation.json"
{"properties": {"path": "orders"}}
```

```json title="policyFragments/common/policyFragmentInformation.json"
{"properties": {"description": "What all APIs do"}}
```

```xml title="policyFragments/common/policy.xml"
<fragment>
    <set-header name="X-Source" exists-action="override">
        <value>gateway</value>
    </set-header>
</fragment>
```

## Fix safety

Unsafe: the nearest name is a guess.

## References

- [Policy fragments](https://learn.microsoft.com/azure/api-management/policy-fragments)
- [Include fragment](https://learn.microsoft.com/azure/api-management/include-fragment-policy)
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
    yield from unknown_resources(RULE, context, ResourceKind.FRAGMENT)


RULE = Rule(
    code="REF001",
    name="unknown-fragment",
    level=Severity.WARNING,
    summary="A fragment that the service does not have",
    check=_check,
    fix=Applicability.UNSAFE,
)
