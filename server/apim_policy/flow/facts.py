"""What the flow engine must know of single policies, asked of the schema's roles and effects, here and nowhere else."""

from __future__ import annotations

import re
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.schema.declarations import EffectKind, RoleKind, Runs, Status
from apim_policy.schema.model import load
from apim_policy.syntax.tree import PartKind
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.schema.declarations import ElementDecl, Role
    from apim_policy.syntax.tree import Attribute, Document, Element, Text


class Action(Enum):
    """What a write does where the header is there already; the values are those of ``exists-action``."""

    OVERRIDE = "override"
    APPEND = "append"
    SKIP = "skip"
    DELETE = "delete"


class HeaderWrite(NamedTuple):
    """What a policy does to a request header."""

    name: str | None
    """As written; None where it is not known before the policy runs."""
    action: Action | None
    """None where it is not known before the policy runs."""
    values: tuple[Attribute | Text, ...]
    """Where the new value stands; empty where the policy makes it itself."""


class HeaderRead(NamedTuple):
    """A request header that a policy looks at because an attribute or a text names it, or by itself."""

    name: str | None
    """None where it is not known before the policy runs."""
    span: Span
    """The name, or the policy's own name where the header is its default."""


class VariableName(NamedTuple):
    """A variable that a policy sets or reads because an attribute or a text names it, or by itself."""

    kind: RoleKind
    """VARIABLE_SET or VARIABLE_READ."""
    name: str | None
    """None where it is not known before the policy runs."""
    span: Span
    """The name, or the policy's own name where the variable's is fixed."""
    literal: bool
    """Whether the name stands at ``span``, without references to characters."""
    element: Element
    """Whose attribute or text names it."""
    attribute: str | None
    """The attribute that names it."""
    type: str | None
    """The variable's C# type, where the schema says."""
    aside: bool
    """Whether the policy is there for something else and cannot do without the name."""


class _Facts(NamedTuple):
    """What matters here of one policy."""

    element: ElementDecl
    base: bool
    fragment: str | None
    """The attribute that names the fragment which the policy stands for."""
    arms: frozenset[str]
    """The children of which one is chosen."""
    runs: Runs | None
    reads: bool
    """Whether an attribute or a text in it names a request header that it looks at."""
    variables: bool
    """Whether it sets or reads variables other than in expressions."""
    resources: bool
    """Whether it names resources of the service."""
    writes: tuple[str | None, Role] | None
    """The attribute that names the header which it writes, or None where the name is fixed, and how."""


@cache
def _facts(name: str) -> _Facts | None:
    policy = load().policy(name)
    if policy is None:
        return None
    element = policy.element
    named = {
        role.kind: attribute.name for attribute in element.attributes.values() for role in attribute.roles
    }
    arms = {child for child, decl in element.children.items() if decl.element.runs is Runs.IF_CHOSEN}
    return _Facts(
        element,
        base=policy.status is Status.STRUCTURAL,
        fragment=named.get(RoleKind.FRAGMENT),
        arms=frozenset(arms),
        runs=element.runs,
        reads=_has_role(element, _HEADER_ROLES),
        variables=_has_role(element, _VARIABLE_ROLES),
        resources=_has_role(element, RESOURCE_ROLES),
        writes=_writes(element),
    )


def _has_role(element: ElementDecl, kinds: frozenset[RoleKind]) -> bool:
    stack = [element]
    while stack:
        decl = stack.pop()
        roles = (*decl.roles, *(role for attribute in decl.attributes.values() for role in attribute.roles))
        if any(role.kind in kinds for role in roles):
            return True
        # The children that are policies themselves have facts of their own.
        stack += [child.element for name, child in decl.children.items() if not load().is_policy(name)]
    return False


def _writes(element: ElementDecl) -> tuple[str | None, Role] | None:
    for role in element.roles:
        if role.kind is RoleKind.REQUEST_HEADER_SET:
            return None, role
    for attribute in element.attributes.values():
        for role in attribute.roles:
            if role.kind in (RoleKind.REQUEST_HEADER_SET, RoleKind.HEADER_SET):
                return attribute.name, role
    return None


def is_base(element: Element) -> bool:
    """Whether the element stands for the outer scope's policies."""
    facts = _facts(element.name)
    return facts is not None and facts.base


def includes_fragment(element: Element) -> bool:
    """Whether the element stands for a fragment's policies."""
    facts = _facts(element.name)
    return facts is not None and facts.fragment is not None


def fragment_attribute(element: Element) -> Attribute | None:
    """The attribute that names the fragment which an element includes."""
    facts = _facts(element.name)
    return element.attribute(facts.fragment) if facts and facts.fragment else None


