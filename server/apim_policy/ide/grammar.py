"""What the schema says of the elements around a caret."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from apim_policy.schema.model import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from apim_policy.schema.declarations import AttributeDecl, ChildDecl, ElementDecl, EnumerationValue
    from apim_policy.syntax.tree import Element


class Subject(NamedTuple):
    """A thing that the schema describes, by names alone."""

    path: tuple[str, ...]
    """From a root or a policy down to the element; what the last but one says of its child counts."""
    attribute: str | None = None
    """Of that element."""
    value: str | None = None
    """Of that attribute; without one, of the element's text."""


class Declared(NamedTuple):
    """An element in a document and what the schema says of it."""

    path: tuple[str, ...]
    decl: ElementDecl


def declared(chain: Iterable[Element]) -> Declared | None:
    """The declaration of the last of ``chain``, elements that hold each other, the root first.

    A policy that stands where none should is still itself. None where the schema does not know the element.
    """
    found: Declared | None = None
    for element in chain:
        found = step(found, element.name)
    return found


def step(parent: Declared | None, name: str) -> Declared | None:
    """The declaration of a child of that name."""
    if parent is not None and (child := parent.decl.children.get(name)) is not None:
        return Declared((*parent.path, name), child.element)
    model = load()
    if model.is_policy(name) or (parent is None and name in model.roots):
        return Declared((name,), model.element(name))
    return None


class Described(NamedTuple):
    """What the schema says of a subject."""

    element: ElementDecl
    child: ChildDecl | None
    """As its parent names it; None for what stands by itself."""
    attribute: AttributeDecl | None
    value: EnumerationValue | None


def describe(subject: Subject) -> Described | None:
    """What the schema says of a subject; None where there is no such thing."""
    found: Declared | None = None
    child = None
    for name in subject.path:
        child = found.decl.children.get(name) if found is not None else None
        found = step(found, name)
        if found is None:
            return None
    if found is None:
        return None
    attribute = None
    if subject.attribute is not None:
        attribute = found.decl.attributes.get(subject.attribute)
        if attribute is None:
            return None
    value = None
    if subject.value is not None:
        text = found.decl.text
        kind = attribute.type if attribute else text.type if text else None
        known = kind.values if kind else ()
        value = next((item for item in known if item.value == subject.value), None)
        if value is None:
            return None
    return Described(found.decl, child, attribute, value)


def section(chain: Sequence[Element]) -> str | None:
    """The section of a policy document that ``chain`` leads into, the root first."""
    names = load().sections
    if len(chain) > 1 and chain[0].name == "policies" and chain[1].name in names:
        return chain[1].name
    return None
