"""# SCP006 repeated-policy

## What it does

Reports a policy that may stand only once in a section, or in the whole document, where one request can meet it twice.
The branches of one `choose` count once, since only one of them runs; so does a branch that ends the request.

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

from bisect import bisect_right
from typing import TYPE_CHECKING

from apim_policy.flow import facts
from apim_policy.rules.model import Rule, Severity
from apim_policy.schema.declarations import Once, Runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic
    from apim_policy.rules.structure import Place
    from apim_policy.syntax.tree import Element


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
    ends = _Ends(context)
    for (name, section), places in seen.items():
        if len(places) < 2:
            continue
        places.sort(key=lambda place: place.element.start)
        for index, place in enumerate(places):
            # One earlier place is enough; the bounds keep a hostile document linear.
            first = next(
                (earlier for earlier in places[: min(index, _COMPARED)] if _meet(earlier, place, ends)), None
            )
            if first is None:
                continue
            where = f"in {section.element.name}" if section else "in a document"
            message = f"<{name}> may stand only once {where}, and stands there already. Keep one of them."
            related = [context.related(first.element.name_span, "The first one")]
            yield RULE.diagnostic(context, place.element.name_span, message, related=related)


class _Ends:
    """Where the policies of a list end the request."""

    def __init__(self, context: RuleContext) -> None:
        self._document = context.document
        self._starts: dict[Element, list[int]] = {}

    def between(self, place: Place, other: Place) -> bool:
        """Whether a policy that ends the request follows ``place`` in its own list, before ``other``."""
        if place.parent is None or place.parent.decl.runs is Runs.SIDE_BY_SIDE:
            return False
        holder = place.parent.element
        if holder not in self._starts:
            self._starts[holder] = [
                element.start for element in holder.elements() if facts.ends_request(self._document, element)
            ]
        starts = self._starts[holder]
        at = bisect_right(starts, place.element.start)
        return at < len(starts) and starts[at] < other.element.start


def _meet(one: Place, other: Place, ends: _Ends) -> bool:
    """Whether one request can run both: no choice, no template and no end of the request is between them."""
    if any(ends.between(outer, other) for outer in (one, *one.above())):
        return False
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
