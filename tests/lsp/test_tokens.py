"""Semantic tokens, as editors of three kinds see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lsprotocol import types

from apim_policy.ide.semantic_tokens import TokenKind
from apim_policy.lsp.capabilities import TOKEN_TYPES
from lsp.profiles import EMACS, NEOVIM, VSCODE
from support.workspaces import write_files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lsp.editor import Editor

pytestmark = pytest.mark.asyncio

TEXT = """\
<policies>
    <inbound>
        <!-- 😀 --><set-variable name="{{x}}" value="@("😀é" + context.Request.Method)" />
        <set-body>@{
            /* one
               two */ return System.Text.Encoding.UTF8;
        }</set-body>
    </inbound>
</policies>
"""


async def start(editor: Editor, text: str = TEXT) -> types.TextDocumentIdentifier:
    write_files(editor.root, {"policy.xml": text})
    await editor.start()
    editor.open("policy.xml")
    return types.TextDocumentIdentifier(editor.uri("policy.xml"))


def read(editor: Editor, data: Sequence[int]) -> list[tuple[str, str]]:
    """What the numbers say: type and text of each token."""
    provider = editor.offers.semantic_tokens_provider
    assert isinstance(provider, types.SemanticTokensOptions)
    names = provider.legend.token_types
    found, line, column = [], 0, 0
    for index in range(0, len(data), 5):
        lines, columns, length, number, modifiers = data[index : index + 5]
        assert modifiers == 0
        line, column = line + lines, columns if lines else column + columns
        place = types.Range(types.Position(line, column), types.Position(line, column + length))
        found.append((names[number], editor.quoted("policy.xml", place)))
    return found


async def test_all_kinds_of_tokens_have_a_number() -> None:
    assert {kind.value for kind in TokenKind} <= set(TOKEN_TYPES)


async def test_what_is_offered_is_what_the_client_asks_for(editor: Editor) -> None:
    await editor.start()
    provider = editor.offers.semantic_tokens_provider
    if editor.capabilities is EMACS:
        assert provider is None
        return
    assert isinstance(provider, types.SemanticTokensOptions)
    announced = editor.capabilities["textDocument"]["semanticTokens"]
    assert set(provider.legend.token_types) <= set(announced["tokenTypes"])
    delta = isinstance(provider.full, types.SemanticTokensFullDelta) and provider.full.delta
    assert bool(delta) == announced["requests"]["full"]["delta"]
    assert bool(provider.range) == announced["requests"]["range"]


@pytest.mark.parametrize("capabilities", [VSCODE, NEOVIM], ids=["vscode", "neovim"])
async def test_every_token_is_where_the_client_counts_it(editor: Editor) -> None:
    document = await start(editor)
    found = await editor.client.text_document_semantic_tokens_full_async(types.SemanticTokensParams(document))
    assert found is not None
    # Neovim announced here no macros and no namespaces.
    vscode = editor.capabilities is VSCODE
    assert read(editor, found.data) == [
        ("function", "set-variable"),
        *([("macro", "{{x}}")] if vscode else []),
        ("string", '"😀é"'),
        ("operator", "+"),
        ("variable", "context"),
        ("property", "Request"),
        ("property", "Method"),
        ("function", "set-body"),
        ("comment", "/* one"),
        ("comment", "               two */"),
        ("keyword", "return"),
        ("namespace" if vscode else "class", "System"),
        ("namespace" if vscode else "class", "Text"),
        ("class", "Encoding"),
        ("property", "UTF8"),
        ("function", "set-body"),
    ]


@pytest.mark.parametrize("capabilities", [VSCODE], ids=["vscode"])
async def test_a_change_is_told_as_a_change(editor: Editor) -> None:
    document = await start(editor)
    whole = await editor.client.text_document_semantic_tokens_full_async(types.SemanticTokensParams(document))
    assert whole is not None
    data, identity = list(whole.data), whole.result_id
    for old, new in (
        ("Method", "Url.Path"),
        ("return ", ""),
        ("Url.Path", "Url.Path"),
        ("<set-body>", "<x/><set-body>"),
    ):
        editor.replace("policy.xml", old, new)
        assert identity is not None
        delta = await editor.client.text_document_semantic_tokens_full_delta_async(
            types.SemanticTokensDeltaParams(document, identity)
        )
        assert isinstance(delta, types.SemanticTokensDelta)
        for edit in delta.edits:
            data[edit.start : edit.start + edit.delete_count] = edit.data or []
            assert edit.start % 5 == edit.delete_count % 5 == 0
            assert len(edit.data or []) < len(whole.data)
        identity = delta.result_id
        now = await editor.client.text_document_semantic_tokens_range_async(
            types.SemanticTokensRangeParams(
                document, types.Range(types.Position(0, 0), types.Position(99, 0))
            )
        )
        assert now is not None
        assert data == list(now.data)


@pytest.mark.parametrize("capabilities", [VSCODE], ids=["vscode"])
async def test_an_unknown_result_is_answered_with_all(editor: Editor) -> None:
    document = await start(editor)
    found = await editor.client.text_document_semantic_tokens_full_delta_async(
        types.SemanticTokensDeltaParams(document, "never sent")
    )
    assert isinstance(found, types.SemanticTokens)
    assert ("property", "Method") in read(editor, found.data)


@pytest.mark.parametrize("capabilities", [VSCODE], ids=["vscode"])
async def test_a_part_is_coloured_alone(editor: Editor) -> None:
    document = await start(editor)
    part = types.Range(types.Position(5, 0), types.Position(6, 0))
    found = await editor.client.text_document_semantic_tokens_range_async(
        types.SemanticTokensRangeParams(document, part)
    )
    assert found is not None
    words = read(editor, found.data)
    assert ("keyword", "return") in words
    assert ("property", "Method") not in words


@pytest.mark.parametrize("capabilities", [VSCODE], ids=["vscode"])
async def test_other_xml_has_no_colours(editor: Editor) -> None:
    document = await start(editor, "<project />")
    assert (
        await editor.client.text_document_semantic_tokens_full_async(types.SemanticTokensParams(document))
        is None
    )
