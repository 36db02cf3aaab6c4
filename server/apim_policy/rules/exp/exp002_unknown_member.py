"""# EXP002 unknown-member

## What it does

Reports a name in an expression that means nothing: a member that the type before the dot does not have, and a name that
stands alone and is neither `context`, nor declared in the expression, nor a type. Letter case counts.

A member is reported only where the type of what stands before the dot is sure and all of its members are known. Nothing
is reported about names that look like placeholders, in capitals or between underscores, nor in an expression that is no
sound C#.

## Why is this bad?

The expression does not compile: the service refuses the document, or the call fails with
`ExpressionValueEvaluationFailure`.

## Example

```xml
<policies>
    <inbound>
        <set-header name="X-Method" exists-action="override">
            <value>@(context.Rquest.Method)</value>
        </set-header>
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <set-header name="X-Method" exists-action="override">
            <value>@(context.Request.Method)</value>
        </set-header>
    </inbound>
</policies>
```

## Fix safety

Unsafe: the nearest name is a guess, and the expression changes.

## References

- [Context variable](https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#ContextVariables)
- [.NET types and members](https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#CLRTypes)
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from apim_policy.csharp.framework import context as own_types
from apim_policy.csharp.framework import dotnet
from apim_policy.csharp.library import CONTEXT, bases, complete, instance_members, lookup, static_members
from apim_policy.csharp.types import OBJECT, MemberKind, Type
from apim_policy.rules.exp.typed import LISTED, all_typed, own_names, type_text
from apim_policy.rules.model import Applicability, Rule, Severity
from apim_policy.rules.rewriting import fix
from apim_policy.text.edits import TextEdit
from apim_policy.text.words import listed, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from apim_policy.csharp.inference import Access
    from apim_policy.csharp.types import Member
    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.exp.typed import Typed
    from apim_policy.rules.model import Diagnostic

_JSON = Type("Newtonsoft.Json.Linq.JToken")
_PLACEHOLDER = re.compile(r"_\w*|\w*_|[A-Z][A-Z0-9_]*")
_HOLE = re.compile(r"\{[\w-]*\Z")
_HOLE_END = re.compile(r"[\w-]*\}")
# Words that mean something in some places of C# only; the grammar takes them for names in others.
_CONTEXTUAL = frozenset(
    [
        "args",
        "async",
        "await",
        "dynamic",
        "field",
        "from",
        "get",
        "global",
        "nameof",
        "select",
        "set",
        "unmanaged",
        "value",
        "var",
        "when",
        "where",
        "yield",
    ]
)
_MOST = 50
"""Of more names in one expression that nothing declares, the others are left out: it is no C# that an author wrote."""
_NEAR_TYPE = 5
"""A shorter name is not compared with names of types: too many are near."""


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    for typed in all_typed(context):
        for access in typed.types.accesses:
            if not access.members and access.receiver is not None and _is_missing(access, typed):
                yield _missing(context, typed, access, access.receiver)
        yield from _undeclared(context, typed)


def _is_missing(access: Access, typed: Typed) -> bool:
    receiver, name = access.receiver, typed.text(access.name)
    if receiver is None or not name or not complete(receiver):
        return False
    # A static member by way of a value, or the other way round, exists: that is not what this rule says.
    return not lookup(receiver, name, static=not access.static)


def _missing(context: RuleContext, typed: Typed, access: Access, receiver: Type) -> Diagnostic:
    name, span = typed.text(access.name), typed.span(access.name)
    meant = _nearest(name, receiver, static=access.static)
    subject = type_text(receiver)
    message = f'{subject} has no member "{name}".'
    if meant is not None:
        message = f'{message} Did you mean "{meant}"?'
    elif receiver == OBJECT:
        message = f"{message} Cast the value to its own type first."
    elif _JSON in (receiver, *bases(receiver)) and not access.static:
        message = f'{message} Read a property of the JSON with ["{name}"].'
    else:
        own = own_names(_members(receiver, static=access.static))
        if 0 < len(own) <= LISTED:
            message = f"{message} It has {listed(own)}."
    fixes = [fix(context, f"Change to {meant}", [TextEdit(span, meant)])] if meant else []
    return RULE.diagnostic(context, span, message, fixes=fixes)


@lru_cache(256)
def _members(type_: Type, *, static: bool) -> tuple[Member, ...]:
    return static_members(type_) if static else instance_members(type_)


@lru_cache(1024)
def _nearest(name: str, type_: Type, *, static: bool) -> str | None:
    members = _members(type_, static=static)
    return nearest(name, {member.name for member in members if member.kind is not MemberKind.INDEXER})


def _undeclared(context: RuleContext, typed: Typed) -> Iterator[Diagnostic]:
    names: dict[str, list[Node]] = {}
    for node in typed.types.undeclared:
        names.setdefault(typed.text(node), []).append(node)
    if not names:
        return
    declared = {local.name for local in typed.types.locals}
    for name, nodes in islice(names.items(), _MOST):
        if name in declared or name in _CONTEXTUAL or _PLACEHOLDER.fullmatch(name):
            continue
        meant = _meant(name, typed, nodes[0])
        if meant is None and (not name[0].islower() or _in_hole(typed, nodes[0])):
            continue
        message = f'Nothing declares "{name}".'
        if meant is not None:
            message = f'{message} Did you mean "{meant}"?'
        else:
            message = f"{message} An expression knows context, the names that it declares itself, and types."
        spans = [typed.span(node) for node in nodes]
        edits = [TextEdit(span, meant) for span in spans] if meant else []
        yield RULE.diagnostic(
            context,
            spans[0],
            message,
            related=[context.related(span, "The name stands here too.") for span in spans[1:]],
            fixes=[fix(context, f"Change to {meant}", edits)] if edits else (),
        )


def _meant(name: str, typed: Typed, node: Node) -> str | None:
    """What a name was surely to be: `context` or a local that is near, or a type that is a slip away."""
    visible: Sequence[str] = ["context", *typed.types.scope_at(typed.code.span_of(node).start)]
    if name[0].islower():
        found = nearest(name, visible)
        if found is not None:
            return found
    for word in visible:
        if word.lower() == name.lower() or (len(name) > _NEAR_TYPE and _slips(name, word) == 1):
            return word
    if len(name) < _NEAR_TYPE or name[0].islower():
        return None
    close = [word for word in _types() if _slips(name, word) == 1]
    return close[0] if len(close) == 1 else None


def _slips(left: str, right: str) -> int:
    """How many letters are missing, too many, wrong or swapped; 2 for all beyond."""
    from rapidfuzz.distance import OSA

    return min(OSA.distance(left, right, score_cutoff=1), 2)


@cache
def _types() -> tuple[str, ...]:
    """The simple names of the types that expressions may use."""
    keys = (*dotnet()["allowed"], *own_types()["types"])
    names = {key.partition("`")[0].rpartition(".")[2] for key in keys if not key.startswith(CONTEXT.name)}
    return tuple(sorted(names))


def _in_hole(typed: Typed, node: Node) -> bool:
    """Whether a name fills a hole of a string by itself, or with dashes: a script may put a value there."""
    start, end = typed.code.span_of(node)
    text = typed.code.text
    return bool(_HOLE.search(text[max(start - 80, 0) : start]) and _HOLE_END.match(text, end))


RULE = Rule(
    code="EXP002",
    name="unknown-member",
    level=Severity.ERROR,
    summary="A name in an expression that means nothing",
    check=_check,
    fix=Applicability.UNSAFE,
)
