"""Members of ``context`` that one expression uses."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.csharp.code import Code, code_of

if TYPE_CHECKING:
    from apim_policy.syntax.tree import Document, Expression
    from apim_policy.text.span import Span


class MemberUse(NamedTuple):
    """A use of ``context.<name>``."""

    name: str
    span: Span
    """From ``context`` to the end of the name, in characters from the expression's ``@`` in the source."""


def context_members(document: Document, expression: Expression) -> tuple[MemberUse, ...]:
    """The members of ``context`` that an expression of a document uses, in the order of the text."""
    if document.text.find("context", expression.start, expression.end) < 0:
        return ()
    return _members(code_of(document, expression))


@lru_cache(maxsize=8192)
def _members(code: Code) -> tuple[MemberUse, ...]:
    found = []
    for node in code.nodes_of("member_access_expression", "conditional_access_expression"):
        if node.type == "member_access_expression":
            target, name = node.child_by_field_name("expression"), node.child_by_field_name("name")
        else:
            target = node.child_by_field_name("condition")
            bound = node.named_children[-1]
            name = bound.child_by_field_name("name") if bound.type == "member_binding_expression" else None
        if target is None or name is None or code.text_of(target) != "context":
            continue
        span = code.source_span(code.span_of(node))
        found.append(MemberUse(code.text_of(name), span))
    return tuple(found)
