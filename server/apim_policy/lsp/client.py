"""What a client announced when it connected.

Read from the JSON itself, not from typed capabilities: one value that the types do not know must not keep a client
from starting.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from apim_policy.lsp.uris import to_path, to_uri
from apim_policy.text.lines import Unit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Client:
    """What a client understands. Everything it did not announce is left out of what it is sent."""

    name: str = ""
    unit: Unit = Unit.UTF16
    """What its columns count; UTF-16 where it offers nothing."""
    pull_diagnostics: bool = False
    """Whether it asks for diagnostics and can be told that those of another document changed. A client that cannot be
    told is better served by publishing."""
    related_documents: bool = False
    refresh_diagnostics: bool = False
    related_information: bool = False
    diagnostic_tags: frozenset[int] = frozenset()
    code_description: bool = False
    diagnostic_data: bool = False
    code_action_literals: bool = False
    preferred_actions: bool = False
    resolve_edits: bool = False
    """Whether it asks for the edit of a code action when that is chosen, and hands back the action's data."""
    annotations: bool = False
    document_changes: bool = False
    create_files: bool = False
    edit_metadata: bool = False
    apply_edit: bool = False
    markdown: bool = False
    snippets: bool = False
    insert_replace: bool = False
    """Whether a proposal may say both what it replaces and what it replaces when the rest of a word stays."""
    completion_markdown: bool = False
    completion_tags: frozenset[int] = frozenset()
    completion_defaults: frozenset[str] = frozenset()
    """What a list of proposals may say once for all of them."""
    deprecated_completions: bool = False
    label_details: bool = False
    insert_text_modes: frozenset[int] = frozenset()
    resolve_documentation: bool = False
    """Whether it asks for the documentation of a proposal when that is looked at."""
    signature_markdown: bool = False
    signature_offsets: bool = False
    """Whether a parameter may be named by where it stands in the signature."""
    active_parameters: bool = False
    """Whether each signature may say which of its parameters is being written."""
    semantic_types: frozenset[str] = frozenset()
    """The types of semantic tokens that it has colours for."""
    semantic_full: bool = False
    semantic_delta: bool = False
    semantic_range: bool = False
    definition_links: bool = False
    """Whether a definition may say what of the text leads to it."""
    prepare_rename: bool = False
    link_tooltips: bool = False
    hierarchical_symbols: bool = False
    line_folding_only: bool = False
    fold_limit: int | None = None
    fold_kinds: frozenset[str] = frozenset()
    watch_files: bool = False
    """Whether it registers watchers of files on demand."""
    configuration: bool = False
    watch_configuration: bool = False
    progress: bool = False
    ask: bool = False
    """Whether it shows a question with answers to choose from."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What an ``initialize`` request says."""

    client: Client
    folders: tuple[Path, ...]
    process_id: int | None
    options: Mapping[str, Any] = field(default_factory=dict)
    """Settings that the client sends along."""


_UNITS = {unit.value: unit for unit in Unit}


def read_opening(params: object) -> Opening:
    """What the parameters of ``initialize`` say; raises ValueError where they are no object."""
    if not isinstance(params, dict):
        raise ValueError("initialize takes an object")
    capabilities = params.get("capabilities")
    info = params.get("clientInfo")
    name = info.get("name") if isinstance(info, dict) else None
    process = params.get("processId")
    options = params.get("initializationOptions")
    return Opening(
        client=read_client(capabilities, name if isinstance(name, str) else ""),
        folders=_folders(params),
        process_id=process if isinstance(process, int) and process > 0 else None,
        options=options if isinstance(options, dict) else {},
    )


