"""Formatting in an editor: a document, some lines, an end tag; and what a client is told of a document left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lsprotocol import types

from support.workspaces import write_files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lsp.editor import Editor

pytestmark = pytest.mark.asyncio

SOUND = "<policies>\n  <inbound>\n    <base />\n    <!-- 😀 --> <base />\n  </inbound>\n</policies>\n"
SPOILT = SOUND.replace("    <base />\n", "<base/>\n").replace("😀 --> <base />", "😀 --><base/>")
OPTIONS = types.FormattingOptions(tab_size=8, insert_spaces=False)


async def opened(editor: Editor, text: str, name: str = "policy.xml") -> types.TextDocumentIdentifier:
    write_files(editor.root, {name: text})
    await editor.start()
    editor.open(name)
    return types.TextDocumentIdentifier(editor.uri(name))


def log_of(editor: Editor) -> list[str]:
    """What the server logs from now on."""
    found: list[str] = []

    @editor.client.feature(types.WINDOW_LOG_MESSAGE)
    def _(params: types.LogMessageParams) -> None:
        found.append(params.message)

    return found


def apply(editor: Editor, edits: Sequence[types.TextEdit]) -> str:
    editor.apply_edit(types.WorkspaceEdit(changes={editor.uri("policy.xml"): list(edits)}))
    return editor.text("policy.xml")


async def test_a_document_is_laid_out_by_small_edits(editor: Editor) -> None:
    document = await opened(editor, SPOILT)
    params = types.DocumentFormattingParams(document, OPTIONS)
    edits = await editor.client.text_document_formatting_async(params)
    assert edits is not None
    assert [(edit.range.start.line, edit.new_text) for edit in edits] == [
        (2, "    "),
        (2, " "),
        (3, " "),
        (3, " "),
    ]
    assert apply(editor, edits) == SOUND
    again = await editor.client.text_document_formatting_async(params)
    assert again is not None
    assert len(again) == 0


@pytest.mark.parametrize(
    ("options", "unit"),
    [(OPTIONS, "\t"), (types.FormattingOptions(tab_size=3, insert_spaces=True), "   ")],
)
async def test_the_editor_says_how_far_to_indent_where_the_document_does_not(
    editor: Editor, options: types.FormattingOptions, unit: str
) -> None:
    document = await opened(editor, "<fragment>\n<base />\n</fragment>")
    edits = await editor.client.text_document_formatting_async(
        types.DocumentFormattingParams(document, options)
    )
    assert apply(editor, edits or []) == f"<fragment>\n{unit}<base />\n</fragment>"


async def test_only_the_lines_of_a_range_change(editor: Editor) -> None:
    document = await opened(editor, SPOILT)
    start = SPOILT.index("<!--")
    edits = await editor.client.text_document_range_formatting_async(
        types.DocumentRangeFormattingParams(document, editor.range("policy.xml", start, start), OPTIONS)
    )
    assert apply(editor, edits or []) == SPOILT.replace("😀 --><base/>", "😀 --> <base />")


async def test_a_slash_brings_an_end_tag(editor: Editor) -> None:
    text = SOUND.replace("  </inbound>", "    </")
    document = await opened(editor, text)
    place = editor.position("policy.xml", text.index("</\n") + 2)
    edits = await editor.client.text_document_on_type_formatting_async(
        types.DocumentOnTypeFormattingParams(document, place, "/", OPTIONS)
    )
    assert apply(editor, edits or []) == SOUND


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<policies>\n<inbound>\n</policies>", "it has a syntax error on line 2"),
        (
            "<fragment>\n%{ if a }<base/>%{ endif }</fragment>",
            'it is a template: "%{ if a }" on line 2 decides about markup that is not there yet',
        ),
    ],
    ids=["faults", "template"],
)
async def test_a_document_left_alone_is_named_in_the_log(editor: Editor, text: str, reason: str) -> None:
    logged = log_of(editor)
    document = await opened(editor, text)
    edits = await editor.client.text_document_formatting_async(
        types.DocumentFormattingParams(document, OPTIONS)
    )
    assert edits is None
    assert logged == [f"{editor.uri('policy.xml')} was not formatted: {reason}."]


async def test_other_documents_are_none_of_our_business(editor: Editor) -> None:
    logged = log_of(editor)
    document = await opened(editor, "<notes><a/>\n</notes>", "notes.xml")
    edits = await editor.client.text_document_formatting_async(
        types.DocumentFormattingParams(document, OPTIONS)
    )
    assert edits is None
    assert logged == []
