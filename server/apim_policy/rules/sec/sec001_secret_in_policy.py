"""# SEC001 secret-in-policy

## What it does

Reports a key, a password, a token or a client secret that is written out: in an attribute or an element that is meant
for one, in the value of a header or a parameter that carries one, and anywhere in texts and expressions where it has a
shape that is known (`AccountKey=`, `sig=`, a signed token, a key of a well-known service) or a name beside it
(`client_secret=`). A message shows only the first characters.

Nothing is reported about named values and placeholders, about GUIDs, which name applications and tenants, about what
stands for a secret in samples, and about comments.

## Why is this bad?

Policies are kept in repositories, exported, shown in the portal and copied into tickets. Whoever reads one has the
secret, and it cannot be changed without changing the policy.

## Example

```xml
<policies>
    <inbound>
        <base />
        <set-header name="x-functions-key" exists-action="override">
            <value>qV9bT2mZk7Ws4Rf8Lp3XyH6NdJ0cGu5E1aOiBzQwMtKv</value>
        </set-header>
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <base />
        <set-header name="x-functions-key" exists-action="override">
            <value>{{orders-functions-key}}</value>
        </set-header>
    </inbound>
</policies>
```

## References

- [Use named values](https://learn.microsoft.com/azure/api-management/api-management-howto-properties)
- [Use of hard-coded credentials](https://cwe.mitre.org/data/definitions/798.html)
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from apim_policy.csharp.code import code_of
from apim_policy.csharp.values import locals_of
from apim_policy.flow.taint import whole_expression
from apim_policy.rules import secrets
from apim_policy.rules.model import Rule, Severity
from apim_policy.rules.sec.credentials import is_credential, is_credential_header, is_password_name
from apim_policy.rules.sec.sinks import sinks
from apim_policy.schema.declarations import RoleKind
from apim_policy.syntax.tree import Expression
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic
    from apim_policy.rules.secrets import Secret
    from apim_policy.syntax.tree import Attribute, Document, Element, Text

_NAMING = {
    "set-header": is_credential_header,
    "set-query-parameter": is_credential,
    "set-variable": is_credential,
}
_AUTHORIZATION = "authorization"
_QUERY_KEYS = frozenset({"code", "key", "sig", "token"})


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    found = [*_meant(context), *_named(context), *_written(context)]
    last = -1
    for secret in sorted(found, key=lambda each: (each.span.start, -each.span.end)):
        if secret.span.start < last:
            continue
        last = secret.span.end
        message = (
            f'{secret.what} is written out: "{secrets.shown(context.document.slice(secret.span))}". Whoever reads the '
            "policy has it. Keep it in a secret named value or a key vault, refer to that, and replace it where it is used."
        )
        yield RULE.diagnostic(context, secret.span, message)


def _meant(context: RuleContext) -> Iterator[Secret]:
    """Literals in attributes and elements that the schema calls secret."""
    document = context.document
    for sink in sinks(context, RoleKind.SECRET):
        value = document.literal(sink.owner)
        if value is None or not value.strip() or secrets.is_sample(value.strip()):
            continue
        what = f'The "{sink.owner.name}"' if hasattr(sink.owner, "name") else f"The {sink.element.name}"
        yield secrets.Secret(_trimmed(document, sink.owner), f"{what} of {sink.policy.name}")


def _named(context: RuleContext) -> Iterator[Secret]:
    """Values of headers, parameters and variables whose name says that they are secret."""
    document = context.document
    for place in context.structure.policies:
        element = place.element
        naming = _NAMING.get(element.name)
        name = document.literal_value(element, "name") if naming is not None else None
        if naming is None or name is None:
            continue
        if not naming(name) and not (element.name == "set-query-parameter" and name.lower() in _QUERY_KEYS):
            continue
        for owner in _values(element):
            for span in _constants(document, owner):
                value = document.slice(span)
                scheme, space, rest = value.partition(" ")
                if space and scheme.isalpha():
                    span = Span(span.end - len(rest), span.end)
                value = rest if space else value
                chosen = secrets.is_password if is_password_name(name) else secrets.is_random
                if chosen(value) or (name.lower() == _AUTHORIZATION and secrets.is_user_and_password(value)):
                    yield secrets.Secret(span, f'The value of "{name}"')


def _values(element: Element) -> Iterator[Attribute | Text]:
    attribute = element.attribute("value")
    if attribute is not None:
        yield attribute
    for child in element.elements():
        if child.name == "value":
            yield from child.texts()


def _constants(document: Document, owner: Attribute | Text) -> Iterator[Span]:
    """Where a literal value stands, and the strings of an expression."""
    if document.literal(owner) is not None:
        yield _trimmed(document, owner)
        return
    expression = whole_expression(document, owner)
    if expression is None or not (expression.escaped or '"' in document.slice(expression)):
        return
    code = code_of(document, expression)
    for node in code.leaves():
        if node.type == "string_literal_content" and node.parent is not None:
            literal = locals_of(code).constant(node.parent)
            if literal is not None and literal.text == code.text_of(node):
                span = code.source_span(code.span_of(node))
                yield Span(span.start + expression.start, span.end + expression.start)


def _trimmed(document: Document, owner: Attribute | Text) -> Span:
    start, end = owner.value_span if hasattr(owner, "value_span") else owner.span
    source = document.text[start:end]
    start += len(source) - len(source.lstrip())
    return Span(start, start + len(source.strip()))


def _written(context: RuleContext) -> Iterator[Secret]:
    """Secrets of a known shape, or with a name beside them, anywhere in texts, attributes and expressions."""
    document = context.document
    root = document.root
    if root is None:
        return
    found = sorted(secrets.find(document.text), key=lambda secret: secret.span)
    if not found:
        return
    starts = [secret.span.start for secret in found]
    for element in root.walk():
        owners: list[Attribute | Text] = [*element.attributes, *element.texts()]
        for owner in owners:
            for part in owner.parts:
                first, last = bisect_left(starts, part.start), bisect_left(starts, part.end)
                for secret in found[first:last]:
                    if not (isinstance(part, Expression) and _in_comment(document, part, secret.span)):
                        yield secret


def _in_comment(document: Document, expression: Expression, span: Span) -> bool:
    comments = code_of(document, expression).comments(expression.start)
    return any(comment.start <= span.start < comment.end for comment in comments)


RULE = Rule(
    code="SEC001",
    name="secret-in-policy",
    level=Severity.WARNING,
    summary="A key, password, token or client secret that is written out",
    check=_check,
)
