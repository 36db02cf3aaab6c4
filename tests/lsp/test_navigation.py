"""Definition, references, highlights and renaming of variables, as several clients see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from support.layers import API, COMMON, FRAGMENT, OPERATION, get, layers, put
from support.policies import inbound
from support.workspaces import LONE_FILE, write_files

if TYPE_CHECKING:
    from lsp.editor import Editor

FILES = layers(
    api=f"\n{put('user')}",
    operation=f"{get('user')}<!-- größe 🛒 -->{COMMON}{get('user')}",
    fragment=get("user"),
)
REQUEST_FAILED = -32803


async def opened(editor: Editor, *names: str) -> Editor:
    write_files(editor.root, FILES)
    await editor.start()
    editor.open(*names)
    return editor


def place(editor: Editor, name: str, at: str) -> tuple[types.TextDocumentIdentifier, types.Position]:
    return types.TextDocumentIdentifier(editor.uri(name)), editor.position(name, editor.text(name).index(at))


def quoted(editor: Editor, uri: str, where: types.Range) -> tuple[str, str]:
    """File and text of a place."""
    name = next(name for name in FILES if editor.uri(name) == uri)
    return name, editor.quoted(name, where)


@pytest.mark.asyncio
async def test_from_a_read_to_where_it_is_set_in_a_file_that_is_not_open(editor: Editor) -> None:
    await opened(editor, OPERATION)
    document, position = place(editor, OPERATION, 'user"')
    found = await editor.client.text_document_definition_async(types.DefinitionParams(document, position))
    assert isinstance(found, list)
    (target,) = found
    if "definition" in editor.capabilities["textDocument"]:
        assert isinstance(target, types.LocationLink)
        assert quoted(editor, target.target_uri, target.target_selection_range) == (API, "user")
        assert quoted(editor, target.target_uri, target.target_range) == (API, 'name="user"')
        assert target.origin_selection_range is not None
        assert editor.quoted(OPERATION, target.origin_selection_range) == "user"
    else:
        assert isinstance(target, types.Location)
        assert quoted(editor, target.uri, target.range) == (API, "user")


@pytest.mark.asyncio
async def test_references_with_and_without_where_it_is_set(editor: Editor) -> None:
    await opened(editor, OPERATION, FRAGMENT)
    for included, expected in ((True, [API]), (False, [])):
        document, position = place(editor, OPERATION, 'user"')
        found = await editor.client.text_document_references_async(
            types.ReferenceParams(types.ReferenceContext(included), document, position)
        )
        assert sorted(quoted(editor, item.uri, item.range) for item in found or []) == sorted(
            [(name, "user") for name in (OPERATION, OPERATION, FRAGMENT, *expected)]
        )


@pytest.mark.asyncio
async def test_highlights_count_columns_as_the_client_does(editor: Editor) -> None:
    await opened(editor, OPERATION)
    document, position = place(editor, OPERATION, 'user"')
    found = await editor.client.text_document_document_highlight_async(
        types.DocumentHighlightParams(document, position)
    )
    assert [(editor.quoted(OPERATION, item.range), item.kind) for item in found or []] == [
        ("user", types.DocumentHighlightKind.Read)
    ] * 2


@pytest.mark.asyncio
async def test_renaming_in_open_files_and_in_others(editor: Editor) -> None:
    await opened(editor, OPERATION)
    document, position = place(editor, OPERATION, 'user"')
    edit = await editor.client.text_document_rename_async(types.RenameParams(document, position, "caller-id"))
    assert edit is not None
    editor.apply_edit(edit)
    for name in (API, OPERATION, FRAGMENT):
        assert editor.text(name) == FILES[name].replace('"user"', '"caller-id"')
    assert not await editor.diagnostics(OPERATION)


@pytest.mark.asyncio
async def test_a_renaming_follows_what_was_typed(editor: Editor) -> None:
    await opened(editor, OPERATION, API)
    editor.replace(API, put("user"), put("user") + put("user", "2"))
    document, position = place(editor, OPERATION, 'user"')
    edit = await editor.client.text_document_rename_async(types.RenameParams(document, position, "who"))
    assert edit is not None
    editor.apply_edit(edit)
    assert editor.text(API).count('"who"') == 2


@pytest.mark.asyncio
async def test_what_will_be_renamed_is_said_before(editor: Editor) -> None:
    await opened(editor, OPERATION)
    prepares = "rename" in editor.capabilities["textDocument"]
    offered = editor.offers.rename_provider
    assert offered == (types.RenameOptions(prepare_provider=True) if prepares else True)
    document, position = place(editor, OPERATION, 'user"')
    found = await editor.client.text_document_prepare_rename_async(
        types.PrepareRenameParams(document, position)
    )
    assert isinstance(found, types.PrepareRenamePlaceholder)
    assert found.placeholder == "user"
    assert editor.quoted(OPERATION, found.range) == "user"


@pytest.mark.asyncio
async def test_a_renaming_that_cannot_be_done_says_why(editor: Editor) -> None:
    text = inbound(put("ab") + '<set-body>@(context.Variables["a" + "b"])</set-body>')
    write_files(editor.root, {LONE_FILE: text})
    await editor.start()
    editor.open(LONE_FILE)
    document, position = place(editor, LONE_FILE, 'ab"')
    with pytest.raises(JsonRpcException, match=r"written out in one piece") as caught:
        await editor.client.text_document_rename_async(types.RenameParams(document, position, "c"))
    assert caught.value.code == REQUEST_FAILED
    document, position = place(editor, LONE_FILE, '"a" +')
    with pytest.raises(JsonRpcException, match=r"^Here the name") as caught:
        await editor.client.text_document_prepare_rename_async(types.PrepareRenameParams(document, position))
    assert caught.value.code == REQUEST_FAILED


@pytest.mark.asyncio
async def test_nothing_where_no_variable_stands(editor: Editor) -> None:
    write_files(editor.root, {"other.xml": "<project />"})
    await opened(editor, OPERATION)
    editor.open("other.xml")
    client = editor.client
    for name, at in ((OPERATION, "set-query"), ("other.xml", "project")):
        where = place(editor, name, at)
        context = types.ReferenceContext(True)
        assert await client.text_document_definition_async(types.DefinitionParams(*where)) is None
        assert await client.text_document_references_async(types.ReferenceParams(context, *where)) is None
        assert (
            await client.text_document_document_highlight_async(types.DocumentHighlightParams(*where)) is None
        )
        assert await client.text_document_prepare_rename_async(types.PrepareRenameParams(*where)) is None
        assert await client.text_document_rename_async(types.RenameParams(*where, new_name="b")) is None


@pytest.mark.asyncio
async def test_a_read_learns_what_another_file_sets(editor: Editor) -> None:
    await opened(editor, OPERATION, API)
    await editor.expect(OPERATION)
    editor.replace(API, put("user"), put("usr"))
    await editor.expect(OPERATION, "REF004")
    editor.replace(API, put("usr"), put("User"))
    await editor.expect(OPERATION, "REF007", "REF007")
