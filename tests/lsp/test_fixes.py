"""Fixes in editors of three kinds: the relay over two files, and what else is offered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from lsprotocol import types

from lsp.profiles import EMACS, NEOVIM, VSCODE
from support.markers import parse_markers
from support.workspaces import write_files

if TYPE_CHECKING:
    from lsp.editor import Editor

pytestmark = pytest.mark.asyncio

SCENARIO = Path(__file__).parents[1] / "scenarios" / "01-question-and-answer"
MCP, API = "apis/orders-mcp/policy.xml", "apis/orders-api/policy.xml"
RELAY = 'Relay "Authorization" through Ocp-Apim-Subscription-Key'
BROKEN = "<policies>\n    <inbound>\n        <base></bse>\n        <trace a='1' a='2' />\n    </inbound>\n</policies>\n"


def scenario(part: str = "files") -> dict[str, str]:
    folder = SCENARIO / part
    return {
        path.relative_to(folder).as_posix(): parse_markers(path.read_bytes().decode()).text
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest_asyncio.fixture
async def founding(editor: Editor) -> Editor:
    """The founding case, with both policies open."""
    write_files(editor.root, scenario())
    await editor.start()
    editor.open(MCP, API)
    return editor


async def the_relay(editor: Editor) -> types.CodeAction:
    (finding,) = [item for item in await editor.diagnostics(MCP) if item.code == "MCP001"]
    offered = await editor.actions(MCP, editor.quoted(MCP, finding.range))
    return offered[RELAY]


async def test_the_relay_is_applied_in_both_files_and_undone(founding: Editor) -> None:
    before = {name: founding.text(name) for name in (MCP, API)}
    await founding.expect(MCP, "MCP001")
    await founding.expect(API, "MCP002")
    await founding.apply(await the_relay(founding))
    await founding.expect(MCP)
    await founding.expect(API)
    assert {name: founding.text(name) for name in (MCP, API)} == scenario("after-MCP001")
    for name, text in before.items():
        founding.replace(name, founding.text(name), text)
    await founding.expect(MCP, "MCP001")
    await founding.expect(API, "MCP002")


async def test_a_file_that_is_not_open_is_changed_on_the_disk(editor: Editor) -> None:
    write_files(editor.root, scenario())
    await editor.start()
    editor.open(MCP)
    await editor.apply(await the_relay(editor))
    after = scenario("after-MCP001")
    assert editor.text(MCP) == after[MCP]
    assert (editor.root / API).read_text() == after[API]


async def test_edits_take_the_form_that_the_client_understands(founding: Editor) -> None:
    edit = await founding.resolved(await the_relay(founding))
    if founding.capabilities is NEOVIM:
        assert set(edit.changes or {}) == {founding.uri(MCP), founding.uri(API)}
        return
    changes = [item for item in edit.document_changes or [] if isinstance(item, types.TextDocumentEdit)]
    assert {item.text_document.uri for item in changes} == {founding.uri(MCP), founding.uri(API)}
    annotated = {type(part) is types.AnnotatedTextEdit for item in changes for part in item.edits}
    assert annotated == {founding.capabilities is VSCODE}
    labels = [item.label for item in (edit.change_annotations or {}).values()]
    assert labels == ([RELAY] if founding.capabilities is VSCODE else [])


async def test_edits_come_when_an_action_is_chosen_where_the_client_can_wait(founding: Editor) -> None:
    action = await the_relay(founding)
    assert (action.edit is None) == (founding.capabilities is not EMACS)
    assert (action.data is None) == (founding.capabilities is EMACS)


async def test_an_action_belongs_to_the_finding_as_it_was_sent(founding: Editor) -> None:
    action = await the_relay(founding)
    (finding,) = [item for item in await founding.diagnostics(MCP) if item.code == "MCP001"]
    assert list(action.diagnostics or ()) == [finding]
    assert action.kind == types.CodeActionKind.QuickFix


@pytest.mark.parametrize("capabilities", [VSCODE], ids=["vscode"])
async def test_an_action_that_was_chosen_too_late_changes_nothing(founding: Editor) -> None:
    action = await the_relay(founding)
    founding.replace(MCP, "<policies>", "<policies >")
    with pytest.raises(Exception, match="changed since"):
        await founding.resolved(action)


@pytest.mark.parametrize("capabilities", [VSCODE], ids=["vscode"])
@pytest.mark.parametrize(
    "data", [None, {}, {"uri": 1}, {"uri": "file:///x", "version": 1, "start": 0, "end": 0, "number": 0}]
)
async def test_data_that_nobody_sent_changes_nothing(founding: Editor, data: Any) -> None:
    with pytest.raises(Exception, match=r"not what was sent|changed since"):
        await founding.resolved(types.CodeAction("x", data=data))


async def test_what_the_author_knows_goes_into_a_new_settings_file(founding: Editor) -> None:
    (finding,) = [item for item in await founding.diagnostics(MCP) if item.code == "MCP001"]
    offered = await founding.actions(MCP, founding.quoted(MCP, finding.range))
    (title,) = [title for title in offered if 'mcp-header-forwarding = "automatic"' in title]
    edit = await founding.resolved(offered[title])
    kinds = [type(item) for item in edit.document_changes or []]
    if founding.capabilities is EMACS:
        assert kinds == [types.TextDocumentEdit]
    else:
        assert kinds == [types.CreateFile, types.TextDocumentEdit]
    founding.apply_edit(edit)
    assert (
        founding.root / "apim-policy.toml"
    ).read_text() == '[gateway]\nmcp-header-forwarding = "automatic"\n'


async def test_a_finding_is_suppressed_where_it_is(editor: Editor) -> None:
    write_files(editor.root, {"policy.xml": BROKEN.replace("</bse>", "</base>")})
    await editor.start()
    editor.open("policy.xml")
    assert "XML006" in await editor.codes("policy.xml")
    offered = await editor.actions("policy.xml", "a='2'")
    await editor.apply(offered["Suppress XML006 duplicate-attribute here"])
    assert "        <!-- apim-policy: ignore[XML006] -->\n        <trace" in editor.text("policy.xml")
    assert {"XML006", "LNT001"}.isdisjoint(await editor.codes("policy.xml"))


async def test_the_quickest_fix_is_marked(editor: Editor) -> None:
    write_files(editor.root, {"policy.xml": BROKEN})
    await editor.start()
    editor.open("policy.xml")
    offered = await editor.actions("policy.xml", "</bse>")
    preferred = [title for title, action in offered.items() if action.is_preferred]
    assert preferred == ["Change the end tag to </base>"]


@pytest.mark.parametrize("only", [["source.fixAll.apim-policy"], ["source.fixAll"], ["source"], [""]])
async def test_fixing_all_applies_what_is_safe(editor: Editor, only: list[str]) -> None:
    write_files(editor.root, {"policy.xml": BROKEN})
    await editor.start()
    editor.open("policy.xml")
    offered = await editor.actions("policy.xml", "<policies>", only)
    (action,) = offered.values()
    assert action.kind == "source.fixAll.apim-policy"
    await editor.apply(action)
    assert editor.text("policy.xml") == BROKEN.replace("</bse>", "</base>")


@pytest.mark.parametrize(
    "only", [["refactor"], ["source.organizeImports"], ["source.fixAll.eslint"], ["quickfixes"]]
)
async def test_what_was_not_asked_for_is_not_offered(editor: Editor, only: list[str]) -> None:
    write_files(editor.root, {"policy.xml": BROKEN})
    await editor.start()
    editor.open("policy.xml")
    assert await editor.actions("policy.xml", "</bse>", only) == {}


async def test_quick_fixes_alone_when_only_they_are_asked_for(editor: Editor) -> None:
    write_files(editor.root, {"policy.xml": BROKEN})
    await editor.start()
    editor.open("policy.xml")
    offered = await editor.actions("policy.xml", "</bse>", ["quickfix"])
    assert {action.kind for action in offered.values()} == {types.CodeActionKind.QuickFix}


async def test_a_document_with_windows_line_ends_keeps_them(editor: Editor) -> None:
    files = {name: text.replace("\n", "\r\n") for name, text in scenario().items()}
    write_files(editor.root, files)
    await editor.start()
    editor.open(MCP, API)
    await editor.apply(await the_relay(editor))
    after = scenario("after-MCP001")
    assert editor.text(MCP) == after[MCP].replace("\n", "\r\n")
    assert editor.text(API) == after[API].replace("\n", "\r\n")


async def test_where_nothing_is_safe_to_fix_fixing_all_is_not_offered(editor: Editor) -> None:
    write_files(editor.root, {"policy.xml": BROKEN.replace("</bse>", "</base>")})
    await editor.start()
    editor.open("policy.xml")
    assert "XML006" in await editor.codes("policy.xml")
    assert await editor.actions("policy.xml", "<policies>", ["source.fixAll"]) == {}


async def test_an_expression_is_written_in_other_ways(editor: Editor) -> None:
    text = (
        '<fragment>\n    <set-variable name="a" value="@((int)context.Variables["b"] < 1)" />\n</fragment>\n'
    )
    write_files(editor.root, {"fragment.xml": text})
    await editor.start()
    editor.open("fragment.xml")
    await editor.diagnostics("fragment.xml")
    offered = await editor.actions("fragment.xml", '["b"]')
    rewrites = {title: action for title, action in offered.items() if action.kind == "refactor.rewrite"}
    assert list(rewrites) == ["Write the expression with character references", "Read with GetValueOrDefault"]
    await editor.apply(rewrites["Read with GetValueOrDefault"])
    assert 'value="@(context.Variables.GetValueOrDefault<int>("b") < 1)"' in editor.text("fragment.xml")
    offered = await editor.actions("fragment.xml", "GetValueOrDefault")
    await editor.apply(offered["Write the expression with character references"])
    assert 'GetValueOrDefault&lt;int&gt;(&quot;b&quot;) &lt; 1)"' in editor.text("fragment.xml")
