"""Evidence in the document itself: ``<!-- apim-policy: scope=mcp tools-from=orders-api -->`` before the root."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, TypeVar

from apim_policy.text.lines import LineIndex
from apim_policy.workspace.files import UnreadableFileError
from apim_policy.workspace.model import Evidence, McpKind, Scope, Stated
from apim_policy.workspace.readers.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from apim_policy.workspace.files import FileStore

# A comment that begins with "ignore" is a suppression.
_COMMENT = re.compile(r"<!--\s*apim-policy:\s*(?!\s|ignore)(.*?)\s*-->", re.DOTALL)
_COMMA = re.compile(r"\s*,\s*")
_PAIR = re.compile(r"""([a-z-]+)(?:=(?:"([^"]*)"|'([^']*)'|([^\s"']+)))?(?=\s|\Z)""")
_E = TypeVar("_E", bound=Enum)
_FLAGS = {"true": True, "false": False}


class CommentReader:
    """Reads the comments before the root element."""

    def __init__(self, store: FileStore) -> None:
        self._store = store

    def statements(self, path: Path) -> Sequence[Statement]:
        """One statement for each comment that names a scope or a resource."""
        try:
            text, prolog = self._store.head(path)
        except UnreadableFileError:
            return ()
        found = []
        for span in prolog.comments:
            match = _COMMENT.match(text[span.start : span.end])
            if match is not None:
                line = LineIndex(text[: span.start]).line_count - 1
                statement = _statement(
                    match[1], Evidence(path, span, line, f"a comment says {' '.join(match[1].split())}")
                )
                if statement is not None:
                    found.append(statement)
        return found


def _statement(said: str, evidence: Evidence) -> Statement | None:
    values = {
        match[1]: match[2] or match[3] or match[4] or "" for match in _PAIR.finditer(_COMMA.sub(",", said))
    }
    flag = _FLAGS.get(values.get("subscription-required", ""))
    statement = Statement(
        evidence=(evidence,),
        scope=_member(Scope, values.get("scope")) or (Scope.FRAGMENT if "fragment" in values else None),
        workspace=values.get("workspace") or None,
        product=values.get("product") or None,
        api=values.get("api") or None,
        operation=values.get("operation") or None,
        fragment=values.get("fragment") or None,
        kind=_member(McpKind, values.get("kind")),
        tools_from=tuple(name for name in values.get("tools-from", "").split(",") if name),
        subscription_required=None if flag is None else Stated(flag, evidence),
    )
    return statement if statement.implied_scope not in (None, Scope.UNKNOWN) else None


def _member(kind: type[_E], value: str | None) -> _E | None:
    return next((member for member in kind if value and member.value == value.lower()), None)
