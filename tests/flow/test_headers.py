"""Where the value of a header may come from, after each kind of policy."""

from __future__ import annotations

from pathlib import Path

import pytest

from apim_policy.flow.composition import Layer, Library, Scope, Source, compose
from apim_policy.flow.effects import Effects
from apim_policy.flow.headers import FROM_CLIENT, Beginning, HeaderState, Passage
from apim_policy.syntax.parser import parse


class NoFragments(Library):
    def fragment(self, name: str) -> Source | None:
        return None


def walk(inbound: str, backend: str | None = None, outbound: str = "") -> Passage:
    sections = f"<inbound>{inbound}</inbound><outbound>{outbound}</outbound>"
    if backend is not None:
        sections += f"<backend>{backend}</backend>"
    chain = (Scope(Layer.API, (Source(Path("/p.xml"), parse(f"<policies>{sections}</policies>")),)),)
    passage = Passage(Effects(), lambda _: FROM_CLIENT)
    for section in ("inbound", "backend", "outbound"):
        passage.run(compose(chain, section, NoFragments()), section)
        if section == "backend":
            passage.finish()
    return passage


def put(value: str, name: str = "X", action: str | None = None) -> str:
    stated = f' exists-action="{action}"' if action else ""
    return f'<set-header name="{name}"{stated}><value>{value}</value></set-header>'


def delete(name: str = "X") -> str:
    return f'<set-header name="{name}" exists-action="delete"/>'


def sources(state: HeaderState | None) -> list[str]:
    """Beginnings by name, writes by the value that they give, deletions as ``-``."""
    assert state is not None
    return [
        source.value
        if isinstance(source, Beginning)
        else "-"
        if source.deletes
        else source.origin.document.slice(source.values[0])
        for source in state.sources
    ]


def choose(*arms: str, otherwise: str | None = None) -> str:
    whens = "".join(f'<when condition="@(true)">{arm}</when>' for arm in arms)
    rest = f"<otherwise>{otherwise}</otherwise>" if otherwise is not None else ""
    return f"<choose>{whens}{rest}</choose>"


def test_what_nobody_touches_comes_from_the_client() -> None:
    assert walk("").sent("X") == FROM_CLIENT


@pytest.mark.parametrize(
    ("inbound", "expected", "present"),
    [
        (put("a"), ["a"], True),
        (put("a", action="override"), ["a"], True),
        (put("a", action="skip"), ["client", "a"], True),
        (put("a", action="append"), ["client", "a"], True),
        (put("a", action="{{action}}"), ["client", "a"], False),
        (delete(), ["-"], False),
        (put("a") + put("b"), ["b"], True),
        (put("a") + put("b", action="skip"), ["a"], True),
        (put("a") + put("b", action="append"), ["a", "b"], True),
        (put("a") + delete(), ["-"], False),
        (delete() + put("b", action="skip"), ["b"], True),
        (put("a", name="x"), ["a"], True),
        (put("a", name="Y"), ["client"], False),
        (put("a", name="{{name}}"), ["client", "unknown"], False),
        (put("a", name="@(name)") + put("b"), ["b"], True),
        (put("b") + put("a", name="@(name)"), ["b", "unknown"], False),
    ],
)
def test_one_policy_after_another(inbound: str, expected: list[str], present: bool) -> None:
    state = walk(inbound).sent("X")
    assert sources(state) == expected
    assert state is not None
    assert state.present is present


@pytest.mark.parametrize(
    ("inbound", "expected", "present"),
    [
        (choose(put("a")), ["a", "client"], False),
        (choose(put("a"), put("b")), ["a", "b", "client"], False),
        (choose(put("a"), otherwise=put("b")), ["a", "b"], True),
        (choose(put("a"), otherwise=""), ["a", "client"], False),
        (put("a") + choose(put("b")), ["b", "a"], True),
        (put("a") + choose(delete()), ["-", "a"], False),
        (choose(choose(put("a"), otherwise=put("b")), otherwise=put("c")), ["a", "b", "c"], True),
        (choose(put("a") + "<return-response/>"), ["client"], False),
        (choose(put("a") + "<return-response/>", otherwise=put("b")), ["b"], True),
        (choose(put("a", name="{{n}}")), ["client", "unknown"], False),
        (choose(put("a") + put("b", name="{{n}}"), otherwise=put("c")), ["a", "unknown", "c"], False),
        (choose() + put("a"), ["a"], True),
        ("<choose><otherwise>" + put("a") + "</otherwise></choose>", ["a"], True),
    ],
)
def test_branches_are_joined(inbound: str, expected: list[str], present: bool) -> None:
    state = walk(inbound).sent("X")
    assert sources(state) == expected
    assert state is not None
    assert state.present is present


def test_nothing_is_sent_after_an_unconditional_answer() -> None:
    passage = walk(put("a") + "<return-response/>" + put("b"))
    assert passage.sent("X") is None
    assert not passage.reaches_end
    assert len(passage.writes) == 1


def test_nothing_is_sent_where_every_branch_answers() -> None:
    assert walk(choose("<return-response/>", otherwise="<return-response/>")).sent("X") is None


def test_a_fragment_that_is_not_there_may_have_written_anything() -> None:
    passage = walk('<include-fragment fragment-id="f"/>' + put("a", name="Y"))
    assert sources(passage.sent("X")) == ["client", "unknown"]
    assert sources(passage.sent("Y")) == ["a"]
    assert len(passage.gaps) == 1


