"""Fragments that a document includes, as links to their files."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from apim_policy.flow.resources import resource_uses
from apim_policy.workspace.model import ResourceKind

if TYPE_CHECKING:
    from pathlib import Path

    from apim_policy.syntax.tree import Document
    from apim_policy.text.span import Span
    from apim_policy.workspace.workspace import Workspace


class FileLink(NamedTuple):
    """A stretch of a document that leads to a file."""

    span: Span
    path: Path
    title: str
    """What the file is, as a short sentence without a full stop."""


def links(workspace: Workspace, path: Path, document: Document) -> list[FileLink]:
    """The links of a document, in the order of the text; ``workspace`` is that of the whole folder."""
    around = workspace.around(path)
    found = []
    for use in resource_uses(document):
        file = around.fragment(use.name) if use.kind is ResourceKind.FRAGMENT else None
        if file is not None:
            found.append(FileLink(use.span, file, f'Open the fragment "{use.name}"'))
    return found
