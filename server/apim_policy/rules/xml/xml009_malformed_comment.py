"""# XML009 malformed-comment

## What it does

Reports a comment that is never closed, one that holds another comment, and `--` inside a comment.

## Why is this bad?

XML ends a comment at the first `-->` and allows `--` nowhere else in it. The service rejects the document when it is
saved, or takes what the author meant as policies for a comment.

## Example

```xml
<policies>
    <inbound>
        <!-- first the header -- then the rest -->
        <base />
    </inbound>
</policies>
```

```xml
<policies>
    <inbound>
        <!-- first the header
        <base />
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <!-- first the header - then the rest -->
        <base />
    </inbound>
</policies>
```

## Fix safety

The fix changes only the comment: it closes it before the next line that begins with a tag, or puts spaces between the
hyphens. Where a comment holds another one, it takes the marks of the inner comment apart.

## References

- [Comments](https://www.w3.org/TR/xml/#sec-comments), Extensible Markup Language 1.0
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apim_policy.rules.xml.faults import Wording, fault_rule, fix_of
from apim_policy.syntax.tree import FaultKind
from apim_policy.text.edits import TextEdit

if TYPE_CHECKING:
    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Fix
    from apim_policy.syntax.tree import Fault

_HYPHEN_BEFORE_HYPHEN = re.compile(r"-(?=-)")


def _fixes(context: RuleContext, fault: Fault) -> list[Fix] | None:
    if fault.related is None:
        return None
    start, end = fault.related
    text = context.document.text
    edits = [
        TextEdit.insert(match.end(), " ")
        for match in _HYPHEN_BEFORE_HYPHEN.finditer(text, start + 4, end - 3)
    ]
    if text[end - 4] == "-":
        edits.append(TextEdit.insert(end - 3, " "))
    return [fix_of(context, "Put spaces between the hyphens of the comment", edits)]


RULE = fault_rule(
    code="XML009",
    name="malformed-comment",
    summary="Comment that is never closed, or that holds `--`",
    kind=FaultKind.MALFORMED_COMMENT,
    fixes=_fixes,
    wordings={
        "double-hyphen": Wording(
            '"{token}" may not stand inside a comment. Put spaces between the hyphens, or write another dash.',
        ),
        "nested": Wording(
            'A comment cannot hold another: the comment of line {line} ends at the first "-->". '
            "Take the marks of the inner one out.",
            related="The outer comment",
        ),
        "never-closed": Wording(
            '"{token}" is never closed. Write "-->" where the comment ends.', fix='Insert "-->"'
        ),
        "never-opened": Wording(
            'This "{token}" ends a comment that nothing opens. Write "<!--" where the comment begins.',
            fix='Insert "<!--"',
        ),
    },
)
