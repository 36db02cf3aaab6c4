"""# XML006 duplicate-attribute

## What it does

Reports an attribute whose name already stands in the same start tag, at the second one, with the first as the other
place.

## Why is this bad?

The service rejects the document when it is saved. Which of the two values was meant, only the author knows.

## Example

```xml
<fragment>
    <set-query-parameter name="version" exists-action="skip" name="api-version">
        <value>2</value>
    </set-query-parameter>
</fragment>
```

## Use instead

```xml
<fragment>
    <set-query-parameter name="version" exists-action="skip">
        <value>2</value>
    </set-query-parameter>
</fragment>
```

## Fix safety

The fix removes the second attribute. It is unsafe, because the second value may be the one that was meant.

## References

- [Attributes are unique](https://www.w3.org/TR/xml/#uniqattspec), Extensible Markup Language 1.0
"""

from __future__ import annotations

from apim_policy.rules.model import Applicability
from apim_policy.rules.xml.faults import Wording, fault_rule
from apim_policy.syntax.tree import FaultKind

RULE = fault_rule(
    code="XML006",
    name="duplicate-attribute",
    summary="Second attribute of a name in one start tag",
    kind=FaultKind.DUPLICATE_ATTRIBUTE,
    fix=Applicability.UNSAFE,
    wordings={
        "again": Wording(
            '"{token}" stands twice in this start tag, first on line {line}. Keep one of them.',
            fix='Remove the second "{token}"',
            related='The first "{token}"',
        ),
    },
)
