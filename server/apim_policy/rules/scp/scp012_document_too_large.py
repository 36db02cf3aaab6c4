"""# SCP012 document-too-large

## What it does

Reports a policy document of more than 256 KiB, or of more than 16 KiB where the settings name the Consumption
gateway, and a policy fragment of more than 32 KiB. Counted are the bytes of the text in UTF-8.

## Why is this bad?

The service rejects the document when it is saved.

## Example

```text
policy.xml:1:2: error SCP012 A policy document may have at most 256 KiB, and this one has 301 KiB. Move parts of it into
policy fragments, or large texts into the backend.
```

## Use instead

```xml
<policies>
    <inbound>
        <base />
        <include-fragment fragment-id="shared-headers" />
    </inbound>
</policies>
```

## References

- [API Management limits](https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#api-management-limits)
- [Policy fragments](https://learn.microsoft.com/azure/api-management/policy-fragments)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.model import Rule, Severity
from apim_policy.syntax.tree import PartKind
from apim_policy.workspace.settings import GatewayType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic
    from apim_policy.syntax.tree import Attribute, Document, Element, Text


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    document = context.document
    root = document.root
    if root is None or len(document.text) * _WIDEST <= _CONSUMPTION:
        return
    if root.name == "fragment":
        limit, what = _FRAGMENT, "A policy fragment"
    elif context.settings.gateway.type is GatewayType.CONSUMPTION:
        limit, what = _CONSUMPTION, "On the Consumption gateway, a policy document"
    else:
        limit, what = _DOCUMENT, "A policy document"
    size = len(document.text.encode("utf-8", "surrogatepass"))
    if size > limit:
        size -= _unsure(document, root)
    if size > limit:
        message = (
            f"{what} may have at most {limit // _KIB} KiB, and this one has {-(-size // _KIB)} KiB. "
            "Move parts of it into policy fragments, or large texts into the backend."
        )
        yield RULE.diagnostic(context, root.name_span, message)


def _unsure(document: Document, root: Element) -> int:
    """Characters that a template may take away: placeholders, and all that holds a directive."""
    lost = 0
    stack = [root]
    while stack:
        element = stack.pop()
        if element.open:
            lost += element.end - element.start
            continue
        owners: list[Attribute | Text] = [*element.attributes, *element.texts()]
        lost += sum(
            part.end - part.start
            for owner in owners
            for part in owner.parts
            if part.kind in (PartKind.PLACEHOLDER, PartKind.DIRECTIVE)
        )
        stack += element.elements()
    return lost


_KIB = 1024
_DOCUMENT = 256 * _KIB
_CONSUMPTION = 16 * _KIB
_FRAGMENT = 32 * _KIB
_WIDEST = 4


RULE = Rule(
    code="SCP012",
    name="document-too-large",
    level=Severity.ERROR,
    summary="A document beyond the size that the service takes",
    check=_check,
)