def fragment_id(document: Document, element: Element) -> str | None:
    """The fragment that an element includes; None where no literal says."""
    attribute = fragment_attribute(element)
    return document.literal(attribute) if attribute is not None else None


def holds_policies(element: Element) -> bool:
    """Whether the children are policies of the pipeline that all run, as those of ``retry`` do."""
    facts = _facts(element.name)
    return facts is not None and facts.runs is not None


def chooses(element: Element) -> bool:
    """Whether the children are alternatives, of which at most one runs."""
    facts = _facts(element.name)
    return facts is not None and bool(facts.arms)


def is_arm(element: Element) -> bool:
    """Whether the element is one of the alternatives of its parent."""
    facts = _facts(element.parent.name) if element.parent is not None else None
    return facts is not None and element.name in facts.arms


def exhaustive(element: Element) -> bool:
    """Whether surely one of the alternatives of an element runs: there is one without a condition."""
    if not chooses(element):
        return True
    return any(
        is_arm(arm) and not any(is_condition(arm, a) for a in _declared(arm)) for arm in element.elements()
    )


def lists_policies(element: Element) -> bool:
    """Whether policies of the pipeline stand in an element: in a root, a section, an arm, ``retry`` and its kind."""
    return (
        element.parent is None
        or element.name in load().sections
        or holds_policies(element)
        or is_arm(element)
    )


def is_substituted(element: Element) -> bool:
    """Whether a template or a named value may put policies among those that an element lists."""
    return element.open or any(
        part.kind is PartKind.NAMED_VALUE for text in element.texts() for part in text.parts
    )


def repeats(element: Element) -> bool:
    """Whether the policies that the element holds run before its condition is looked at."""
    facts = _facts(element.name)
    return facts is not None and facts.runs is Runs.REPEATEDLY


def is_condition(element: Element, attribute: str) -> bool:
    """Whether an attribute decides if the policies in an element run."""
    decl = _declaration(element)
    declared = decl.attributes.get(attribute) if decl else None
    return declared is not None and any(role.kind is RoleKind.CONDITION for role in declared.roles)


def forwards(document: Document, element: Element) -> bool:
    """Whether the policy sends the request on."""
    return _has_effect(document, element, EffectKind.FORWARDS)


def ends_request(document: Document, element: Element) -> bool:
    """Whether nothing after the policy runs."""
    return _has_effect(document, element, EffectKind.ENDS_REQUEST)


def may_end_request(document: Document, element: Element) -> bool:
    """Whether the policy itself may answer the call or break it off; what it holds has an answer of its own."""
    return ends_request(document, element) or _has_effect(document, element, EffectKind.MAY_END_REQUEST)


def header_write(document: Document, element: Element) -> HeaderWrite | None:
    """What a policy of the pipeline does to a request header where it stands before the request is sent on."""
    facts = _facts(element.name)
    if facts is None or facts.writes is None:
        return None
    attribute, role = facts.writes
    if any(element.attribute(other) is not None for other in role.unless):
        return None
    name = role.name if attribute is None else document.literal_value(element, attribute) or role.name
    values: list[Attribute | Text] = [
        text for child in element.elements() if child.name == role.value_child for text in child.texts()
    ]
    given = element.attribute(role.value_attribute) if role.value_attribute else None
    if given is not None:
        values.append(given)
    return HeaderWrite(name.strip() if name else None, _action(document, element, role), tuple(values))


def header_reads(document: Document, element: Element) -> Iterator[HeaderRead]:
    """The request headers that a policy looks at because its attributes and texts name them."""
    facts = _facts(element.name)
    if facts is None or not facts.reads:
        return
    for node, decl in _described(element, facts.element):
        for role in decl.roles:
            if role.kind is RoleKind.REQUEST_HEADER_READ:
                if role.name is not None:
                    if not any(node.attribute(other) is not None for other in role.unless):
                        yield HeaderRead(role.name, node.name_span)
                    continue
                for text in node.texts():
                    yield from _names(document, text, role)
        for declared in decl.attributes.values():
            for role in declared.roles:
                if role.kind is RoleKind.REQUEST_HEADER_READ:
                    yield from _named_by(document, node, declared.name, role)


def variable_names(document: Document, element: Element) -> Iterator[VariableName]:
    """The variables that a policy sets and reads because its attributes name them, or by itself."""
    facts = _facts(element.name)
    if facts is None or not facts.variables:
        return
    for node, decl in _described(element, facts.element):
        for role in decl.roles:
            if role.kind in _VARIABLE_ROLES and role.name is not None:
                yield VariableName(
                    role.kind, role.name, node.name_span, False, node, None, role.type, aside=True
                )
        for attribute in node.attributes:
            declared = decl.attributes.get(attribute.name)
            if declared is None:
                continue
            for role in declared.roles:
                if role.kind in _VARIABLE_ROLES:
                    name = document.literal(attribute)
                    span = attribute.value_span
                    literal = name is not None and name == document.slice(span)
                    aside = declared.required and decl.has_effect(EffectKind.CALLS_OUT)
                    yield VariableName(role.kind, name, span, literal, node, attribute.name, role.type, aside)


