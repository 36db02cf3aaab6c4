"""Completion and hover by the schema, as editors of three kinds see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from lsprotocol import types

from apim_policy.ide.completion import TRIGGERS
from apim_policy.text.lines import LineIndex
from lsp.profiles import EMACS, NEOVIM, VSCODE
from support.markers import parse_markers
from support.workspaces import write_files

if TYPE_CHECKING:
    from lsp.editor import Editor

pytestmark = pytest.mark.asyncio

STATED = "<!-- apim-policy: scope=global --><!-- 😀 -->\n"


async def ask(
    editor: Editor, marked: str, trigger: str | None = None, *, name: str = "policy.xml", **files: str
) -> types.CompletionList:
    """What is proposed at the cursor of a file that was just opened."""
    fixture = parse_markers(marked)
    assert fixture.cursor is not None
    write_files(editor.root, {name: fixture.text, **files})
    await editor.start()
    editor.open(name)
    context = types.CompletionContext(types.CompletionTriggerKind.Invoked)
    if trigger:
        context = types.CompletionContext(types.CompletionTriggerKind.TriggerCharacter, trigger)
    found = await editor.client.text_document_completion_async(
        types.CompletionParams(
            types.TextDocumentIdentifier(editor.uri(name)),
            editor.position(name, fixture.cursor),
            context=context,
        )
    )
    assert found is None or isinstance(found, types.CompletionList)
    if found is None:
        return types.CompletionList(is_incomplete=False, items=[])
    assert not found.is_incomplete
    return found


def labels(found: types.CompletionList) -> list[str]:
    return [item.label for item in sorted(found.items, key=lambda item: item.sort_text or item.label)]


def item_of(found: types.CompletionList, label: str) -> types.CompletionItem:
    (item,) = [item for item in found.items if item.label == label]
    return item


def chosen(editor: Editor, found: types.CompletionList, label: str, *, insert: bool = False) -> str:
    """The text after a proposal was taken, written out as it was sent."""
    item, defaults = item_of(found, label), found.item_defaults
    if defaults is not None:
        assert editor.capabilities is VSCODE
        where, text = defaults.edit_range, item.text_edit_text
    else:
        assert item.text_edit is not None
        where, text = item.text_edit, item.text_edit.new_text
    assert text is not None
    if isinstance(where, types.EditRangeWithInsertReplace | types.InsertReplaceEdit):
        assert editor.capabilities is VSCODE
        range_ = where.insert if insert else where.replace
    elif isinstance(where, types.TextEdit):
        range_ = where.range
    else:
        assert isinstance(where, types.Range)
        range_ = where
    source = editor.text("policy.xml")
    lines = LineIndex(source)
    start, end = (
        lines.offset(place.line, place.character, editor.unit) for place in (range_.start, range_.end)
    )
    return source[:start] + text + source[end:]


def has(capabilities: dict[str, Any], capability: str) -> Any:
    return capabilities["textDocument"]["completion"]["completionItem"].get(capability)


async def test_the_server_says_what_asks_for_proposals(editor: Editor) -> None:
    await editor.start()
    offers = editor.offers.completion_provider
    assert offers is not None
    assert offers.trigger_characters is not None
    assert set(offers.trigger_characters) == set(TRIGGERS)
    assert bool(offers.resolve_provider) == (editor.capabilities is not NEOVIM)


async def test_a_policy_is_a_snippet_where_the_client_knows_them(editor: Editor) -> None:
    marked = "<policies>\n    <!-- 😀 --><inbound>\n        <set-v$0\n    </inbound>\n</policies>"
    found = await ask(editor, marked)
    text = chosen(editor, found, "set-variable")
    snippet = '<set-variable name="${1:name}" value="${2:value}" />'
    plain = '<set-variable name="name" value="value" />'
    expected = plain if editor.capabilities is EMACS else snippet
    assert text == marked.replace("<set-v$0", expected)
    item = item_of(found, "set-variable")
    format_ = found.item_defaults.insert_text_format if found.item_defaults else item.insert_text_format
    wanted = None if editor.capabilities is EMACS else types.InsertTextFormat.Snippet
    assert format_ == wanted
    assert item.kind == types.CompletionItemKind.Function


async def test_lines_are_indented_by_the_client_or_for_it(editor: Editor) -> None:
    marked = "<policies>\n    <inbound>\n        <$0\n    </inbound>\n</policies>"
    found = await ask(editor, marked)
    text = chosen(editor, found, "set-header")
    item = item_of(found, "set-header")
    if editor.capabilities is EMACS:
        assert "\n            <value>value</value>\n        </set-header>\n" in text
    else:
        assert "\n    <value>${3:value}</value>\n</set-header>\n" in text
    adjusted = types.InsertTextMode.AdjustIndentation if editor.capabilities is VSCODE else None
    assert item.insert_text_mode == adjusted


async def test_the_rest_of_a_word_is_replaced_or_kept(editor: Editor) -> None:
    marked = '<policies><inbound>😀<set-$0header name="a" /></inbound></policies>'
    found = await ask(editor, marked)
    assert chosen(editor, found, "set-variable") == marked.replace("set-$0header", "set-variable")
    if editor.capabilities is VSCODE:
        kept = chosen(editor, found, "set-variable", insert=True)
        assert kept == marked.replace("set-$0header", "set-variableheader")


async def test_documentation_comes_when_it_is_looked_at_or_at_once(editor: Editor) -> None:
    found = await ask(editor, "<policies><inbound><set-header $0/></inbound></policies>")
    item = item_of(found, "name")
    if editor.capabilities is NEOVIM:
        assert item.data is None
    else:
        assert item.documentation is None
        item = await editor.client.completion_item_resolve_async(item)
    words = item.documentation
    if editor.capabilities is EMACS:
        assert isinstance(words, str)
        assert words.startswith('name · attribute of "set-header"')
    else:
        assert isinstance(words, types.MarkupContent)
        assert words.kind is types.MarkupKind.Markdown
        assert words.value.startswith("**name** · attribute of `set-header`")


async def test_marks_stand_beside_the_label_or_in_the_detail(editor: Editor) -> None:
    found = await ask(editor, "<policies><inbound><set-header $0/></inbound></policies>")
    item = item_of(found, "name")
    if has(editor.capabilities, "labelDetailsSupport"):
        assert item.label_details == types.CompletionItemLabelDetails(description="required")
        assert item.detail is None
    else:
        assert item.label_details is None
        assert item.detail == "required"


async def test_what_is_retired_is_struck_out(editor: Editor) -> None:
    found = await ask(editor, "<policies><inbound>$0</inbound></policies>")
    for item in found.items:
        retired = "retired" in (item.detail or "") or bool(
            item.label_details and item.label_details.description == "retired"
        )
        tagged = bool(item.tags) if has(editor.capabilities, "tagSupport") else bool(item.deprecated)
        assert tagged == retired, item.label


async def test_the_stated_scope_and_the_settings_decide(editor: Editor) -> None:
    settings = '[gateway]\ntype = "consumption"\n'
    write_files(editor.root, {"apim-policy.toml": settings})
    await ask(editor, f"{STATED}<policies><inbound>$0</inbound></policies>")
    # Once the findings are there, the folder was searched.
    await editor.diagnostics("policy.xml")
    offset = editor.text("policy.xml").index("</inbound>")
    found = await editor.client.text_document_completion_async(
        types.CompletionParams(
            types.TextDocumentIdentifier(editor.uri("policy.xml")), editor.position("policy.xml", offset)
        )
    )
    assert isinstance(found, types.CompletionList)
    assert "base" not in labels(found)
    assert "rate-limit-by-key" not in labels(found)
    assert "set-header" in labels(found)


@pytest.mark.parametrize("marked", ["$0", "<$0", "<pol$0"])
async def test_an_empty_file_becomes_a_document(editor: Editor, marked: str) -> None:
    found = await ask(editor, marked)
    assert labels(found)[:2] == ["policies", "fragment"]
    assert chosen(editor, found, "policies").startswith("<policies>\n    <inbound>\n")


@pytest.mark.parametrize("marked", ["<project>$0</project>", "<project $0 a='b' />"])
async def test_other_xml_is_left_alone(editor: Editor, marked: str) -> None:
    assert labels(await ask(editor, marked)) == []


async def test_a_space_asks_only_in_a_tag(editor: Editor) -> None:
    assert labels(await ask(editor, "<policies><inbound> $0</inbound></policies>", " ")) == []


async def test_the_pointer_shows_cards(editor: Editor) -> None:
    text = '<policies>\n<inbound>😀<set-header name="a" exists-action="skip" /></inbound></policies>'
    write_files(editor.root, {"policy.xml": text})
    await editor.start()
    editor.open("policy.xml")
    shown = [await editor.hover("policy.xml", at) for at in ("set-header", "exists-action", 'skip"')]
    titles = [card.split("\n")[0] for card in shown if card is not None]
    if editor.capabilities is EMACS:
        assert titles == [
            "set-header · Set HTTP header",
            'exists-action · attribute of "set-header"',
            'skip · value of "exists-action"',
        ]
    else:
        assert titles == [
            "**set-header** · Set HTTP header",
            "**exists-action** · attribute of `set-header`",
            "**skip** · value of `exists-action`",
        ]


@pytest.mark.parametrize("data", [{"path": "set-header"}, {"path": [1]}, 7, {"path": ["a"], "value": 1}])
async def test_data_that_was_never_sent_is_refused(editor: Editor, data: Any) -> None:
    from pygls.exceptions import JsonRpcInvalidParams

    await editor.start()
    with pytest.raises(JsonRpcInvalidParams, match="not what was sent"):
        await editor.client.completion_item_resolve_async(types.CompletionItem("a", data=data))
