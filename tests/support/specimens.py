"""Sound elements made from nothing but the model, to be spoilt in one way each."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from apim_policy.rules.values import misfit
from apim_policy.schema.declarations import ConstraintKind, ValueKind
from apim_policy.schema.model import load

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apim_policy.schema.declarations import Constraint, ElementDecl, ValueType

MODEL = load()

_LITERALS = (
    "a",
    "1",
    "true",
    "0.5",
    "P1D",
    "2030-01-31T00:00:00Z",
    "10.0.0.1",
    "http://a.example",
    "00000000-0000-0000-0000-000000000000",
    "00:10:00",
    "/Query/user",
)


@dataclass
class Specimen:
    """An element to be written as XML."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Specimen] = field(default_factory=list)
    text: str = ""

    def child(self, name: str) -> Specimen | None:
        """The first child of that name."""
        return next((child for child in self.children if child.name == name), None)

    def without(self, names: Sequence[str]) -> None:
        """Take attributes and children of these names away."""
        for name in names:
            self.attributes.pop(name, None)
        self.children = [child for child in self.children if child.name not in names]

    def xml(self) -> str:
        """The element as text; expressions stay as they are."""
        attributes = "".join(
            f" {name}='{_written(value)}'" if '"' in value else f' {name}="{_written(value)}"'
            for name, value in self.attributes.items()
        )
        inner = _written(self.text) + "".join(child.xml() for child in self.children)
        return f"<{self.name}{attributes}>{inner}</{self.name}>" if inner else f"<{self.name}{attributes} />"


def _written(value: str) -> str:
    return value if value.startswith(("@(", "@{")) else escape(value)


def literal(kind: ValueType) -> str:
    """A literal that fits a type."""
    if kind.values:
        return kind.values[0].value
    if kind.ranges:
        candidates = [f"{least:.15g}" for least, _ in kind.ranges if least > -1000]
        return next(value for value in (*_LITERALS, *candidates) if misfit(value, kind) is None)
    return next(value for value in _LITERALS if misfit(value, kind) is None)


def misfits(kind: ValueType) -> Iterator[tuple[str, str]]:
    """Literals that do not fit a type, each with the code of the rule that says so; none where everything fits."""
    if kind.kind is ValueKind.STRING:
        candidates = ["", "~"]
        if not (kind.min_length or kind.patterns):
            return
        yield from ((value, "POL004") for value in candidates if misfit(value, kind) is not None)
        return
    yield "no-such-value", "POL004"
    for least, greatest in kind.ranges:
        step = 1 if kind.kind is ValueKind.INTEGER else 0.5
        for number in (least - step, greatest + step):
            inside = any(low <= number <= high for low, high in kind.ranges)
            # Beyond 15 digits, a float is not the number that is written.
            if not inside and abs(number) < 10**15:
                yield f"{number:.15g}", "POL014"


def elements_of(policy: str) -> Iterator[tuple[tuple[str, ...], ElementDecl]]:
    """A policy's element and those that only it describes, each with the names that lead to it."""
    stack: list[tuple[tuple[str, ...], ElementDecl]] = [((), MODEL.element(policy))]
    while stack:
        path, decl = stack.pop()
        yield path, decl
        for name, child in decl.children.items():
            if not MODEL.is_policy(name) or child.element is not MODEL.element(name):
                stack.append(((*path, name), child.element))


def minimal(decl: ElementDecl) -> Specimen:
    """The smallest sound element of a declaration."""
    made = Specimen(decl.name)
    for attribute in decl.attributes.values():
        if attribute.required:
            made.attributes[attribute.name] = literal(attribute.type)
    for name, child in decl.children.items():
        made.children += [minimal(child.element) for _ in range(child.min if name != decl.name else 0)]
    while len(made.children) < decl.min_children:
        name, child = next(iter(decl.children.items()))
        made.children.append(minimal(child.element))
    if decl.text is not None and misfit("", decl.text.type) is not None:
        made.text = literal(decl.text.type)
    for constraint in decl.constraints:
        _satisfy(made, decl, constraint)
    return made


