"""# EXP006 response-not-ready

## What it does

Reports `context.Response` in `inbound`, and in `backend` before anything there forwards the request, where a member of
it is used. `<base />` and a fragment that is not in the workspace may forward. A fragment is judged where it is
included. Nothing is said of `context.Response?.`, of an expression that compares it with null, below a condition that
does, in `return-response`, in what `retry` runs again, in `rate-limit-by-key` and its kind, which count after the
response has come, and in `on-error` and `outbound`.

## Why is this bad?

Until the backend has answered there is no response: the expression fails, and the call ends in `on-error` with
`ExpressionValueEvaluationFailure`.

## Example

```xml
<policies>
    <inbound>
        <base />
        <choose>
            <when condition="@(context.Response.StatusCode == 404)">
                <set-variable name="missing" value="@(true)" />
            </when>
        </choose>
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <outbound>
        <base />
        <choose>
            <when condition="@(context.Response.StatusCode == 404)">
                <set-variable name="missing" value="@(true)" />
            </when>
        </choose>
    </outbound>
</policies>
```

## References

- [Policy expressions](https://learn.microsoft.com/azure/api-management/api-management-policy-expressions)
- [Limit call rate by key](https://learn.microsoft.com/azure/api-management/rate-limit-by-key-policy)
- That there is no response before the request was forwarded is observed in public documents, which test it for null.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.csharp.code import code_of
from apim_policy.csharp.null_tests import null_tests
from apim_policy.flow import facts
from apim_policy.flow.expressions import Evaluated, evaluated
from apim_policy.flow.sections import Mark
from apim_policy.rules.exp.expressions import Written
from apim_policy.rules.model import Rule, Severity
from apim_policy.schema.declarations import EffectKind
from apim_policy.schema.model import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.flow.composition import Step
    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic
    from apim_policy.syntax.tree import Document, Element
    from apim_policy.text.span import Span

_SUBJECT = "context.Response"


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    root = context.document.root
    if root is None or root.name != "policies":
        return
    if _SUBJECT not in context.document.text and len(context.reach.own) < 2:
        return
    seen: set[Span] = set()
    for section in ("inbound", "backend"):
        for finding in _section(context, section):
            if finding.span not in seen:
                seen.add(finding.span)
                yield finding


def _section(context: RuleContext, section: str) -> Iterator[Diagnostic]:
    steps = context.flow.steps(context.info, section)
    forwarded = False
    # Whether the request was forwarded where each open fork began, and in any of its arms.
    forks: list[list[bool]] = []
    # How many open policies repeat what they hold.
    repeated = 0
    # Whether the condition of the current arm of each open fork asks for the response, and how many do.
    asked: list[bool] = []
    asking = 0
    for step in steps:
        element = step.element
        if step.mark is Mark.FORK:
            forks.append([forwarded, forwarded])
            asked.append(False)
        elif step.mark is Mark.ARM and forks:
            forks[-1][1] |= forwarded
            forwarded = forks[-1][0]
            asking -= asked[-1]
            asked[-1] = _asks(step)
            asking += asked[-1]
        elif step.mark is Mark.JOIN and forks:
            forwarded |= forks.pop()[1]
            asking -= asked.pop()
        elif step.mark is Mark.END:
            repeated -= facts.repeats(element)
            continue
        if step.mark in (Mark.ARM, Mark.POLICY) and not step.gap and not forwarded:
            document = step.frame.document
            late = facts.ends_request(document, element) or _counts(element)
            if not late and not repeated and not asking:
                yield from _findings(context, step, section)
        if step.mark is Mark.POLICY:
            forwarded |= (step.gap and section == "backend") or facts.forwards(step.frame.document, element)
            if facts.holds_policies(element):
                repeated += facts.repeats(element)


def _counts(element: Element) -> bool:
    policy = load().policy(element.name)
    return policy is not None and policy.element.has_effect(EffectKind.COUNTS_CALLS)


def _asks(step: Step) -> bool:
    return any(
        _SUBJECT in null_tests(code_of(step.frame.document, each.expression)).tested
        for each in _looking(step)
    )


def _looking(step: Step) -> Iterator[Evaluated]:
    """The expressions of a step's element that say anything of the response, without those evaluated late."""
    document: Document = step.frame.document
    for each in evaluated(step.element):
        if not each.late and document.text.find("Response", each.expression.start, each.expression.end) >= 0:
            yield each


def _findings(context: RuleContext, step: Step, section: str) -> Iterator[Diagnostic]:
    seen_from = step.origin.in_policy(context.path)
    if seen_from is None:
        return
    for each in _looking(step):
        document = step.frame.document
        written = Written(each.expression, code_of(document, each.expression))
        use = next((u for u in null_tests(written.code).uses if u.subject == _SUBJECT), None)
        if use is None:
            continue
        place = written.place(use.span)
        told = _MESSAGES[section]
        if step.frame.path == context.path:
            yield RULE.diagnostic(context, place, f"There is no context.Response here yet: {told}")
        else:
            related = [context.related(place, "The response is used here.", step.frame.path)]
            yield RULE.diagnostic(
                context,
                seen_from.name_span,
                f"This fragment uses context.Response, and there is none here yet: {told}",
                related=related,
            )


_MESSAGES = {
    "inbound": (
        "inbound runs before the request is forwarded, so the expression fails. "
        "Move it to outbound, or test for null with context.Response?."
    ),
    "backend": (
        "nothing has forwarded the request, so the expression fails. "
        "Move it behind forward-request, or test for null with context.Response?."
    ),
}


RULE = Rule(
    code="EXP006",
    name="response-not-ready",
    level=Severity.WARNING,
    summary="The response before there is one",
    check=_check,
)
