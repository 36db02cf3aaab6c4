"""What the rules about types and members share."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from apim_policy.csharp.inference import types_of
from apim_policy.csharp.syntax_errors import syntax_error
from apim_policy.csharp.types import OBJECT, MemberKind
from apim_policy.rules.exp.expressions import closed_expressions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

    from apim_policy.csharp.code import Code
    from apim_policy.csharp.inference import Inference
    from apim_policy.csharp.types import Member, Type
    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.exp.expressions import Written
    from apim_policy.text.span import Span


_KEPT = "_typed_expressions"
LISTED = 14
"""Members are listed in a message where there are no more than these."""


class Typed(NamedTuple):
    """An expression without syntax errors, and the types in it."""

    written: Written
    types: Inference

    @property
    def code(self) -> Code:
        """Its C#."""
        return self.written.code

    def span(self, node: Node) -> Span:
        """Where a node stands in the document."""
        return self.written.place(self.code.span_of(node))

    def text(self, node: Node) -> str:
        """The C# of a node."""
        return self.code.text_of(node)


def typed(written: Written) -> Typed | None:
    """The types in an expression; None where there is a fault in its syntax, which is another rule's matter."""
    code = written.code
    if code.tree.root_node.has_error or syntax_error(code) is not None:
        return None
    return Typed(written, types_of(code))


def all_typed(context: RuleContext) -> list[Typed]:
    """The types in each sound expression of the document, in the order of the text."""
    # A document never changes; what is kept in it goes when it goes.
    kept = vars(context.document)
    found: list[Typed] | None = kept.get(_KEPT)
    if found is None:
        found = [each for written in closed_expressions(context) if (each := typed(written)) is not None]
        kept[_KEPT] = found
    return found


def own_names(members: Iterable[Member]) -> list[str]:
    """The names among members that say something of the type: neither what every object has, nor extension methods."""
    return sorted(
        {
            member.name
            for member in members
            if not member.extension and member.owner != OBJECT and member.kind is not MemberKind.INDEXER
        }
    )


def type_text(type_: Type) -> str:
    """A type as a message shows it; the nameless types of what hangs from ``context`` by the way to them."""
    spelled = str(type_)
    return f"c{spelled[1:]}" if type_.name.partition(".")[0] == "Context" else spelled
