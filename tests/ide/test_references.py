"""Where variables are set and read, over documents that run in the same calls, and giving them another name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from apim_policy.flow.variables import UseKind
from apim_policy.ide.references import (
    RenameError,
    definitions,
    highlights,
    references,
    renamable,
    rename,
    variable_at,
)
from apim_policy.syntax.parser import parse
from apim_policy.text.edits import apply_edits
from support.layers import API, COMMON, FRAGMENT, GLOBAL, OPERATION, get, layers, policies, put
from support.markers import parse_markers
from support.policies import inbound
from support.workspaces import LONE_FILE, open_workspace, write_files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from apim_policy.ide.references import Reference
    from apim_policy.syntax.tree import Document
    from apim_policy.workspace.workspace import Workspace


class Opened:
    """A workspace with a cursor in one of its files."""

    def __init__(self, folder: Path, files: str | Mapping[str, str]) -> None:
        given = {LONE_FILE: files} if isinstance(files, str) else dict(files)
        marked = {name: parse_markers(text) for name, text in given.items()}
        self.files = {name: item.text for name, item in marked.items()}
        ((name, self.offset),) = [
            (name, item.cursor) for name, item in marked.items() if item.cursor is not None
        ]
        self.root = write_files(folder, self.files)
        self.path = self.root / name
        self.workspace: Workspace = open_workspace(self.root)
        self.document: Document = self.workspace.store.document(self.path)

    @property
    def at(self) -> tuple[Workspace, Path, Document, int]:
        """What the features are asked with."""
        return self.workspace, self.path, self.document, self.offset

    def shown(self, found: list[Reference]) -> list[str]:
        """Files and kinds."""
        return [f"{item.path.relative_to(self.root).as_posix()} {item.use.kind.value}" for item in found]

    def renamed(self, name: str) -> dict[str, str]:
        """The files after the renaming."""
        fix = rename(*self.at, name)
        assert fix is not None
        texts = dict(self.files)
        for edit in fix.edits:
            key = edit.path.relative_to(self.root).as_posix()
            texts[key] = apply_edits(texts[key], edit.edits)
        return texts


def refusal(folder: Path, files: str | Mapping[str, str], name: str = "b") -> str:
    with pytest.raises(RenameError) as caught:
        rename(*Opened(folder, files).at, name)
    return str(caught.value)


CURSOR = [
    put("$0a") + get("a"),
    put("a$0") + get("a"),
    put("a") + get("$0a"),
    put("a") + get("a$0"),
]


@pytest.mark.parametrize("text", CURSOR)
def test_the_name_at_either_end_of_the_caret(text: str, tmp_path: Path) -> None:
    opened = Opened(tmp_path, inbound(text))
    assert opened.shown(references(*opened.at)) == ["policy.xml set", "policy.xml read"]
    assert opened.shown(definitions(*opened.at)) == ["policy.xml set"]


@pytest.mark.parametrize(
    "text",
    [
        '<set-variable na$0me="a" value="b" />',
        '<set-variable name="a" value="$0b" />',
        '<set-body>@(context.Vari$0ables["a"])</set-body>',
        "<set-body>@(context.Variables[$0name])</set-body>",
        '<set-body>@(context.Request.Headers["$0a"])</set-body>',
        '<set-variable name="{{$0a}}" value="b" />',
        "<validate-graphql-$0request />",
        '<!-- <set-variable name="$0a" /> -->',
    ],
)
def test_what_is_no_name_of_a_variable(text: str, tmp_path: Path) -> None:
    opened = Opened(tmp_path, inbound(text + get("a")))
    assert variable_at(opened.document, opened.offset) is None
    assert references(*opened.at) == []
    assert highlights(opened.document, opened.offset) == []
    assert renamable(opened.document, opened.offset) is None
    assert rename(*opened.at, "b") is None


def test_highlights_are_of_the_same_document(tmp_path: Path) -> None:
    files = layers(api=put("a"), operation=put("a") + get("$0a") + get("A") + get("b"))
    opened = Opened(tmp_path, files)
    found = highlights(opened.document, opened.offset)
    assert [use.kind for use in found] == [UseKind.SET, UseKind.READ]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            layers(operation=get("$0a"), api=put("a"), everywhere=put("a")),
            [f"{OPERATION} read", f"{API} set", f"{GLOBAL} set"],
        ),
        (layers(operation=get("$0a") + COMMON, fragment=put("a")), [f"{OPERATION} read", f"{FRAGMENT} set"]),
        (layers(operation=get("a") + COMMON, fragment=put("$0a")), [f"{FRAGMENT} set", f"{OPERATION} read"]),
        (
            layers(operation=COMMON, api=get("a"), fragment=put("$0a")),
            [f"{FRAGMENT} set", f"{API} read"],
        ),
        (layers(api=put("$0a"), operation=get("a")), [f"{API} set", f"{OPERATION} read"]),
        (layers(everywhere=put("$0a"), operation=get("a")), [f"{GLOBAL} set", f"{OPERATION} read"]),
        (layers(operation=get("$0a"), fragment=put("a")), [f"{OPERATION} read"]),
        (layers(operation=get("$0a"), api=put("A")), [f"{OPERATION} read"]),
    ],
)
def test_documents_of_the_same_calls(files: dict[str, str], expected: list[str], tmp_path: Path) -> None:
    opened = Opened(tmp_path, files)
    assert opened.shown(references(*opened.at)) == expected


def other_api(inbound_: str) -> dict[str, str]:
    return {"apis/other/apiInformation.json": "{}", "apis/other/policy.xml": policies(inbound_)}


def test_another_api_has_variables_of_its_own(tmp_path: Path) -> None:
    opened = Opened(tmp_path, {**layers(api=put("$0a")), **other_api(get("a"))})
    assert opened.shown(references(*opened.at)) == [f"{API} set"]


def test_apis_meet_in_a_fragment_that_both_include(tmp_path: Path) -> None:
    files = {**layers(api=put("$0a") + COMMON, fragment=get("a")), **other_api(put("a") + COMMON)}
    opened = Opened(tmp_path, files)
    assert opened.shown(references(*opened.at)) == [
        f"{API} set",
        "apis/other/policy.xml set",
        f"{FRAGMENT} read",
    ]


def test_apis_meet_in_the_policy_around_them(tmp_path: Path) -> None:
    files = {**layers(api=put("$0a"), everywhere=get("a")), **other_api(put("a"))}
    opened = Opened(tmp_path, files)
    assert opened.shown(references(*opened.at)) == [
        f"{API} set",
        "apis/other/policy.xml set",
        f"{GLOBAL} read",
    ]


USES = (
    '<set-variable name="{0}" value="1" />'
    '<set-variable name="x" value="@(context.Variables[&quot;{0}&quot;])" />'
    '<set-body>@(context.Variables.GetValueOrDefault<string>(@"{0}", "{1}"))</set-body>'
    '<set-body template="liquid">{{{{context.Variables["{0}"]}}}}</set-body>'
    '<return-response response-variable-name="{0}" />'
    "<!-- {1} -->"
)


def test_renaming_keeps_quotes_and_escapes_and_everything_else(tmp_path: Path) -> None:
    opened = Opened(tmp_path, inbound(get("$0old") + USES.format("old", "old")))
    assert opened.renamed("new-name") == {
        LONE_FILE: inbound(get("new-name") + USES.format("new-name", "old"))
    }


def test_a_dotted_name_in_liquid_becomes_an_index_where_it_must(tmp_path: Path) -> None:
    text = inbound(put("{0}") + '<set-body template="liquid">{{{{context.Variables{1}}}}}</set-body>')
    opened = Opened(tmp_path, text.format("$0old", ".old"))
    assert opened.renamed("new") == {LONE_FILE: text.format("new", ".new")}
    assert opened.renamed("new-name") == {LONE_FILE: text.format("new-name", '["new-name"]')}


def test_renaming_in_all_documents_of_the_same_calls(tmp_path: Path) -> None:
    files = {
        **layers(everywhere=get("old"), api=put("old"), operation=get("$0old") + COMMON, fragment=get("old")),
        **other_api(get("old2")),
    }
    after = Opened(tmp_path, files).renamed("new")
    assert after == {name: text.replace("$0", "").replace('"old"', '"new"') for name, text in files.items()}


def test_the_same_name_changes_nothing(tmp_path: Path) -> None:
    fix = rename(*Opened(tmp_path, inbound(put("$0a"))).at, "a")
    assert fix is not None
    assert fix.edits == ()


@pytest.mark.parametrize(
    "name", ["", " ", " a", "a ", 'a"b', "a&b", "a<b", "{{a}}", "a\\b", "@(a)", "a\nb", "a'b"]
)
def test_names_that_would_have_to_be_escaped(name: str, tmp_path: Path) -> None:
    assert refusal(tmp_path, inbound(put("$0a")), name).startswith(f'"{name}" cannot be written')


@pytest.mark.parametrize("name", ["b", "User-Id", "a.b", "a b", "größe", "a:b", "a/b", "_"])
def test_names_as_they_occur(name: str, tmp_path: Path) -> None:
    opened = Opened(tmp_path, inbound(put("$0a") + get("a")))
    assert opened.renamed(name) == {LONE_FILE: inbound(put(name) + get(name))}


def test_a_name_that_is_taken(tmp_path: Path) -> None:
    files = layers(operation=put("$0a"), api=get("b"))
    assert (
        refusal(tmp_path, files)
        == 'There is a variable "b" already: apis/orders/policy.xml, line 1, uses it.'
    )


def test_a_name_that_is_computed_somewhere(tmp_path: Path) -> None:
    text = inbound(put("$0a") + "<set-body>@(context.Variables[name])</set-body>")
    assert refusal(tmp_path, text) == (
        'policy.xml, line 1, computes the name of a variable, which may be "a". Rename it by hand.'
    )
    text = inbound(put("$0a") + put("{{name}}"))
    assert "computes the name" in refusal(tmp_path, text)


def test_going_through_all_variables_computes_no_name(tmp_path: Path) -> None:
    text = put("{}") + '<set-body>@(string.Join(",", context.Variables.Keys))</set-body>'
    opened = Opened(tmp_path, inbound(text.format("$0a")))
    assert opened.renamed("b") == {LONE_FILE: inbound(text.format("b"))}


def test_a_name_in_pieces(tmp_path: Path) -> None:
    pieces = '<set-body>@(context.Variables["a" + "b"])</set-body>'
    assert refusal(tmp_path, inbound(put("$0ab") + pieces), "c") == (
        "policy.xml, line 1, the name is not written out in one piece. Write it out there first."
    )


def test_a_name_in_pieces_under_the_caret() -> None:
    fixture = parse_markers(inbound('<set-body>@(context.Variables["$0a" + "b"])</set-body>'))
    assert fixture.cursor is not None
    with pytest.raises(RenameError, match=r"^Here the name is not written out"):
        renamable(parse(fixture.text), fixture.cursor)


def test_a_policy_that_sets_the_variable_by_itself(tmp_path: Path) -> None:
    text = inbound('<validate-graphql-request max-size="1" />' + get("$0GraphQLErrors"))
    assert refusal(tmp_path, text) == (
        'policy.xml, line 1, a policy sets "GraphQLErrors" by itself, so it keeps that name.'
    )
    opened = Opened(tmp_path, text)
    assert opened.shown(definitions(*opened.at)) == ["policy.xml set"]
