"""Fixes, comments that suppress, and fixing all of a document."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from lsprotocol import types

from apim_policy.ide.actions import ActionKind, actions, fix_all, fixable
from apim_policy.ide.rewrites import rewrites
from apim_policy.lsp.capabilities import FIX_ALL
from apim_policy.lsp.protocol import ContentModifiedError, InvalidParamsError
from apim_policy.rules.model import Fix
from apim_policy.text.span import Span
from apim_policy.workspace.files import UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apim_policy.ide.actions import Action
    from apim_policy.lsp.documents import OpenDocument
    from apim_policy.lsp.server import PolicyServer
QUICK_FIX = types.CodeActionKind.QuickFix.value
REWRITE = types.CodeActionKind.RefactorRewrite.value
_FIX_ALL_NUMBER = -1
_FIX_ALL_TITLE = "Apply all safe fixes in this file"


class _Place(NamedTuple):
    """Where an action that was offered is found again: the data that a client hands back."""

    uri: str
    version: int
    start: int
    end: int
    number: int
    """Among all actions for that span; -1 for fixing all, and below that -2, -3, … for other ways to write it."""


def register(server: PolicyServer) -> None:
    """Let the server answer these requests."""
    if server.client.code_action_literals:
        server.answer(types.TEXT_DOCUMENT_CODE_ACTION, partial(code_actions, server))
    if server.client.resolve_edits:
        server.answer(types.CODE_ACTION_RESOLVE, partial(resolve, server))


async def code_actions(server: PolicyServer, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    """What may be done about the findings in a range."""
    document = await server.document(params.text_document.uri, exact=True, indexed=True)
    if document is None or not server.session.is_policy(document):
        return None
    span = server.session.convert.span(document.lines, params.range)
    return list(_wanted(server, document, span, params.context.only))


async def resolve(server: PolicyServer, action: types.CodeAction) -> types.CodeAction:
    """The same action with its edit."""
    place = _read(action.data)
    document = await server.document(place.uri, indexed=True)
    if document is None or document.version != place.version:
        raise ContentModifiedError
    try:
        action.edit = server.session.convert.workspace_edit(_chosen(server, document, place, action.title))
    except UnreadableFileError as error:
        raise ContentModifiedError(str(error)) from None
    return action


def _chosen(server: PolicyServer, document: OpenDocument, place: _Place, title: str) -> Fix:
    if place.number < _FIX_ALL_NUMBER:
        others = _rewrites(server, document, place.start, place.end)
        index = _FIX_ALL_NUMBER - 1 - place.number
        if index >= len(others) or others[index].title != title:
            raise ContentModifiedError
        return others[index]
    if place.number == _FIX_ALL_NUMBER:
        # Where each fix turns out to spoil the syntax, nothing changes.
        return _all(server, document) or Fix(title, ())
    offered = _offered(server, document, place.start, place.end)
    # A change of another file may have made other findings of the same text.
    if place.number >= len(offered) or offered[place.number].fix.title != title:
        raise ContentModifiedError
    return offered[place.number].fix


def _wanted(
    server: PolicyServer,
    document: OpenDocument,
    span: Span,
    only: Sequence[types.CodeActionKind | str] | None,
) -> Iterator[types.CodeAction]:
    kinds = (
        None
        if only is None
        else [kind.value if isinstance(kind, types.CodeActionKind) else kind for kind in only]
    )
    if _asked(QUICK_FIX, kinds):
        for index, action in enumerate(_offered(server, document, span.start, span.end)):
            place = _Place(document.uri, document.version, span.start, span.end, index)
            found = _action(server, document, action, place)
            if found is not None:
                yield found
    if _asked(REWRITE, kinds):
        for index, rewrite in enumerate(_rewrites(server, document, span.start, span.end)):
            number = _FIX_ALL_NUMBER - 1 - index
            place = _Place(document.uri, document.version, span.start, span.end, number)
            found = _with_edit(server, types.CodeAction(rewrite.title, kind=REWRITE), rewrite, place)
            if found is not None:
                yield found
    if _asked(FIX_ALL, kinds) and fixable(server.session.findings(document)):
        place = _Place(document.uri, document.version, 0, 0, _FIX_ALL_NUMBER)
        fix = None if server.client.resolve_edits else _all(server, document)
        found = _with_edit(server, types.CodeAction(_FIX_ALL_TITLE, kind=FIX_ALL), fix, place)
        if found is not None:
            yield found


def _asked(kind: str, only: list[str] | None) -> bool:
    # A kind stands for all that begin with it: "source.fixAll" for "source.fixAll.apim-policy".
    return only is None or any(
        not wanted or kind == wanted or kind.startswith(f"{wanted}.") for wanted in only
    )


def _offered(server: PolicyServer, document: OpenDocument, start: int, end: int) -> list[Action]:
    session = server.session
    tree = session.store.document(document.path)
    return actions(tree, document.path, session.findings(document), Span(start, end))


def _rewrites(server: PolicyServer, document: OpenDocument, start: int, end: int) -> list[Fix]:
    return rewrites(server.session.store.document(document.path), document.path, Span(start, end))


def _all(server: PolicyServer, document: OpenDocument) -> Fix | None:
    project = server.session.projects.of(document.path)
    return fix_all(project.workspace, document.path, project.selection, _FIX_ALL_TITLE)


def _action(
    server: PolicyServer, document: OpenDocument, action: Action, place: _Place
) -> types.CodeAction | None:
    convert, client = server.session.convert, server.client
    diagnostic = convert.diagnostic(document.lines, action.finding)
    found = types.CodeAction(action.fix.title, kind=types.CodeActionKind.QuickFix, diagnostics=[diagnostic])
    if client.preferred_actions and action.kind is ActionKind.QUICK_FIX:
        found.is_preferred = action.preferred
    return _with_edit(server, found, action.fix, place)


def _with_edit(
    server: PolicyServer, action: types.CodeAction, fix: Fix | None, place: _Place
) -> types.CodeAction | None:
    if server.client.resolve_edits:
        action.data = place._asdict()
        return action
    if fix is None:
        return None
    try:
        action.edit = server.session.convert.workspace_edit(fix)
    except UnreadableFileError:
        # A file that the fix changes went away.
        return None
    return action


def _read(data: Any) -> _Place:
    try:
        place = _Place(**data)
    except TypeError:
        raise InvalidParamsError("The data of the code action is not what was sent") from None
    if not isinstance(place.uri, str) or not all(isinstance(number, int) for number in place[1:]):
        raise InvalidParamsError("The data of the code action is not what was sent")
    return place
