"""# XML003 stray-end-tag

## What it does

Reports an end tag that closes nothing: no element of its name is open. An element that closes itself and has an end tag
all the same is reported at that end tag.

## Why is this bad?

The service rejects the document when it is saved.

## Example

```xml
<policies>
    <inbound>
        <base />
    </inbound>
    </inbound>
</policies>
```

A `/` too many leaves the end tag without an element:

```xml
<policies>
    <inbound>
        <set-body />
            hello
        </set-body>
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <base />
        <set-body>
            hello
        </set-body>
    </inbound>
</policies>
```

## Fix safety

The fix removes the end tag, or the `/` of the start tag that should not close itself, or gives the document the start tag
of its root. None of them adds a policy or takes one away. When a start tag was lost, write it again instead.

## References

- [Start tags, end tags and empty elements](https://www.w3.org/TR/xml/#sec-starttags), Extensible Markup Language 1.0
"""

from __future__ import annotations

from apim_policy.rules.xml.faults import Wording, fault_rule
from apim_policy.syntax.tree import FaultKind

RULE = fault_rule(
    code="XML003",
    name="stray-end-tag",
    summary="End tag that closes nothing",
    kind=FaultKind.STRAY_END_TAG,
    wordings={
        "stray": Wording(
            "</{token}> closes nothing: no <{token}> is open here. Remove it, or write the start tag that it belongs to.",
            fix="Remove </{token}>",
        ),
        "no-start": Wording(
            "</{token}> closes nothing: the document has no <{token}> at its start. Write it.",
            fix="Insert <{token}>",
        ),
        "self-closed": Wording(
            '</{token}> closes nothing: the "/" at the end of <{token}> on line {line} closes it there. Remove that "/".',
            fix='Remove the "/" from <{token}>',
            related='This start tag ends in "/>"',
        ),
    },
)
