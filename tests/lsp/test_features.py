"""What an author sees in an editor, in editors of three kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from lsprotocol import types

from lsp.profiles import EMACS, VSCODE
from support.workspaces import write_files

if TYPE_CHECKING:
    from lsp.editor import Editor

pytestmark = pytest.mark.asyncio

TEXT = """\
<!-- apim-policy: scope=api api=orders-api -->
<policies>
    <inbound>
        <base />
        <!-- 😀
             two lines -->
        <set-header name="Authorization" exists-action="override">
            <value>@{
                return "a";
            }</value>
        </set-header>
    </inbound>
</policies>
"""


@pytest.fixture
def files() -> dict[str, str]:
    return {"policy.xml": TEXT}


async def start(editor: Editor, files: dict[str, str], *names: str, **options: object) -> None:
    write_files(editor.root, files)
    await editor.start(**options)
    editor.open(*(names or files))


async def test_the_root_says_what_the_file_was_taken_for(editor: Editor, files: dict[str, str]) -> None:
    await start(editor, files)
    shown = await editor.hover("policy.xml", "policies>")
    assert shown is not None
    plain = editor.capabilities is EMACS
    assert shown.startswith(
        'Policy of the API "orders-api"' if plain else "**Policy of the API** `orders-api`"
    )
    link = "policy.xml:1" if plain else f"[policy.xml:1]({editor.uri('policy.xml')}#L1)"
    assert f"- {link}: " in shown


async def test_a_code_in_a_suppression_shows_its_rule(editor: Editor, files: dict[str, str]) -> None:
    files["policy.xml"] = TEXT.replace("<base />", "<!-- apim-policy: ignore[XML006] why --><base />")
    await start(editor, files)
    shown = await editor.hover("policy.xml", "XML006")
    assert shown is not None
    assert "duplicate-attribute" in shown


async def test_elsewhere_nothing_is_shown(editor: Editor, files: dict[str, str]) -> None:
    await start(editor, files)
    assert await editor.hover("policy.xml", "return") is None


async def test_the_outline_is_nested_or_flat_as_the_client_likes_it(
    editor: Editor, files: dict[str, str]
) -> None:
    await start(editor, files)
    found = await editor.client.text_document_document_symbol_async(
        types.DocumentSymbolParams(types.TextDocumentIdentifier(editor.uri("policy.xml")))
    )
    if editor.capabilities is EMACS:
        flat = [item for item in found or [] if isinstance(item, types.SymbolInformation)]
        assert [(item.name, item.container_name) for item in flat] == [
            ("inbound", None),
            ("base", "inbound"),
            ("set-header Authorization", "inbound"),
        ]
        return
    (inbound,) = [item for item in found or [] if isinstance(item, types.DocumentSymbol)]
    base, header = inbound.children or []
    assert (header.name, header.detail, header.kind) == (
        "set-header Authorization",
        "override",
        types.SymbolKind.Field,
    )
    assert editor.quoted("policy.xml", header.selection_range) == "set-header"
    assert editor.quoted("policy.xml", base.range) == "<base />"


async def test_lines_or_characters_fold(editor: Editor, files: dict[str, str]) -> None:
    await start(editor, files)
    found = await editor.client.text_document_folding_range_async(
        types.FoldingRangeParams(types.TextDocumentIdentifier(editor.uri("policy.xml")))
    )
    assert found is not None
    lines = [(item.start_line, item.end_line, item.kind) for item in found]
    if "foldingRange" in editor.capabilities["textDocument"]:
        assert lines == [
            (1, 11, None),
            (2, 10, None),
            (4, 5, types.FoldingRangeKind.Comment),
            (6, 9, None),
            (7, 8, None),
        ]
        assert all(item.start_character is None for item in found)
    else:
        assert [(start, end) for start, end, _ in lines] == [
            (1, 12),
            (2, 11),
            (4, 5),
            (6, 10),
            (7, 9),
            (7, 9),
        ]
        assert {kind for _, _, kind in lines} == {None}
        value = found[-2]
        assert (value.start_character, value.end_character) == (
            len("            <value>"),
            len("            }"),
        )


async def test_document_info_is_what_the_command_line_says(
    editor: Editor, files: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from support.command import apim_policy

    files["notes.xml"] = "<notes />"
    await start(editor, files, "policy.xml")
    monkeypatch.chdir(editor.root)
    expected = apim_policy("scopes", "--output-format", "json", "policy.xml").json["documents"]
    assert [await info(editor, "policy.xml")] == expected
    editor.close("policy.xml")
    assert [await info(editor, "policy.xml")] == expected
    assert await info(editor, "notes.xml") is None
    assert await info(editor, "missing.xml") is None


async def info(editor: Editor, name: str) -> Any:
    found = await editor.client.protocol.send_request_async(
        "apim-policy/documentInfo", {"uri": editor.uri(name)}
    )
    return as_json(found)


def as_json(value: Any) -> Any:
    """What pygls makes tuples of, as it came."""
    if hasattr(value, "_asdict"):
        return {key: as_json(item) for key, item in value._asdict().items()}
    return [as_json(item) for item in value] if isinstance(value, list) else value


async def test_a_finding_holds_what_the_client_understands(editor: Editor) -> None:
    text = TEXT.replace("<base />", "<base a='1' a='2' />")
    await start(editor, {"policy.xml": text})
    (found,) = [item for item in await editor.diagnostics("policy.xml") if item.code == "XML006"]
    assert found.source == "apim-policy"
    assert found.severity is types.DiagnosticSeverity.Error
    assert (
        editor.quoted("policy.xml", found.range) == "a='2'" or editor.quoted("policy.xml", found.range) == "a"
    )
    announced = editor.capabilities["textDocument"]["publishDiagnostics"]
    assert (found.code_description is not None) == announced.get("codeDescriptionSupport", False)
    assert (found.data is not None) == announced.get("dataSupport", False)
    assert found.related_information is None or announced["relatedInformation"]


async def test_tags_reach_those_who_draw_them(editor: Editor) -> None:
    text = TEXT.replace("<base />", "<!-- apim-policy: ignore[XML006] why --><base />")
    await start(editor, {"policy.xml": text})
    (found,) = [item for item in await editor.diagnostics("policy.xml") if item.code == "LNT001"]
    assert list(found.tags or ()) == [types.DiagnosticTag.Unnecessary]


@pytest.mark.parametrize("capabilities", [VSCODE], ids=["vscode"])
async def test_buffers_without_a_file_are_checked_too(editor: Editor) -> None:
    await editor.start()
    uri = "untitled:Untitled-1"
    item = types.TextDocumentItem(uri, "apim-policy", 1, "<policies><inbound a='' a='' /></policies>")
    editor.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    report = await editor.client.text_document_diagnostic_async(
        types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri))
    )
    assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
    assert "XML006" in [item.code for item in report.items]
