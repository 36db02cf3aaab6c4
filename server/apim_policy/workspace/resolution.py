"""From what the readers state about a document to what it is taken for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from apim_policy.workspace.model import Confidence, DocumentInfo, McpKind, McpServer, Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from apim_policy.workspace.model import Evidence, Stated
    from apim_policy.workspace.readers.statement import Statement

_NAMES = ("workspace", "product", "api", "operation", "fragment")
# An MCP server is an API: the one may be named by a source that takes it for the other.
_APIS = frozenset({Scope.API, Scope.MCP})


class Resolved(NamedTuple):
    """What a document is taken for, and what else was stated about its resource."""

    info: DocumentInfo
    subscription_required: Stated | None = None


def resolve(path: Path, sources: Iterable[Sequence[Statement]]) -> Resolved:
    """What ``path`` is, from the statements of each source; the first source that says something has the last word.

    Later sources fill in what earlier ones leave open, where they speak of the same resource. What only a path suggests
    adds nothing to what is stated. Further resources that one source names stand under ``also``.
    """
    stated: list[Statement] = []
    also: list[DocumentInfo] = []
    for statements in sources:
        decided = _main(stated) is not None
        for statement in statements:
            if statement.confidence is Confidence.ASSUMED and decided:
                continue
            if _agrees(stated, statement):
                stated.append(statement)
            elif not decided and statement.implied_scope is not None:
                also.append(_info(path, [statement]))
    requirement: Stated | None = _first(stated, "subscription_required")
    return Resolved(_info(path, stated)._replace(also=tuple(also)), requirement)


def _agrees(stated: Sequence[Statement], other: Statement) -> bool:
    """Whether a statement can be about the resource that the others are about."""
    scope, wanted = _scope(stated), other.implied_scope
    if scope is not None and wanted is not None and scope is not wanted and not {scope, wanted} <= _APIS:
        return False
    for name in _NAMES:
        known, said = _first(stated, name), getattr(other, name)
        if known is not None and said is not None and known.lower() != said.lower():
            return False
    return True


def _info(path: Path, stated: Sequence[Statement]) -> DocumentInfo:
    main = _main(stated)
    if main is None:
        return DocumentInfo(path, Scope.UNKNOWN, Confidence.NONE)
    scope = main.implied_scope or Scope.UNKNOWN
    evidence: list[Evidence] = []
    for number, said in enumerate(stated):
        if said is main or _adds(stated[:number], said, scope):
            evidence.extend(said.evidence)
    api = _first(stated, "api")
    return DocumentInfo(
        path,
        scope,
        main.confidence,
        tuple(evidence),
        workspace=_first(stated, "workspace"),
        product=_first(stated, "product"),
        api=api,
        operation=_first(stated, "operation"),
        fragment=_first(stated, "fragment"),
        mcp=_mcp(stated, api) if scope is Scope.MCP else None,
        path_form=main.path_form,
    )


def _mcp(stated: Sequence[Statement], name: str | None) -> McpServer:
    kind = _first(stated, "implied_kind")
    if kind is McpKind.PASSTHROUGH:
        return McpServer(name, kind, kind_assumed=False, tools_from=())
    tools_from: tuple[str, ...] = _first(stated, "tools_from") or ()
    called = {api.lower() for api in tools_from}
    tools = tuple(tool for tool in _first(stated, "tools") or () if tool.api.lower() in called)
    return McpServer(name, McpKind.REST_BACKED, kind_assumed=kind is None, tools_from=tools_from, tools=tools)


def _main(stated: Sequence[Statement]) -> Statement | None:
    """The statement that decides the scope."""
    return next((said for said in stated if said.implied_scope is not None), None)


def _scope(stated: Sequence[Statement]) -> Scope | None:
    main = _main(stated)
    return main.implied_scope if main else None


def _adds(stated: Sequence[Statement], other: Statement, scope: Scope) -> bool:
    names = (*_NAMES, "implied_kind", "tools_from") if scope is Scope.MCP else _NAMES
    return any(getattr(other, name) and not _first(stated, name) for name in names)


def _first(stated: Sequence[Statement], name: str) -> Any:
    """The first value that is said for a field."""
    return next((value for said in stated if (value := getattr(said, name))), None)