def _satisfy(made: Specimen, decl: ElementDecl, constraint: Constraint) -> None:
    names = constraint.attributes or constraint.children
    given = [name for name in names if name in made.attributes or made.child(name)]
    kind = constraint.kind
    if kind in (
        ConstraintKind.EXACTLY_ONE_OF,
        ConstraintKind.AT_LEAST_ONE_OF,
        ConstraintKind.EXACTLY_ONE_CHILD_OF,
        ConstraintKind.AT_LEAST_ONE_CHILD_OF,
    ):
        if not given:
            give(made, decl, names[0])
    elif kind in (ConstraintKind.VALUE_OPTIONAL_FOR, ConstraintKind.CHILDREN_REQUIRED_UNLESS):
        for name in (*constraint.needs, *constraint.children):
            give(made, decl, name)
    elif (
        kind in (ConstraintKind.REQUIRES, ConstraintKind.REQUIRES_WHEN)
        and constraint.attribute in made.attributes
    ):
        for name in constraint.needs:
            give(made, decl, name)
    elif kind is ConstraintKind.PATTERN_UNLESS and constraint.unless_attribute:
        give(made, decl, constraint.unless_attribute)
    elif kind is ConstraintKind.RANGE and constraint.attribute in made.attributes:
        made.attributes[constraint.attribute] = f"{constraint.warn_above:g}"


def give(made: Specimen, decl: ElementDecl, name: str) -> Specimen:
    """Add a sound attribute or child where there is none, at its place; what cannot stand beside it goes.

    Returns the child, or the element itself for an attribute.
    """
    if name in decl.attributes:
        made.attributes.setdefault(name, literal(decl.attributes[name].type))
        return made
    found = made.child(name)
    if found is not None:
        return found
    for constraint in decl.constraints:
        if constraint.kind is ConstraintKind.EXACTLY_ONE_CHILD_OF and name in constraint.children:
            made.without(constraint.children)
    child = minimal(decl.children[name].element) if name in decl.children else Specimen(name)
    order = list(decl.children)
    at = order.index(name) if name in decl.children else len(order)
    before = [each for each in made.children if each.name in order and order.index(each.name) <= at]
    made.children.insert(len(before), child)
    return child


@dataclass
class Sample:
    """A sound policy that holds a certain element."""

    policy: Specimen
    target: Specimen
    decl: ElementDecl

    def copy(self) -> Sample:
        """Another like it."""
        policy, target = deepcopy((self.policy, self.target))
        return Sample(policy, target, self.decl)


def sample(policy: str, path: Sequence[str]) -> Sample:
    """The smallest sound policy in which the element at the end of a path stands."""
    decl = MODEL.element(policy)
    made = target = minimal(decl)
    for name in path:
        target = give(target, decl, name)
        decl = decl.children[name].element
    return Sample(made, target, decl)


def wrapped(content: str, policy: str) -> dict[str, str]:
    """Whole documents that hold a policy where it may stand: by itself, and inside others that take it."""
    described = MODEL.policy(policy)
    assert described is not None
    if policy in MODEL.roots:
        return {"alone": content}
    if policy == "set-url":
        call = (
            f'<send-request response-variable-name="r">{content}<set-method>GET</set-method></send-request>'
        )
        return {"send-request": f"<policies><inbound>{call}</inbound></policies>"}
    if policy == "publish-event":
        request = (
            "<http-request><set-method>GET</set-method><set-url>https://a.example</set-url></http-request>"
        )
        response = f"<http-response>{content}</http-response>"
        return {"resolver": f"<http-data-source>{request}{response}</http-data-source>"}
    section = described.sections[0] if described.sections else "inbound"
    around = {"alone": "{}"}
    if described.listed:
        around["choose"] = '<choose><when condition="@(true)">{}</when></choose>'
        around["retry"] = '<retry condition="@(true)" count="1" interval="1">{}</retry>'
    if policy in MODEL.element("return-response").children:
        around["return-response"] = "<return-response>{}</return-response>"
    return {
        name: f"<policies><{section}>{form.replace('{}', content)}</{section}></policies>"
        for name, form in around.items()
    }
