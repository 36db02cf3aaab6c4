"""Where data leaves a document: the values that the schema gives a role, and the message that they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from apim_policy.schema.declarations import Message, RoleKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.structure import Place
    from apim_policy.schema.declarations import Role
    from apim_policy.syntax.tree import Attribute, Element, Text

_MESSAGES = {
    "inbound": Message.REQUEST,
    "backend": Message.REQUEST,
    "outbound": Message.RESPONSE,
    "on-error": Message.RESPONSE,
}


class Sink(NamedTuple):
    """A value with a role."""

    place: Place
    element: Element
    """Whose attribute or text it is."""
    owner: Attribute | Text
    policy: Element
    """The policy that it belongs to."""


class HeaderSink(NamedTuple):
    """A value that a header is given."""

    name: str
    sink: Sink


def sinks(context: RuleContext, kind: RoleKind) -> Iterator[Sink]:
    """The values of a role in the document, in the order of the text."""
    for place in context.structure.places:
        element = place.element
        if any(role.kind is kind for role in place.decl.roles):
            for text in element.texts():
                if text.parts:
                    yield Sink(place, element, text, policy_of(place))
        for attribute in element.attributes:
            declared = place.decl.attributes.get(attribute.name)
            if declared is not None and any(role.kind is kind for role in declared.roles):
                yield Sink(place, element, attribute, policy_of(place))


def headers(context: RuleContext) -> Iterator[HeaderSink]:
    """The values that ``set-header`` and its kind give to headers whose names are literals."""
    for place in context.structure.policies:
        found = _header_role(place)
        if found is None:
            continue
        attribute, role = found
        name = context.document.literal_value(place.element, attribute)
        if name is not None and role.value_child is not None:
            for sink in written(place, role.value_child):
                yield HeaderSink(name.strip(), sink)


def written(place: Place, child: str = "value") -> Iterator[Sink]:
    """The texts of the children of one name, which hold what a policy writes."""
    for element in place.element.elements():
        if element.name == child:
            for text in element.texts():
                yield Sink(place, element, text, place.element)


def _header_role(place: Place) -> tuple[str, Role] | None:
    for attribute in place.decl.attributes.values():
        for role in attribute.roles:
            if role.kind is RoleKind.HEADER_SET:
                return attribute.name, role
    return None


def policy_of(place: Place) -> Element:
    """The policy that an element is, or belongs to."""
    return next((each.element for each in (place, *place.above()) if each.policy is not None), place.element)


def message_of(place: Place) -> Message | None:
    """The message that a policy acts upon; None where the document does not say, as in a fragment."""
    for each in place.above():
        if each.decl.message is not None:
            return each.decl.message
        if each.element.name in _MESSAGES and each.parent is not None and each.parent.parent is None:
            return _MESSAGES[each.element.name]
    return None
