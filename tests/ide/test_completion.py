"""Which elements may be written at the caret."""

from __future__ import annotations

import pytest

from apim_policy.ide.offers import Surroundings
from apim_policy.ide.proposals import CompletionKind
from apim_policy.ide.snippets import plain
from apim_policy.schema.declarations import FragmentUse, Status
from apim_policy.schema.model import load
from apim_policy.syntax.parser import parse
from apim_policy.workspace.model import Scope
from apim_policy.workspace.settings import GatewayType
from support.completions import inside, offered

MODEL = load()

# Policies


@pytest.mark.parametrize(
    ("marked", "word", "chosen"),
    [
        ("$0", "", '<set-variable name="name" value="value" />'),
        ("<$0", "", '<set-variable name="name" value="value" />'),
        ("<set-v$0", "set-v", '<set-variable name="name" value="value" />'),
        ("set-v$0", "set-v", '<set-variable name="name" value="value" />'),
        ("<$0\n        <base />", "", '<set-variable name="name" value="value" />\n        <base />'),
        (
            "<set-v$0\n        <base />",
            "set-v",
            '<set-variable name="name" value="value" />\n        <base />',
        ),
        ("<set-v$0\n        text", "set-v", '<set-variable name="name" value="value" />\n        text'),
        ('<$0set-header name="a" />', "set-header", '<set-variable name="a" />'),
        ('<set-$0header name="a" />', "set-header", '<set-variable name="a" />'),
        ('<set-header$0 name="a" />', "set-header", '<set-variable name="a" />'),
        ("<set-v$0>", "set-v", '<set-variable name="" value="">'),
        ("<$0>", "", '<set-variable name="" value="">'),
        ("<$0 />", "", '<set-variable name="" value="" />'),
        ("<choose></choose><$0", "", '<choose></choose><set-variable name="name" value="value" />'),
    ],
)
def test_a_policy_is_written_and_what_follows_is_kept(marked: str, word: str, chosen: str) -> None:
    found = offered(inside(marked))
    assert found.word == word
    assert found.item("set-variable").filter == "set-variable"
    assert found.chosen("set-variable") == inside(chosen)


@pytest.mark.parametrize("section", MODEL.sections)
@pytest.mark.parametrize("where", ["$0", '<choose><when condition="true">$0</when></choose>'])
def test_the_section_decides(section: str, where: str) -> None:
    labels = set(offered(inside(where, section)).labels)
    for name in MODEL.policy_names:
        policy = MODEL.policy(name)
        assert policy is not None
        if policy.listed:
            may = not policy.sections or section in (*policy.sections, *policy.disputed_sections)
            assert (name in labels) == may, name
    assert ("base" in labels) == (where == "$0")


@pytest.mark.parametrize("scope", [Scope.GLOBAL, Scope.WORKSPACE, Scope.PRODUCT, Scope.API, Scope.OPERATION])
def test_the_scope_decides(scope: Scope) -> None:
    labels = set(offered(inside("$0"), Surroundings(scope)).labels)
    assert ("base" in labels) == (scope is not Scope.GLOBAL)
    assert ("authentication-managed-identity" in labels) == (scope is not Scope.WORKSPACE)


def test_an_mcp_server_is_an_api() -> None:
    assert (
        offered(inside("$0"), Surroundings(Scope.MCP)).labels
        == offered(inside("$0"), Surroundings(Scope.API)).labels
    )


@pytest.mark.parametrize("gateway", GatewayType)
def test_the_gateway_decides(gateway: GatewayType) -> None:
    labels = set(offered(inside("$0"), Surroundings(gateway=gateway)).labels)
    assert ("rate-limit-by-key" in labels) == (gateway is not GatewayType.CONSUMPTION)
    assert "set-header" in labels


def test_a_fragment_holds_what_fragments_may_hold() -> None:
    labels = set(offered("<fragment>\n    $0\n</fragment>", Surroundings(Scope.FRAGMENT)).labels)
    for name in MODEL.policy_names:
        policy = MODEL.policy(name)
        assert policy is not None
        if policy.listed:
            assert (name in labels) == (policy.fragment is not FragmentUse.NOT_ALLOWED), name
    assert "base" not in labels


def test_what_may_stand_once_is_not_offered_again() -> None:
    labels = offered(inside("<base />\n        <cors></cors>\n        $0")).labels
    assert "base" not in labels
    assert "cors" not in labels
    assert "base" in offered(inside("<$0base />")).labels


def test_another_branch_may_hold_it_too() -> None:
    branch = '<when condition="true"><cors></cors></when>'
    assert "cors" in offered(inside(f"<choose>{branch}<otherwise>$0</otherwise></choose>")).labels
    assert "cors" in offered(inside(f"<choose>{branch}</choose>$0")).labels
    assert "cors" not in offered(inside("<cors></cors><choose><otherwise>$0</otherwise></choose>")).labels


