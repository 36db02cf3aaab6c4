"""# XML002 mismatched-end-tag

## What it does

Reports an end tag whose name is not that of the element that is open, with the start tag as the other place. An end tag
without a name, without its `>`, or without its `/`, and end tags in the wrong order, are reported here too.

## Why is this bad?

The service rejects the document when it is saved.

## Example

```xml
<fragment>
    <choose>
        <when condition="@(context.Request.Method == "PUT")">
            <set-method>POST</set-method>
        </wehn>
    </choose>
</fragment>
```

## Use instead

```xml
<fragment>
    <choose>
        <when condition="@(context.Request.Method == "PUT")">
            <set-method>POST</set-method>
        </when>
    </choose>
</fragment>
```

## Fix safety

The fix changes only the end tag, to the name of the element that is open. When it is the start tag that is misspelt,
change that one by hand: the finding names its line.

## References

- [Start tags, end tags and empty elements](https://www.w3.org/TR/xml/#sec-starttags), Extensible Markup Language 1.0
"""

from __future__ import annotations

from apim_policy.rules.xml.faults import Wording, fault_rule
from apim_policy.syntax.tree import FaultKind

_OPENED = "This element is open"

RULE = fault_rule(
    code="XML002",
    name="mismatched-end-tag",
    summary="End tag of another name than the element that is open",
    kind=FaultKind.MISMATCHED_END_TAG,
    wordings={
        "other-name": Wording(
            "</{token}> does not close <{place}>, which is open since line {line}. Write </{place}>.",
            fix="Change the end tag to </{place}>",
            related=_OPENED,
        ),
        "no-name": Wording(
            "This end tag has no name. Write </{place}> for the element that is open since line {line}.",
            fix="Change the end tag to </{place}>",
            related=_OPENED,
        ),
        "missing-bracket": Wording(
            'The end tag {token} has no ">" at its end. Write {token}>.', fix='Insert ">"'
        ),
        "missing-slash": Wording(
            'This <{token}> lacks the "/" of an end tag: the element is open since line {line}. Write </{token}>.',
            fix='Insert "/"',
            related=_OPENED,
        ),
        "swapped": Wording(
            "</{token}> comes before the </{place}> of the element in it, which is open since line {line}. "
            "Swap the two end tags.",
            fix="Swap the two end tags",
            related=_OPENED,
        ),
        "crossed": Wording(
            "</{token}> comes too late: the element around the <{token}> of line {line} has already ended. "
            "Write it before the end tag of that element.",
            related="The element begins here",
        ),
    },
)
