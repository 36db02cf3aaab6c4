"""# SEC009 key-forwarded

## What it does

Gives a hint, at most one in a document, where a subscription key surely reaches a backend:

- a policy copies the key, as it is, into another header or parameter of the request, or
- the policy of an API whose deployment files say that it requires a key sends requests to a host outside that it names
  itself, and nothing that runs for the call touches the header of the key.

Nothing is reported where a scope around the document or a fragment is not in the workspace, about private hosts, and
where the header carries something else, as the policies of MCP servers make it do.

## Why is this bad?

The key is for the gateway. A backend has no use for it, but may log it, and whoever runs the backend can call all APIs
that the subscription is for.

## Example

```xml
<policies>
    <inbound>
        <base />
        <set-header name="X-Client-Key" exists-action="override">
            <value>@(context.Request.Headers.GetValueOrDefault("Ocp-Apim-Subscription-Key", ""))</value>
        </set-header>
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <base />
        <set-header name="X-Client" exists-action="override">
            <value>@(context.Subscription?.Id ?? "")</value>
        </set-header>
        <set-header name="Ocp-Apim-Subscription-Key" exists-action="delete" />
    </inbound>
</policies>
```

## References

- [Subscriptions](https://learn.microsoft.com/azure/api-management/api-management-subscriptions)
- [Set header](https://learn.microsoft.com/azure/api-management/set-header-policy)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.csharp.pieces import Kind
from apim_policy.flow import facts
from apim_policy.flow.names import KEY_HEADER
from apim_policy.rules.model import Rule, Severity
from apim_policy.rules.sec.hosts import is_near, url_host
from apim_policy.rules.sec.sinks import Sink, message_of, written
from apim_policy.schema.declarations import Message
from apim_policy.workspace.model import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.flow.taint import Strand
    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic
    from apim_policy.syntax.tree import Element

_KEY_PARAMETER = "subscription-key"
_BACKEND = "set-backend-service"
_WRITERS = ("set-header", "set-query-parameter")
_TAKEN_APART = ("Substring", "Split", "Replace", "Remove", "Trim")


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    if context.info.scope is Scope.MCP:
        return
    found = _copied(context) or _sent(context)
    if found is not None:
        yield found


def _copied(context: RuleContext) -> Diagnostic | None:
    text = context.document.text
    if "ubscription" not in text:
        return None
    for place in context.structure.policies:
        element = place.element
        name = context.document.literal_value(element, "name")
        if element.name not in _WRITERS or name is None or message_of(place) is not Message.REQUEST:
            continue
        if name.strip().lower() in (KEY_HEADER.lower(), _KEY_PARAMETER):
            continue
        for sink in written(place):
            strand = _key(context, sink)
            if strand is not None and strand.at is not None:
                message = (
                    f'The subscription key goes to the backend in "{name.strip()}". The backend can call with it. '
                    "Send something that is no key, such as the subscription's id."
                )
                return RULE.diagnostic(context, strand.at, message)
    return None


def _key(context: RuleContext, sink: Sink) -> Strand | None:
    """The key where a value is it, with or without literal text around it."""
    for text in context.taint.texts(sink.element, sink.owner):
        parts = [strand for strand in text if strand.text is None]
        if len(parts) != 1 or parts[0].encoded or context.taint.is_tested(parts[0], sink.policy):
            continue
        source = parts[0].source
        if source is None or source.field is not None:
            continue
        key = source.kind is Kind.KEY
        header = source.kind is Kind.HEADER and (source.name or "").lower() == KEY_HEADER.lower()
        parameter = source.kind is Kind.QUERY and (source.name or "").lower() == _KEY_PARAMETER
        whole = not any(word in context.document.slice(sink.owner) for word in _TAKEN_APART)
        if key or ((header or parameter) and whole):
            return parts[0]
    return None


def _sent(context: RuleContext) -> Diagnostic | None:
    info = context.info
    api = context.workspace.api(info.api) if info.api is not None and not info.also else None
    if (
        api is None
        or info.scope not in (Scope.API, Scope.OPERATION)
        or f"<{_BACKEND}" not in context.document.text
    ):
        return None
    required = api.subscription_required
    if required is None or not required.value:
        return None
    host, element = next(_backends(context), (None, None))
    if host is None or element is None or not context.reach.outer_known or not context.reach.names.complete:
        return None
    header = api.key_header or KEY_HEADER
    if _is_touched(context, header):
        return None
    message = (
        f'The subscription key that callers send in "{header}" goes on to "{host}", which can call with it. '
        'Delete the header with set-header and exists-action="delete", unless the host checks it.'
    )
    related = [context.related(required.evidence.span, "The API requires a key.", required.evidence.path)]
    return RULE.diagnostic(context, element.name_span, message, related=related)


def _backends(context: RuleContext) -> Iterator[tuple[str, Element]]:
    """The hosts outside that the document sends all its requests to."""
    for place in context.structure.policies:
        url = place.element.attribute("base-url") if place.element.name == _BACKEND else None
        host = url_host(context.document, url) if url is not None else None
        if host is not None and not is_near(host) and message_of(place) is Message.REQUEST:
            yield host, place.element


def _is_touched(context: RuleContext, header: str) -> bool:
    """Whether something that runs for the call writes a header, or may."""
    for source in context.reach.sources:
        root = source.document.root
        for element in root.walk() if root is not None else ():
            write = facts.header_write(source.document, element)
            if write is not None and (write.name is None or write.name.lower() == header.lower()):
                return True
    return False


RULE = Rule(
    code="SEC009",
    name="key-forwarded",
    level=Severity.HINT,
    summary="A subscription key that reaches the backend",
    check=_check,
)
