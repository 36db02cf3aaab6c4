"""Evidence in the root element: a fragment is no policy of a scope, and a resolver is one of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.syntax.tree import ROOTS
from apim_policy.text.lines import LineIndex
from apim_policy.text.span import Span
from apim_policy.workspace.files import UnreadableFileError
from apim_policy.workspace.model import Evidence, Scope
from apim_policy.workspace.readers.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from apim_policy.workspace.files import FileStore

_SCOPES = {"fragment": Scope.FRAGMENT} | dict.fromkeys(ROOTS - {"policies", "fragment"}, Scope.RESOLVER)


class RootReader:
    """Reads the name of the root element."""

    def __init__(self, store: FileStore) -> None:
        self._store = store

    def statements(self, path: Path) -> Sequence[Statement]:
        """One statement for a fragment or a resolver, none for ``policies``."""
        try:
            text, prolog = self._store.head(path)
        except UnreadableFileError:
            return ()
        scope = _SCOPES.get(prolog.root or "")
        if scope is None or prolog.root is None:
            return ()
        start = prolog.root_start + 1
        line = LineIndex(text[:start]).line_count - 1
        evidence = Evidence(
            path, Span(start, start + len(prolog.root)), line, f"root element is {prolog.root}"
        )
        return (Statement((evidence,), scope=scope),)
