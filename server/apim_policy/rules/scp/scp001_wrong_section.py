"""# SCP001 wrong-section

## What it does

Reports a policy in a section that its documentation does not list, also inside `choose`, `retry` and other policies
that hold policies. A section that one source allows and no known document uses is a warning. Nothing is said in
policy fragments, which may be included anywhere.

## Why is this bad?

The service rejects the document when it is saved.

## Example

```xml
<policies>
    <inbound>
        <forward-request timeout="60" />
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <backend>
        <forward-request timeout="60" />
    </backend>
</policies>
```

## Fix safety

The fix moves the policy to the end of the only section where it may stand, where the document has that section. It is
unsafe, because it decides when the policy runs.

## References

- [Policy reference](https://learn.microsoft.com/azure/api-management/api-management-policies)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.mcp.layout import appended, taken_out
from apim_policy.rules.model import Applicability, Rule, Severity
from apim_policy.rules.rewriting import fix
from apim_policy.rules.structure import Kind
from apim_policy.schema.model import load
from apim_policy.text.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic, Fix
    from apim_policy.rules.structure import Place


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    for slip in context.structure.of(Kind.WRONG_SECTION):
        policy = slip.place.policy
        if policy is None:
            continue
        sections = [section for section in load().sections if section in policy.sections]
        disputed = slip.name in policy.disputed_sections
        if disputed:
            message = f"Sources disagree whether {policy.name} may stand in {slip.name}."
            message = f"{message} It surely may in {listed(sections, 'or')}." if sections else message
        elif sections:
            message = f"{policy.name} may stand only in {listed(sections)}, not in {slip.name}."
        else:
            message = f"{policy.name} may stand in no section; it belongs into a resolver."
        moved = _moved(context, slip.place, sections[0]) if len(sections) == 1 else None
        yield RULE.diagnostic(
            context,
            slip.element.name_span,
            message,
            severity=Severity.WARNING if disputed else None,
            fixes=[moved] if moved else [],
        )


def _moved(context: RuleContext, place: Place, section: str) -> Fix | None:
    """The change that moves a policy which stands directly in its section; one in a branch depends on the branch."""
    document, element = context.document, place.element
    outer = place.parent
    root = document.root
    target = root.child(section) if root else None
    if outer is None or outer.policy is not None or target is None or outer.element.parent is not root:
        return None
    edits = [
        taken_out(document, element, element),
        appended(document, target, [(0, document.slice(element))]),
    ]
    return fix(context, f"Move to {section}", edits)


RULE = Rule(
    code="SCP001",
    name="wrong-section",
    level=Severity.ERROR,
    summary="A policy in a section where it may not stand",
    check=_check,
    fix=Applicability.UNSAFE,
)
