"""Cards: for everything that the schema describes there is one, and it reads well."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from apim_policy.ide.cards import card
from apim_policy.ide.grammar import Subject
from apim_policy.schema.declarations import ElementDecl, Status
from apim_policy.schema.model import load

if TYPE_CHECKING:
    from collections.abc import Iterator

MODEL = load()
TOPS = sorted({*MODEL.policy_names, *MODEL.roots})


def subjects(path: tuple[str, ...], decl: ElementDecl) -> Iterator[Subject]:
    """Everything that is described in an element; policies in it are described by themselves."""
    yield Subject(path)
    for attribute in decl.attributes.values():
        yield Subject(path, attribute.name)
        for value in attribute.type.values:
            yield Subject(path, attribute.name, value.value)
    if decl.text is not None:
        for value in decl.text.type.values:
            yield Subject(path, None, value.value)
    for name, child in decl.children.items():
        if MODEL.is_policy(name):
            yield Subject((*path, name))
        else:
            yield from subjects((*path, name), child.element)


@pytest.mark.parametrize("name", TOPS)
def test_everything_that_is_described_has_a_card(name: str) -> None:
    for subject in subjects((name,), MODEL.element(name)):
        found = card(subject)
        assert found is not None, subject
        title, words, *_ = found.markdown().split("\n\n")
        about = subject.value or subject.attribute or subject.path[-1]
        assert title.replace("\\", "").startswith(f"**{about}**"), subject
        assert words.strip(), subject
        assert "None" not in title, subject
        assert "**" not in found.plain(), subject


@pytest.mark.parametrize(
    "subject",
    [
        Subject(("no-policy",)),
        Subject(()),
        Subject(("set-header",), "no-attribute"),
        Subject(("set-header",), "exists-action", "no-value"),
        Subject(("set-header", "no-child")),
        Subject(("set-header",), None, "no-text"),
    ],
)
def test_what_the_schema_does_not_know_has_none(subject: Subject) -> None:
    assert card(subject) is None


def test_a_policy_says_where_it_may_stand() -> None:
    found = card(Subject(("rate-limit-by-key",)))
    assert found is not None
    title, words, facts, link = found.markdown().split("\n\n")
    assert title == "**rate-limit-by-key** · Limit call rate by key"
    assert words.endswith(".")
    assert facts.split("  \n")[-3:] == [
        "**Sections** inbound",
        "**Scopes** all",
        "**Gateways** classic · v2 · self-hosted · workspace",
    ]
    assert link.startswith("[Documentation](https://learn.microsoft.com/")
    assert "Sections inbound\nScopes all\n" in found.plain()


def test_an_attribute_says_what_it_takes() -> None:
    found = card(Subject(("set-header",), "exists-action"))
    assert found is not None
    title, _, facts, values, link = found.markdown().split("\n\n")
    assert title == "**exists-action** · attribute of `set-header`"
    assert facts == "Optional, default `override` · one of the values below · expressions allowed"
    assert values.startswith("- `override`: ")
    assert link.startswith("[Documentation of set-header](")


def test_a_value_says_when_it_is_the_default() -> None:
    default, other = (
        card(Subject(("set-header",), "exists-action", value)) for value in ("override", "skip")
    )
    assert default is not None
    assert other is not None
    assert default.markdown().startswith("**override** · value of `exists-action` · the default\n")
    assert other.markdown().startswith("**skip** · value of `exists-action`\n")


def test_a_child_says_how_often_it_may_stand() -> None:
    found = card(Subject(("set-header", "value")))
    assert found is not None
    assert "\n\nAny number · text · expressions allowed\n\n" in found.markdown()


@pytest.mark.parametrize("name", MODEL.policy_names)
def test_what_is_not_official_says_so(name: str) -> None:
    policy, found = MODEL.policy(name), card(Subject((name,)))
    assert policy is not None
    assert found is not None
    marks = {
        Status.PREVIEW: "**In preview**",
        Status.UNDOCUMENTED: "**Undocumented**",
        Status.RETIRED: "**Retired**",
    }
    shown = [mark for mark in marks.values() if mark in found.markdown()]
    assert shown == ([marks[policy.status]] if policy.status in marks else [])
    if policy.successor:
        assert f"Use `{policy.successor}` instead." in found.markdown()
