"""Completion, cards and signatures inside expressions, as editors of three kinds see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from lsprotocol import types

from lsp.profiles import EMACS, NEOVIM, VSCODE
from lsp.test_completion import ask, chosen, item_of, labels
from support.markers import parse_markers
from support.workspaces import write_files

if TYPE_CHECKING:
    from lsp.editor import Editor

pytestmark = pytest.mark.asyncio


def document(code: str) -> str:
    return f'<policies>\n<inbound>\n<!-- 😀 --><set-variable name="x" value="{code}" /></inbound></policies>'


async def open_at(editor: Editor, marked: str) -> types.Position:
    fixture = parse_markers(marked)
    assert fixture.cursor is not None
    write_files(editor.root, {"policy.xml": fixture.text})
    await editor.start()
    editor.open("policy.xml")
    return editor.position("policy.xml", fixture.cursor)


# Completion


async def test_a_method_is_a_snippet_where_the_client_knows_them(editor: Editor) -> None:
    marked = document('@("😀" + context.Request.Headers.GetV$0')
    found = await ask(editor, marked)
    text = chosen(editor, found, "GetValueOrDefault")
    call = 'GetValueOrDefault("", "")' if editor.capabilities is EMACS else 'GetValueOrDefault("$1", "$2")'
    assert text == marked.replace("GetV$0", call)
    item = item_of(found, "GetValueOrDefault")
    assert item.kind == types.CompletionItemKind.Method
    types_beside = (
        item.label_details.description if item.label_details else (item.detail or "").split(" · ")[0]
    )
    assert types_beside == "string"


async def test_a_dot_asks_for_members(editor: Editor) -> None:
    found = await ask(editor, document("@(context.$0"), ".")
    assert "Request" in labels(found)
    assert "return" not in labels(found)


async def test_the_documentation_of_a_member_is_its_card(editor: Editor) -> None:
    found = await ask(editor, document("@(context.Request.$0)"))
    item = item_of(found, "Body")
    if editor.capabilities is not NEOVIM:
        assert item.documentation is None
        item = await editor.client.completion_item_resolve_async(item)
    words = item.documentation
    if editor.capabilities is EMACS:
        assert isinstance(words, str)
        assert words.startswith('Body · property of "context.Request"\n')
    else:
        assert isinstance(words, types.MarkupContent)
        assert words.value.startswith("**Body** · property of `context.Request`\n")


@pytest.mark.parametrize(
    "data", [{"type": 1}, {"type": "string", "member": 2}, {"type": "string", "static": "no"}, {}]
)
async def test_data_that_was_never_sent_is_refused(editor: Editor, data: Any) -> None:
    from pygls.exceptions import JsonRpcInvalidParams

    await editor.start()
    with pytest.raises(JsonRpcInvalidParams, match="not what was sent"):
        await editor.client.completion_item_resolve_async(types.CompletionItem("a", data=data))


async def test_an_unknown_type_has_no_documentation(editor: Editor) -> None:
    await editor.start()
    item = types.CompletionItem("a", data={"type": "NoSuchType", "member": "a"})
    assert (await editor.client.completion_item_resolve_async(item)).documentation is None


# Cards


async def test_the_pointer_shows_members_and_variables(editor: Editor) -> None:
    await open_at(editor, document('@($0(string)context.Variables["x"] + context.Request.Method)'))
    member = await editor.hover("policy.xml", "Method")
    variable = await editor.hover("policy.xml", 'x"]')
    assert member is not None
    assert variable is not None
    if editor.capabilities is EMACS:
        assert member.startswith('Method · property of "context.Request"')
        assert variable == (
            'x · variable\n\nSet\n\n- policy.xml:3 in "set-variable"\n\nRead\n\n- policy.xml:3 in "set-variable"'
        )
    else:
        assert member.startswith("**Method** · property of `context.Request`")
        link = f"[policy.xml:3]({editor.uri('policy.xml')}#L3)"
        assert f"**Set**\n\n- {link} in `set-variable`" in variable


async def test_a_variable_that_nothing_sets_says_so(editor: Editor) -> None:
    await open_at(editor, document('@($0context.Variables["other"])'))
    card = await editor.hover("policy.xml", 'other"')
    assert card is not None
    assert "set in none of the documents" in card


# Signatures


async def signatures(
    editor: Editor, place: types.Position, context: types.SignatureHelpContext | None = None
) -> types.SignatureHelp | None:
    return await editor.client.text_document_signature_help_async(
        types.SignatureHelpParams(
            types.TextDocumentIdentifier(editor.uri("policy.xml")), place, context=context
        )
    )


async def test_a_bracket_shows_the_signatures(editor: Editor) -> None:
    place = await open_at(editor, document('@("😀" + context.Request.Method.Substring(1, $0'))
    provider = editor.offers.signature_help_provider
    assert provider is not None
    assert list(provider.trigger_characters or []) == ["(", ",", "["]
    found = await signatures(editor, place)
    assert found is not None
    assert (found.active_signature, found.active_parameter) == (1, 1)
    active = found.signatures[1]
    assert active.label == "string string.Substring(int startIndex, int length)"
    assert active.parameters is not None
    second = active.parameters[1].label
    if editor.capabilities is EMACS:
        assert second == "int length"
    else:
        assert not isinstance(second, str)
        assert active.label[slice(*second)] == "int length"
    assert active.active_parameter == 1


async def test_what_a_method_does_is_told(editor: Editor) -> None:
    place = await open_at(editor, document("@(context.Request.Body.As<string>($0"))
    found = await signatures(editor, place)
    assert found is not None
    words = found.signatures[0].documentation
    assert isinstance(words, str) == (editor.capabilities is EMACS)
    text = words if isinstance(words, str) else words.value if words else ""
    assert "preserveContent" in text


@pytest.mark.parametrize("capabilities", [VSCODE], ids=["vscode"])
async def test_the_overload_that_was_chosen_stays(editor: Editor) -> None:
    place = await open_at(editor, document("@(context.Request.Method.Substring(1$0"))
    first = await signatures(editor, place)
    assert first is not None
    assert first.active_signature == 0
    first.active_signature = 1
    context = types.SignatureHelpContext(
        types.SignatureHelpTriggerKind.ContentChange, is_retrigger=True, active_signature_help=first
    )
    again = await signatures(editor, place, context)
    assert again is not None
    assert again.active_signature == 1


async def test_elsewhere_there_are_no_signatures(editor: Editor) -> None:
    place = await open_at(editor, document("@((context$0"))
    assert await signatures(editor, place) is None
