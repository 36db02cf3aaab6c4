"""What the server offers, given what the client understands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from apim_policy.text.lines import Unit

if TYPE_CHECKING:
    from apim_policy.lsp.client import Client

FIX_ALL = "source.fixAll.apim-policy"

TOKEN_TYPES = (
    "namespace",
    "type",
    "class",
    "parameter",
    "variable",
    "property",
    "function",
    "method",
    "macro",
    "keyword",
    "comment",
    "string",
    "number",
    "operator",
)
"""The types of semantic tokens that there may be."""

_ENCODINGS = {
    Unit.UTF8: types.PositionEncodingKind.Utf8,
    Unit.UTF16: types.PositionEncodingKind.Utf16,
    Unit.UTF32: types.PositionEncodingKind.Utf32,
}


def capabilities(client: Client) -> types.ServerCapabilities:
    """The answer to ``initialize``."""
    return types.ServerCapabilities(
        position_encoding=_ENCODINGS[client.unit],
        text_document_sync=types.TextDocumentSyncOptions(
            open_close=True,
            change=types.TextDocumentSyncKind.Incremental,
            save=types.SaveOptions(include_text=False),
        ),
        hover_provider=True,
        completion_provider=types.CompletionOptions(
            trigger_characters=["<", "/", " ", '"', "'", ".", "@", "("],
            resolve_provider=client.resolve_documentation or None,
        ),
        signature_help_provider=types.SignatureHelpOptions(
            trigger_characters=["(", ",", "["], retrigger_characters=[")", "]"]
        ),
        semantic_tokens_provider=_semantic_tokens(client),
        definition_provider=True,
        references_provider=True,
        document_highlight_provider=True,
        rename_provider=types.RenameOptions(prepare_provider=True) if client.prepare_rename else True,
        document_symbol_provider=True,
        folding_range_provider=True,
        document_link_provider=types.DocumentLinkOptions(),
        document_formatting_provider=True,
        document_range_formatting_provider=True,
        document_on_type_formatting_provider=types.DocumentOnTypeFormattingOptions(
            first_trigger_character=">", more_trigger_character=["/"]
        ),
        code_action_provider=types.CodeActionOptions(
            code_action_kinds=[types.CodeActionKind.QuickFix, types.CodeActionKind.RefactorRewrite, FIX_ALL],
            resolve_provider=client.resolve_edits or None,
        )
        if client.code_action_literals
        else None,
        diagnostic_provider=types.DiagnosticOptions(
            identifier="apim-policy",
            inter_file_dependencies=True,
            workspace_diagnostics=True,
        )
        if client.pull_diagnostics
        else None,
        workspace=types.WorkspaceOptions(
            workspace_folders=types.WorkspaceFoldersServerCapabilities(
                supported=True, change_notifications=True
            )
        ),
    )


def token_types(client: Client) -> list[str]:
    """The types of semantic tokens that the client has colours for, in the order in which numbers mean them."""
    return [name for name in TOKEN_TYPES if name in client.semantic_types]


def _semantic_tokens(client: Client) -> types.SemanticTokensOptions | None:
    names = token_types(client)
    if not names or not (client.semantic_full or client.semantic_range):
        return None
    full = types.SemanticTokensFullDelta(delta=True) if client.semantic_delta else client.semantic_full
    return types.SemanticTokensOptions(
        legend=types.SemanticTokensLegend(token_types=names, token_modifiers=[]),
        full=full or None,
        range=client.semantic_range or None,
    )
