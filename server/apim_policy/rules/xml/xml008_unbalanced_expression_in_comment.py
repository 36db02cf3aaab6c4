"""# XML008 unbalanced-expression-in-comment

## What it does

Reports an expression that a comment opens and that nothing closes before the end of the file. One that closes in the
same comment, or in a later one, is nothing: people comment out line by line.

## Why is this bad?

The service looks for expressions before it reads the XML, inside comments too. One that never closes takes the rest of
the document for its code, and the document is rejected with a message that speaks of something else.

## Example

```xml
<policies>
    <inbound>
        <base />
        <!-- was: <set-variable name="user" value="@(context.User.Id" /> -->
    </inbound>
</policies>
```

## Use instead

Close the expression, or take the `@` out of the comment:

```xml
<policies>
    <inbound>
        <base />
        <!-- was: <set-variable name="user" value="@(context.User.Id)" /> -->
    </inbound>
</policies>
```

## References

- [Validation on commented code](https://github.com/microsoft/vscode-apimanagement/issues/197), vscode-apimanagement
"""

from __future__ import annotations

from apim_policy.rules.model import Severity
from apim_policy.rules.xml.faults import Wording, fault_rule
from apim_policy.syntax.tree import FaultKind

RULE = fault_rule(
    code="XML008",
    name="unbalanced-expression-in-comment",
    level=Severity.WARNING,
    summary="Expression that a comment opens and nothing closes",
    kind=FaultKind.UNBALANCED_EXPRESSION_IN_COMMENT,
    fix=None,
    wordings={
        "never-closed": Wording(
            'The service reads expressions inside comments too, and this "{token}" is closed nowhere before the end of '
            'the file. Close it, or take the "@" out of the comment.'
        ),
    },
)
