"""Policies beside ARM templates that fetch them by a link.

The DevOps resource kit (https://github.com/Azure/azure-api-management-devops-resource-kit) writes each policy to a folder
``policies`` beside its templates, which then hold a link: a base that somebody passes in when they deploy, and the name of
the file. Its names tell what a file is even where the templates were lost.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from apim_policy.text.span import Span
from apim_policy.workspace.model import Confidence, Evidence, Scope
from apim_policy.workspace.readers.resources import MARK, FileText, inside
from apim_policy.workspace.readers.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apim_policy.workspace.files import FileStore

_POLICIES = "policies"
_NAMES = (
    (re.compile(r"globalServicePolicy\.xml"), Scope.GLOBAL),
    (re.compile(r"(?P<product>.+)-productPolicy\.xml"), Scope.PRODUCT),
    # Where the name of the API ends and that of the operation begins cannot be told.
    (re.compile(r".+-.+-operationPolicy\.xml"), Scope.OPERATION),
    (re.compile(r"(?P<api>.+)-apiPolicy\.xml"), Scope.API),
)
_NOUNS = {
    Scope.GLOBAL: "the policy for all APIs",
    Scope.PRODUCT: "the policy of a product",
    Scope.OPERATION: "the policy of an operation",
    Scope.API: "the policy of an API",
}
_ADDRESS = re.compile(r"https?://[^/]*/", re.IGNORECASE)


class ResourceKitReader:
    """Guesses from the names that the kit gives to policies."""

    def statements(self, path: Path) -> Sequence[Statement]:
        """At most one statement, which is an assumption."""
        if path.parent.name != _POLICIES:
            return ()
        for pattern, scope in _NAMES:
            match = pattern.fullmatch(path.name)
            if match is not None:
                evidence = Evidence(
                    path, Span(0, 0), 0, f"its name is one that the resource kit gives to {_NOUNS[scope]}"
                )
                names = match.groupdict()
                return (
                    Statement(
                        (evidence,),
                        Confidence.ASSUMED,
                        scope=scope,
                        product=names.get("product"),
                        api=names.get("api"),
                    ),
                )
        return ()


def linked(link: str, folder: Path, root: Path, store: FileStore) -> FileText | None:
    """The file that a link means, of which parts may not be known; None where none fits.

    The known end of the link is looked for beside the template, in a folder ``policies`` there, and then further up, as far
    as ``root``. An address is not asked: of its path the longest end counts that leads to a file.
    """
    ends = [part for part in link.split(MARK)[::2] if part.strip("/")]
    if not ends:
        return None
    end = ends[-1].partition("?")[0]
    address = _ADDRESS.match(end)
    parts = [part for part in end[address.end() if address else 0 :].split("/") if part]
    shortest = len(parts) if address is None else 1
    for length in range(len(parts), shortest - 1, -1):
        wanted = Path(*parts[len(parts) - length :]) if parts else Path()
        for start in (folder, *folder.parents):
            if not start.is_relative_to(root):
                break
            for candidate in (inside(wanted, start, root), inside(wanted, start / _POLICIES, root)):
                if candidate is not None and store.exists(candidate):
                    return FileText((candidate,))
    return None
