"""# XML007 invalid-character

## What it does

Reports characters that XML does not take where they stand: a bare `<` or `&` outside expressions, an entity that XML does
not know, control characters, and inside a tag the no-break spaces that come along with text from a web page. Inside an expression all of C# is allowed as it is: `&&`, `<`, generics and quotes need
no escaping there. Code that lacks its `@` or the bracket after it is no expression, and is reported where it begins.

## Why is this bad?

The service rejects the document when it is saved.

## Example

```xml
<policies>
    <inbound>
        <base />
        <rewrite-uri template="/search?q=policy&page=1" />
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <base />
        <rewrite-uri template="/search?q=policy&amp;page=1" />
    </inbound>
</policies>
```

## Fix safety

The fix writes the character as an entity, or adds the `@` that makes an expression of code. Removing a control character
from an expression is unsafe, because it changes the code.

## References

- [Character data and markup](https://www.w3.org/TR/xml/#syntax), Extensible Markup Language 1.0
- [Policy expressions: syntax](https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#Syntax)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.model import Applicability
from apim_policy.rules.xml.faults import Wording, fault_rule, fix_of
from apim_policy.syntax.tree import FaultKind
from apim_policy.text.edits import TextEdit

if TYPE_CHECKING:
    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Fix
    from apim_policy.syntax.tree import Fault


def _fixes(context: RuleContext, fault: Fault) -> list[Fix] | None:
    if fault.detail != "control":
        return None
    inside = any(part.start < fault.start < part.end for part in context.document.expressions())
    applicability = Applicability.UNSAFE if inside else Applicability.SAFE
    return [fix_of(context, "Remove it", [TextEdit(fault.span, "")], applicability)]


RULE = fault_rule(
    code="XML007",
    name="invalid-character",
    summary="Unknown entity, bare `&` or `<` outside expressions, control character",
    kind=FaultKind.INVALID_CHARACTER,
    fixes=_fixes,
    wordings={
        "less-than": Wording('A bare "<" begins a tag. Write &lt; for the character.', fix='Write "&lt;"'),
        "ampersand": Wording(
            'A bare "&" begins an entity. Write &amp; for the character.', fix='Write "&amp;"'
        ),
        "entity": Wording(
            '"{token}" is no entity of XML, which knows &lt;, &gt;, &amp;, &quot; and &apos;. Write &amp; for its "&".',
            fix='Write "&amp;" for its "&"',
        ),
        "html-entity": Wording(
            '"{token}" is an entity of HTML, not of XML. Write {new}.',
            fix='Write "{new}"',
        ),
        "entity-end": Wording('"{token}" has no ";" at its end. Write it.', fix='Insert ";"'),
        "reference": Wording(
            '"{token}" stands for a character that XML does not allow. Remove it.', fix='Remove "{token}"'
        ),
        "foreign-space": Wording(
            "{token} is no white space inside a tag, though it looks like it: XML takes spaces, tabs and line ends.",
            fix="Write a space",
        ),
        "control": Wording("The control character {token} may not stand in XML. Remove it."),
        "missing-at": Wording(
            'This reads like code without "@" before its "{token}", and so its "<" begins a tag. Write "@{token}".',
            fix='Insert "@"',
        ),
        "missing-bracket": Wording(
            'No bracket follows this "@", and so the "<" after it begins a tag. An expression begins with "@(" or "@{{".'
        ),
    },
)
