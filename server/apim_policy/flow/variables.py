"""Uses of variables in one document: in expressions, in Liquid, and in the attributes of policies that name one."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.csharp.lookups import Access
from apim_policy.csharp.variables import variable_accesses
from apim_policy.flow import facts
from apim_policy.schema.declarations import RoleKind
from apim_policy.syntax.tree import Element, Expression, PartKind, Text
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.syntax.tree import Attribute, Document, Node


class UseKind(Enum):
    """What happens to a variable."""

    SET = "set"
    READ = "read"
    """It must be there, or the read fails."""
    TEST = "test"
    """Looks whether it is there."""
    DEFAULT = "default"
    """Gives something else where it is not there."""


class VariableUse(NamedTuple):
    """One use of a variable."""

    name: str | None
    """None where it is not known before the policy runs; any variable may be meant."""
    kind: UseKind
    span: Span
    """The name, without quotes, in the document; where no name stands, what the use is recognised by."""
    access: Span
    """All of the use: the access in an expression, the attribute that names the variable."""
    element: Element | None
    """Whose attribute or text it stands in; None outside the root element."""
    literal: bool
    """Whether exactly the name stands at ``span``, so that another can be put there."""
    type: str | None = None
    """The C# type of what a policy sets or expects, where the schema says."""
    all: bool = False
    """Whether it enumerates the variables, or hands them on, rather than computing a name."""
    named: bool = False
    """Whether an attribute of a policy names the variable, rather than an expression."""
    aside: bool = False
    """Whether the policy that sets it is there for something else and cannot do without the name."""

    @property
    def sets(self) -> bool:
        """Whether it sets the variable."""
        return self.kind is UseKind.SET

    @property
    def indexes(self) -> bool:
        """Whether it is an indexer, which fails where the variable is not there."""
        return self.kind is UseKind.READ and not self.named and not self.all


class Variables(NamedTuple):
    """What one document says of variables."""

    uses: tuple[VariableUse, ...]
    """In the order of the text."""
    includes: tuple[str | None, ...]
    """The fragments that it includes; None for one whose id is not known."""
    inherits: bool
    """Whether ``<base />`` brings in the policies of an outer scope in some section, or a section is missing."""
    complete: bool
    """Whether the text holds all that runs: it has no syntax errors, and no template or named value adds policies."""


def variables(document: Document) -> tuple[VariableUse, ...]:
    """The uses of variables in a document, in the order of the text."""
    return document_variables(document).uses


def document_variables(document: Document) -> Variables:
    """What a document says of variables, read once."""
    # A document never changes; what is kept in it goes when it goes.
    kept = vars(document)
    found = kept.get(_KEPT)
    if found is None:
        found = kept[_KEPT] = _read(document)
    assert isinstance(found, Variables)
    return found


_KEPT = "_variables"
_SECTIONS = ("inbound", "backend", "outbound", "on-error")
_KINDS = {
    Access.INDEX: UseKind.READ,
    Access.ALL: UseKind.READ,
    Access.VALUE: UseKind.DEFAULT,
    Access.TRY: UseKind.DEFAULT,
    Access.CONTAINS: UseKind.TEST,
}
_LIQUID = re.compile(
    r"""\bcontext\.Variables\b (?: \.(\w+) | \[\s* (?: "([^"\]]+)" | '([^'\]]+)' ) \s*\] | (\[) )?""",
    re.I | re.X,
)


def _read(document: Document) -> Variables:
    uses: list[VariableUse] = []
    includes: list[str | None] = []
    inherits = substituted = False
    stack: list[Node] = list(document.nodes)
    while stack:
        node = stack.pop()
        if isinstance(node, Text):
            uses += _in_value(document, node, node.parent)
        if not isinstance(node, Element):
            continue
        stack += node.children
        for attribute in node.attributes:
            if len(attribute.parts) != 1 or attribute.parts[0].kind is not PartKind.LITERAL:
                uses += _in_value(document, attribute, node)
        uses += map(_named, facts.variable_names(document, node))
        inherits = inherits or facts.is_base(node)
        if facts.includes_fragment(node):
            includes.append(facts.fragment_id(document, node))
        substituted = substituted or (facts.lists_policies(node) and facts.is_substituted(node))
    root = document.root
    if root is not None and root.name == "policies":
        inherits = inherits or any(root.child(section) is None for section in _SECTIONS)
    uses.sort(key=lambda use: use.span)
    complete = not document.faults and not substituted
    return Variables(tuple(uses), tuple(includes), inherits, complete)


def _named(named: facts.VariableName) -> VariableUse:
    attribute = named.element.attribute(named.attribute) if named.attribute else None
    return VariableUse(
        named.name,
        UseKind.SET if named.kind is RoleKind.VARIABLE_SET else UseKind.READ,
        named.span,
        attribute.span if attribute is not None else named.span,
        named.element,
        named.literal,
        named.type,
        named=True,
        aside=named.aside,
    )


def _in_value(document: Document, owner: Attribute | Text, element: Element | None) -> Iterator[VariableUse]:
    for part in owner.parts:
        if isinstance(part, Expression):
            for access in variable_accesses(document, part):
                yield VariableUse(
                    access.name,
                    _KINDS[access.access],
                    _shifted(access.name_span, part.start),
                    _shifted(access.span, part.start),
                    element,
                    access.literal,
                    all=access.access is Access.ALL,
                )
        elif part.kind is PartKind.LIQUID:
            for match in _LIQUID.finditer(document.text, part.start, part.end):
                group = next((group for group in (1, 2, 3) if match[group]), 0)
                name = match[group] if group else None
                # A template writes nothing for a variable that is not there.
                yield VariableUse(
                    name,
                    UseKind.DEFAULT,
                    Span(*match.span(group)),
                    Span(*match.span()),
                    element,
                    literal=name is not None,
                    all=not match[4] and name is None,
                )


def _shifted(span: Span, offset: int) -> Span:
    return Span(span.start + offset, span.end + offset)
