"""# SEC002 cors-any-origin

## What it does

Reports a `cors` policy that allows every origin and, with it, every method or every header; as an error where it allows
credentials too.

Nothing is reported about a public API that lists its methods and headers, or about origins that a named value, a
placeholder or an expression gives.

## Why is this bad?

Any page that somebody opens may call the API with their browser and read the answers. Listing origins, methods and
headers leaves to other pages only what you meant to. Browsers refuse an answer that allows every origin along with
credentials, so that pages which need credentials get none of them.

## Example

```xml
<policies>
    <inbound>
        <base />
        <cors allow-credentials="false">
            <allowed-origins>
                <origin>*</origin>
            </allowed-origins>
            <allowed-methods>
                <method>*</method>
            </allowed-methods>
        </cors>
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <base />
        <cors allow-credentials="false">
            <allowed-origins>
                <origin>https://shop.example.com</origin>
            </allowed-origins>
            <allowed-methods>
                <method>GET</method>
            </allowed-methods>
        </cors>
    </inbound>
</policies>
```

## References

- [CORS policy](https://learn.microsoft.com/azure/api-management/cors-policy)
- [Credentialed requests and wildcards](https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS#credentialed_requests_and_wildcards)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.model import Rule, Severity
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic
    from apim_policy.syntax.tree import Document, Element

_CORS = "cors"
_ANY = "*"


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    if "<cors" not in context.document.text:
        return
    for place in context.structure.policies:
        if place.element.name == _CORS:
            yield from _cors(context, place.element)


def _cors(context: RuleContext, cors: Element) -> Iterator[Diagnostic]:
    document = context.document
    origin = _any(document, cors, "allowed-origins")
    if origin is None:
        return
    credentials = cors.attribute("allow-credentials")
    if credentials is not None and (document.literal(credentials) or "").strip().lower() in ("true", "1"):
        message = (
            'The origin "*" and allow-credentials="true" exclude each other: browsers refuse the answer. '
            "List the origins that may send credentials."
        )
        related = [context.related(credentials.span, "It allows credentials here.")]
        yield RULE.diagnostic(context, origin, message, severity=Severity.ERROR, related=related)
        return
    open_ = [
        (word, span)
        for word, list_ in (("method", "allowed-methods"), ("header", "allowed-headers"))
        if (span := _any(document, cors, list_)) is not None
    ]
    if open_:
        words = " and every ".join(word for word, _ in open_)
        message = (
            f'Any page may call the API, with every {words}: "*" allows all origins. List those that need it.'
        )
        related = [context.related(span, f"It allows every {word} here.") for word, span in open_]
        yield RULE.diagnostic(context, origin, message, related=related)


def _any(document: Document, cors: Element, name: str) -> Span | None:
    """Where a list allows everything."""
    for list_ in cors.elements():
        for item in list_.elements() if list_.name == name else ():
            for text in item.texts():
                value = document.literal(text)
                if value is not None and value.strip() == _ANY:
                    at = text.start + document.slice(text).index(_ANY)
                    return Span(at, at + 1)
    return None


RULE = Rule(
    code="SEC002",
    name="cors-any-origin",
    level=Severity.WARNING,
    summary="A `cors` policy that allows every origin and every method or header",
    check=_check,
)
