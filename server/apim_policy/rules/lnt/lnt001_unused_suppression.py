"""# LNT001 unused-suppression

## What it does

Reports a suppression comment that suppresses nothing: the rule finds nothing there any more, the code is misspelt or
missing, or the comment stands where it covers nothing. A suppression of a rule that does not run is left alone.

## Why is this bad?

A suppression that has outlived its finding hides the next one. One that never worked gives a false sense that somebody
looked at the place.

## Example

```xml
<policies>
    <inbound>
        <base />
        <!-- apim-policy: ignore[XML006] the gateway takes the last one -->
        <set-header name="X-Origin" exists-action="override">
            <value>gateway</value>
        </set-header>
    </inbound>
</policies>
```

Codes are required, so that a comment never hides more than its author meant:

```xml
<policies>
    <inbound>
        <!-- apim-policy: ignore -->
        <base />
    </inbound>
</policies>
```

## Use instead

Remove the comment, or the code that does nothing. The forms that work:

```xml
<!-- apim-policy: ignore-file[LNT001] this page shows the forms, it has nothing to suppress -->
<policies>
    <inbound>
        <!-- apim-policy: ignore[XML006] covers the next element and all in it -->
        <set-body>@{
            // apim-policy: ignore[XML004] covers the next line
            return "";
        }</set-body>
    </inbound>
</policies>
```

## Fix safety

Removing a comment between elements changes nothing in how the document runs: the fix is safe. A comment inside an
expression is part of its text, so the fix there is unsafe.

## References

- [Suppressions](https://github.com/apim-policy/apim-policy#suppressions)
"""

from __future__ import annotations

from apim_policy.rules.model import Applicability, Rule, Severity

RULE = Rule(
    code="LNT001",
    name="unused-suppression",
    level=Severity.WARNING,
    summary="Suppression comment that suppresses nothing",
    check=None,
    fix=Applicability.SAFE,
)
