"""# POL015 invalid-named-value

## What it does

Reports `{{…}}` whose content is no name that a named value can have: letters, digits, `-`, `.` and `_`, at most 256
of them. Liquid templates, expressions, and braces that hold a placeholder of a template are left alone.

## Why is this bad?

The service finds no such named value, and rejects the document or leaves the braces as they are.

## Example

```xml
<policies>
    <inbound>
        <set-header name="X-Key" exists-action="override">
            <value>{{backend key}}</value>
        </set-header>
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <set-header name="X-Key" exists-action="override">
            <value>{{backend-key}}</value>
        </set-header>
    </inbound>
</policies>
```

## References

- [Named values](https://learn.microsoft.com/azure/api-management/api-management-howto-properties)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apim_policy.rules.model import Rule, Severity
from apim_policy.syntax.tree import PartKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic
    from apim_policy.syntax.tree import Attribute, Text


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    document = context.document
    if document.root is None or "{{" not in document.text:
        return
    for element in document.root.walk():
        owners: list[Attribute | Text] = [*element.attributes, *element.texts()]
        for owner in owners:
            for part in owner.parts:
                if part.kind is not PartKind.NAMED_VALUE:
                    continue
                name = document.text[part.start + 2 : part.end - 2]
                if _NAME.fullmatch(name) or _TEMPLATE.search(name):
                    continue
                message = (
                    f'No named value can be called "{name}". A name has letters, digits, "-", "." and "_" only, '
                    "without blanks, and at most 256 characters."
                )
                yield RULE.diagnostic(context, part.span, message)


_NAME = re.compile(r"[A-Za-z0-9._-]{1,256}")
_TEMPLATE = re.compile(r"[$#%{}@]|__")


RULE = Rule(
    code="POL015",
    name="invalid-named-value",
    level=Severity.WARNING,
    summary="A reference that no named value can have as its name",
    check=_check,
)
