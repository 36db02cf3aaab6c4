"""# SCP015 late-cors

## What it does

Reports `cors` that is no direct child of `inbound`, and `cors` that comes after a policy which can end the request.
`<base />` and `include-fragment` before it count only where their content is known, and not for the policies of
products, which a preflight request without a key does not run. Nothing is said in policy fragments.

## Why is this bad?

The gateway looks for `cors` among the direct children of `inbound` to answer preflight requests. A limit or a check
before it answers the preflight, or rejects the request without the headers that let a browser read why.

## Example

```xml
<policies>
    <inbound>
        <base />
        <check-header name="X-Key" failed-check-httpcode="401" failed-check-error-message="No key" ignore-case="true" />
        <cors>
            <allowed-origins>
                <origin>https://example.com</origin>
            </allowed-origins>
        </cors>
    </inbound>
</policies>
```

```xml
<policies>
    <inbound>
        <choose>
            <when condition="@(context.Request.Method == &quot;OPTIONS&quot;)">
                <cors>
                    <allowed-origins>
                        <origin>https://example.com</origin>
                    </allowed-origins>
                </cors>
            </when>
        </choose>
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <base />
        <cors>
            <allowed-origins>
                <origin>https://example.com</origin>
            </allowed-origins>
        </cors>
        <check-header name="X-Key" failed-check-httpcode="401" failed-check-error-message="No key" ignore-case="true" />
    </inbound>
</policies>
```

## References

- [CORS](https://learn.microsoft.com/azure/api-management/cors-policy)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.flow import facts
from apim_policy.flow.composition import Layer
from apim_policy.flow.sections import Mark
from apim_policy.rules.model import Rule, Severity
from apim_policy.workspace.model import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.flow.composition import Step
    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic
    from apim_policy.syntax.tree import Element


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    direct = []
    for place in context.structure.policies:
        outer = place.parent
        if place.element.name != _CORS or place.section != _SECTION or outer is None:
            continue
        if any(above.open for above in place.above()):
            continue
        if outer.parent is context.structure.root:
            direct.append(place.element)
            continue
        message = (
            f"The gateway finds cors only as a direct child of inbound, not in {outer.element.name}. "
            "Move it to the start of inbound."
        )
        yield RULE.diagnostic(context, place.element.name_span, message)
    if direct:
        yield from _late(context, direct)


def _late(context: RuleContext, direct: list[Element]) -> Iterator[Diagnostic]:
    ends: Step | None = None
    for step in context.flow.steps(context.info, _SECTION):
        if step.gap or step.mark is not Mark.POLICY or not _counts(context, step):
            continue
        if step.element.name == _CORS and step.element.parent is not None:
            if ends is not None and any(step.element is element for element in direct):
                yield _finding(context, step.element, ends)
            if facts.is_arm(step.element.parent):
                continue
            # It answers preflight requests, so that one that comes later is not too late.
            return
        if ends is None and facts.may_end_request(step.frame.document, step.element):
            ends = step


def _counts(context: RuleContext, step: Step) -> bool:
    """Whether a step surely belongs to the preflight requests that the document is for."""
    parent = step.element.parent
    if parent is not None and parent.open:
        return False
    if step.origin.in_policy(context.path) is not None:
        return step.frame.index == 0
    info = context.info
    return info.scope in _INHERITING and not info.also and step.frame.layer is not Layer.PRODUCT


def _finding(context: RuleContext, cors: Element, ends: Step) -> Diagnostic:
    name = ends.element.name
    top = ends.origin.seen_from(context.path) or ends.element
    while top.parent is not cors.parent and top.parent is not None:
        top = top.parent
    if top is ends.element:
        before, where = name, name
    elif facts.is_base(top) or facts.includes_fragment(top):
        before = f"<{top.name} />"
        where = f"{before} brings in {name}, which"
    else:
        before, where = top.name, f"{name} in {top.name}"
    message = f"{where} can answer a preflight request before cors does. Move cors before {before}."
    related = [context.related(ends.element.name_span, "This can end the request", ends.frame.path)]
    return RULE.diagnostic(context, cors.name_span, message, related=related)


_CORS = "cors"
_SECTION = "inbound"
_INHERITING = frozenset({Scope.PRODUCT, Scope.API, Scope.OPERATION, Scope.MCP})


RULE = Rule(
    code="SCP015",
    name="late-cors",
    level=Severity.WARNING,
    summary="A `cors` policy that comes too late, or is not found",
    check=_check,
)
