"""# EXP011 wrong-result-type

## What it does

Reports an expression in an attribute that decides something, such as `condition` of `when` and of `retry`, where what it
gives is surely no boolean.

Nothing is reported where the type is not sure, nor about a value that may hold a boolean at run time: a variable that
is read without a cast, or a JSON value.

## Why is this bad?

The service takes only a boolean there: it refuses the expression, or the call fails with
`ExpressionValueEvaluationFailure`.

## Example

```xml
<policies>
    <inbound>
        <choose>
            <when condition="@(context.Request.Headers.GetValueOrDefault(&quot;X-Debug&quot;, &quot;false&quot;))">
                <set-header name="X-Trace" exists-action="override">
                    <value>on</value>
                </set-header>
            </when>
        </choose>
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <choose>
            <when condition="@(context.Request.Headers.GetValueOrDefault(&quot;X-Debug&quot;, &quot;false&quot;) == &quot;true&quot;)">
                <set-header name="X-Trace" exists-action="override">
                    <value>on</value>
                </set-header>
            </when>
        </choose>
    </inbound>
</policies>
```

## References

- [Choose](https://learn.microsoft.com/azure/api-management/choose-policy)
- [Policy expressions](https://learn.microsoft.com/azure/api-management/api-management-policy-expressions)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.csharp.code import code_of
from apim_policy.csharp.conversions import bare, is_number
from apim_policy.csharp.types import STRING
from apim_policy.rules.exp.expressions import Written
from apim_policy.rules.exp.typed import type_text, typed
from apim_policy.rules.model import Rule, Severity
from apim_policy.schema.declarations import RoleKind
from apim_policy.syntax.tree import Expression

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.csharp.types import Type
    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic
    from apim_policy.rules.structure import Place
    from apim_policy.syntax.tree import Attribute

_NEVER = frozenset(
    {
        "System.Char",
        "System.DateTime",
        "System.DateTimeOffset",
        "System.TimeSpan",
        "System.Guid",
        "System.Uri",
        "System.Array",
        "Newtonsoft.Json.Linq.JObject",
        "Newtonsoft.Json.Linq.JArray",
        "Newtonsoft.Json.Linq.JProperty",
    }
)


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    for place in context.structure.places:
        for attribute in place.element.attributes:
            given = _given(context, place, attribute)
            if given is None:
                continue
            type_, expression = given
            message = (
                f'"{attribute.name}" of {place.element.name} must be true or false, and this expression gives'
                f" {type_text(type_)}. {_advice(type_)}"
            )
            yield RULE.diagnostic(context, expression.span, message)


def _given(context: RuleContext, place: Place, attribute: Attribute) -> tuple[Type, Expression] | None:
    """What an expression gives that decides something, where that is surely no boolean."""
    declared = place.decl.attributes.get(attribute.name)
    if declared is None or all(role.kind is not RoleKind.CONDITION for role in declared.roles):
        return None
    if len(attribute.parts) != 1 or not isinstance(attribute.parts[0], Expression):
        return None
    expression = attribute.parts[0]
    found = typed(Written(expression, code_of(context.document, expression))) if expression.closed else None
    result = found.types.result if found is not None else None
    return (result, expression) if result is not None and _is_no_boolean(result) else None


def _is_no_boolean(type_: Type) -> bool:
    plain = bare(type_)
    if plain == STRING or plain.name == "[]" or plain.name in _NEVER or is_number(plain):
        return True
    return plain.name.partition(".")[0] == "Context"


def _advice(type_: Type) -> str:
    if type_ == STRING:
        return "Compare it, or read it with bool.Parse."
    return (
        "Compare it with a value." if is_number(bare(type_)) else "Ask it a question that is true or false."
    )


RULE = Rule(
    code="EXP011",
    name="wrong-result-type",
    level=Severity.ERROR,
    summary="An expression that must give a boolean, and gives something else",
    check=_check,
)
