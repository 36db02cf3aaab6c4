"""The expressions of single policies, in the order in which they are evaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from apim_policy.flow import facts
from apim_policy.syntax.tree import Element, Expression, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.syntax.tree import Attribute


class Evaluated(NamedTuple):
    """An expression of a policy."""

    expression: Expression
    element: Element
    """Whose attribute or text it is: the policy, or an element in it."""
    late: bool
    """Whether it is evaluated after the policies that the element holds, as the condition of ``retry`` is."""


def evaluated(element: Element) -> Iterator[Evaluated]:
    """The expressions of a policy or an arm of ``choose``, without those of the policies of the pipeline in it."""
    holder = facts.holds_policies(element) or facts.is_arm(element) or facts.chooses(element)
    repeats = facts.repeats(element)
    stack: list[Element | Text] = [element]
    while stack:
        node = stack.pop()
        if isinstance(node, Text):
            if node.parent is not None:
                yield from _of(node, node.parent, late=False)
            continue
        for attribute in node.attributes:
            yield from _of(attribute, node, late=repeats and facts.is_condition(element, attribute.name))
        if not holder:
            stack += [child for child in reversed(node.children) if isinstance(child, (Element, Text))]


def _of(owner: Attribute | Text, element: Element, *, late: bool) -> Iterator[Evaluated]:
    for part in owner.parts:
        if isinstance(part, Expression) and part.closed:
            yield Evaluated(part, element, late)
