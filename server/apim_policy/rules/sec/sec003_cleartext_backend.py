"""# SEC003 cleartext-backend

## What it does

Reports an `http://` URL of a backend, of a request that a policy sends, and of every other attribute that holds a URL,
such as that of `openid-config`. Expressions are looked at as far as their text begins with it.

Nothing is reported about loopback and private addresses, single names, names that end in `.local`, `.internal` and their
kind, about hosts that a named value, a placeholder or an expression gives, or about `proxy`, whose URL must be `http`.

## Why is this bad?

Everything goes over the network in the clear: bodies, keys and tokens. Whoever sits in between reads it, and can change
the answer; keys that a token is checked with can be exchanged for others.

## Example

```xml
<policies>
    <inbound>
        <base />
        <set-backend-service base-url="http://orders.example.com" />
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <base />
        <set-backend-service base-url="https://orders.example.com" />
    </inbound>
</policies>
```

## References

- [Set backend service](https://learn.microsoft.com/azure/api-management/set-backend-service-policy)
- [Cleartext transmission of sensitive information](https://cwe.mitre.org/data/definitions/319.html)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apim_policy.rules.model import Rule, Severity
from apim_policy.rules.sec.hosts import is_near, leading, url_host
from apim_policy.rules.sec.sinks import sinks
from apim_policy.schema.declarations import RoleKind
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic
    from apim_policy.syntax.tree import Attribute, Document, Text

_SCHEME = "http://"
_PROXY = "proxy"
_WRITTEN = re.compile(r"(?:[^\s\"'<>{}\\&]|&(?!quot;))*")


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    if _SCHEME not in context.document.text.lower():
        return
    for sink in sinks(context, RoleKind.URL):
        owner = sink.owner
        if sink.policy.name == _PROXY or not leading(context.document, owner).lower().startswith(_SCHEME):
            continue
        host = url_host(context.document, owner)
        if host is None or is_near(host):
            continue
        message = (
            f'What goes to "{host}" is sent in the clear, keys and tokens too. Use "https://", or an address of your '
            "private network."
        )
        yield RULE.diagnostic(context, _at(context.document, owner), message)


def _at(document: Document, owner: Attribute | Text) -> Span:
    start, end = owner.value_span if hasattr(owner, "value_span") else owner.span
    at = document.text.lower().find(_SCHEME, start, end)
    if at < 0:
        return Span(start, end)
    written = _WRITTEN.match(document.text, at, end)
    return Span(*written.span()) if written else Span(start, end)


RULE = Rule(
    code="SEC003",
    name="cleartext-backend",
    level=Severity.WARNING,
    summary="An `http://` URL to a host outside",
    check=_check,
)
