"""# XML001 unclosed-element

## What it does

Reports a start tag whose end tag is missing, or that lacks its own `>`. The finding stands at the start tag, not where
a reader of XML would give up. The rest of the document is checked as if the element ended where it visibly does: before
the next policy that it cannot hold, or before the end tag around it.

## Why is this bad?

The service rejects the document when it is saved, and names a line far from the fault: the end tag that closes
something around the element.

## Example

```xml
<fragment>
    <set-header name="X-Origin" exists-action="override">
        <value>gateway</value>
</fragment>
```

An element that holds nothing has to close itself:

```xml
<policies>
    <inbound>
        <base>
    </inbound>
</policies>
```

## Use instead

```xml
<fragment>
    <set-header name="X-Origin" exists-action="override">
        <value>gateway</value>
    </set-header>
</fragment>
```

## Fix safety

The fix writes the end tag where the element was taken to end, `/>` for an element that holds nothing, or the missing
`>`. It adds characters and removes none.

## References

- [Start tags, end tags and empty elements](https://www.w3.org/TR/xml/#sec-starttags), Extensible Markup Language 1.0
"""

from __future__ import annotations

from apim_policy.rules.xml.faults import Wording, fault_rule
from apim_policy.syntax.tree import FaultKind

RULE = fault_rule(
    code="XML001",
    name="unclosed-element",
    summary="Start tag without end tag",
    kind=FaultKind.UNCLOSED_ELEMENT,
    wordings={
        "element": Wording(
            "<{token}> has no end tag before the </{place}> of line {line}. Write </{token}> where it ends.",
            fix="Insert </{token}>",
            related="</{token}> is missing before this end tag",
        ),
        "at-end": Wording(
            "<{token}> has no end tag. Write </{token}> where it ends.",
            fix="Insert </{token}>",
        ),
        "all-at-end": Wording(
            "The document ends inside <{token}>: nothing from <{place}> of line {line} on is closed. "
            "Write the end tags that are missing.",
            fix="Write what is missing at the end",
            related="This element is still open where the document ends",
        ),
        "empty": Wording(
            '<{token}> has no end tag and holds nothing. Close it with "/>".',
            fix='Close <{token}> with "/>"',
        ),
        "start-tag": Wording(
            'The start tag <{token} has no ">" at its end. Write it before what follows.',
            fix='Insert "{new}"',
        ),
        "cdata": Wording(
            '"{token}" has no "]]>" at its end. Write it where the text ends.', fix='Insert "]]>"'
        ),
        "instruction": Wording(
            'This "<?" has no "?>" at its end. Write it where the instruction ends.', fix='Insert "{new}"'
        ),
    },
)
