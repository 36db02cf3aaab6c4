"""# REF006 unused-fragment

## What it does

Reports a fragment that no policy of its service includes. Which policies the service has is known where the workspace holds
them in folders as APIOps writes them; elsewhere nothing is reported. An `include-fragment` in a comment includes nothing.

Nothing is reported either where a template or a named value completes the id of some `include-fragment`, and where
`configuration.extractor.yaml` asks only for some APIs or products.

## Why is this bad?

It is read and kept up for nothing, and may be a sign that a policy lost its `include-fragment`.

## Example

```xml title="apis/orders/policy.xml"
<policies>
    <inbound>
        <base />
        <!-- <include-fragment fragment-id="common" /> -->
    </inbound>
</policies>
```

```xml title="policyFragments/common/policy.xml"
<fragment>
    <set-header name="X-Source" exists-action="override">
        <value>gateway</value>
    </set-header>
</fragment>
```

```json title="policyFragments/common/policyFragmentInformation.json"
{"properties": {"description": "What all APIs do"}}
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

```xml title="policyFragments/common/policy.xml"
<fragment>
    <set-header name="X-Source" exists-action="override">
        <value>gateway</value>
    </set-header>
</fragment>
```

```json title="policyFragments/common/policyFragmentInformation.json"
{"properties": {"description": "What all APIs do"}}
```

## References

- [Policy fragments](https://learn.microsoft.com/azure/api-management/policy-fragments)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.model import Rule, Severity, Tag
from apim_policy.workspace.model import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    info, root = context.info, context.document.root
    if info.scope is not Scope.FRAGMENT or info.fragment is None or root is None:
        return
    if context.workspace.fragment(info.fragment) != context.path:
        return
    from apim_policy.flow.inclusions import Inclusions

    if Inclusions.of(context.workspace).unused(context.path, info.fragment):
        message = f'No policy of the service includes the fragment "{info.fragment}", so it can go.'
        yield RULE.diagnostic(context, root.name_span, message, tags=[Tag.UNNECESSARY])


RULE = Rule(
    code="REF006",
    name="unused-fragment",
    level=Severity.HINT,
    summary="A fragment that no policy of the service includes",
    check=_check,
)