def read_client(capabilities: object, name: str = "") -> Client:
    """What a client's capabilities say; values of an unexpected form count as not announced."""

    def at(path: str) -> object:
        value = capabilities
        for key in path.split("."):
            if not isinstance(value, dict):
                return None
            value = value.get(key)
        return value

    def says(path: str) -> bool:
        return at(path) is True

    def offers(path: str, wanted: str) -> bool:
        value = at(path)
        return isinstance(value, list) and wanted in value

    refresh = says("workspace.diagnostics.refreshSupport")
    related = says("textDocument.diagnostic.relatedDocumentSupport")
    pulls = isinstance(at("textDocument.diagnostic"), dict) and (refresh or related)
    findings = "textDocument.diagnostic" if pulls else "textDocument.publishDiagnostics"
    limit = at("textDocument.foldingRange.rangeLimit")
    return Client(
        name=name,
        unit=_unit(at("general.positionEncodings")),
        pull_diagnostics=pulls,
        related_documents=related,
        refresh_diagnostics=refresh,
        related_information=_either(at, findings, "relatedInformation") is True,
        diagnostic_tags=_numbers(_either(at, findings, "tagSupport")),
        code_description=_either(at, findings, "codeDescriptionSupport") is True,
        diagnostic_data=_either(at, findings, "dataSupport") is True,
        code_action_literals=isinstance(at("textDocument.codeAction.codeActionLiteralSupport"), dict),
        preferred_actions=says("textDocument.codeAction.isPreferredSupport"),
        resolve_edits=says("textDocument.codeAction.dataSupport")
        and offers("textDocument.codeAction.resolveSupport.properties", "edit"),
        annotations=isinstance(at("workspace.workspaceEdit.changeAnnotationSupport"), dict)
        and says("workspace.workspaceEdit.documentChanges"),
        document_changes=says("workspace.workspaceEdit.documentChanges"),
        create_files=offers("workspace.workspaceEdit.resourceOperations", "create"),
        edit_metadata=says("workspace.workspaceEdit.metadataSupport"),
        apply_edit=says("workspace.applyEdit"),
        markdown=offers("textDocument.hover.contentFormat", "markdown"),
        snippets=says("textDocument.completion.completionItem.snippetSupport"),
        insert_replace=says("textDocument.completion.completionItem.insertReplaceSupport"),
        completion_markdown=offers("textDocument.completion.completionItem.documentationFormat", "markdown"),
        completion_tags=_numbers(at("textDocument.completion.completionItem.tagSupport")),
        completion_defaults=_strings(at("textDocument.completion.completionList.itemDefaults")),
        deprecated_completions=says("textDocument.completion.completionItem.deprecatedSupport"),
        label_details=says("textDocument.completion.completionItem.labelDetailsSupport"),
        insert_text_modes=_numbers(at("textDocument.completion.completionItem.insertTextModeSupport")),
        resolve_documentation=offers(
            "textDocument.completion.completionItem.resolveSupport.properties", "documentation"
        ),
        signature_markdown=offers(
            "textDocument.signatureHelp.signatureInformation.documentationFormat", "markdown"
        ),
        signature_offsets=says(
            "textDocument.signatureHelp.signatureInformation.parameterInformation.labelOffsetSupport"
        ),
        active_parameters=says("textDocument.signatureHelp.signatureInformation.activeParameterSupport"),
        semantic_types=_strings(at("textDocument.semanticTokens.tokenTypes")),
        semantic_full=says("textDocument.semanticTokens.requests.full")
        or isinstance(at("textDocument.semanticTokens.requests.full"), dict),
        semantic_delta=says("textDocument.semanticTokens.requests.full.delta"),
        semantic_range=says("textDocument.semanticTokens.requests.range")
        or isinstance(at("textDocument.semanticTokens.requests.range"), dict),
        definition_links=says("textDocument.definition.linkSupport"),
        prepare_rename=says("textDocument.rename.prepareSupport"),
        link_tooltips=says("textDocument.documentLink.tooltipSupport"),
        hierarchical_symbols=says("textDocument.documentSymbol.hierarchicalDocumentSymbolSupport"),
        line_folding_only=says("textDocument.foldingRange.lineFoldingOnly"),
        fold_limit=limit if isinstance(limit, int) and limit > 0 else None,
        fold_kinds=_strings(at("textDocument.foldingRange.foldingRangeKind.valueSet")),
        watch_files=says("workspace.didChangeWatchedFiles.dynamicRegistration"),
        configuration=says("workspace.configuration"),
        watch_configuration=says("workspace.didChangeConfiguration.dynamicRegistration"),
        progress=says("window.workDoneProgress"),
        ask=isinstance(at("window.showMessage"), dict),
    )


def _either(at: Any, section: str, key: str) -> object:
    # Before version 3.18, a client that pulls says only under publishDiagnostics what its diagnostics may hold.
    value = at(f"{section}.{key}")
    return at(f"textDocument.publishDiagnostics.{key}") if value is None else value


def _unit(offered: object) -> Unit:
    # The client names what it likes best first.
    if isinstance(offered, list):
        for name in offered:
            if isinstance(name, str) and name in _UNITS:
                return _UNITS[name]
    return Unit.UTF16


def _numbers(tags: object) -> frozenset[int]:
    values = tags.get("valueSet") if isinstance(tags, dict) else None
    return (
        frozenset(value for value in values if isinstance(value, int))
        if isinstance(values, list)
        else frozenset()
    )


def _strings(values: object) -> frozenset[str]:
    return (
        frozenset(value for value in values if isinstance(value, str))
        if isinstance(values, list)
        else frozenset()
    )


def _folders(params: Mapping[str, Any]) -> tuple[Path, ...]:
    listed = params.get("workspaceFolders")
    uris: list[object]
    if isinstance(listed, list) and listed:
        uris = [folder.get("uri") for folder in listed if isinstance(folder, dict)]
    else:
        uris = [params.get("rootUri")]
        path = params.get("rootPath")
        if uris == [None] and isinstance(path, str):
            # Some clients send a URI here too.
            uris = [path if path.startswith("file:") else _uri(path)]
    paths = [to_path(uri) for uri in uris if isinstance(uri, str)]
    return tuple(dict.fromkeys(path for path in paths if path is not None))


def _uri(path: str) -> str | None:
    from pathlib import Path

    return to_uri(Path(path)) if Path(path).is_absolute() else None
