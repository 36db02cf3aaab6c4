"""# SEC008 error-detail-to-caller

## What it does

Reports the message of an error, all of `context.LastError`, or the stack of an exception in a response that goes to the
caller: in its body, a header or its reason. Only the first place of a document is reported; the others are related to it.

Nothing is reported about `Source`, `Reason` and the other short words of an error, and about what is sent elsewhere.

## Why is this bad?

The messages name backends, policies, claims and expressions. A caller learns from them how the API is built and which
checks there are.

## Example

```xml
<policies>
    <inbound>
        <base />
    </inbound>
    <on-error>
        <base />
        <set-body>@(context.LastError.Message)</set-body>
    </on-error>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <base />
    </inbound>
    <on-error>
        <base />
        <trace source="orders" severity="error">
            <message>@(context.LastError.Message)</message>
        </trace>
        <set-body>@("The request failed. Its number is " + context.RequestId)</set-body>
    </on-error>
</policies>
```

## References

- [Error handling in policies](https://learn.microsoft.com/azure/api-management/api-management-error-handling-policies)
- [Improper error handling](https://owasp.org/www-community/Improper_Error_Handling)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.csharp.pieces import Kind
from apim_policy.rules.model import Rule, Severity
from apim_policy.rules.sec.paths import places, through
from apim_policy.rules.sec.sinks import Sink, headers, message_of, policy_of, sinks
from apim_policy.schema.declarations import Message, RoleKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.csharp.pieces import Source
    from apim_policy.flow.taint import Strand
    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic

_MESSAGE = "Message"
_STACK = "StackTrace"


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    text = context.document.text
    if "LastError" not in text and _STACK not in text and "context.Variables" not in text:
        return
    found = [
        (sink, strand)
        for sink in _given_back(context)
        # An error is known in on-error alone, which acts upon the response, whichever fragment it runs.
        if message_of(sink.place) in (Message.RESPONSE, None)
        for strand in _details(context, sink)
    ]
    if not found:
        return
    found.sort(key=lambda pair: pair[1].at or pair[0].element.span)
    sink, strand = found[0]
    at, source = strand.at, strand.source
    if at is None or source is None:
        return
    message = (
        f"The caller sees {_described(source)}{through(strand)}, which tells how the API is built. "
        "Log it, and answer with a text of your own."
    )
    related = places(context, strand, sink.policy)
    related += [
        context.related(other.at, "An error's detail goes to the caller here too.")
        for _, other in found[1:]
        if other.at is not None and other.at != at
    ]
    yield RULE.diagnostic(context, at, message, related=related)


def _given_back(context: RuleContext) -> Iterator[Sink]:
    yield from sinks(context, RoleKind.BODY_SET)
    for header in headers(context):
        yield header.sink
    for place in context.structure.policies:
        reason = place.element.attribute("reason") if place.element.name == "set-status" else None
        if reason is not None:
            yield Sink(place, place.element, reason, policy_of(place))


def _details(context: RuleContext, sink: Sink) -> Iterator[Strand]:
    seen = set()
    for text in context.taint.texts(sink.element, sink.owner):
        for strand in text:
            if strand.source is not None and strand.at not in seen and _is_detail(strand.source):
                seen.add(strand.at)
                yield strand


def _is_detail(source: Source) -> bool:
    if source.field == _STACK:
        return True
    if source.kind is not Kind.ERROR:
        return False
    return source.field == _MESSAGE or (source.field is None and source.name in (None, _MESSAGE))


def _described(source: Source) -> str:
    if source.field == _STACK:
        return "the stack of an exception"
    return "the message of the error" if _MESSAGE in (source.name, source.field) else "all of the error"


RULE = Rule(
    code="SEC008",
    name="error-detail-to-caller",
    level=Severity.INFO,
    summary="The message or the stack of an error in a response",
    check=_check,
    strict=Severity.WARNING,
)
