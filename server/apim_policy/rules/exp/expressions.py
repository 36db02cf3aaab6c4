"""The expressions of a document that have C# to judge."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from apim_policy.csharp.code import code_of
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apim_policy.csharp.code import Code
    from apim_policy.rules.context import RuleContext
    from apim_policy.syntax.tree import Expression


class Written(NamedTuple):
    """An expression of a document, and its C#."""

    expression: Expression
    code: Code

    def place(self, span: Span) -> Span:
        """A span of the code's text in the document; one character at least."""
        start, end = self.code.source_span(span)
        first = self.expression.start
        return Span(first + start, first + max(end, start + 1))


def closed_expressions(context: RuleContext) -> Sequence[Written]:
    """Every expression whose end is known; of the others, XML004 speaks."""
    document = context.document
    # A document never changes; what is kept in it goes when it goes.
    kept = vars(document)
    found: Sequence[Written] | None = kept.get(_KEPT)
    if found is None:
        found = [
            Written(expression, code_of(document, expression))
            for expression in document.expressions()
            if expression.closed
        ]
        kept[_KEPT] = found
    return found


_KEPT = "_closed_expressions"
