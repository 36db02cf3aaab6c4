"""# XML010 misplaced-content

## What it does

Reports what may not stand outside the root element: a second root, text, and an XML declaration that is not the very
first thing in the file.

## Why is this bad?

A document has one root, `<policies>`, `<fragment>` or that of a resolver, and nothing but comments beside it. The service
rejects the document when it is saved.

## Example

```xml
<policies>
    <inbound>
        <base />
    </inbound>
</policies>
<policies>
    <outbound>
        <base />
    </outbound>
</policies>
```

A comment before the declaration is enough:

```xml
<!-- policy of all orders -->
<?xml version="1.0" encoding="utf-8"?>
<policies>
    <inbound>
        <base />
    </inbound>
</policies>
```

## Use instead

```xml
<?xml version="1.0" encoding="utf-8"?>
<!-- policy of all orders -->
<policies>
    <inbound>
        <base />
    </inbound>
    <outbound>
        <base />
    </outbound>
</policies>
```

## Fix safety

The fix moves the declaration to the start of the file, or removes it where one stands there already. For a second root
and for text there is none: where they belong, only the author knows.

## References

- [Well-formed documents](https://www.w3.org/TR/xml/#sec-well-formed), Extensible Markup Language 1.0
- [Set or edit policies](https://learn.microsoft.com/azure/api-management/set-edit-policies)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.xml.faults import Wording, fault_rule, fix_of
from apim_policy.syntax.tree import FaultKind
from apim_policy.text.edits import TextEdit

if TYPE_CHECKING:
    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Fix
    from apim_policy.syntax.tree import Fault


def _fixes(context: RuleContext, fault: Fault) -> list[Fix] | None:
    if fault.detail != "declaration":
        return None
    text, lines = context.document.text, context.document.lines
    start = 1 if text.startswith("\ufeff") else 0
    removal = TextEdit(lines.to_remove(fault.span), "")
    if text.startswith("<?xml", start):
        return [fix_of(context, "Remove the second declaration", [removal])]
    line_end = text[lines.line_end(0) : lines.line_start(1)] if lines.line_count > 1 else "\n"
    declaration = text[fault.start : fault.end]
    if not text[start : fault.start].strip():
        # Only blanks stand before it.
        edits = [TextEdit.delete(start, fault.start)]
    else:
        edits = [TextEdit.insert(start, declaration + line_end), removal]
    return [fix_of(context, "Move the declaration to the start of the file", edits)]


RULE = fault_rule(
    code="XML010",
    name="misplaced-content",
    summary="Second root, text outside the root, XML declaration not first",
    kind=FaultKind.MISPLACED_CONTENT,
    fixes=_fixes,
    wordings={
        "second-root": Wording(
            "<{token}> is a second root element: the document already has one on line {line}. "
            "Move it into the first, or to a file of its own.",
            related="The first root element",
        ),
        "text": Wording(
            '"{token}" stands outside the root element, where only comments may. Move it into the root, or remove it.'
        ),
        "declaration": Wording(
            "The XML declaration may only be the very first thing in the file. Move it there, or remove it.",
        ),
    },
)
