"""Fragments, named values, backends and their kind, where a document calls them by name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.flow import facts
from apim_policy.schema.declarations import RoleKind
from apim_policy.syntax.tree import Element, Expression, PartKind, Text
from apim_policy.text.span import Span
from apim_policy.workspace.model import ResourceKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.syntax.tree import Attribute, Document, Node


class ResourceUse(NamedTuple):
    """A place that calls a resource by its name."""

    kind: ResourceKind
    name: str
    span: Span
    """The name."""
    access: Span
    """All of the use: the attribute that holds the name, or the braces around it."""
    literal: bool
    """Whether exactly the name stands at ``span``, without references to characters."""
    sure: bool = True
    """Whether surely the resource is meant: braces in C# may be C#."""

    @property
    def sets(self) -> bool:
        """False: nothing here defines the resource."""
        return False


_KINDS = {
    RoleKind.FRAGMENT: ResourceKind.FRAGMENT,
    RoleKind.BACKEND: ResourceKind.BACKEND,
    RoleKind.LOGGER: ResourceKind.LOGGER,
    RoleKind.SCHEMA: ResourceKind.SCHEMA,
}
_REFERENCE = re.compile(r"(?<!\{)\{\{([A-Za-z0-9._-]{1,256})\}\}(?!\})")
_PLACEHOLDER = re.compile(r"__\w+?__")
_INTERPOLATED = re.compile(r"\$@?(?:\"|&quot;)|@\$(?:\"|&quot;)")
_KEPT = "_resources"


def resource_uses(document: Document) -> tuple[ResourceUse, ...]:
    """The resources that a document calls by name, in the order of the text; read once."""
    # A document never changes; what is kept in it goes when it goes.
    kept = vars(document)
    found = kept.get(_KEPT)
    if found is None:
        found = kept[_KEPT] = tuple(sorted(_read(document), key=lambda use: use.span))
    assert isinstance(found, tuple)
    return found


def _read(document: Document) -> Iterator[ResourceUse]:
    braces = "{{" in document.text
    stack: list[Node] = list(document.nodes)
    while stack:
        node = stack.pop()
        if isinstance(node, Text) and braces:
            yield from _named_values(document, node)
        if not isinstance(node, Element):
            continue
        stack += node.children
        for role, attribute in facts.resource_names(node):
            name = document.literal(attribute)
            if name and name.strip():
                span = attribute.value_span
                literal = name == document.slice(span)
                yield ResourceUse(_KINDS[role], name, span, attribute.span, literal)
        if braces:
            for attribute in node.attributes:
                yield from _named_values(document, attribute)


def _named_values(document: Document, owner: Attribute | Text) -> Iterator[ResourceUse]:
    text = document.text
    for part in owner.parts:
        if part.kind is not PartKind.NAMED_VALUE and not isinstance(part, Expression):
            continue
        # An interpolated string writes two braces for one.
        doubtful = isinstance(part, Expression) and _INTERPOLATED.search(text, part.start, part.end)
        for match in _REFERENCE.finditer(text, part.start, part.end):
            name = match[1]
            if _PLACEHOLDER.search(name):
                continue
            sure = not (isinstance(part, Expression) and (doubtful or name.isdigit()))
            yield ResourceUse(
                ResourceKind.NAMED_VALUE, name, Span(*match.span(1)), Span(*match.span()), True, sure
            )
