"""Where a document calls fragments, named values, backends and their kind by name."""

from __future__ import annotations

import pytest

from apim_policy.flow.resources import resource_uses
from apim_policy.syntax.parser import parse
from support.policies import inbound


def uses(policies: str) -> list[tuple[str, str, str, bool]]:
    """Kind, name, what stands for the use, and whether surely a resource is meant."""
    document = parse(inbound(policies))
    return [
        (use.kind.value, use.name, document.slice(use.access), use.sure) for use in resource_uses(document)
    ]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ('<include-fragment fragment-id="a" />', ("fragment", "a", 'fragment-id="a"', True)),
        ('<include-fragment fragment-id="a&amp;b" />', ("fragment", "a&b", 'fragment-id="a&amp;b"', True)),
        ('<set-backend-service backend-id="a" />', ("backend", "a", 'backend-id="a"', True)),
        ('<log-to-eventhub logger-id="a">b</log-to-eventhub>', ("logger", "a", 'logger-id="a"', True)),
        ("<set-body>a{{b}}c</set-body>", ("named value", "b", "{{b}}", True)),
        ('<set-body>@("{{b.c-d_e}}")</set-body>', ("named value", "b.c-d_e", "{{b.c-d_e}}", True)),
        ('<set-body>@($"{{b}}")</set-body>', ("named value", "b", "{{b}}", False)),
        ('<set-body>@(string.Format("{{0}}", 1))</set-body>', ("named value", "0", "{{0}}", False)),
    ],
)
def test_one_use(policy: str, expected: tuple[str, str, str, bool]) -> None:
    assert uses(policy) == [expected]


@pytest.mark.parametrize(
    "policy",
    [
        '<include-fragment fragment-id="" />',
        '<include-fragment fragment-id="${a}" />',
        '<set-backend-service base-url="a" />',
        "<set-body>{{a b}}</set-body>",
        "<set-body>{{__A__}}</set-body>",
        '<set-body template="liquid">{{a}}</set-body>',
        '<set-body>@("{{{a}}}")</set-body>',
        "<!-- {{a}} -->",
    ],
)
def test_none(policy: str) -> None:
    assert uses(policy) == []


def test_uses_are_in_the_order_of_the_text() -> None:
    policy = (
        '<set-header name="{{a}}"><value>{{b}}</value></set-header><include-fragment fragment-id="c" />{{d}}'
    )
    assert [name for _, name, _, _ in uses(policy)] == ["a", "b", "c", "d"]


def test_only_exactly_the_name_is_literal() -> None:
    document = parse(
        inbound('<include-fragment fragment-id="a&amp;b" /><include-fragment fragment-id="c" />')
    )
    assert [use.literal for use in resource_uses(document)] == [False, True]
