"""Every way to spoil an element that the model forbids, made from the model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from apim_policy.rules.values import takes_anything
from apim_policy.schema.declarations import ConstraintKind, Expressions, Order, ValueKind
from support.specimens import Specimen, give, literal, minimal, misfits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from apim_policy.schema.declarations import Constraint, ElementDecl
    from support.specimens import Sample

    Change = Callable[[Specimen, ElementDecl], object]

UNKNOWN = "no-such-thing"
EXPRESSION = "@(context.RequestId.ToString())"


@dataclass
class Spoilt:
    """A policy with one fault."""

    what: str
    """The kind of condition that it breaks, and where."""
    kind: str
    code: str
    """The rule that must report it."""
    policy: Specimen


def spoilt(sound: Sample) -> Iterator[Spoilt]:
    """All faults that the declaration of the sample's target forbids."""

    def fault(kind: str, code: str, change: Change, of: str = "") -> Spoilt:
        made = sound.copy()
        change(made.target, made.decl)
        return Spoilt(f"{kind} {of}".strip(), kind, code, made.policy)

    yield from _attributes(sound.decl, fault)
    yield from _content(sound.decl, fault)
    for constraint in sound.decl.constraints:
        make, code = _BREACHES[constraint.kind]
        for number, change in enumerate(make(constraint, sound.decl)):
            yield fault(constraint.kind.value, code, change, str(number))


def _set(name: str, value: str) -> Change:
    return lambda it, _decl: it.attributes.update({name: value})


def _text(value: str) -> Change:
    return lambda it, _decl: setattr(it, "text", value)


def _append(*children: Specimen) -> Change:
    return lambda it, _decl: it.children.extend(children)


def _drop(*names: str) -> Change:
    return lambda it, _decl: it.without(names)


def _attributes(decl: ElementDecl, fault: Callable[..., Spoilt]) -> Iterator[Spoilt]:
    yield fault("unknown attribute", "POL002", _set(UNKNOWN, "a"))
    for name, attribute in decl.attributes.items():
        kind = attribute.type
        if attribute.required:
            yield fault("required attribute", "POL003", _drop(name), name)
        for value, code in misfits(kind):
            what = "range of a number" if code == "POL014" else f"{kind.kind.value} value"
            yield fault(what, code, _set(name, value), f"{name}={value}")
        if kind.expressions is Expressions.NOT_ALLOWED:
            yield fault("literal value", "POL005", _set(name, EXPRESSION), name)
        elif kind.expressions is Expressions.ALLOWED:
            yield fault("whole expression", "POL013", _set(name, f"a {EXPRESSION}"), name)


def _content(decl: ElementDecl, fault: Callable[..., Spoilt]) -> Iterator[Spoilt]:
    if decl.text is not None:
        kind = decl.text.type
        if not takes_anything(kind):
            for value, code in misfits(kind):
                yield fault(f"{kind.kind.value} text", code, _text(value), value)
        if kind.expressions is Expressions.NOT_ALLOWED:
            yield fault("literal text", "POL005", _text(EXPRESSION))
    elif not decl.any_xml:
        yield fault("no text", "POL009", _text("some text"))
    if decl.any_xml:
        return
    yield fault("known children", "POL001" if decl.any_policy else "POL006", _append(Specimen(UNKNOWN)))
    if "when" not in decl.children:
        yield fault("parent of a child", "SCP014", _append(Specimen("when", {"condition": "true"})))
    for name, child in decl.children.items():
        if child.max is not None:
            several = [minimal(child.element) for _ in range(child.max + 1)]
            yield fault("most children", "POL006", _append(*several), name)
        if child.min:
            yield fault("least children", "POL007", _drop(name), name)
    if decl.min_children:
        yield fault("least children", "POL007", lambda it, _decl: it.children.clear())
    if decl.order is Order.SEQUENCE:
        names = list(decl.children)
        yield fault("order of children", "POL008", lambda it, decl: _reverse(it, decl, names))


def _reverse(it: Specimen, decl: ElementDecl, names: list[str]) -> None:
    """Two children, the one that comes last everywhere before the one that comes first everywhere."""
    last = max(names, key=lambda name: min(decl.children[name].positions))
    first = min(names, key=lambda name: max(decl.children[name].positions))
    for name in (first, last):
        give(it, decl, name)
    it.children.sort(key=lambda child: child.name != last)


def _given_together(it: Specimen, decl: ElementDecl, *names: str) -> None:
    for name in names:
        if name in decl.attributes:
            it.attributes.setdefault(name, literal(decl.attributes[name].type))
        else:
            it.children.append(minimal(decl.children[name].element))


def _none(constraint: Constraint, decl: ElementDecl) -> Iterator[Change]:
    yield _drop(*constraint.attributes, *constraint.children)


def _two(constraint: Constraint, decl: ElementDecl) -> Iterator[Change]:
    names = constraint.attributes or constraint.children
    firsts = [constraint.attribute] if constraint.attribute else names[:1]
    for first in firsts:
        for other in names:
            if other != first:
                yield lambda it, decl, first=first, other=other: _given_together(it, decl, first, other)


def _none_or_two(constraint: Constraint, decl: ElementDecl) -> Iterator[Change]:
    yield from _none(constraint, decl)
    yield from _two(constraint, decl)


