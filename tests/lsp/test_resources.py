"""Links, definition, references and names of fragments, named values and backends, as several clients see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from lsp.profiles import EMACS, VSCODE
from support.layers import API, COMMON, FRAGMENT, OPERATION, layers
from support.resources import described
from support.workspaces import write_files

if TYPE_CHECKING:
    from lsp.editor import Editor

pytestmark = pytest.mark.asyncio

INFORMATION = "named values/tenant/namedValueInformation.json"
FILES = {
    **layers(
        api=COMMON,
        operation=f"<!-- größe 🛒 -->{COMMON}<set-method>{{{{tenant}}}}</set-method>",
    ),
    **described("named value", "tenant", displayName="tenant"),
}
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


@pytest.mark.parametrize(
    ("at", "expected", "origin"),
    [
        ('common"', (FRAGMENT, "fragment"), "common"),
        ("tenant}}", (INFORMATION, '"displayName": "tenant"'), "tenant"),
    ],
)
async def test_definition(editor: Editor, at: str, expected: tuple[str, str], origin: str) -> None:
    await opened(editor, OPERATION)
    document, position = place(editor, OPERATION, at)
    found = await editor.client.text_document_definition_async(types.DefinitionParams(document, position))
    assert isinstance(found, list)
    (target,) = found
    if editor.capabilities is EMACS:
        assert isinstance(target, types.Location)
        assert quoted(editor, target.uri, target.range) == expected
    else:
        assert isinstance(target, types.LocationLink)
        assert quoted(editor, target.target_uri, target.target_selection_range) == expected
        assert target.origin_selection_range is not None
        assert editor.quoted(OPERATION, target.origin_selection_range) == origin


async def test_references_with_and_without_the_description(editor: Editor) -> None:
    await opened(editor, OPERATION)
    document, position = place(editor, OPERATION, 'common"')
    for included, expected in ((True, [(FRAGMENT, "fragment")]), (False, [])):
        found = await editor.client.text_document_references_async(
            types.ReferenceParams(types.ReferenceContext(included), document, position)
        )
        assert sorted(quoted(editor, item.uri, item.range) for item in found or []) == sorted(
            [(OPERATION, "common"), (API, "common"), *expected]
        )


async def test_who_includes_a_fragment_is_seen_from_its_root(editor: Editor) -> None:
    await opened(editor, FRAGMENT)
    document, position = place(editor, FRAGMENT, "fragment")
    found = await editor.client.text_document_references_async(
        types.ReferenceParams(types.ReferenceContext(False), document, position)
    )
    assert sorted(quoted(editor, item.uri, item.range) for item in found or []) == [
        (OPERATION, "common"),
        (API, "common"),
    ]


async def test_highlights(editor: Editor) -> None:
    await opened(editor, OPERATION)
    document, position = place(editor, OPERATION, "tenant}}")
    found = await editor.client.text_document_document_highlight_async(
        types.DocumentHighlightParams(document, position)
    )
    assert [(editor.quoted(OPERATION, item.range), item.kind) for item in found or []] == [
        ("tenant", types.DocumentHighlightKind.Read)
    ]


async def test_a_name_that_belongs_to_the_service_is_not_changed(editor: Editor) -> None:
    await opened(editor, OPERATION)
    document, position = place(editor, OPERATION, 'common"')
    with pytest.raises(JsonRpcException, match='The fragment "common" keeps its name') as caught:
        await editor.client.text_document_rename_async(types.RenameParams(document, position, "other"))
    assert caught.value.code == REQUEST_FAILED
    if editor.capabilities is not EMACS:
        with pytest.raises(JsonRpcException, match="Make another one"):
            await editor.client.text_document_prepare_rename_async(
                types.PrepareRenameParams(document, position)
            )


async def test_links_to_fragments(editor: Editor) -> None:
    await opened(editor, OPERATION, FRAGMENT)
    assert editor.offers.document_link_provider is not None
    document = types.TextDocumentIdentifier(editor.uri(OPERATION))
    (link,) = await editor.client.text_document_document_link_async(types.DocumentLinkParams(document)) or []
    assert editor.quoted(OPERATION, link.range) == "common"
    assert link.target == editor.uri(FRAGMENT)
    assert link.tooltip == ('Open the fragment "common"' if editor.capabilities is VSCODE else None)
    document = types.TextDocumentIdentifier(editor.uri(FRAGMENT))
    assert not await editor.client.text_document_document_link_async(types.DocumentLinkParams(document))


async def test_findings_follow_what_is_listed(editor: Editor) -> None:
    await opened(editor, OPERATION)
    await editor.expect(OPERATION)
    editor.replace(OPERATION, "{{tenant}}", "{{region}}")
    await editor.expect(OPERATION, "REF002")
    if types.WORKSPACE_DID_CHANGE_WATCHED_FILES in editor.watched:
        editor.write("named values/region/namedValueInformation.json", "{}")
        await editor.expect(OPERATION)
        editor.delete("named values/region/namedValueInformation.json")
        (editor.root / "named values/region").rmdir()
        await editor.expect(OPERATION, "REF002")


async def test_a_fragment_that_is_not_there_is_no_link(editor: Editor) -> None:
    await opened(editor, OPERATION)
    editor.replace(OPERATION, 'fragment-id="common"', 'fragment-id="new"')
    document = types.TextDocumentIdentifier(editor.uri(OPERATION))
    assert not await editor.client.text_document_document_link_async(types.DocumentLinkParams(document))
