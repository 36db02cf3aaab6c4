"""# EXP007 body-consumed

## What it does

Reports `Body.As<…>()` and `Body.AsFormUrlEncodedContent()` without `preserveContent: true` where the body is needed
later: the body of the request, when the request is forwarded afterwards or an expression reads it again; the body of
the response in `outbound`, when the client is to get it or an expression reads it again; the response in a variable,
when an expression reads it twice.

Nothing is said where `set-body` gives another body afterwards, so that an expression in `set-body` may use up what it
replaces; where `return-response` ends the call; where `set-method` makes it a call without a body; where a fragment or
an outer scope that is not in the workspace comes in between; and of a second read in an expression that chooses between
values.

## Why is this bad?

Without `preserveContent: true` the read takes the message's own stream and leaves nothing behind: the backend gets an
empty body, the client an empty answer, and the next read finds nothing.

## Example

```xml
<policies>
    <inbound>
        <base />
        <set-variable name="model" value="@((string)context.Request.Body.As<JObject>()["model"])" />
    </inbound>
    <backend>
        <forward-request />
    </backend>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <base />
        <set-variable name="model" value="@((string)context.Request.Body.As<JObject>(preserveContent: true)["model"])" />
    </inbound>
    <backend>
        <forward-request />
    </backend>
</policies>
```

## Fix safety

The fix adds the argument. The gateway then keeps the body in memory, which delays bodies that were streamed. It is
unsafe, as every change of an expression is.

## References

- [Policy expressions](https://learn.microsoft.com/azure/api-management/api-management-policy-expressions)
- [Set body](https://learn.microsoft.com/azure/api-management/set-body-policy)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.flow.bodies import REQUEST, RESPONSE, Need, losses
from apim_policy.rules.model import Applicability, Rule, Severity
from apim_policy.rules.rewriting import fix
from apim_policy.text.edits import TextEdit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.flow.bodies import Loss
    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic, Related

_SECTIONS = ("inbound", "backend", "outbound")
_PRESERVE = "preserveContent: true"
_WHOSE = {REQUEST: "the request's body", RESPONSE: "the response's body"}


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    document = context.document
    root = document.root
    if root is None or root.name != "policies" or ".As" not in document.text:
        return
    sections = [(name, context.flow.steps(context.info, name)) for name in _SECTIONS]
    for loss in losses(sections):
        if loss.read.origin.path == context.path:
            yield _finding(context, loss)


def _finding(context: RuleContext, loss: Loss) -> Diagnostic:
    whose = _WHOSE.get(loss.read.owner, "the body of that response")
    related = _related(context, loss)
    message = f"This read uses up {whose}, {_CONSEQUENCES[loss.need]} Read it with {_PRESERVE}."
    edits = [TextEdit(loss.read.arguments, _PRESERVE)]
    fixes = [fix(context, f"Add {_PRESERVE}", edits, Applicability.UNSAFE)]
    return RULE.diagnostic(context, loss.read.span, message, related=related, fixes=fixes)


_CONSEQUENCES = {
    Need.READ: "and a later read finds it empty.",
    Need.FORWARD: "so the backend gets none.",
    Need.ANSWER: "so the client gets none.",
}


def _related(context: RuleContext, loss: Loss) -> list[Related]:
    if loss.origin is None:
        return []
    if loss.span is not None:
        return [context.related(loss.span, "It is read again here.", loss.origin.path)]
    return [context.related(loss.origin.element.name_span, "It is forwarded here.", loss.origin.path)]


RULE = Rule(
    code="EXP007",
    name="body-consumed",
    level=Severity.WARNING,
    summary="A body that is read away before it is needed",
    check=_check,
    fix=Applicability.UNSAFE,
)
