"""# SEC006 untrusted-url

## What it does

Reports a URL whose host the caller decides: a header, a query parameter, a part of the path or the body stands in it
where the host is due, or is all of it. It looks at `set-backend-service`, `set-url`, every other attribute that holds a
URL, and the `Location` header of responses, and follows data through variables. The related places show where the data
is read and which variables it goes through.

What stands after a host that is written out is fine, and so is what `Uri.EscapeDataString` and its kind made harmless.
Nothing is reported about data that the document compares with something, as a `when` with a list of allowed values does,
about a header that the document has written itself before, and about `Host`, for which the gateway accepts only its own
names. A fragment is looked at on its own, without the variables of the policies that include it.

## Why is this bad?

The caller makes the gateway send requests, often with credentials of its own, to a host of the caller's choice, within
your network too. A `Location` that the caller decides leads people from your address to any other.

## Example

```xml
<policies>
    <inbound>
        <base />
        <set-variable name="region" value="@(context.Request.Headers.GetValueOrDefault("X-Region", "eu"))" />
        <set-backend-service base-url="@("https://" + (string)context.Variables["region"] + ".example.com")" />
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <base />
        <set-variable name="region" value="@(context.Request.Headers.GetValueOrDefault("X-Region", "eu"))" />
        <choose>
            <when condition="@((string)context.Variables["region"] == "us")">
                <set-backend-service base-url="https://us.example.com" />
            </when>
            <otherwise>
                <set-backend-service base-url="https://eu.example.com" />
            </otherwise>
        </choose>
    </inbound>
</policies>
```

## References

- [Set backend service](https://learn.microsoft.com/azure/api-management/set-backend-service-policy)
- [Send request](https://learn.microsoft.com/azure/api-management/send-request-policy)
- [Server-side request forgery](https://owasp.org/www-community/attacks/Server_Side_Request_Forgery)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apim_policy.csharp.pieces import GAP, Kind
from apim_policy.rules.model import Rule, Severity
from apim_policy.rules.sec.paths import CALLER, described, places, through
from apim_policy.rules.sec.sinks import headers, message_of, sinks
from apim_policy.schema.declarations import Message, RoleKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.flow.taint import Strand
    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic
    from apim_policy.rules.sec.sinks import Sink

_LOCATION = "location"
_HOST = "host"
_UP_TO_HOST = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]*:)?(?://[^/?#\\]*)?")


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    text = context.document.text
    if "context.Request" not in text and "context.Variables" not in text:
        return
    for sink in sinks(context, RoleKind.URL):
        yield from _findings(context, sink, "this URL")
    if _LOCATION in text.lower():
        for name, sink in headers(context):
            if name.lower() == _LOCATION and message_of(sink.place) is Message.RESPONSE:
                yield from _findings(context, sink, 'the "Location" of this response')


def _findings(context: RuleContext, sink: Sink, what: str) -> Iterator[Diagnostic]:
    for text in context.taint.texts(sink.element, sink.owner):
        strand = _host(text)
        if (
            strand is None
            or strand.source is None
            or strand.at is None
            or context.taint.is_tested(strand, sink.policy)
        ):
            continue
        message = (
            f"The caller decides the host of {what}: it comes from {described(strand.source)}{through(strand)}. "
            "Write the host out, or compare it with the hosts that are allowed."
        )
        yield RULE.diagnostic(context, strand.at, message, related=places(context, strand, sink.policy))
        return


def _host(text: tuple[Strand, ...]) -> Strand | None:
    """What the caller decides of the host of a URL, where it decides anything."""
    before = ""
    for strand in text:
        if strand.text is not None:
            before += strand.text
            continue
        source = strand.source
        if GAP in before or not _UP_TO_HOST.fullmatch(before):
            return None
        if source is None or source.kind not in CALLER or strand.encoded or strand.own:
            return None
        if source.kind is Kind.HEADER and source.name is not None and source.name.lower() == _HOST:
            return None
        # A path begins with a slash, and so ends the host before it.
        if source.kind is Kind.PATH and not before.endswith("//"):
            return None
        return strand
    return None


RULE = Rule(
    code="SEC006",
    name="untrusted-url",
    level=Severity.WARNING,
    summary="A URL whose host the caller decides",
    check=_check,
)
