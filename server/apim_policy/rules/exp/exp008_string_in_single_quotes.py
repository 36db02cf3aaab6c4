"""# EXP008 string-in-single-quotes

## What it does

Reports text in single quotes that is not exactly one character. It replaces EXP001 for the expression.

## Why is this bad?

In C#, single quotes hold one character; strings stand in double quotes. The service rejects the document when it is
saved, with "Too many characters in character literal".

## Example

```xml
<policies>
    <inbound>
        <set-variable name="client" value="@(context.Request.Headers.GetValueOrDefault('X-Client', 'none'))" />
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <set-variable name="client" value="@(context.Request.Headers.GetValueOrDefault("X-Client", "none"))" />
    </inbound>
</policies>
```

## Fix safety

The fix writes double quotes, as `&quot;` where the expression or the document writes them so. It is unsafe, because it
changes the text of an expression.

## References

- [Policy expressions](https://learn.microsoft.com/azure/api-management/api-management-policy-expressions)
- [A document that was rejected for it](https://github.com/Azure/api-management-policy-snippets/issues/137)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apim_policy.csharp.syntax_errors import quoted_strings
from apim_policy.rules.exp.expressions import closed_expressions
from apim_policy.rules.model import Applicability, Rule, Severity
from apim_policy.rules.rewriting import fix
from apim_policy.text.edits import TextEdit
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.exp.expressions import Written
    from apim_policy.rules.model import Diagnostic

_ESCAPED_QUOTE = re.compile(r"&(?:quot|#34|#[xX]22);")
# What needs a backslash in a string: a double quote, and a backslash that begins no escape.
_TO_ESCAPE = re.compile(r"""\\(?:[\\'"0abfnrtv]|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F])|(["\\])""")


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    quote = None
    for written in closed_expressions(context):
        found = quoted_strings(written.code)
        if not found:
            continue
        quote = quote or _document_quote(context)
        for span in found:
            text = written.code.decoded[span.start : span.end]
            shown = text if len(text) <= 40 else f"{text[:38]}…"
            message = (
                f"{shown} is no string: single quotes hold one character. Write double quotes around it."
            )
            edits = list(_doubled(written, span, _quote(context, written, quote)))
            yield RULE.diagnostic(
                context, written.place(span), message, fixes=[fix(context, "Write double quotes", edits)]
            )


def _document_quote(context: RuleContext) -> str:
    """How the document writes quotes in expressions within double quotes: as they are, where one does."""
    document = context.document
    for element in document.root.walk() if document.root is not None else ():
        for attribute in element.attributes:
            if (
                attribute.quote == '"'
                and document.text.find('"', attribute.value_start, attribute.value_end) >= 0
            ):
                return '"'
    return "&quot;"


def _quote(context: RuleContext, written: Written, quote: str) -> str:
    document, expression = context.document, written.expression
    source = document.slice(expression)
    if escaped := _ESCAPED_QUOTE.search(source):
        return escaped.group()
    before = document.text[: expression.start].rstrip()[-1:]
    # Code with other raw characters is in no document that keeps the rules of XML.
    raw = '"' in source or (not expression.escaped and ("<" in source or "&" in source))
    return '"' if raw or before != '"' else quote


def _doubled(written: Written, span: Span, quote: str) -> Iterator[TextEdit]:
    yield TextEdit(written.place(Span(span.start, span.start + 1)), quote)
    content = written.code.decoded[span.start + 1 : span.end - 1]
    for match in _TO_ESCAPE.finditer(content):
        if match[1]:
            at = span.start + 1 + match.start()
            yield TextEdit.insert(written.place(Span(at, at + 1)).start, "\\")
    yield TextEdit(written.place(Span(span.end - 1, span.end)), quote)


RULE = Rule(
    code="EXP008",
    name="string-in-single-quotes",
    level=Severity.ERROR,
    summary="String in single quotes",
    check=_check,
    fix=Applicability.UNSAFE,
)
