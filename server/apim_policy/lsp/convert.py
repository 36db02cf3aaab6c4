"""Findings, changes and outlines as the protocol's types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from apim_policy.ide.symbols import SymbolKind
from apim_policy.lint.fixes import with_line_ends_of
from apim_policy.lsp.uris import to_uri
from apim_policy.rules.model import Severity, Tag
from apim_policy.rules.registry import url
from apim_policy.text.lines import LineIndex, Position
from apim_policy.text.span import Span
from apim_policy.workspace.files import UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from apim_policy.ide.folding import Fold
    from apim_policy.ide.hover import Hover
    from apim_policy.ide.symbols import Symbol
    from apim_policy.lsp.client import Client
    from apim_policy.lsp.documents import Documents
    from apim_policy.rules.model import Diagnostic, FileEdit, Fix, Related
    from apim_policy.workspace.files import FileStore

SOURCE = "apim-policy"

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
    Severity.HINT: types.DiagnosticSeverity.Hint,
}
_TAGS = {Tag.UNNECESSARY: types.DiagnosticTag.Unnecessary, Tag.DEPRECATED: types.DiagnosticTag.Deprecated}
# Only kinds that a client knows which announces none.
_SYMBOLS = {
    SymbolKind.SECTION: types.SymbolKind.Namespace,
    SymbolKind.POLICY: types.SymbolKind.Function,
    SymbolKind.CONTROL: types.SymbolKind.Class,
    SymbolKind.BRANCH: types.SymbolKind.Method,
    SymbolKind.FRAGMENT: types.SymbolKind.Package,
    SymbolKind.HEADER: types.SymbolKind.Field,
    SymbolKind.VARIABLE: types.SymbolKind.Variable,
}
_ANNOTATION = "fix"


class Converter:
    """Writes results in the units of one client, and leaves out what it did not announce."""

    def __init__(self, client: Client, documents: Documents, store: FileStore) -> None:
        self._client = client
        self._documents = documents
        self._store = store
        self._lines: dict[Path, LineIndex] = {}

    def uri(self, path: Path) -> str:
        """The URI of a file, as the client spells it where it has the file open."""
        document = self._documents.at(path)
        return document.uri if document else to_uri(path)

    def lines(self, path: Path) -> LineIndex:
        """The lines of a file, which need not be open. Raises UnreadableFileError."""
        document = self._documents.at(path)
        if document is not None:
            return document.lines
        text = self._store.read(path).text
        known = self._lines.get(path)
        if known is None or known.text is not text:
            known = self._lines[path] = LineIndex(text)
        return known

    def offset(self, lines: LineIndex, position: types.Position) -> int:
        """The offset of a client's position."""
        return lines.offset(position.line, position.character, self._client.unit)

    def span(self, lines: LineIndex, range_: types.Range) -> Span:
        """The span of a client's range, whichever end it names first."""
        start, end = self.offset(lines, range_.start), self.offset(lines, range_.end)
        return Span(min(start, end), max(start, end))

    def position(self, lines: LineIndex, offset: int) -> types.Position:
        """The client's position of an offset."""
        return _position(lines.position(offset, self._client.unit))

    def range(self, lines: LineIndex, span: Span) -> types.Range:
        """The client's range of a span."""
        return types.Range(self.position(lines, span.start), self.position(lines, span.end))

    def diagnostic(self, lines: LineIndex, finding: Diagnostic) -> types.Diagnostic:
        """A finding in the document with these lines."""
        client = self._client
        tags = [
            _TAGS[tag] for tag in _TAGS if tag in finding.tags and _TAGS[tag].value in client.diagnostic_tags
        ]
        page = url(finding.code)
        return types.Diagnostic(
            range=self.range(lines, finding.span),
            message=finding.message,
            severity=_SEVERITIES[finding.severity],
            code=finding.code,
            code_description=types.CodeDescription(page) if page and client.code_description else None,
            source=SOURCE,
            tags=tags or None,
            related_information=list(self._related(finding.related)) or None
            if client.related_information
            else None,
            data={"name": finding.name, "fixable": bool(finding.fixes)} if client.diagnostic_data else None,
        )

    def _related(self, related: Iterable[Related]) -> Iterator[types.DiagnosticRelatedInformation]:
        for item in related:
            try:
                lines = self.lines(item.path)
            except UnreadableFileError:
                # It went away since the finding was made.
                continue
            location = types.Location(self.uri(item.path), self.range(lines, item.span))
            yield types.DiagnosticRelatedInformation(location, item.message)

    def hover(self, lines: LineIndex, hover: Hover) -> types.Hover:
        """What to show under the pointer, as markdown where the client takes it."""
        if self._client.markdown:
            content = types.MarkupContent(types.MarkupKind.Markdown, hover.markup.markdown())
        else:
            content = types.MarkupContent(types.MarkupKind.PlainText, hover.markup.plain())
        return types.Hover(content, self.range(lines, hover.span))

    def workspace_edit(self, fix: Fix) -> types.WorkspaceEdit:
        """The change of a fix, over all its files. Raises UnreadableFileError."""
        client = self._client
        new = [edit.path for edit in fix.edits if not self._store.exists(edit.path)]
        if not (client.document_changes or (new and client.create_files)):
            return types.WorkspaceEdit(
                changes={self.uri(edit.path): list(self._edits(edit)) for edit in fix.edits}
            )
        annotated = client.annotations and len(fix.edits) > 1
        changes: list[types.TextDocumentEdit | types.CreateFile] = []
        for edit in fix.edits:
            uri = self.uri(edit.path)
            if edit.path in new and client.create_files:
                changes.append(
                    types.CreateFile(uri=uri, options=types.CreateFileOptions(ignore_if_exists=True))
                )
            document = self._documents.at(edit.path)
            version = document.version if document else None
            changes.append(
                types.TextDocumentEdit(
                    types.OptionalVersionedTextDocumentIdentifier(uri=uri, version=version),
                    [_annotated(item) for item in self._edits(edit)]
                    if annotated
                    else list(self._edits(edit)),
                )
            )
        annotations = {_ANNOTATION: types.ChangeAnnotation(label=fix.title)} if annotated else None
        return types.WorkspaceEdit(document_changes=changes, change_annotations=annotations)

    def _edits(self, edit: FileEdit) -> Iterator[types.TextEdit]:
        lines = self.lines(edit.path) if self._store.exists(edit.path) else LineIndex("")
        for item in edit.edits:
            new_text = with_line_ends_of(lines.text, item.new_text)
            yield types.TextEdit(range=self.range(lines, item.span), new_text=new_text)

    def symbols(
        self, lines: LineIndex, uri: str, symbols: Sequence[Symbol]
    ) -> list[types.DocumentSymbol] | list[types.SymbolInformation]:
        """An outline: nested where the client can show that, else one flat list."""
        if self._client.hierarchical_symbols:
            return [self._nested(lines, symbol) for symbol in symbols]
        return list(self._flat(lines, uri, symbols, None))

    def _nested(self, lines: LineIndex, symbol: Symbol) -> types.DocumentSymbol:
        return types.DocumentSymbol(
            name=symbol.name,
            detail=symbol.detail or None,
            kind=_SYMBOLS[symbol.kind],
            range=self.range(lines, symbol.span),
            selection_range=self.range(lines, symbol.selection),
            children=[self._nested(lines, child) for child in symbol.children] or None,
        )

    def _flat(
        self, lines: LineIndex, uri: str, symbols: Sequence[Symbol], container: str | None
    ) -> Iterator[types.SymbolInformation]:
        for symbol in symbols:
            yield types.SymbolInformation(
                name=symbol.name,
                kind=_SYMBOLS[symbol.kind],
                location=types.Location(uri, self.range(lines, symbol.span)),
                container_name=container,
            )
            yield from self._flat(lines, uri, symbol.children, symbol.name)

    def folding_ranges(self, lines: LineIndex, folds: Iterable[Fold]) -> list[types.FoldingRange]:
        """Folds by character, or by whole lines where the client folds no other way."""
        client = self._client
        found: list[types.FoldingRange] = []
        taken: set[int] = set()
        for fold in folds:
            start, end = self.position(lines, fold.span.start), self.position(lines, fold.span.end)
            kind = types.FoldingRangeKind.Comment if fold.comment and "comment" in client.fold_kinds else None
            if not client.line_folding_only:
                found.append(types.FoldingRange(start.line, end.line, start.character, end.character, kind))
                continue
            last = end.line - 1 if fold.closed else end.line
            if last > start.line and start.line not in taken:
                taken.add(start.line)
                found.append(types.FoldingRange(start.line, last, kind=kind))
        return found if client.fold_limit is None else found[: client.fold_limit]


def _annotated(edit: types.TextEdit) -> types.AnnotatedTextEdit:
    return types.AnnotatedTextEdit(annotation_id=_ANNOTATION, range=edit.range, new_text=edit.new_text)


def _position(position: Position) -> types.Position:
    return types.Position(line=position.line, character=position.column)
