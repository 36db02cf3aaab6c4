"""The order of steps of an effective policy, and where each step comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from apim_policy.flow.composition import Layer, Library, Scope, Source, Step, compose
from apim_policy.flow.sections import Mark
from apim_policy.syntax.parser import parse


class Fragments(Library):
    def __init__(self, **texts: str) -> None:
        super().__init__()
        self.texts = texts

    def fragment(self, name: str) -> Source | None:
        text = self.texts.get(name)
        return source(f"{name}.xml", f"<fragment>{text}</fragment>") if text is not None else None


def source(name: str, text: str) -> Source:
    return Source(Path("/") / name, parse(text))


def scope(layer: Layer, *inbounds: str | None, **options: bool) -> Scope:
    sources = tuple(
        source(
            f"{layer.value}{index or ''}.xml",
            "<policies/>" if inbound is None else f"<policies><inbound>{inbound}</inbound></policies>",
        )
        for index, inbound in enumerate(inbounds)
    )
    return Scope(layer, sources, **options)


def policy(name: str) -> str:
    return f'<set-variable name="{name}" value=""/>'


def shown(steps: list[Step]) -> list[str]:
    """Variables that are set, with the layer; other steps by mark and name."""
    found = []
    for step in steps:
        variable = step.element.attribute("name")
        if step.gap:
            found.append(f"? {step.element.name}")
        elif step.element.name == "set-variable" and variable:
            found.append(f"{step.frame.layer.value}:{step.frame.document.literal(variable)}")
        else:
            found.append(f"{step.mark.value} {step.element.name}")
    return found


def test_base_brings_in_the_outer_scope_where_it_stands() -> None:
    chain = (
        scope(Layer.OPERATION, f"{policy('a')}<base/>{policy('b')}"),
        scope(Layer.API, f"<base/>{policy('c')}"),
        scope(Layer.GLOBAL, policy("d")),
    )
    assert shown(compose(chain, "inbound", Fragments())) == [
        "operation:a",
        "global:d",
        "api:c",
        "operation:b",
    ]


def test_without_base_the_outer_scopes_do_not_run() -> None:
    chain = (scope(Layer.OPERATION, policy("a")), scope(Layer.API, policy("b")))
    assert shown(compose(chain, "inbound", Fragments())) == ["operation:a"]


def test_a_section_that_is_missing_leaves_the_outer_one() -> None:
    chain = (scope(Layer.API, None), scope(Layer.GLOBAL, policy("a")))
    (step,) = compose(chain, "inbound", Fragments())
    assert shown([step]) == ["global:a"]
    root = chain[0].sources[0].document.root
    assert step.origin.seen_from(Path("/api.xml")) is root


def test_an_empty_section_leaves_nothing() -> None:
    chain = (scope(Layer.API, ""), scope(Layer.GLOBAL, policy("a")))
    assert compose(chain, "inbound", Fragments()) == []


def test_a_scope_without_a_policy_is_passed_over() -> None:
    chain = (
        scope(Layer.API, "<base/>"),
        Scope(Layer.PRODUCT, (), certain=False),
        scope(Layer.GLOBAL, policy("a")),
    )
    assert shown(compose(chain, "inbound", Fragments())) == ["global:a"]


def test_an_outer_scope_that_is_not_in_the_workspace_is_a_gap() -> None:
    chain = (scope(Layer.API, f"<base/>{policy('a')}"), Scope(Layer.GLOBAL, (), known=False))
    assert shown(compose(chain, "inbound", Fragments())) == ["? base", "api:a"]


def test_base_means_nothing_in_the_outermost_scope_and_in_a_fragment() -> None:
    chain = (
        scope(Layer.API, '<base/><include-fragment fragment-id="f"/>'),
        scope(Layer.GLOBAL, f"<base/>{policy('a')}"),
    )
    assert shown(compose(chain, "inbound", Fragments(f=f"<base/>{policy('b')}"))) == ["global:a", "api:b"]


def test_one_of_several_products_may_run() -> None:
    chain = (
        scope(Layer.API, "<base/>"),
        scope(Layer.PRODUCT, f"<base/>{policy('a')}", policy("b"), certain=False),
        scope(Layer.GLOBAL, policy("c")),
    )
    assert shown(compose(chain, "inbound", Fragments())) == [
        "fork base",
        "arm base",
        "product:b",
        "arm base",
        "global:c",
        "product:a",
        "arm base",
        "global:c",
        "join base",
    ]


def test_a_fragment_runs_where_it_is_included() -> None:
    chain = (scope(Layer.API, f'{policy("a")}<include-fragment fragment-id="f"/>{policy("b")}'),)
    steps = compose(chain, "inbound", Fragments(f=policy("c")))
    assert shown(steps) == ["api:a", "api:c", "api:b"]
    origin = steps[1].origin
    assert origin.path == Path("/f.xml")
    included = origin.seen_from(Path("/api.xml"))
    assert included is not None
    assert included.name == "include-fragment"
    assert origin.seen_from(Path("/f.xml")) is steps[1].element
    assert origin.seen_from(Path("/other.xml")) is None


@pytest.mark.parametrize(
    "element", ['<include-fragment fragment-id="g"/>', '<include-fragment fragment-id="{{f}}"/>']
)
def test_a_fragment_that_cannot_be_told_is_a_gap(element: str) -> None:
    chain = (scope(Layer.API, element),)
    assert shown(compose(chain, "inbound", Fragments(f=policy("a")))) == ["? include-fragment"]


def test_fragments_that_include_each_other_end() -> None:
    chain = (scope(Layer.API, '<include-fragment fragment-id="f"/>'),)
    library = Fragments(
        f=f'{policy("a")}<include-fragment fragment-id="g"/>',
        g=f'{policy("b")}<include-fragment fragment-id="f"/>',
    )
    assert shown(compose(chain, "inbound", library)) == ["api:a", "api:b", "? include-fragment"]


def test_fragments_that_double_each_other_stay_bounded() -> None:
    texts = {
        f"f{n}": f'<include-fragment fragment-id="f{n + 1}"/><include-fragment fragment-id="f{n + 1}"/>'
        for n in range(40)
    }
    chain = (scope(Layer.API, '<include-fragment fragment-id="f0"/>'),)
    assert len(compose(chain, "inbound", Fragments(**texts))) < 1_000


def test_a_second_base_brings_nothing_new() -> None:
    chain = (scope(Layer.API, "<base/>" * 10_000), scope(Layer.GLOBAL, policy("a") * 10_000))
    assert len(compose(chain, "inbound", Fragments())) == 10_000


def test_branches_are_arms_of_a_fork() -> None:
    chain = (
        scope(
            Layer.API,
            f'<choose><when condition="@(true)">{policy("a")}</when><otherwise>{policy("b")}</otherwise></choose>',
        ),
    )
    assert shown(compose(chain, "inbound", Fragments())) == [
        "fork choose",
        "arm when",
        "api:a",
        "arm otherwise",
        "api:b",
        "join choose",
    ]


def test_a_wrapper_ends_after_what_it_holds() -> None:
    chain = (scope(Layer.API, f'<retry condition="@(true)" count="1" interval="1">{policy("a")}</retry>'),)
    assert shown(compose(chain, "inbound", Fragments())) == ["policy retry", "api:a", "end retry"]


def test_children_of_a_policy_that_makes_a_message_of_its_own_are_no_steps() -> None:
    chain = (scope(Layer.API, f"<return-response>{policy('a')}</return-response>"),)
    assert shown(compose(chain, "inbound", Fragments())) == ["policy return-response"]


def test_ten_thousand_branches_inside_each_other() -> None:
    depth = 10_000
    text = '<choose><when condition="@(true)">' * depth + policy("a") + "</when></choose>" * depth
    steps = compose((scope(Layer.API, text),), "inbound", Fragments())
    assert sum(step.mark is Mark.FORK for step in steps) == depth


def test_the_lists_of_a_document_are_made_once() -> None:
    library = Fragments()
    api = source("api.xml", f"<policies><inbound>{policy('a')}</inbound></policies>")
    assert library.items(api, "inbound") is library.items(api, "inbound")
    changed = Source(api.path, parse(f"<policies><inbound>{policy('b')}</inbound></policies>"))
    assert library.items(changed, "inbound") is not library.items(api, "inbound")
