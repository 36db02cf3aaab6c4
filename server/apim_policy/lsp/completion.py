"""Completion: proposals at a caret, and the documentation of the one that is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from apim_policy.ide.cards import card
from apim_policy.ide.completion import complete
from apim_policy.ide.expressions import cards
from apim_policy.ide.grammar import Subject
from apim_policy.ide.offers import Surroundings
from apim_policy.ide.proposals import CodeSubject, CompletionKind
from apim_policy.ide.snippets import plain
from apim_policy.lsp.protocol import InvalidParamsError
from apim_policy.syntax.parser import parse
from apim_policy.workspace.model import Confidence

if TYPE_CHECKING:
    from apim_policy.ide.proposals import Completion, Completions
    from apim_policy.lsp.client import Client
    from apim_policy.lsp.documents import OpenDocument
    from apim_policy.lsp.server import PolicyServer
    from apim_policy.syntax.tree import Document

# Only kinds that a client knows which announces none.
_KINDS = {
    CompletionKind.DOCUMENT: types.CompletionItemKind.File,
    CompletionKind.SECTION: types.CompletionItemKind.Module,
    CompletionKind.POLICY: types.CompletionItemKind.Function,
    CompletionKind.CHILD: types.CompletionItemKind.Field,
    CompletionKind.ATTRIBUTE: types.CompletionItemKind.Property,
    CompletionKind.VALUE: types.CompletionItemKind.Value,
    CompletionKind.END_TAG: types.CompletionItemKind.Text,
    CompletionKind.EXPRESSION: types.CompletionItemKind.Snippet,
    CompletionKind.METHOD: types.CompletionItemKind.Method,
    CompletionKind.PROPERTY: types.CompletionItemKind.Property,
    CompletionKind.CONSTANT: types.CompletionItemKind.Field,
    CompletionKind.TYPE: types.CompletionItemKind.Class,
    CompletionKind.LOCAL: types.CompletionItemKind.Variable,
    CompletionKind.VARIABLE: types.CompletionItemKind.Variable,
    CompletionKind.HEADER: types.CompletionItemKind.Value,
    CompletionKind.KEYWORD: types.CompletionItemKind.Keyword,
}
# A text in which a document is begun is shorter.
_BEGINNING = 4000


async def completion(server: PolicyServer, params: types.CompletionParams) -> types.CompletionList | None:
    """What may be written at the caret."""
    # Does not wait for the search of the folder: what is not known yet restricts nothing.
    document = await server.document(params.text_document.uri, exact=True)
    tree = _tree(server, document) if document is not None else None
    if document is None or tree is None:
        return None
    offset = server.session.convert.offset(document.lines, params.position)
    context = params.context
    typed = context is not None and context.trigger_kind is types.CompletionTriggerKind.TriggerCharacter
    trigger = context.trigger_character if context is not None and typed else None
    found = complete(tree, offset, _surroundings(server, document), trigger)
    return as_list(server, document, found) if found.items else None


async def resolve(server: PolicyServer, item: types.CompletionItem) -> types.CompletionItem:
    """The same proposal with its documentation."""
    if item.data is not None:
        item.documentation = _documentation(server.client, _subject(item.data))
    return item


def _tree(server: PolicyServer, document: OpenDocument) -> Document | None:
    tree = server.session.tree(document)
    if tree is not None or len(document.text) > _BEGINNING:
        return tree
    # Whatever an author begins to write in an empty XML file may become a policy document.
    begun = parse(document.text)
    root = begun.root
    excluded = server.session.projects.of(document.path).excludes(document.path)
    return None if excluded or (root is not None and (root.children or root.attributes)) else begun


def _surroundings(server: PolicyServer, document: OpenDocument) -> Surroundings:
    project = server.session.projects.of(document.path)
    if not project.indexed.is_set():
        return Surroundings()
    info = server.session.info(document.path)
    return Surroundings(
        info.scope if info.confidence is Confidence.STATED and not info.also else None,
        project.workspace.around(document.path).settings.gateway.type,
    )


def as_list(server: PolicyServer, document: OpenDocument, found: Completions) -> types.CompletionList:
    """Proposals as the client reads them."""
    client, convert = server.client, server.session.convert
    replace = convert.range(document.lines, found.replace)
    insert = convert.range(document.lines, found.insert)
    edit_range: types.Range | types.EditRangeWithInsertReplace = replace
    if client.insert_replace:
        edit_range = types.EditRangeWithInsertReplace(insert, replace)
    snippet = types.InsertTextFormat.Snippet if client.snippets else None
    defaults = client.completion_defaults
    shared = "editRange" in defaults and (snippet is None or "insertTextFormat" in defaults)
    mode = types.InsertTextMode.AdjustIndentation if 2 in client.insert_text_modes else None
    items = []
    for item in found.items:
        text = item.snippet if client.snippets else plain(item.snippet)
        if not client.snippets and mode is None and found.indent:
            # The client writes the lines as they are.
            text = text.replace("\n", f"\n{found.indent}")
        made = _item(client, item)
        if "\n" in text:
            made.insert_text_mode = mode
        if shared:
            made.text_edit_text = text
        else:
            made.insert_text_format = snippet
            made.text_edit = (
                types.InsertReplaceEdit(text, insert, replace)
                if client.insert_replace
                else types.TextEdit(replace, text)
            )
        items.append(made)
    return types.CompletionList(
        is_incomplete=False,
        items=items,
        item_defaults=types.CompletionItemDefaults(edit_range=edit_range, insert_text_format=snippet)
        if shared
        else None,
    )


def _item(client: Client, item: Completion) -> types.CompletionItem:
    made = types.CompletionItem(
        label=item.label,
        kind=_KINDS[item.kind],
        sort_text=item.sort,
        filter_text=item.filter if item.filter != item.label else None,
    )
    if client.label_details and item.mark:
        made.label_details = types.CompletionItemLabelDetails(description=item.mark)
        made.detail = item.detail or None
    else:
        made.detail = " · ".join(filter(None, (item.mark, item.detail))) or None
    if item.deprecated:
        if types.CompletionItemTag.Deprecated.value in client.completion_tags:
            made.tags = [types.CompletionItemTag.Deprecated]
        elif client.deprecated_completions:
            made.deprecated = True
    if item.subject is not None:
        if client.resolve_documentation:
            made.data = {key: value for key, value in item.subject._asdict().items() if value is not None}
        else:
            made.documentation = _documentation(client, item.subject)
    return made


def _documentation(client: Client, subject: Subject | CodeSubject) -> types.MarkupContent | str | None:
    markup = cards.card(subject) if isinstance(subject, CodeSubject) else card(subject)
    if markup is None:
        return None
    if client.completion_markdown:
        return types.MarkupContent(types.MarkupKind.Markdown, markup.markdown())
    return markup.plain()


def _subject(data: Any) -> Subject | CodeSubject:
    if isinstance(data, dict):
        found = _schema_subject(data) if "path" in data else _code_subject(data)
        if found is not None:
            return found
    raise InvalidParamsError("The data of the proposal is not what was sent")


def _schema_subject(data: dict[str, Any]) -> Subject | None:
    path, attribute, value = data["path"], data.get("attribute"), data.get("value")
    if not isinstance(path, list | tuple) or not all(isinstance(name, str) for name in path):
        return None
    if not isinstance(attribute, str | None) or not isinstance(value, str | None):
        return None
    return Subject(tuple(path), attribute, value)


def _code_subject(data: dict[str, Any]) -> CodeSubject | None:
    type_, member, static = data.get("type"), data.get("member"), data.get("static", False)
    if not isinstance(type_, str) or not isinstance(member, str | None) or not isinstance(static, bool):
        return None
    return CodeSubject(type_, member, static)
