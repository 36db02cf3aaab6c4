"""Recovery knows the names of the schema, and lets an unclosed element hold what the schema lets it hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.schema import model
from apim_policy.syntax import names
from apim_policy.syntax.tree import ROOTS

if TYPE_CHECKING:
    from apim_policy.schema.declarations import ElementDecl

MODEL = model.load()


def described() -> dict[str, ElementDecl]:
    """Every element that the schema describes, by name."""
    found: dict[str, ElementDecl] = {}
    waiting = [MODEL.element(name) for name in (*MODEL.roots, *MODEL.policy_names)]
    while waiting:
        element = waiting.pop()
        if element.name not in found:
            found[element.name] = element
            waiting.extend(child.element for child in element.children.values())
    return found


def test_every_policy_of_the_schema_is_known() -> None:
    assert sorted(set(MODEL.policy_names) - names.POLICIES) == []


def test_sections_and_roots_are_those_of_the_schema() -> None:
    assert frozenset(MODEL.sections) == names.SECTIONS
    assert set(MODEL.roots) <= ROOTS


def test_an_unclosed_element_reaches_over_the_children_that_it_may_have() -> None:
    lost = [
        f"{parent.name} > {child}"
        for parent in described().values()
        for child in (*parent.children, *(MODEL.policy_names if parent.any_policy else ()))
        if child != parent.name and not names.may_hold(parent.name, child)
    ]
    assert lost == []


def test_an_unclosed_element_ends_where_it_cannot_hold_what_follows() -> None:
    assert not names.may_hold("set-header", "set-variable")
    assert not names.may_hold("value", "set-header")
    assert not names.may_hold("value", "value")
    assert not names.may_hold("inbound", "backend")
    assert not names.may_hold("when", "when")
    assert names.may_hold("choose", "when")
    assert names.may_hold("value", "unknown")