def resource_names(element: Element) -> Iterator[tuple[RoleKind, Attribute]]:
    """The attributes by which a policy names resources of the service, each with what it names."""
    facts = _facts(element.name)
    if facts is None or not facts.resources:
        return
    for node, decl in _described(element, facts.element):
        for attribute in node.attributes:
            declared = decl.attributes.get(attribute.name)
            for role in declared.roles if declared is not None else ():
                if role.kind in RESOURCE_ROLES:
                    yield role.kind, attribute


def has_own_message(element: Element) -> bool:
    """Whether the policies in an element act upon a message other than that of the call."""
    facts = _facts(element.name)
    return facts is not None and facts.element.message is not None


def variable_value(element: Element) -> Attribute | None:
    """The attribute whose value a policy gives to the variable that it sets, where one does."""
    facts = _facts(element.name)
    for attribute in element.attributes if facts is not None and facts.variables else ():
        declared = facts.element.attributes.get(attribute.name) if facts is not None else None
        for role in declared.roles if declared is not None else ():
            if role.kind is RoleKind.VARIABLE_SET and role.value_attribute:
                return element.attribute(role.value_attribute)
    return None


def _described(element: Element, decl: ElementDecl) -> Iterator[tuple[Element, ElementDecl]]:
    """A policy, and what it holds that is no policy, each with what the schema says of it."""
    stack = [(element, decl)]
    while stack:
        node, decl = stack.pop()
        yield node, decl
        stack += [
            (child, decl.children[child.name].element)
            for child in reversed(list(node.elements()))
            if child.name in decl.children and not load().is_policy(child.name)
        ]


def _named_by(document: Document, element: Element, name: str, role: Role) -> Iterator[HeaderRead]:
    attribute = element.attribute(name)
    if attribute is not None:
        yield from _names(document, attribute, role)
    elif role.name is not None and not any(element.attribute(other) is not None for other in role.unless):
        yield HeaderRead(role.name, element.name_span)


def _names(document: Document, owner: Attribute | Text, role: Role) -> Iterator[HeaderRead]:
    start, end = owner.value_span if hasattr(owner, "value_span") else owner.span
    if document.literal(owner) is None:
        yield HeaderRead(None, Span(start, end))
        return
    for piece in re.finditer(
        rf"[^{re.escape(role.separator)}]+" if role.separator else r"(?s).+", document.text[start:end]
    ):
        name = piece.group().strip()
        if name:
            at = start + piece.start() + piece.group().index(name)
            yield HeaderRead(name, Span(at, at + len(name)))


def _action(document: Document, element: Element, role: Role) -> Action | None:
    attribute = element.attribute(role.action) if role.action else None
    if attribute is None:
        return Action.OVERRIDE
    stated = document.literal(attribute)
    return _ACTIONS.get(stated.strip().lower()) if stated is not None else None


def _has_effect(document: Document, element: Element, kind: EffectKind) -> bool:
    facts = _facts(element.name)
    for effect in facts.element.effects if facts is not None else ():
        if effect.kind is not kind or (
            effect.unless_attribute and element.attribute(effect.unless_attribute)
        ):
            continue
        if effect.when_attribute is None:
            return True
        declared = facts.element.attributes.get(effect.when_attribute) if facts else None
        attribute = element.attribute(effect.when_attribute)
        value = document.literal(attribute) if attribute else declared.default if declared else None
        if value is not None and value.strip() == effect.when_value:
            return True
    return False


def _declaration(element: Element) -> ElementDecl | None:
    facts = _facts(element.name)
    if facts is not None:
        return facts.element
    outer = _facts(element.parent.name) if element.parent is not None else None
    child = outer.element.children.get(element.name) if outer else None
    return child.element if child else None


def _declared(element: Element) -> tuple[str, ...]:
    decl = _declaration(element)
    return tuple(decl.attributes) if decl else ()


_HEADER_ROLES = frozenset({RoleKind.REQUEST_HEADER_READ})
RESOURCE_ROLES = frozenset({RoleKind.FRAGMENT, RoleKind.BACKEND, RoleKind.LOGGER, RoleKind.SCHEMA})
_VARIABLE_ROLES = frozenset({RoleKind.VARIABLE_SET, RoleKind.VARIABLE_READ})
_ACTIONS = {action.value: action for action in Action}
