"""# REF007 name-differs-in-case

## What it does

Reports a variable that is read under a name which nothing sets, while a name that differs only in upper and lower case
is set, in the same document, its fragments or the policies around it. Reports an `include-fragment` whose id is spelled
in other case than the fragment of the workspace; this is information, since no source says whether the service minds.

Nothing is reported where the name of some variable that is set is not known.

## Why is this bad?

Names of variables tell upper from lower case. The read fails, or takes the default every time.

## Example

```xml
<policies>
    <inbound>
        <base />
        <set-variable name="userId" value="@(context.User?.Id)" />
        <set-header name="X-User" exists-action="override">
            <value>@(context.Variables.GetValueOrDefault<string>("userid", "anonymous"))</value>
        </set-header>
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <base />
        <set-variable name="userId" value="@(context.User?.Id)" />
        <set-header name="X-User" exists-action="override">
            <value>@(context.Variables.GetValueOrDefault<string>("userId", "anonymous"))</value>
        </set-header>
    </inbound>
</policies>
```

## Fix safety

Unsafe: what is read changes.

## References

- [Set variable](https://learn.microsoft.com/azure/api-management/set-variable-policy)
- [Include fragment](https://learn.microsoft.com/azure/api-management/include-fragment-policy)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.flow import facts
from apim_policy.flow.variables import document_variables
from apim_policy.rules.model import Applicability, Rule, Severity
from apim_policy.rules.ref.names import in_other_case, unset_reads
from apim_policy.rules.rewriting import fix
from apim_policy.text.edits import TextEdit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    yield from _variables(context)
    yield from _fragments(context)


def _variables(context: RuleContext) -> Iterator[Diagnostic]:
    unset = unset_reads(context)
    if not unset:
        return
    names = context.reach.names
    if names.any_set:
        return
    for name, uses in unset.items():
        right = in_other_case(name, names.set) if name not in names.set else None
        if right is None:
            continue
        message = f'Nothing sets the variable "{name}". Names tell upper from lower case: the one that is set is "{right}".'
        for use in uses:
            fixes = [fix(context, f'Write "{right}"', [TextEdit(use.span, right)])] if use.literal else ()
            yield RULE.diagnostic(context, use.span, message, fixes=fixes)


def _fragments(context: RuleContext) -> Iterator[Diagnostic]:
    document = context.document
    root = document.root
    if root is None or not document_variables(document).includes:
        return
    for element in root.walk():
        named = facts.fragment_attribute(element)
        name = document.literal(named) if named is not None else None
        path = context.workspace.fragment(name) if name else None
        right = context.workspace.info(path).fragment if path is not None else None
        if named is None or name is None or right is None or name == right:
            continue
        message = f'The fragment is called "{right}", not "{name}".'
        yield RULE.diagnostic(
            context,
            named.value_span,
            message,
            severity=Severity.INFO,
            fixes=[fix(context, f'Write "{right}"', [TextEdit(named.value_span, right)])],
        )


RULE = Rule(
    code="REF007",
    name="name-differs-in-case",
    level=Severity.WARNING,
    summary="A variable or fragment whose name is spelled in another case than where it is defined",
    check=_check,
    fix=Applicability.UNSAFE,
)
