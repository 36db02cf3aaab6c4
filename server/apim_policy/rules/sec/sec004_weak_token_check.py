"""# SEC004 weak-token-check

## What it does

Reports a check of tokens that lets through tokens which are not meant for the API:

- `validate-jwt` without `audiences` and without a required claim `aud`, `azp` or `appid`; information where it has signing
  keys of its own and no `openid-config`, so that who has the key decides what is signed;
- `validate-jwt` with neither `openid-config`, `issuers` nor signing keys of its own;
- `validate-jwt` with `require-signed-tokens` or `require-expiration-time` off;
- `validate-azure-ad-token` with none of `audiences`, `client-application-ids`, `backend-application-ids` and
  `required-claims`.

Nothing is reported where a template decides what the policy holds.

## Why is this bad?

A token that the same issuer gave to any other application is accepted here. Without a signature anyone can write a token;
without an end it works for ever once it has leaked.

## Example

```xml
<policies>
    <inbound>
        <base />
        <validate-jwt header-name="Authorization">
            <openid-config url="https://login.microsoftonline.com/{{tenant-id}}/v2.0/.well-known/openid-configuration" />
        </validate-jwt>
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <base />
        <validate-jwt header-name="Authorization">
            <openid-config url="https://login.microsoftonline.com/{{tenant-id}}/v2.0/.well-known/openid-configuration" />
            <audiences>
                <audience>{{orders-audience}}</audience>
            </audiences>
        </validate-jwt>
    </inbound>
</policies>
```

## References

- [Validate JWT](https://learn.microsoft.com/azure/api-management/validate-jwt-policy)
- [Validate Microsoft Entra token](https://learn.microsoft.com/azure/api-management/validate-azure-ad-token-policy)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.model import Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic
    from apim_policy.syntax.tree import Document, Element

_JWT = "validate-jwt"
_ENTRA = "validate-azure-ad-token"
_MEANT_FOR = frozenset({"aud", "azp", "appid"})
_KEYS = ("issuer-signing-keys", "issuers", "openid-config")
_ENTRA_CHECKS = ("audiences", "client-application-ids", "backend-application-ids", "required-claims")
_SWITCHES = {
    "require-signed-tokens": "anyone can write a token",
    "require-expiration-time": "a token without an end works for ever",
}


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    if f"<{_JWT}" not in context.document.text and f"<{_ENTRA}" not in context.document.text:
        return
    for place in context.structure.policies:
        element = place.element
        if place.open or element.open_tag or any(child.open for child in element.elements()):
            continue
        if element.name == _JWT:
            yield from _jwt(context, element)
        elif element.name == _ENTRA and not any(_holds(element, name) for name in _ENTRA_CHECKS):
            message = (
                "This accepts every token of the tenant, whichever application it is for. "
                "Add audiences or client-application-ids."
            )
            yield RULE.diagnostic(context, element.name_span, message)


def _jwt(context: RuleContext, element: Element) -> Iterator[Diagnostic]:
    document = context.document
    for name, danger in _SWITCHES.items():
        attribute = element.attribute(name)
        if attribute is not None and (document.literal(attribute) or "").strip().lower() in ("false", "0"):
            message = f'{name} is off: {danger}. Set it to "true", or leave it out.'
            yield RULE.diagnostic(context, attribute.span, message)
    if not any(element.child(name) is not None for name in _KEYS):
        message = "Nothing says who may sign the token. Add openid-config, or issuers with signing keys of their own."
        yield RULE.diagnostic(context, element.name_span, message)
        return
    if _holds(element, "audiences") or _claims(document, element):
        return
    own = element.child("openid-config") is None and element.child("issuer-signing-keys") is not None
    what = "every token that its keys sign" if own else "every token of the issuer"
    message = (
        f"This accepts {what}, whichever application it is meant for. Add audiences, or require the claim aud, azp or "
        "appid."
    )
    severity = Severity.INFO if own else None
    yield RULE.diagnostic(context, element.name_span, message, severity=severity)


def _holds(element: Element, name: str) -> bool:
    child = element.child(name)
    return child is not None and (next(child.elements(), None) is not None or child.open)


def _claims(document: Document, element: Element) -> bool:
    """Whether a claim that says whom a token is for is required, or some claim that a template names."""
    required = element.child("required-claims")
    for claim in required.elements() if required is not None else ():
        name = claim.attribute("name")
        if name is not None and (document.literal(name) or "aud").strip().lower() in _MEANT_FOR:
            return True
    return False


RULE = Rule(
    code="SEC004",
    name="weak-token-check",
    level=Severity.WARNING,
    summary="A check of tokens that accepts those of other applications, or forged ones",
    check=_check,
)
