"""# EXP009 may-be-null

## What it does

Reports a value that may be null where a member of it is used as if it were there:

- the response in the variable of a `send-request` with `ignore-error="true"`: a warning
- `context.Subscription`, `context.User`, `context.Product` outside the policy of a product, `context.Request.Certificate`, and `context.LastError`
  outside `on-error`
- what `AsJwt()` and `AsBasic()` give, where no policy of the document validates a token
- what `GetValueOrDefault` gives for a header or a query parameter without a default, before a member of `string`

Each value is reported once in a document, at its first use. Nothing is said where the document tests the value before,
in the same expression or in an earlier one: with `?.`, `??`, a comparison with null, a pattern, `string.IsNullOrEmpty`
or `ContainsKey`.

## Why is this bad?

A call without a subscription key has no subscription, one without a token no token, and a failed request no response.
The expression then fails, and the call ends in `on-error` with `ExpressionValueEvaluationFailure` and status 500.

## Example

```xml
<policies>
    <inbound>
        <base />
        <send-request mode="new" response-variable-name="rate" timeout="5" ignore-error="true">
            <set-url>https://rates.contoso.example/eur</set-url>
            <set-method>GET</set-method>
        </send-request>
        <set-variable name="rate-status" value="@(((IResponse)context.Variables["rate"]).StatusCode)" />
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <base />
        <send-request mode="new" response-variable-name="rate" timeout="5" ignore-error="true">
            <set-url>https://rates.contoso.example/eur</set-url>
            <set-method>GET</set-method>
        </send-request>
        <set-variable name="rate-status" value="@(((IResponse)context.Variables["rate"])?.StatusCode ?? 0)" />
    </inbound>
</policies>
```

## Fix safety

Unsafe, and offered where the expression gives a string: `?.` lets it be null, and what follows must cope with that.

## References

- [Policy expressions](https://learn.microsoft.com/azure/api-management/api-management-policy-expressions)
- [Send request](https://learn.microsoft.com/azure/api-management/send-request-policy)
- That subscription, product, user and certificate may be null is observed in public documents, which test them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apim_policy.csharp.code import code_of
from apim_policy.csharp.inference import types_of
from apim_policy.csharp.null_tests import null_tests
from apim_policy.flow import facts
from apim_policy.rules.exp.expressions import Written
from apim_policy.rules.model import Applicability, Rule, Severity
from apim_policy.rules.rewriting import fix
from apim_policy.schema.declarations import RoleKind
from apim_policy.text.edits import TextEdit
from apim_policy.text.span import Span
from apim_policy.workspace.model import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from apim_policy.csharp.null_tests import Use
    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic
    from apim_policy.syntax.tree import Document, Expression


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    document = context.document
    unsure = _unsure_responses(context)
    names = tuple(subject[len("Variables[") : -1] for subject in unsure)
    validated = any(place.element.name in _VALIDATES for place in context.structure.policies)
    settled: set[str] = set()
    for expression in document.expressions():
        if not expression.closed or not _worth_a_look(document, expression, names):
            continue
        written = Written(expression, code_of(document, expression))
        found = null_tests(written.code)
        settled |= found.tested
        for use in found.uses:
            if use.subject in settled:
                continue
            if use.subject in unsure:
                message, severity = _UNSURE.format(name=use.subject[len("Variables[") : -1]), Severity.WARNING
            else:
                told = _nullable(context, use, written, validated=validated)
                if told is None:
                    continue
                message, severity = told, Severity.INFO
            settled.add(use.subject)
            fixes = [fix(context, "Use ?.", [edit])] if (edit := _guarded(written, use)) else ()
            yield RULE.diagnostic(context, written.place(use.span), message, severity=severity, fixes=fixes)


_WORDS = re.compile(
    r"context\.(?:Subscription|Product|User|LastError)|\.Certificate|AsJwt|AsBasic"
    r"|GetValueOrDefault(?:<\w{1,40}>|&lt;\w{1,40}(?:&gt;|>))?\s{0,9}\([^,()]{0,300}\)"
)
_VALIDATES = frozenset({"validate-jwt", "validate-azure-ad-token", "authentication-basic"})
_UNSURE = (
    'The variable "{name}" holds no response where its send-request fails, since that ignores errors. '
    "Test it for null before, or use ?."
)
_WHEN_NULL = {
    "context.Subscription": "in a call without a subscription",
    "context.Product": "in a call outside a product",
    "context.User": "in a call without a user",
    "context.Request.Certificate": "where the client sends no certificate",
}
_PARSED = {"AsJwt": "token", "AsBasic": "Basic credentials"}
_OF_STRING = frozenset(
    {
        "Contains", "EndsWith", "Equals", "IndexOf", "LastIndexOf", "Length", "PadLeft", "Remove", "Replace",
        "Split", "StartsWith", "Substring", "ToCharArray", "ToLower", "ToLowerInvariant", "ToUpper",
        "ToUpperInvariant", "Trim", "TrimEnd", "TrimStart",
    }
)  # fmt: skip


def _worth_a_look(document: Document, expression: Expression, names: Iterable[str]) -> bool:
    """Whether an expression speaks of anything that may be null; for most, no tree is asked."""
    text, start, end = document.text, expression.start, expression.end
    return _WORDS.search(text, start, end) is not None or any(
        text.find(name, start, end) >= 0 for name in names
    )


def _unsure_responses(context: RuleContext) -> frozenset[str]:
    """The variables that hold a response, or null where a request fails and nobody is told."""
    found: set[str] = set()
    sure: set[str] = set()
    if "ignore-error" not in context.document.text:
        return frozenset()
    for place in context.structure.policies:
        element = place.element
        for name in facts.variable_names(context.document, element):
            if name.kind is not RoleKind.VARIABLE_SET or name.name is None:
                continue
            ignore = element.attribute("ignore-error")
            value = context.document.literal(ignore) if ignore is not None else None
            ignores = value is not None and value.strip().lower() == "true"
            (found if ignores else sure).add(f"Variables[{name.name}]")
    return frozenset(found - sure)


def _nullable(context: RuleContext, use: Use, written: Written, *, validated: bool) -> str | None:
    """What to say of a value that may be null; None for any other."""
    when = _WHEN_NULL.get(use.subject)
    if when is not None:
        if use.subject == "context.Product" and context.info.scope is Scope.PRODUCT:
            return None
        return f"{use.subject} is null {when}. Test it before, or use ?."
    if use.subject == "context.LastError":
        root = context.document.root
        section = root.child("on-error") if root is not None and root.name == "policies" else None
        start = written.expression.start
        if root is None or root.name != "policies" or (section and section.start <= start < section.end):
            return None
        return "context.LastError is null outside on-error. Test it before, or use ?."
    if use.method in _PARSED and use.arguments == 0 and not validated:
        return (
            f"{use.method}() gives null where it is given no valid {_PARSED[use.method]}. Test it, or use ?."
        )
    if use.method != "GetValueOrDefault" or use.arguments != 1 or use.name not in _OF_STRING:
        return None
    if not any(part in use.subject for part in (".Headers.Get", ".Query.Get")):
        return None
    return (
        f"GetValueOrDefault gives null here where the value is missing, and {use.name} fails. "
        'Give it a default, such as "", or use ?.'
    )


def _guarded(written: Written, use: Use) -> TextEdit | None:
    if use.dot is None:
        return None
    type_ = types_of(written.code).type_of(use.chain)
    if type_ is None or type_.name != "System.String":
        return None
    return TextEdit.insert(written.place(Span(use.dot, use.dot + 1)).start, "?")


RULE = Rule(
    code="EXP009",
    name="may-be-null",
    level=Severity.INFO,
    summary="A value that may be null, used without a test",
    check=_check,
    fix=Applicability.UNSAFE,
)