def test_a_header_in_the_message_of_another_policy_is_not_the_request_s() -> None:
    inbound = f'<send-request mode="new" response-variable-name="r">{put("a")}</send-request>'
    assert walk(inbound).sent("X") == FROM_CLIENT


def test_outbound_writes_the_response() -> None:
    assert walk("", outbound=put("a")).sent("X") == FROM_CLIENT


def test_what_is_set_after_the_request_was_sent_is_not_sent() -> None:
    assert sources(walk(put("a"), backend=f"<forward-request/>{put('b')}").sent("X")) == ["a"]


def test_each_place_that_sends_the_request_counts() -> None:
    backend = choose(put("b") + "<forward-request/>", otherwise="<forward-request/>")
    assert sources(walk(put("a"), backend=backend).sent("X")) == ["b", "a"]


@pytest.mark.parametrize("backend", [None, "<base/>"])
def test_the_request_is_sent_at_the_end_where_no_policy_says_so(backend: str | None) -> None:
    assert sources(walk(put("a"), backend=backend).sent("X")) == ["a"]


def looks(passage: Passage) -> list[tuple[str | None, list[str]]]:
    return [(read.name, sources(read.state)) for read in passage.reads]


def test_a_look_sees_what_was_written_before_it() -> None:
    look = '<set-variable name="v" value="@(context.Request.Headers["X"])"/>'
    assert looks(walk(look + put("a") + look, outbound=look)) == [
        ("X", ["client"]),
        ("X", ["a"]),
        ("X", ["a"]),
    ]


def test_a_condition_is_looked_at_before_its_branch_and_after_no_other() -> None:
    when = '<when condition="@(context.Request.Headers.ContainsKey("X"))">'
    inbound = f"<choose>{when}{put('a')}</when>{when}{put('b')}</when></choose>"
    assert looks(walk(inbound)) == [("X", ["client"]), ("X", ["client"])]


def test_the_condition_of_retry_is_looked_at_after_what_it_repeats() -> None:
    inbound = f'<retry condition="@(context.Request.Headers.ContainsKey("X"))" count="2" interval="1">{put("a")}</retry>'
    assert looks(walk(inbound)) == [("X", ["a"])]


def test_what_cannot_run_looks_at_nothing() -> None:
    look = '<set-variable name="v" value="@(context.Request.Headers["X"])"/>'
    assert looks(walk(f"<return-response/>{look}")) == []


def test_a_look_of_unknown_name_says_nothing_of_where_it_comes_from() -> None:
    assert looks(walk('<set-variable name="v" value="@(context.Request.Headers[n])"/>')) == [(None, [])]


def test_a_liquid_body_looks_at_headers() -> None:
    body = (
        '<set-body template="liquid">{{context.Request.Headers.Accept}} {{Authorization}}'
        ' {{ context.Request.Headers["X-Y"] }} {{body.Headers.Z}}</set-body>'
    )
    assert [name for name, _ in looks(walk(body))] == ["Accept", "X-Y"]


@pytest.mark.parametrize(
    ("policy", "names"),
    [
        ('<validate-jwt header-name="X-Token"/>', ["X-Token"]),
        ("<validate-jwt/>", []),
        ('<validate-jwt token-value="@(t)"/>', []),
        ('<validate-jwt header-name="{{name}}"/>', [None]),
        ("<validate-azure-ad-token/>", ["Authorization"]),
        ('<validate-azure-ad-token header-name="X-Token"/>', ["X-Token"]),
        ('<validate-azure-ad-token query-parameter-name="t"/>', []),
        ('<validate-azure-ad-token token-value="@(t)"/>', []),
        ('<check-header name="X-User"><value>a</value></check-header>', ["X-User"]),
        (
            "<cache-lookup><vary-by-header>Accept</vary-by-header><vary-by-header>X-User</vary-by-header></cache-lookup>",
            ["Accept", "X-User"],
        ),
        ('<!-- <check-header name="X-User"/> -->', []),
        ('<set-query-parameter name="X-User"><value>a</value></set-query-parameter>', []),
    ],
)
def test_attributes_and_texts_that_name_a_header(policy: str, names: list[str | None]) -> None:
    assert [name for name, _ in looks(walk(policy))] == names


@pytest.mark.parametrize(
    ("policy", "written"),
    [
        ('<authentication-basic username="u" password="p"/>', True),
        ('<authentication-managed-identity resource="r"/>', True),
        ('<authentication-managed-identity resource="r" output-token-variable-name="t"/>', False),
        ('<authentication-certificate thumbprint="t"/>', False),
        (
            '<get-authorization-context provider-id="p" authorization-id="a" context-variable-name="c"/>',
            False,
        ),
    ],
)
def test_policies_that_write_authorization_themselves(policy: str, written: bool) -> None:
    state = walk(policy).sent("authorization")
    assert state is not None
    assert state.present is written


def test_branches_nested_ten_thousand_deep_are_maybe() -> None:
    depth = 10_000
    text = '<choose><when condition="@(true)">' * depth + put("a") + "</when></choose>" * depth
    state = walk(text).sent("X")
    assert state is not None
    assert set(sources(state)) == {"client", "a"}
    assert not state.present


def test_many_writes_of_one_header_stay_bounded() -> None:
    state = walk(choose(put("a")) * 2_000).sent("X")
    assert state is not None
    assert len(state.sources) < 100
    assert Beginning.UNKNOWN in state.sources
