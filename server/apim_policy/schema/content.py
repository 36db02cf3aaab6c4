"""Content models of XSD as counts and positions of children.

The schemas use four forms, so that counts and positions say the same as the content model does: a sequence, an
``xs:all``, a choice that repeats without limit, and a choice between sequences that differ only in where a child
stands. Whatever else XSD allows is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xmlschema.validators import XsdElement, XsdGroup


class UnsupportedContentError(Exception):
    """A content model of another form."""


@dataclass
class Child:
    """A child in a content model."""

    element: XsdElement
    min: int
    max: int | None
    positions: list[int] = field(default_factory=list)


@dataclass
class Content:
    """A content model."""

    children: dict[str, Child]
    sequence: bool = False
    any_policy: bool = False
    any_xml: bool = False
    min_children: int = 0


def content_of(group: XsdGroup, head: str) -> Content:
    """The content model of a group; ``head`` is the abstract element that stands for any policy.

    Raises UnsupportedContentError for a model of a form that counts and positions cannot express.
    """
    from xmlschema.validators import XsdAnyElement, XsdElement

    particles = _leaves(group)
    if any(isinstance(particle, XsdAnyElement) for particle in particles):
        if len(particles) > 1:
            raise UnsupportedContentError("xs:any stands alone")
        return Content({}, any_xml=True)
    elements = [particle for particle in particles if isinstance(particle, XsdElement)]
    if any(element.name == head for element in elements):
        others = {e.local_name: Child(e, 0, None, [0]) for e in elements if e.name != head}
        if others and not _repeats(_only(group)):
            raise UnsupportedContentError(
                "an element beside any policy needs a choice that repeats without limit"
            )
        return Content(others, any_policy=True)
    if not elements:
        return Content({})
    group = _only(group)
    if group.model == "all":
        return Content({e.local_name: Child(e, e.min_occurs, e.max_occurs, [0]) for e in elements})
    if group.model == "choice" and _repeats(group):
        if any((e.min_occurs, e.max_occurs) != (1, 1) for e in elements):
            raise UnsupportedContentError("in a choice that repeats, each element occurs once")
        return Content(
            {e.local_name: Child(e, 0, None, [0]) for e in elements}, min_children=group.min_occurs
        )
    slots = _slots(group)
    children: dict[str, Child] = {}
    for position, name in enumerate(slots.order):
        child = children.setdefault(name, Child(slots.elements[name], *slots.occurs[name]))
        child.positions.append(position)
    return Content(children, sequence=len(slots.order) > 1)


@dataclass
class _Slots:
    order: list[str]
    occurs: dict[str, tuple[int, int | None]]
    elements: dict[str, XsdElement]


def _slots(particle: XsdElement | XsdGroup) -> _Slots:
    from xmlschema.validators import XsdElement

    if isinstance(particle, XsdElement):
        name = particle.local_name
        return _Slots([name], {name: (particle.min_occurs, particle.max_occurs)}, {name: particle})
    if particle.max_occurs != 1:
        raise UnsupportedContentError("a group inside a sequence occurs at most once")
    parts = [_slots(item) for item in particle]  # type: ignore[arg-type]
    elements = {name: element for part in parts for name, element in part.elements.items()}
    if particle.model == "sequence":
        if particle.min_occurs != 1 and len(parts) > 1:
            raise UnsupportedContentError("a sequence of several is never optional as a whole")
        order = [name for part in parts for name in part.order]
        occurs: dict[str, tuple[int, int | None]] = {}
        for part in parts:
            for name, (least, most) in part.occurs.items():
                before = occurs.get(name, (0, 0))
                occurs[name] = (
                    before[0] + least,
                    None if most is None or before[1] is None else before[1] + most,
                )
        return _Slots(order, occurs, elements)
    order = []
    for part in parts:
        order = _merged(order, part.order)
    return _Slots(order, {name: _across(name, parts, particle.min_occurs) for name in elements}, elements)


def _across(name: str, parts: list[_Slots], min_occurs: int) -> tuple[int, int | None]:
    counts = [part.occurs.get(name, (0, 0)) for part in parts]
    least = min(low for low, _ in counts) * min_occurs
    most = [high for _, high in counts]
    return least, None if None in most else max(high for high in most if high is not None)


def _merged(first: list[str], second: list[str]) -> list[str]:
    """The shortest list that holds both in their order."""
    if not first or not second:
        return first + second
    if first[0] == second[0]:
        return [first[0], *_merged(first[1:], second[1:])]
    one = [first[0], *_merged(first[1:], second)]
    other = [second[0], *_merged(first, second[1:])]
    return min(one, other, key=len)


def _only(group: XsdGroup) -> XsdGroup:
    """The group itself, or the one group that it wraps."""
    from xmlschema.validators import XsdGroup

    while len(group) == 1 and isinstance(group[0], XsdGroup) and group.min_occurs == group.max_occurs == 1:
        group = group[0]
    return group


def _repeats(group: XsdGroup) -> bool:
    return group.model == "choice" and group.max_occurs is None


def _leaves(group: XsdGroup) -> list[object]:
    from xmlschema.validators import XsdGroup

    found: list[object] = []
    for item in group:
        if isinstance(item, XsdGroup):
            found.extend(_leaves(item))
        else:
            found.append(item)
    return found
