"""# SCP013 wrong-api-type

## What it does

Reports a policy that an API of type WebSocket does not run, in the policy of such an API or of its operation. The
type comes from the deployment files of the API; without them nothing is reported.

## Why is this bad?

The gateway skips the policy. A WebSocket API runs its policies only on the handshake, which has no body and no
response to shape.

## Example

```json title="apis/chat/apiInformation.json"
{"properties": {"displayName": "Chat", "path": "chat", "type": "websocket"}}
```

```xml title="apis/chat/policy.xml"
<policies>
    <inbound>
        <base />
        <set-body>{}</set-body>
    </inbound>
</policies>
```

## Use instead

```json title="apis/chat/apiInformation.json"
{"properties": {"displayName": "Chat", "path": "chat", "type": "websocket"}}
```

```xml title="apis/chat/policy.xml"
<policies>
    <inbound>
        <base />
        <set-query-parameter name="room" exists-action="override">
            <value>lobby</value>
        </set-query-parameter>
    </inbound>
</policies>
```

## References

- [WebSocket APIs: limitations](https://learn.microsoft.com/azure/api-management/websocket-api#limitations)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.model import Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    ignored = [place for place in context.structure.policies if place.policy and place.policy.ignored_by]
    if not ignored or context.info.api is None or context.info.also:
        return
    api = context.workspace.api(context.info.api)
    kind = api.type if api is not None else None
    for place in ignored:
        if place.policy is None or kind is None or kind not in place.policy.ignored_by or not place.listed:
            continue
        name = _TYPES.get(kind, kind)
        message = (
            f'The API "{context.info.api}" is a {name} API, which ignores {place.policy.name}. Remove it.'
        )
        related = (
            [context.related(api.evidence.span, api.evidence.text, api.evidence.path)]
            if api and api.evidence
            else []
        )
        yield RULE.diagnostic(context, place.element.name_span, message, related=related)


_TYPES = {"websocket": "WebSocket"}


RULE = Rule(
    code="SCP013",
    name="wrong-api-type",
    level=Severity.WARNING,
    summary="A policy that a WebSocket API ignores",
    check=_check,
)
