"""The types of what stands in one expression, as far as they are sure. What is unknown stays unknown."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from apim_policy.csharp import calls, creations, operators, statements
from apim_policy.csharp.conversions import common
from apim_policy.csharp.meanings import Access, Mention, Named, Typing
from apim_policy.csharp.types import Allowed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tree_sitter import Node

    from apim_policy.csharp.code import Code
    from apim_policy.csharp.scopes import Local
    from apim_policy.csharp.types import Member, Type

__all__ = ["Access", "Inference", "Mention", "types_of"]

_HANDLERS = {**operators.HANDLERS, **calls.HANDLERS, **creations.HANDLERS, **statements.HANDLERS}
_LEAVES = {**operators.LEAVES, **statements.LEAVES}


class Inference:
    """What is known of the values, types and names in one expression. Offsets are those of ``Code.text``."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self._typing = Typing(code)
        self._typing.run(code.tree.root_node, _HANDLERS, _LEAVES)

    @cached_property
    def accesses(self) -> tuple[Access, ...]:
        """Every name after a dot that does not belong to the name of a type, and those that initializers give values."""
        return tuple(self._typing.accesses)

    @cached_property
    def unlisted(self) -> tuple[Access, ...]:
        """The accesses of values and types that are known, other than those of members that are surely allowed."""
        return tuple(
            access
            for access in self.accesses
            if access.receiver is not None and any(each.allowed is not Allowed.YES for each in access.members)
        )

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """Every type that is named and known, allowed or not."""
        return tuple(self._typing.mentions)

    @property
    def creations(self) -> tuple[Node, ...]:
        """Every ``new`` of a type whose constructors are known."""
        return tuple(self._typing.creations)

    @property
    def undeclared(self) -> tuple[Node, ...]:
        """Identifiers before dots or brackets, or alone, that no declaration in reach and no known type explains."""
        return tuple(self._typing.undeclared)

    @property
    def locals(self) -> tuple[Local, ...]:
        """All names that the expression declares, in the order of the text."""
        return tuple(self._typing.scopes.locals)

    @cached_property
    def result(self) -> Type | None:
        """The type of what the expression gives; None where it is not known or not always the same."""
        given = self._typing.returns[0]
        return common(given) if given else None

    def type_of(self, node: Node) -> Type | None:
        """The type of the value that a node is; None where that is not known, and where it is no value."""
        return self._typing.value(node, self._typing.meanings.get(node.id))

    def named_type(self, node: Node) -> Type | None:
        """The type whose name a node is, as in ``Convert.ToBase64String``; None for anything else."""
        meaning = self._typing.meanings.get(node.id)
        return meaning.named if isinstance(meaning, Named) else None

    def members(self, node: Node) -> tuple[Member, ...]:
        """What an access, a call, an indexer or ``new`` means: the chosen overload first; () where unknown."""
        return calls.choice(self._typing, node)[0]

    def meant(self, node: Node) -> tuple[Member, ...]:
        """The overloads that are meant as far as is known: one, or those that nothing tells apart."""
        members, equal = calls.choice(self._typing, node)
        return members[:equal]

    def local(self, identifier: Node) -> Local | None:
        """The name that an identifier means or declares; None where it is no local of the expression."""
        scopes = self._typing.scopes
        return scopes.declared.get(identifier.id) or scopes.meant.get(identifier.id)

    def scope_at(self, offset: int) -> Mapping[str, Local]:
        """The locals that can be used at an offset, the innermost of each name."""
        return self._typing.scopes.at(offset)

    def values_of(self, type_: Type) -> Mapping[str, Type | None] | None:
        """The members of a tuple or an anonymous object by name; None for any other type."""
        return self._typing.shapes.get(type_.name)


@lru_cache(maxsize=4096)
def types_of(code: Code) -> Inference:
    """What is known of an expression's types."""
    return Inference(code)
