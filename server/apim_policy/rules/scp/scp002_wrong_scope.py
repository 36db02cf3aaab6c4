"""# SCP002 wrong-scope

## What it does

Reports a policy in a document whose scope its documentation does not list, where a comment, the settings or a
deployment file states the scope. A scope that only a path suggests leads to nothing.

## Why is this bad?

The service rejects the document when it is saved.

## Example

```xml title="apis/orders/policy.xml"
<!-- apim-policy: scope=api api=orders -->
<policies>
    <inbound>
        <quota calls="10000" renewal-period="3600" />
    </inbound>
</policies>
```

## Use instead

```xml title="products/starter/policy.xml"
<!-- apim-policy: scope=product product=starter -->
<policies>
    <inbound>
        <quota calls="10000" renewal-period="3600" />
    </inbound>
</policies>
```

## References

- [Policy reference](https://learn.microsoft.com/azure/api-management/api-management-policies)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.model import Rule, Severity
from apim_policy.text.words import listed
from apim_policy.workspace.model import Confidence, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    limited = [
        place for place in context.structure.policies if place.listed and place.policy and place.policy.scopes
    ]
    if not limited:
        return
    info = context.info
    scope = info.scope.value
    if info.confidence is not Confidence.STATED or info.also or info.scope not in _SCOPES:
        return
    for place in limited:
        policy = place.policy
        if policy is None:
            continue
        scopes = policy.scopes
        for variant in policy.variants:
            if place.element.attribute(variant.attribute) is not None:
                scopes += variant.scopes
        if scope not in scopes:
            evidence = info.evidence[0] if info.evidence else None
            related = [context.related(evidence.span, evidence.text, evidence.path)] if evidence else []
            message = (
                f"{policy.name} may be used only in {_scopes(scopes)}, and this is {_SCOPES[info.scope]}."
            )
            yield RULE.diagnostic(context, place.element.name_span, message, related=related)


def _scopes(scopes: tuple[str, ...]) -> str:
    words = [_SCOPES[scope] for scope in _SCOPES if scope.value in scopes]
    return listed(words, "or") if words else "GraphQL resolvers"


_SCOPES = {
    Scope.GLOBAL: "the global policy",
    Scope.WORKSPACE: "a workspace's policy",
    Scope.PRODUCT: "a product's policy",
    Scope.API: "an API's policy",
    Scope.OPERATION: "an operation's policy",
}


RULE = Rule(
    code="SCP002",
    name="wrong-scope",
    level=Severity.ERROR,
    summary="A policy in a scope where it may not be used",
    check=_check,
)