def test_likely_ones_come_first_and_doubtful_ones_last() -> None:
    labels = offered(inside("$0")).labels
    assert labels[:4] == ["base", "set-header", "set-variable", "choose"]
    rank = {Status.PREVIEW: 1, Status.UNDOCUMENTED: 2, Status.RETIRED: 3}
    found = [MODEL.policy(label) for label in labels]
    ranks = [rank.get(policy.status, 0) for policy in found if policy is not None]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize("name", MODEL.policy_names)
def test_what_is_not_official_is_marked(name: str) -> None:
    policy = MODEL.policy(name)
    assert policy is not None
    if not policy.listed:
        return
    section = next(iter(policy.sections), "inbound")
    item = offered(inside("$0", section)).item(name)
    assert item.deprecated == (policy.status is Status.RETIRED)
    marks = {Status.PREVIEW: "preview", Status.UNDOCUMENTED: "undocumented", Status.RETIRED: "retired"}
    assert item.mark == marks.get(policy.status, "")
    assert item.detail.startswith(policy.title)
    assert policy.successor is None or policy.successor in item.detail


@pytest.mark.parametrize("name", MODEL.policy_names)
def test_every_snippet_is_sound_text(name: str) -> None:
    policy = MODEL.policy(name)
    assert policy is not None
    text = plain(policy.snippet)
    document = parse(text if name in MODEL.roots else inside(text))
    assert document.faults == []
    assert document.root is not None
    written = next(element for element in document.root.walk() if element.name == name)
    required = {item.name for item in policy.element.attributes.values() if item.required}
    assert required <= {attribute.name for attribute in written.attributes}


@pytest.mark.parametrize("indent", ["  ", "\t"])
def test_a_snippet_is_indented_like_the_document(indent: str) -> None:
    found = offered(f"<policies>\n{indent}<inbound>\n{indent * 2}$0\n{indent}</inbound>\n</policies>")
    assert f"\n{indent}<value>" in found.item("set-header").snippet


# Children, sections, documents


@pytest.mark.parametrize(
    ("marked", "labels"),
    [
        ("<choose>$0</choose>", ["when", "otherwise"]),
        ("<choose><$0</choose>", ["when", "otherwise"]),
        ("<choose><wh$0</choose>", ["when", "otherwise"]),
        ('<choose><when condition="true" />$0</choose>', ["when", "otherwise"]),
        ('<choose><when condition="true" /><otherwise />$0</choose>', []),
        ('<choose>$0<when condition="true" /></choose>', ["when"]),
        ('<set-header name="a">$0</set-header>', ["value"]),
        ('<set-header name="a"><value>a</value>$0</set-header>', ["value"]),
        ("<return-response>$0</return-response>", ["set-status", "set-header", "set-body"]),
        ("<return-response><set-header />$0</return-response>", ["set-header", "set-body"]),
        ("<return-response>$0<set-status /></return-response>", []),
        ("<base>$0</base>", []),
        ("<set-header><value>$0</value></set-header>", []),
        ("<no-such-policy>$0</no-such-policy>", []),
    ],
)
def test_an_element_offers_what_it_holds(marked: str, labels: list[str]) -> None:
    assert offered(inside(marked)).labels == labels


@pytest.mark.parametrize("marked", ["<when$0", "<when $0", "$0", "<$0"])
def test_a_child_that_must_be_there_comes_with_what_it_needs(marked: str) -> None:
    found = offered(inside(f"<choose>\n            {marked}\n        </choose>"))
    if marked == "<when $0":
        assert found.labels == ["condition"]
    else:
        assert found.item("when").mark == "required"
        assert found.item("when").snippet.removeprefix("<") == 'when condition="@($1)">\n    $0\n</when>'


def test_sections_are_offered_once_each() -> None:
    found = offered("<policies>\n    <inbound />\n    <$0\n</policies>")
    assert found.labels == ["backend", "outbound", "on-error"]
    assert found.item("backend").kind is CompletionKind.SECTION
    assert plain(found.item("backend").snippet) == "backend>\n    <base />\n    \n</backend>"
    found = offered("<policies>\n    $0\n</policies>", Surroundings(Scope.GLOBAL))
    assert "<base />" not in found.item("inbound").snippet


@pytest.mark.parametrize(
    "marked", ["$0", "<$0", "<pol$0", "pol$0", "<!-- a -->\n$0", "\n$0\n", '<?xml version="1.0"?>\n<$0']
)
def test_an_empty_file_offers_whole_documents(marked: str) -> None:
    found = offered(marked)
    assert found.labels == list(dict.fromkeys(["policies", "fragment", *MODEL.roots]))
    for name in MODEL.roots:
        document = parse(found.chosen(name))
        assert document.faults == []
        assert document.root is not None
        assert document.root.name == name


def test_the_document_that_fits_the_scope_comes_first() -> None:
    assert offered("$0", Surroundings(Scope.FRAGMENT)).labels[0] == "fragment"
    assert offered("$0", Surroundings(Scope.API)).labels[0] == "policies"


@pytest.mark.parametrize(
    "marked", ["<policies />$0", "$0<policies />", "<policies />\n<$0", "<fragment></fragment>\n$0"]
)
def test_there_is_one_document_in_a_file(marked: str) -> None:
    assert offered(marked).labels == []
