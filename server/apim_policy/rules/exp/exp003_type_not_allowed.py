"""# EXP003 type-not-allowed

## What it does

Reports a .NET type that an expression names and that is not on the list of types for policy expressions. Of types in
`System.Xml` and for cryptography it only warns: samples for the service use some that the list does not have.

What a listed member gives may be used, whatever its type. Nothing is reported about exceptions, about types that listed
members take, nor about names that no base library of .NET knows.

## Why is this bad?

The service refuses the document when it is saved, and says no more than that fields contain incorrect values.

## Example

```xml
<policies>
    <inbound>
        <set-body>@(System.IO.File.ReadAllText("greeting.txt"))</set-body>
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <set-body>{{greeting}}</set-body>
    </inbound>
</policies>
```

## References

- [.NET types and members](https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#CLRTypes)
- [Samples for API Management](https://github.com/Azure-Samples/Apim-Samples), which tell of such refusals
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.csharp.library import type_allowed
from apim_policy.csharp.types import Allowed
from apim_policy.rules.exp.typed import all_typed
from apim_policy.rules.model import Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic

_TOLERATED = ("System.Xml.", "System.Security.Cryptography.")
_REQUEST = "Make the call with send-request, and read the response from its variable."
_KEPT = "Keep the text in a named value or in a policy fragment."
_TRACED = "Write to the trace with the trace policy, or with context.Trace."
_INSTEAD = {
    "System.Net.Http.": _REQUEST,
    "System.Net.WebClient": _REQUEST,
    "System.Net.WebRequest": _REQUEST,
    "System.Net.HttpWebRequest": _REQUEST,
    "System.IO.File": _KEPT,
    "System.IO.Directory": _KEPT,
    "System.Environment": 'Read a named value or a member of context.Deployment; a line end is "\\r\\n".',
    "System.Threading.Thread": "Wait between attempts with retry.",
    "System.Console": _TRACED,
    "System.Diagnostics.Trace": _TRACED,
    "System.Diagnostics.Debug": _TRACED,
    "System.Diagnostics.Stopwatch": "Read context.Elapsed.",
}
"""What to do instead of using a type, or one of a namespace, by how its full name begins."""


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    for typed in all_typed(context):
        named: dict[str, list[Node]] = {}
        for mention in typed.types.mentions:
            if type_allowed(mention.type) is not Allowed.YES:
                named.setdefault(mention.type, []).append(mention.node)
        for name, nodes in named.items():
            tolerated = name.startswith(_TOLERATED)
            if type_allowed(name) is Allowed.UNSURE and not tolerated:
                continue
            names = [node.named_children[0] if node.type == "generic_name" else node for node in nodes]
            spans = [typed.span(node) for node in names]
            yield RULE.diagnostic(
                context,
                spans[0],
                _message(name, tolerated=tolerated),
                severity=Severity.WARNING if tolerated else None,
                related=[context.related(span, "The type is named here too.") for span in spans[1:]],
            )


def _message(name: str, *, tolerated: bool) -> str:
    if tolerated:
        return f"{name} is not on the list of types for policy expressions. The service may refuse to compile it."
    instead = next((advice for start, advice in _INSTEAD.items() if name.startswith(start)), None)
    advice = instead or "Use one of the types on that list."
    return f"Policy expressions may not use {name}: it is not on the list of .NET types for them. {advice}"


RULE = Rule(
    code="EXP003",
    name="type-not-allowed",
    level=Severity.ERROR,
    summary="A .NET type that policy expressions may not use",
    check=_check,
)
