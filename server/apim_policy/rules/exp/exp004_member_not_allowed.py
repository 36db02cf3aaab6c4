"""# EXP004 member-not-allowed

## What it does

Reports a member of a .NET type that policy expressions may use only in part, where the member is not on the list for the
type. A member that is listed for a base class or an interface of the type may be used. Of overloads, one must be listed.

## Why is this bad?

The service refuses the document when it is saved, and says no more than that fields contain incorrect values.

## Example

```xml
<policies>
    <inbound>
        <set-variable name="since" value="@(context.Timestamp.ToUniversalTime().AddDays(-1))" />
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <set-variable name="since" value="@(DateTime.UtcNow.AddDays(-1))" />
    </inbound>
</policies>
```

## References

- [.NET types and members](https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#CLRTypes)
- [Samples for API Management](https://github.com/Azure-Samples/Apim-Samples), which tell of such refusals
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.csharp.library import instance_members, static_members, type_allowed
from apim_policy.csharp.types import Allowed
from apim_policy.rules.exp.typed import LISTED, all_typed, own_names, type_text
from apim_policy.rules.model import Rule, Severity
from apim_policy.text.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apim_policy.csharp.types import Member, Type
    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    for typed in all_typed(context):
        for access in typed.types.unlisted:
            meant = typed.types.meant(access.node)
            if access.receiver is not None and _is_barred(access.receiver, meant):
                message = _message(access.receiver, meant[0], static=access.static)
                yield RULE.diagnostic(context, typed.span(access.name), message)
        for creation in typed.types.creations:
            made, name = typed.types.type_of(creation), creation.child_by_field_name("type")
            if made is not None and name is not None and _is_barred(made, typed.types.meant(creation)):
                message = f"Policy expressions may not make a new {type_text(made)} in this way: its constructor is not on the list."
                yield RULE.diagnostic(context, typed.span(name), message)


def _is_barred(owner: Type, meant: Sequence[Member]) -> bool:
    """Whether all that may be meant is outside the list, of a type that may be used."""
    if not meant or any(member.allowed is not Allowed.NO for member in meant):
        return False
    return type_allowed(owner.name) is Allowed.YES


def _message(owner: Type, member: Member, *, static: bool) -> str:
    message = f'Policy expressions may not use "{member.name}" of {type_text(owner)}.'
    members = static_members(owner) if static else instance_members(owner)
    names = own_names(each for each in members if each.allowed is Allowed.YES)
    if 0 < len(names) <= LISTED:
        return f"{message} They may use {listed(names)}."
    return f"{message} It is not on the list of .NET members for them."


RULE = Rule(
    code="EXP004",
    name="member-not-allowed",
    level=Severity.ERROR,
    summary="A member of a .NET type that policy expressions may not use",
    check=_check,
)
