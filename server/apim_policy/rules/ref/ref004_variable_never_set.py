"""# REF004 variable-never-set

## What it does

Reports a read of a variable that nothing sets: no policy of the document, of the fragments that it includes, or of the
scopes around it and inside it that the workspace holds. Every attribute that names a variable counts, as
`response-variable-name` does. The finding is information where a scope around the document is not in the workspace, in
policies of products and of all APIs, and where only an attribute reads the variable, as that of `return-response` does.

Nothing is reported about a variable that is looked for with `ContainsKey`, or read with `GetValueOrDefault` or
`TryGetValue`, which give something where it is missing. Nothing is reported in policy fragments, whose variables others
may set, where an included fragment is not in the workspace, or where the name of some variable that is set is not known.

## Why is this bad?

The indexer fails where there is no such variable: the call ends in `on-error` with
`ExpressionValueEvaluationFailure`.

## Example

```xml
<policies>
    <inbound>
        <base />
        <set-variable name="customer" value="@(context.Request.Headers.GetValueOrDefault(&quot;X-Customer&quot;, &quot;&quot;))" />
        <set-query-parameter name="customer" exists-action="override">
            <value>@((string)context.Variables["costumer"])</value>
        </set-query-parameter>
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <base />
        <set-variable name="customer" value="@(context.Request.Headers.GetValueOrDefault(&quot;X-Customer&quot;, &quot;&quot;))" />
        <set-query-parameter name="customer" exists-action="override">
            <value>@((string)context.Variables["customer"])</value>
        </set-query-parameter>
    </inbound>
</policies>
```

## Fix safety

Unsafe: the nearest name is a guess, and what is read changes. All reads of the name in the document are changed.

## References

- [Set variable](https://learn.microsoft.com/azure/api-management/set-variable-policy)
- [Policy expressions](https://learn.microsoft.com/azure/api-management/api-management-policy-expressions)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.model import Applicability, Rule, Severity
from apim_policy.rules.ref.names import fails_when_missing, in_other_case, unset_reads
from apim_policy.rules.rewriting import fix
from apim_policy.text.edits import TextEdit
from apim_policy.text.words import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    suspects = {name: uses for name, uses in unset_reads(context).items() if fails_when_missing(uses)}
    if not suspects or context.reach.included:
        return
    names = context.reach.names
    if names.any_set or not names.complete:
        return
    known = context.reach.outer_known and context.reach.inner_known
    for name, uses in suspects.items():
        if name in names.set or name in names.tested or in_other_case(name, names.set):
            continue
        meant = nearest(name, names.set)
        edits = [TextEdit(use.span, meant) for use in uses if use.literal] if meant else []
        yield RULE.diagnostic(
            context,
            uses[0].span,
            _message(name, meant, known=known, fails=uses[0].indexes),
            severity=None if known and any(use.indexes for use in uses) else Severity.INFO,
            related=[context.related(use.span, "It is read here too.") for use in uses[1:]],
            fixes=[fix(context, f'Read "{meant}"', edits)] if edits else (),
        )


def _message(name: str, meant: str | None, *, known: bool, fails: bool) -> str:
    what = f'sets the variable "{name}"'
    if known:
        what = f"Nothing that runs for this call {what}" + (", so reading it fails." if fails else ".")
    elif fails:
        what = f"Nothing in this document {what}. Unless another policy of the call does, reading it fails."
    else:
        what = f"Nothing in this document {what}, and no other policy of the call that the workspace holds."
    if meant:
        return f'{what} Did you mean "{meant}"?'
    return f"{what} Set it before, or read it with GetValueOrDefault." if fails else f"{what} Set it before."


RULE = Rule(
    code="REF004",
    name="variable-never-set",
    level=Severity.WARNING,
    summary="A read of a variable that nothing sets",
    check=_check,
    fix=Applicability.UNSAFE,
)
