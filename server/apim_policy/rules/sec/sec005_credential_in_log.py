"""# SEC005 credential-in-log

## What it does

Reports a credential that goes into a trace, an event hub or a metric: the `Authorization` header and others that carry
keys, tokens or cookies, all headers together, a key of the subscription, an access token that a policy fetched, and
fields such as `access_token` or `client_secret` of a message. Data is followed through variables; the related places
show its way.

Nothing is reported where only a part of it, its length, its hash, a claim of a token or the fact that it is there is
logged.

## Why is this bad?

Logs are read by more people than may use the credential, are kept for long, and are copied to other systems. Who reads
them can act as the caller.

## Example

```xml
<policies>
    <inbound>
        <base />
        <set-variable name="sent" value="@(context.Request.Headers.GetValueOrDefault("Authorization", ""))" />
        <trace source="orders" severity="information">
            <message>@("Called with " + (string)context.Variables["sent"])</message>
        </trace>
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <base />
        <trace source="orders" severity="information">
            <message>@("Called by " + (context.Request.Headers.GetValueOrDefault("Authorization", "").AsJwt()?.Subject ?? "nobody"))</message>
        </trace>
    </inbound>
</policies>
```

## References

- [Trace](https://learn.microsoft.com/azure/api-management/trace-policy)
- [Log to event hub](https://learn.microsoft.com/azure/api-management/log-to-eventhub-policy)
- [Logging cheat sheet](https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.csharp.pieces import Kind
from apim_policy.rules.model import Rule, Severity
from apim_policy.rules.sec.credentials import is_credential, is_credential_header, is_credential_variable
from apim_policy.rules.sec.paths import described, places, through
from apim_policy.rules.sec.sinks import sinks
from apim_policy.schema.declarations import RoleKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.flow.taint import Strand
    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic
    from apim_policy.rules.sec.sinks import Sink

_LOGS = ("<trace", "<log-to-eventhub", "<emit-metric", "-metric")


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    text = context.document.text
    if not any(log in text for log in _LOGS):
        return
    for sink in sinks(context, RoleKind.LOG):
        seen = set()
        for alternative in context.taint.texts(sink.element, sink.owner):
            for strand in alternative:
                at = strand.at
                if at is None or at in seen or not _is_secret(context, sink, strand):
                    continue
                seen.add(at)
                assert strand.source is not None
                what = described(strand.source)
                message = (
                    f"{what[0].upper()}{what[1:]} goes into {_log(sink.policy.name)}{through(strand)}: who reads "
                    "the log can use it. Log who called, or that it was there, but not the credential."
                )
                yield RULE.diagnostic(context, at, message, related=places(context, strand, sink.policy))


def _log(policy: str) -> str:
    return {"trace": "a trace", "log-to-eventhub": "an event hub"}.get(policy, "a metric")


def _is_secret(context: RuleContext, sink: Sink, strand: Strand) -> bool:
    source = strand.source
    if source is None:
        return False
    if source.field is not None:
        return is_credential(source.field)
    if source.kind is Kind.KEY:
        return True
    if source.kind is Kind.RESPONSE_HEADER:
        return source.name is not None and is_credential_header(source.name)
    if source.kind is Kind.HEADER:
        if source.name is None:
            return _takes_all(context.document.slice(sink.owner)) and not strand.hops
        return is_credential_header(source.name)
    if source.kind is Kind.QUERY:
        return source.name is not None and is_credential(source.name)
    if source.kind is Kind.VARIABLE and source.name is not None:
        setter = strand.setter
        if setter is not None and setter.name == "authentication-managed-identity":
            return True
        # A response is more than the token in it.
        cached = setter is not None and setter.name == "cache-lookup-value"
        return (setter is None or cached) and is_credential_variable(source.name)
    return False


def _takes_all(expression: str) -> bool:
    """Whether an expression that goes through all headers takes their values, and does not pick among them."""
    picks = "Where" in expression or "Authorization" in expression or "if (" in expression
    return not picks and ("Value" in expression or "SerializeObject" in expression)


RULE = Rule(
    code="SEC005",
    name="credential-in-log",
    level=Severity.WARNING,
    summary="A key, token or password that goes into a log",
    check=_check,
)
