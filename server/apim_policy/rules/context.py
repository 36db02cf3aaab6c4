"""What a rule may look at while it checks one document."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from apim_policy.rules.model import Related

if TYPE_CHECKING:
    from pathlib import Path

    from apim_policy.flow.flow import Flow
    from apim_policy.flow.reach import Reach
    from apim_policy.flow.taint import Taint
    from apim_policy.rules.structure import Structure
    from apim_policy.syntax.tree import Document
    from apim_policy.text.span import Span
    from apim_policy.workspace.model import DocumentInfo
    from apim_policy.workspace.settings import Settings
    from apim_policy.workspace.workspace import Workspace


class RuleContext:
    """One document, and what is known around it. What costs time is computed when a rule first asks."""

    def __init__(self, workspace: Workspace, path: Path, document: Document) -> None:
        self.workspace = workspace
        """As the document sees it: names mean the resources of its own service."""
        self.path = path
        self.document = document

    @property
    def settings(self) -> Settings:
        """The settings that hold for the document."""
        return self.workspace.settings

    @cached_property
    def info(self) -> DocumentInfo:
        """What the document was taken for."""
        return self.workspace.info(self.path)

    @cached_property
    def flow(self) -> Flow:
        """What runs, in which order, in the document's service; shared by all documents of it."""
        from apim_policy.flow.flow import Flow

        return Flow.of(self.workspace)

    @cached_property
    def reach(self) -> Reach:
        """The documents that take part in the same calls, and what all of them say of variables."""
        from apim_policy.flow.reach import Reach

        return Reach(self.workspace, self.path)

    @cached_property
    def taint(self) -> Taint:
        """What the values in the document are made of, followed through variables."""
        from apim_policy.flow.taint import Taint

        return Taint(self.reach, self.document)

    @cached_property
    def structure(self) -> Structure:
        """What the schema says of each element, and what is wrong with the document's structure."""
        from apim_policy.rules.walk import structure

        return structure(self.document)

    def other(self, path: Path) -> Document:
        """The tree of another file of the workspace. Raises UnreadableFileError where it cannot be read."""
        return self.workspace.store.document(path)

    def related(self, span: Span, message: str, path: Path | None = None) -> Related:
        """Another place that a finding speaks of: in this document, or in ``path``."""
        return Related(path or self.path, span, message)
