"""# SCP006 repeated-policy

## What it does

Reports a policy that may stand only once in a section, or in the whole document, where one request can meet it twice.
The branches of one `choose` count once, since only one of them runs.

## Why is this bad?

The service rejects the second one, or the two get in each other's way.

## Example

```xml
<policies>
    <inbound>
        <rate-limit calls="10" renewal-period="60" />
        <set-method>GET</set-method>
        <rate-limit calls="100" renewal-period="300" />
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <rate-limit calls="10" renewal-period="60" />
        <set-method>GET</set-method>
    </inbound>
</policies>
```

## References

- [Policy reference](https://learn.microsoft.com/azure/api-management/api-management-policies)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.model import Rule, Severity
from apim_policy.schema.declarations import Once, Runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic
    from apim_policy.rules.structure import Place


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    root = context.structure.root
    if root is None:
        return
    seen: dict[tuple[str, Place | None], list[Place]] = {}
    for place in context.structure.policies:
        policy = place.policy
        if (
            policy is None
            or policy.once is None
            or place.depth > _DEPTH
            or (place.section is None and root.element.name == "policies")
        ):
            continue
        section = None if policy.once is Once.DOCUMENT else place.top
        seen.setdefault((policy.name, section), []).append(place)
    for (name, section), places in seen.items():
        if len(places) < 2:
            continue
        places.sort(key=lambda place: place.element.start)
        for index, place in enumerate(places):
            # One earlier place is enough; the bounds keep a hostile document linear.
            first = next(
                (earlier for earlier in places[: min(index, _COMPARED)] if _meet(earlier, place)), None
            )
            if first is None:
                continue
            where = f"in {section.element.name}" if section else "in a document"
            message = f"<{name}> may stand only once {where}, and stands there already. Keep one of them."
            related = [context.related(first.element.name_span, "The first one")]
            yield RULE.diagnostic(context, place.element.name_span, message, related=related)


def _meet(one: Place, other: Place) -> bool:
    """Whether one request can run both: no choice and no template decides between them."""
    branches = {id(outer.parent): outer for outer in one.above() if outer.decl.runs is Runs.IF_CHOSEN}
    for outer in (other, *other.above()):
        if outer.decl.runs is Runs.IF_CHOSEN and branches.get(id(outer.parent), outer) is not outer:
            return False
        if outer.parent is not None and outer.parent.element.open:
            return False
    return True


_COMPARED = 16
_DEPTH = 200


RULE = Rule(
    code="SCP006",
    name="repeated-policy",
    level=Severity.WARNING,
    summary="A policy that is allowed once, a second time on one path",
    check=_check,
)
