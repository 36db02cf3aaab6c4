"""Conditions between the attributes and children of one element, each kind by its own check.

A value that a template, a named value or an expression decides satisfies every condition, and nothing is missing where
a template may add it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.schema.declarations import ConstraintKind
from apim_policy.text.words import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from apim_policy.rules.structure import Place
    from apim_policy.schema.declarations import Constraint
    from apim_policy.syntax.tree import Document, Element
    from apim_policy.text.span import Span


class Breach(NamedTuple):
    """A condition that does not hold."""

    constraint: Constraint
    span: Span
    message: str


def breaches(document: Document, place: Place) -> Iterator[Breach]:
    """The conditions of an element that do not hold."""
    subject = _Subject(document, place)
    for constraint in place.decl.constraints:
        check = _CHECKS.get(constraint.kind)
        found = check(subject, constraint) if check else None
        if found is not None:
            span, message = found
            note = f" {constraint.note}" if constraint.note else ""
            yield Breach(constraint, span, f"{message}{note}")


class _Subject:
    """One element, as the conditions ask about it."""

    def __init__(self, document: Document, place: Place) -> None:
        self.document = document
        self.element = place.element
        self.decl = place.decl
        self.name = place.decl.name
        self.place = place

    def given(self, name: str) -> bool:
        return self.element.attribute(name) is not None or self.element.child(name) is not None

    def hidden(self, name: str) -> bool:
        """Whether something of that name may be there although the text does not show it."""
        place = self.place
        if name in self.decl.attributes and (self.element.open_tag or name in place.proposed):
            return True
        return name in self.decl.children and (place.open or place.unexpected)

    def missing(self, names: Sequence[str]) -> list[str]:
        return [name for name in names if not self.given(name) and not self.hidden(name)]

    def span(self, name: str) -> Span:
        attribute = self.element.attribute(name)
        if attribute is not None:
            return attribute.name_span
        child = self.element.child(name)
        return child.name_span if child is not None else self.element.name_span

    def value(self, name: str | None) -> str | None:
        """The value of an attribute, stated or by default; None where nobody knows it."""
        if name is None:
            return None
        attribute = self.element.attribute(name)
        if attribute is not None:
            value = self.document.literal(attribute)
            return value.strip() if value is not None else None
        declared = self.decl.attributes.get(name)
        return declared.default if declared and not self.hidden(name) else None

    def undecided(self, name: str | None) -> bool:
        """Whether an attribute is there and no literal says what it is."""
        attribute = self.element.attribute(name) if name else None
        if attribute is None:
            return name is not None and self.hidden(name)
        return self.document.literal(attribute) is None

    def shown(self, name: str) -> str:
        return f'"{name}"' if name in self.decl.attributes else f"<{name}>"

    def all_shown(self, names: Sequence[str], joined_by: str = "and") -> str:
        return listed([self.shown(name) for name in names], joined_by)

    def children(self, names: Sequence[str]) -> list[Element]:
        return [child for child in self.element.elements() if child.name in names]


def _exactly_one_of(it: _Subject, constraint: Constraint) -> tuple[Span, str] | None:
    return _at_least_one_of(it, constraint) or _mutually_exclusive(it, constraint)


def _at_least_one_of(it: _Subject, constraint: Constraint) -> tuple[Span, str] | None:
    names = constraint.attributes or constraint.children
    if any(it.given(name) or it.hidden(name) for name in names):
        return None
    return it.element.name_span, f"{it.name} needs {it.all_shown(names, 'or')}."


def _mutually_exclusive(it: _Subject, constraint: Constraint) -> tuple[Span, str] | None:
    names = constraint.attributes or constraint.children
    if it.place.open and constraint.children:
        return None
    if constraint.attribute is not None:
        if not it.given(constraint.attribute):
            return None
        names = (constraint.attribute, *names)
    given = sorted((name for name in names if it.given(name)), key=it.span)
    if len(given) < 2:
        return None
    if constraint.attribute is not None:
        others = [name for name in given if name != constraint.attribute]
        given = [others[0], constraint.attribute]
    message = f"{it.shown(given[0])} and {it.shown(given[1])} of {it.name} exclude each other. Keep one."
    return it.span(given[1]), message


def _requires(it: _Subject, constraint: Constraint) -> tuple[Span, str] | None:
    name = constraint.attribute
    if name is None or not it.given(name):
        return None
    missing = it.missing(constraint.needs)
    if not missing:
        return None
    return it.span(name), f"{it.shown(name)} of {it.name} needs {it.all_shown(missing)} beside it."


def _requires_when(it: _Subject, constraint: Constraint) -> tuple[Span, str] | None:
    value = it.value(constraint.attribute)
    if constraint.attribute is None or value is None or value not in constraint.values:
        return None
    missing = it.missing(constraint.needs)
    if not missing:
        return None
    message = f'{it.name} needs {it.all_shown(missing)} where "{constraint.attribute}" is {value}.'
    return it.span(constraint.attribute), message


def _fixed_value_when(it: _Subject, constraint: Constraint) -> tuple[Span, str] | None:
    if constraint.when_attribute is None or not it.given(constraint.when_attribute):
        return None
    return _wrong_value(it, constraint, f'"{constraint.when_attribute}" is given')


def _value_when(it: _Subject, constraint: Constraint) -> tuple[Span, str] | None:
    if it.value(constraint.when_attribute) != constraint.when_value:
        return None
    return _wrong_value(it, constraint, f'"{constraint.when_attribute}" is {constraint.when_value}')


def _wrong_value(it: _Subject, constraint: Constraint, condition: str) -> tuple[Span, str] | None:
    attribute = it.element.attribute(constraint.attribute) if constraint.attribute else None
    value = it.value(constraint.attribute)
    if attribute is None or value is None or value in constraint.values:
        return None
    valid = listed(constraint.values, "or")
    return (
        attribute.value_span,
        f'"{attribute.name}" of {it.name} must be {valid} where {condition}, not "{value}".',
    )


def _pattern_unless(it: _Subject, constraint: Constraint) -> tuple[Span, str] | None:
    attribute = it.element.attribute(constraint.attribute) if constraint.attribute else None
    value = it.value(constraint.attribute)
    other = constraint.unless_attribute
    if attribute is None or value is None or constraint.pattern is None:
        return None
    if other is not None and (it.given(other) or it.hidden(other)):
        return None
    if re.fullmatch(constraint.pattern, value):
        return None
    unless = f' without "{other}"' if other else ""
    return attribute.value_span, f'"{value}" is no valid "{attribute.name}" of {it.name}{unless}.'


def _value_optional_for(it: _Subject, constraint: Constraint) -> tuple[Span, str] | None:
    if it.undecided(constraint.attribute) or it.value(constraint.attribute) in constraint.values:
        return None
    missing = it.missing(constraint.needs or constraint.children)
    if not missing:
        return None
    valid = listed(constraint.values, "or")
    message = f'{it.name} needs {it.all_shown(missing)} unless "{constraint.attribute}" is {valid}.'
    return it.element.name_span, message


def _children_required_when(it: _Subject, constraint: Constraint) -> tuple[Span, str] | None:
    value = it.value(constraint.attribute)
    if value is None or value not in constraint.values:
        return None
    missing = it.missing(constraint.children)
    if not missing:
        return None
    message = f'{it.name} needs {it.all_shown(missing)} where "{constraint.attribute}" is {value}.'
    return it.element.name_span, message


def _wildcard_alone(it: _Subject, constraint: Constraint) -> tuple[Span, str] | None:
    children = it.children(constraint.children)
    if len(children) < 2 or it.place.open:
        return None
    for child in children:
        texts = [text for text in it.document.slice(child.content_span).split() if text]
        if texts and texts[0] in constraint.values and len(texts) == 1:
            message = f"<{child.name}>{texts[0]}</{child.name}> stands for all; no other <{child.name}> may stand beside it."
            return child.span, message
    return None


def _disallowed_children(it: _Subject, constraint: Constraint) -> tuple[Span, str] | None:
    found = it.children(constraint.children)
    return (found[0].name_span, f"{it.name} should not hold {found[0].name}.") if found else None


def _max_custom_children(it: _Subject, constraint: Constraint) -> tuple[Span, str] | None:
    if constraint.attribute is None or constraint.max is None:
        return None
    custom = [
        child
        for child in it.children(constraint.children)
        if (value := it.document.literal_value(child, constraint.attribute)) is not None
        and value.strip() not in constraint.values
    ]
    if len(custom) <= constraint.max or it.place.open:
        return None
    message = f"{it.name} takes at most {constraint.max} <{custom[0].name}> of your own; this is one more."
    return custom[constraint.max].name_span, message


_CHECKS: dict[ConstraintKind, Callable[[_Subject, Constraint], tuple[Span, str] | None]] = {
    ConstraintKind.EXACTLY_ONE_OF: _exactly_one_of,
    ConstraintKind.AT_LEAST_ONE_OF: _at_least_one_of,
    ConstraintKind.MUTUALLY_EXCLUSIVE: _mutually_exclusive,
    ConstraintKind.REQUIRES: _requires,
    ConstraintKind.REQUIRES_WHEN: _requires_when,
    ConstraintKind.FIXED_VALUE_WHEN: _fixed_value_when,
    ConstraintKind.VALUE_WHEN: _value_when,
    ConstraintKind.PATTERN_UNLESS: _pattern_unless,
    ConstraintKind.VALUE_OPTIONAL_FOR: _value_optional_for,
    ConstraintKind.WILDCARD_ALONE: _wildcard_alone,
    ConstraintKind.EXACTLY_ONE_CHILD_OF: _exactly_one_of,
    ConstraintKind.AT_LEAST_ONE_CHILD_OF: _at_least_one_of,
    ConstraintKind.CHILDREN_REQUIRED_UNLESS: _value_optional_for,
    ConstraintKind.CHILDREN_REQUIRED_WHEN: _children_required_when,
    ConstraintKind.DISALLOWED_CHILDREN: _disallowed_children,
    ConstraintKind.MAX_CUSTOM_CHILDREN: _max_custom_children,
}
