"""Evidence in the path: names of folders and files, from which a scope is guessed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apim_policy.text.span import Span
from apim_policy.workspace.model import Confidence, Evidence, PathForm, Scope
from apim_policy.workspace.readers.layout import locate
from apim_policy.workspace.readers.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_FORMS = (
    (re.compile(r"(?:\A|[^a-z0-9])mcp[^a-z0-9]?servers?(?:\Z|[^a-z0-9])"), PathForm.MCP_SERVER),
    (re.compile(r"(?:\A|[^a-z0-9])mcp(?:\Z|[^a-z0-9])"), PathForm.MCP),
)


class PathReader:
    """Guesses from the path alone."""

    def statements(self, path: Path) -> Sequence[Statement]:
        """At most one statement, which is an assumption."""
        place = locate(path)
        named = place if place is not None and place.scope is not Scope.GLOBAL else None
        form = path_form(path) if named is None or named.scope is Scope.API else None
        if form is not None:
            return (
                Statement(
                    (_evidence(path, f"its path says {form.value}"),),
                    Confidence.ASSUMED,
                    scope=Scope.MCP,
                    api=named.api if named else None,
                    path_form=form,
                ),
            )
        if named is None:
            return ()
        return (
            Statement(
                (_evidence(path, f"its path looks like that of {_NOUNS[named.scope]}"),),
                Confidence.ASSUMED,
                scope=named.scope,
                workspace=named.workspace,
                product=named.product,
                api=named.api,
                operation=named.operation,
                fragment=named.fragment,
            ),
        )


def path_form(path: Path) -> PathForm | None:
    """How strongly the file's own name or its folder's speaks of an MCP server; folders further up say nothing."""
    names = [_HUMP.sub("-", name).lower() for name in (path.parent.name, path.stem)]
    for pattern, form in _FORMS:
        if any(pattern.search(name) for name in names):
            return form
    return None


_NOUNS = {
    Scope.WORKSPACE: "a workspace",
    Scope.PRODUCT: "a product",
    Scope.API: "an API",
    Scope.OPERATION: "an operation",
    Scope.FRAGMENT: "a fragment",
    Scope.RESOLVER: "a resolver",
}


def _evidence(path: Path, text: str) -> Evidence:
    return Evidence(path, Span(0, 0), 0, text)
