"""Values followed through the variables of the call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from apim_policy.flow.reach import Reach
from apim_policy.flow.taint import Taint
from support.layers import API, COMMON, FRAGMENT, GLOBAL, OPERATION, layers
from support.policies import inbound
from support.workspaces import LONE_FILE, open_workspace, write_files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HEADER = 'context.Request.Headers.GetValueOrDefault("A", "")'
USE = "<set-body>@((string)context.Variables[&quot;v&quot;])</set-body>"


def put(name: str, value: str) -> str:
    return f'<set-variable name="{name}" value="{value}" />'


def variable(name: str) -> str:
    return f'(string)context.Variables["{name}"]'


FROM_HEADER = put("v", f"@({HEADER})")


class Followed:
    """The value of the only ``set-body`` of a document."""

    def __init__(self, folder: Path, files: str | Mapping[str, str], name: str = LONE_FILE) -> None:
        given = {LONE_FILE: files} if isinstance(files, str) else files
        workspace = open_workspace(write_files(folder, given))
        self.root = folder
        self.document = workspace.store.document(folder / name)
        self.taint = Taint(Reach(workspace.around(folder / name), folder / name), self.document)
        root = self.document.root
        assert root is not None
        [self.body] = [element for element in root.walk() if element.name == "set-body"]
        [owner] = self.body.texts()
        self.texts = self.taint.texts(self.body, owner)

    @property
    def shown(self) -> set[str]:
        return {" ".join(self._strand(strand) for strand in text) for text in self.texts}

    @staticmethod
    def _strand(strand) -> str:
        if strand.source is None:
            return "?" if strand.text is None else f"'{strand.text}'"
        field = f".{strand.source.field}" if strand.source.field else ""
        way = "".join(f" > {hop.variable}" for hop in strand.hops)
        return f"({strand.source.kind.value} {strand.source.name}{field}{way})"

    @property
    def strand(self):
        [found] = [strand for text in self.texts for strand in text if strand.source]
        return found

    @property
    def tested(self) -> bool:
        return self.taint.is_tested(self.strand, self.body)


@pytest.fixture
def follow(tmp_path: Path):
    return lambda files, name=LONE_FILE: Followed(tmp_path.resolve(), files, name)


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        (FROM_HEADER + USE, {"(header A > v)"}),
        (put("u", f"@({HEADER})") + put("v", f'@("x" + {variable("u")})') + USE, {"'x' (header A > u > v)"}),
        (put("v", "text") + USE, {"'text'"}),
        (put("v", "{{named}}/a") + USE, {"'\ufffc/a'"}),
        (FROM_HEADER + put("v", "safe") + USE, {"'safe'"}),
        (
            put("v", "a") + f'<choose><when condition="@(true)">{FROM_HEADER}</when></choose>' + USE,
            {"'a'", "(header A > v)"},
        ),
        (USE + FROM_HEADER, {"(variable v)"}),
        ('<send-request mode="new" response-variable-name="v" />' + USE, {"(variable v)"}),
        ('<cache-lookup-value key="k" variable-name="v" />' + USE, {"(variable v)"}),
        (USE, {"(variable v)"}),
        (put("v", f'@("x" + {variable("v")})') + USE, {"'x' (variable v > v)"}),
    ],
)
def test_in_one_document(follow, policies: str, expected: set[str]) -> None:
    assert follow(inbound(policies)).shown == expected


def test_a_field_of_a_variable(follow) -> None:
    body = put("b", "@(context.Request.Body.As<JObject>(preserveContent: true))")
    use = "<set-body>@(((JObject)context.Variables[&quot;b&quot;])[&quot;url&quot;].ToString())</set-body>"
    assert follow(inbound(body + use)).shown == {"(body None.url > b)"}


def test_what_an_earlier_section_sets_surely_ran(follow) -> None:
    document = f"<policies><inbound>{put('v', 'a')}</inbound><outbound>{USE}</outbound></policies>"
    assert follow(document).shown == {"'a'"}


def test_what_an_error_may_have_cut_short_counts_with_what_was_before(follow) -> None:
    document = (
        f"<policies><inbound>{FROM_HEADER}{put('v', 'a')}</inbound><on-error>{USE}</on-error></policies>"
    )
    assert follow(document).shown == {"'a'", "(header A > v)"}


def test_fragments_and_outer_scopes_set_variables(follow) -> None:
    assert follow(layers(api=COMMON + USE, fragment=FROM_HEADER), API).shown == {"(header A > v)"}


def test_outer_scopes_set_variables(follow) -> None:
    assert follow(layers(everywhere=FROM_HEADER, operation=USE), OPERATION).shown == {"(header A > v)"}


def test_the_places_are_those_of_the_files(follow) -> None:
    strand = (found := follow(layers(everywhere=FROM_HEADER, api=USE), API)).strand
    assert strand.path == found.root / GLOBAL
    text = (found.root / GLOBAL).read_text()
    assert text[slice(*strand.span)] == HEADER
    assert text[slice(*strand.hops[0].span)] == "v"
    assert found.document.slice(strand.at) == "context.Variables[&quot;v&quot;]"


def test_a_circle_of_variables_ends(follow) -> None:
    circle = put("a", f"@({variable('v')})") + put("v", f"@({variable('a')})")
    repeated = f'<retry condition="@(true)" count="2" interval="1">{circle}{USE}</retry>'
    assert follow(inbound(repeated)).shown == {"(variable v > a > v)"}


@pytest.mark.parametrize("value", ["text", "a @(context.Api.Id)", "{{named}}"])
def test_what_is_no_expression_is_not_told(follow, value: str) -> None:
    assert follow(inbound(f"<set-body>{value}</set-body>")).texts == ()


@pytest.mark.parametrize(
    "policies",
    [
        f'<choose><when condition="@({variable("v")} == "a")">{USE}</when></choose>',
        f'<choose><when condition="@(!new[] {{ "a" }}.Contains({variable("v")}))"><return-response /></when></choose>{USE}',
        put("ok", f'@({variable("v")}.EndsWith(".example.com"))') + USE,
        put("u", f"@({variable('v')})") + put("ok", f'@({variable("u")} == "x")') + USE,
        '<check-header name="A" failed-check-httpcode="400"><value>a</value></check-header>' + USE,
        put("ok", f'@({HEADER} == "x")') + USE,
    ],
)
def test_what_is_compared_is_tested(follow, policies: str) -> None:
    assert follow(inbound(FROM_HEADER + policies)).tested


@pytest.mark.parametrize(
    "policies",
    [
        USE,
        put("ok", f"@({variable('v')} != null)") + USE,
        put("ok", '@(context.Request.Method == "GET")') + USE,
        f'<choose><when condition="@({variable("v")} == "a")" /><otherwise>{USE}</otherwise></choose>',
        f'<choose><when condition="@({variable("v")} == "a")" />'
        f'<when condition="@(context.Api.Id == "a")">{USE}</when></choose>',
        '<check-header name="A" failed-check-httpcode="400" />' + USE,
    ],
)
def test_what_is_not_compared_is_not(follow, policies: str) -> None:
    assert not follow(inbound(FROM_HEADER + policies)).tested


def test_a_fragment_is_followed_on_its_own(follow) -> None:
    assert follow(layers(fragment=FROM_HEADER + USE), FRAGMENT).shown == {"(header A > v)"}


@pytest.mark.parametrize(
    ("policies", "own"),
    [
        (
            '<set-header name="a" exists-action="override"><value>x</value></set-header>' + FROM_HEADER + USE,
            True,
        ),
        ('<set-header name="A" exists-action="delete" />' + FROM_HEADER + USE, True),
        (
            '<set-header name="A" exists-action="append"><value>x</value></set-header>' + FROM_HEADER + USE,
            False,
        ),
        (FROM_HEADER + '<set-header name="A" exists-action="delete" />' + USE, False),
        ('<set-header name="B" exists-action="delete" />' + FROM_HEADER + USE, False),
        (
            '<choose><when condition="@(true)"><set-header name="A" exists-action="delete" /></when></choose>'
            + FROM_HEADER
            + USE,
            False,
        ),
    ],
)
def test_a_header_that_the_policy_wrote_is_its_own(follow, policies: str, own: bool) -> None:
    assert follow(inbound(policies)).strand.own is own
