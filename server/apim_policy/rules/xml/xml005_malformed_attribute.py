"""# XML005 malformed-attribute

## What it does

Reports what is wrong with the shape of an attribute or a tag: a quote, an `=` or a space that is missing, and characters
that belong to none. The quotes around a value may be `"` or `'`. Quotes inside an expression are part of its code and
need no escaping.

## Why is this bad?

The service rejects the document when it is saved. A missing quote makes it take the rest of the line, or of the file,
for the value.

## Example

```xml
<fragment>
    <set-variable name="origin value="gateway" />
</fragment>
```

## Use instead

```xml
<fragment>
    <set-variable name="origin" value="gateway" />
</fragment>
```

## Fix safety

The fix writes the character that is missing, or removes the one that belongs to nothing. The value of an attribute
stays as it is. Where an attribute has no value at all, nothing is offered.

## References

- [Attributes in start tags](https://www.w3.org/TR/xml/#NT-Attribute), Extensible Markup Language 1.0
"""

from __future__ import annotations

from apim_policy.rules.xml.faults import Wording, fault_rule
from apim_policy.syntax.tree import FaultKind

RULE = fault_rule(
    code="XML005",
    name="malformed-attribute",
    summary="Attribute without a quote, its `=` or the space before it",
    kind=FaultKind.MALFORMED_ATTRIBUTE,
    wordings={
        "missing-equals": Wording(
            'No "=" stands between "{token}" and its value. Write {token}="…".', fix='Insert "="'
        ),
        "missing-value": Wording('"{token}" has no value. Write {token}="…", or remove it.'),
        "missing-quotes": Wording(
            'The value of "{token}" is not in quotes. Write {token}="…".', fix="Put the value in quotes"
        ),
        "missing-start-quote": Wording(
            'The value of "{token}" has no quote before it. Write one.', fix="Insert the opening quote"
        ),
        "missing-end-quote": Wording(
            'The value of "{token}" has no closing quote. Write one where the value ends.',
            fix="Insert the closing quote",
        ),
        "missing-space": Wording(
            'No space stands before "{token}". Write one between the attributes.', fix="Insert a space"
        ),
        "missing-space-after-name": Wording(
            'No space stands between the name of the element and "{token}". Write one.', fix="Insert a space"
        ),
        "missing-name": Wording(
            '{token} is a value without a name. Write name="value", or remove it.',
        ),
        "missing-at": Wording(
            'The value of "{token}" reads like code without its "@", so its quotes end the value. Write "@" before it.',
            fix='Insert "@"',
        ),
        "missing-bracket": Wording(
            'No bracket follows the "@" of "{token}", so the quotes of the code end the value. '
            'An expression begins with "@(" or "@{{".',
            fix='Insert "{new}"',
        ),
        "quote-in-value": Wording(
            'The value of "{token}" holds the quote that also ends it. Write &quot;, or put the value in the other quotes.',
            fix="Write the quotes inside as entities",
        ),
        "stray-quote": Wording(
            "The quote {token} belongs to no attribute. Remove it, or write the attribute that it should hold.",
            fix="Remove the quote",
        ),
        "stray-character": Wording(
            '"{token}" belongs to no attribute. A start tag holds only attributes, as in name="value". Remove it.',
            fix='Remove "{token}"',
        ),
        "in-end-tag": Wording(
            'An end tag holds only its name, not "{token}". Remove it.', fix='Remove "{token}"'
        ),
        "space-in-start-tag": Wording(
            'A space stands between "<" and "{token}". Remove it.', fix="Remove the space"
        ),
        "space-in-end-tag": Wording(
            'A space stands between "</" and "{token}". Remove it.', fix="Remove the space"
        ),
    },
)