def _needs(constraint: Constraint, decl: ElementDecl) -> Iterator[Change]:
    """What needs something, without it."""
    name = constraint.attribute
    assert name is not None
    needed = constraint.needs or constraint.children
    for value in constraint.values or (literal(decl.attributes[name].type),):
        for missing in needed:

            def change(it: Specimen, decl: ElementDecl, value: str = value, missing: str = missing) -> None:
                for other in needed:
                    give(it, decl, other)
                it.attributes[name] = value
                it.without([missing])

            yield change


def _needs_unless(constraint: Constraint, decl: ElementDecl) -> Iterator[Change]:
    name = constraint.attribute
    assert name is not None
    kind = decl.attributes[name].type
    listed = [each.value for each in kind.values] if kind.kind is ValueKind.ENUMERATION else ["of my own"]
    other = next(value for value in listed if value not in constraint.values)
    for missing in constraint.needs or constraint.children:

        def change(it: Specimen, _decl: ElementDecl, missing: str = missing) -> None:
            it.attributes[name] = other
            it.without([missing])

        yield change


def _other_value(constraint: Constraint, decl: ElementDecl) -> Iterator[Change]:
    name, when = constraint.attribute, constraint.when_attribute
    assert name is not None
    assert when is not None
    value = constraint.when_value or literal(decl.attributes[when].type)
    yield lambda it, _decl: it.attributes.update({when: value, name: "another/value"})


def _no_match(constraint: Constraint, decl: ElementDecl) -> Iterator[Change]:
    assert constraint.attribute is not None
    change = _set(constraint.attribute, "~")

    def alone(it: Specimen, decl: ElementDecl) -> None:
        change(it, decl)
        it.without([constraint.unless_attribute or ""])

    yield alone


def _above(constraint: Constraint, decl: ElementDecl) -> Iterator[Change]:
    assert constraint.attribute is not None
    assert constraint.warn_above is not None
    yield _set(constraint.attribute, f"{constraint.warn_above * 1.5:g}")


def _mixed(constraint: Constraint, decl: ElementDecl) -> Iterator[Change]:
    assert constraint.attribute is not None
    yield _set(constraint.attribute, f"/a{EXPRESSION}")


def _protected(constraint: Constraint, decl: ElementDecl) -> Iterator[Change]:
    assert constraint.attribute is not None
    for value in constraint.values:
        for spelt in (value, value.lower()):
            given = {constraint.attribute: spelt}
            if constraint.when_attribute and constraint.when_value:
                given[constraint.when_attribute] = constraint.when_value
            yield lambda it, _decl, given=given: it.attributes.update(given)


def _wildcard(constraint: Constraint, decl: ElementDecl) -> Iterator[Change]:
    for name in constraint.children:
        for value in constraint.values:
            yield _append(Specimen(name, text=value), Specimen(name, text="https://a.example"))


def _disallowed(constraint: Constraint, decl: ElementDecl) -> Iterator[Change]:
    for name in constraint.children:
        yield _append(Specimen(name))


def _too_many(constraint: Constraint, decl: ElementDecl) -> Iterator[Change]:
    assert constraint.attribute is not None
    assert constraint.max is not None
    for name in constraint.children:
        made = []
        for number in range(constraint.max + 1):
            child = minimal(decl.children[name].element)
            child.attributes[constraint.attribute] = f"of my own {number}"
            made.append(child)

        def change(it: Specimen, _decl: ElementDecl, name: str = name, made: list[Specimen] = made) -> None:
            it.without([name])
            it.children.extend(made)

        yield change


_BREACHES = {
    ConstraintKind.EXACTLY_ONE_OF: (_none_or_two, "POL010"),
    ConstraintKind.AT_LEAST_ONE_OF: (_none, "POL010"),
    ConstraintKind.MUTUALLY_EXCLUSIVE: (_two, "POL010"),
    ConstraintKind.REQUIRES: (_needs, "POL010"),
    ConstraintKind.REQUIRES_WHEN: (_needs, "POL010"),
    ConstraintKind.FIXED_VALUE_WHEN: (_other_value, "POL010"),
    ConstraintKind.VALUE_WHEN: (_other_value, "POL010"),
    ConstraintKind.PATTERN_UNLESS: (_no_match, "POL010"),
    ConstraintKind.VALUE_OPTIONAL_FOR: (_needs_unless, "POL010"),
    ConstraintKind.RANGE: (_above, "POL014"),
    ConstraintKind.WHOLE_VALUE_EXPRESSION: (_mixed, "POL013"),
    ConstraintKind.PROTECTED_HEADER: (_protected, "POL016"),
    ConstraintKind.WILDCARD_ALONE: (_wildcard, "POL010"),
    ConstraintKind.EXACTLY_ONE_CHILD_OF: (_none_or_two, "POL010"),
    ConstraintKind.AT_LEAST_ONE_CHILD_OF: (_none, "POL010"),
    ConstraintKind.CHILDREN_REQUIRED_UNLESS: (_needs_unless, "POL010"),
    ConstraintKind.CHILDREN_REQUIRED_WHEN: (_needs, "POL010"),
    ConstraintKind.DISALLOWED_CHILDREN: (_disallowed, "POL010"),
    ConstraintKind.MAX_CUSTOM_CHILDREN: (_too_many, "POL010"),
}
"""How each kind of constraint is broken, and the rule that must say so."""
