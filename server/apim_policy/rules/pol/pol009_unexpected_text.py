"""# POL009 unexpected-text

## What it does

Reports text in a section, a policy or an element that holds only other elements, such as a value that stands directly
in `set-header`. Nothing is said where a template or a named value decides what stands there.

## Why is this bad?

The service rejects the document when it is saved.

## Example

```xml
<policies>
    <inbound>
        <set-header name="X-Version" exists-action="override">2</set-header>
    </inbound>
</policies>
```

```xml
<policies>
    <inbound>
        <base />
        see the wiki
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <set-header name="X-Version" exists-action="override">
            <value>2</value>
        </set-header>
    </inbound>
</policies>
```

## Fix safety

The fix puts the text into the element that is due, where only one can be and nothing else stands beside it. The text
itself stays as it is.

## References

- [Policy reference](https://learn.microsoft.com/azure/api-management/api-management-policies)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.model import Applicability, Rule, Severity
from apim_policy.rules.rewriting import fix
from apim_policy.rules.structure import Kind
from apim_policy.text.edits import TextEdit
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic
    from apim_policy.schema.declarations import ElementDecl


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    document = context.document
    for slip in context.structure.of(Kind.TEXT):
        if slip.part is None:
            continue
        source = document.slice(slip.part)
        start = slip.part.start + len(source) - len(source.lstrip())
        span = Span(start, start + len(source.strip()))
        name = slip.element.name
        due = _due(slip.place.decl)
        if due is None:
            message = f"{name} holds no text, only elements. Remove it, or make it a comment."
        else:
            message = f"{name} holds no text. Put it into <{due}>."
        fixes = []
        alone = [node for node in slip.element.children if document.slice(node).strip()]
        if due is not None and len(alone) == 1:
            edits = [TextEdit.insert(span.start, f"<{due}>"), TextEdit.insert(span.end, f"</{due}>")]
            fixes = [fix(context, f"Put it into <{due}>", edits, Applicability.SAFE)]
        yield RULE.diagnostic(context, span, message, fixes=fixes)


def _due(decl: ElementDecl) -> str | None:
    """The only child that an element has, where that holds text and needs no attribute."""
    if decl.any_policy or len(decl.children) != 1:
        return None
    ((name, child),) = decl.children.items()
    plain = child.element.text is not None and not any(a.required for a in child.element.attributes.values())
    return name if plain else None


RULE = Rule(
    code="POL009",
    name="unexpected-text",
    level=Severity.ERROR,
    summary="Text where only elements may stand",
    check=_check,
    fix=Applicability.SAFE,
)
