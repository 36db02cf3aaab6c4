"""Which documents can have other findings after some files have changed.

A document is concerned when it changed itself, when it includes a fragment that did, when its settings did, or when the
rules look from it at what did: from an API at the policies around it, from an API at the MCP servers whose tools call it,
and from an MCP server at those APIs. A file that deploys a service concerns all documents of that service. Where in doubt
it is concerned.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from apim_policy.flow import facts
from apim_policy.workspace.files import UnreadableFileError
from apim_policy.workspace.model import Confidence, DocumentInfo, Scope
from apim_policy.workspace.readers import layout
from apim_policy.workspace.readers.listed import display_name
from apim_policy.workspace.readers.services import deploys
from apim_policy.workspace.settings import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from apim_policy.workspace.workspace import Workspace


def concerned(workspace: Workspace, documents: Iterable[Path], changed: Collection[Path]) -> list[Path]:
    """Those of ``documents`` whose findings can depend on a file that changed; some of these may be gone."""
    return _Search(workspace, list(documents), frozenset(changed)).run()


class _Search:
    def __init__(self, workspace: Workspace, documents: list[Path], changed: frozenset[Path]) -> None:
        self._workspace = workspace
        self._documents = documents
        self._changed = changed
        self._included: dict[Path, frozenset[str]] = {}

    def run(self) -> list[Path]:
        if self._workspace.settings.path in self._changed:
            return self._documents
        below = [path.parent for path in self._changed if path.name == FILE_NAME]
        found = {
            path
            for path in self._documents
            if path in self._changed or any(path.is_relative_to(folder) for folder in below)
        }
        described = [file for file in sorted(self._changed) if deploys(file)]
        found |= {
            path
            for path in self._documents
            if any(self._workspace.may_describe(file, path) for file in described)
        }
        found |= {path for path in self._documents if self._includes_changed(path)}
        # What is spliced in changes the document that includes it, so others see that one change.
        subjects = [*self._subjects, *(info for path in found for info in self._infos(path))]
        for path in self._documents:
            if path not in found and (
                any(self._looks_at(info, subject) for info in self._infos(path) for subject in subjects)
                or self._names_changed_resource(path)
            ):
                found.add(path)
        return [path for path in self._documents if path in found]

    @cached_property
    def _subjects(self) -> list[DocumentInfo]:
        """What the files that changed belong to."""
        found: list[DocumentInfo] = []
        for path in sorted(self._changed):
            if self._workspace.store.is_policy_document(path):
                found += self._infos(path)
            elif (place := _place(path)) is not None:
                found.append(place)
        return found

    @cached_property
    def _fragments(self) -> frozenset[str]:
        """The names of the fragments that changed."""
        return frozenset(info.fragment.lower() for info in self._subjects if info.fragment is not None)

    @cached_property
    def _resources(self) -> re.Pattern[str] | None:
        """The names of the other resources that changed: backends, named values and their kind."""
        store = self._workspace.store
        files = [
            path
            for path in self._changed
            if path.suffix == ".json" and _place(path) is None and not store.is_policy_document(path)
        ]
        # Policies call a named value by the name that is shown, which may be another than that of its folder.
        shown = {name for path in files if (name := display_name(store, path))}
        names = {path.parent.name for path in files} | shown
        if not names:
            return None
        return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(names)))})(?![\w-])", re.IGNORECASE)

    def _infos(self, path: Path) -> Iterator[DocumentInfo]:
        info = self._workspace.info(path)
        yield info
        yield from info.also

    def _includes_changed(self, path: Path) -> bool:
        """Whether a document includes a fragment that changed, or one that includes such a one."""
        if not self._fragments:
            return False
        around = self._workspace.around(path)
        seen: set[str] = set()
        names = set(self._included_by(path))
        while names:
            if names & self._fragments:
                return True
            seen |= names
            files = [file for name in names if (file := around.fragment(name)) is not None]
            names = {name for file in files for name in self._included_by(file)} - seen
        return False

    def _included_by(self, path: Path) -> frozenset[str]:
        known = self._included.get(path)
        if known is None:
            known = self._included[path] = frozenset(self._read_includes(path))
        return known

    def _read_includes(self, path: Path) -> Iterator[str]:
        try:
            document = self._workspace.store.document(path)
        except UnreadableFileError:
            return
        for element in document.root.walk() if document.root is not None else ():
            if facts.includes_fragment(element) and (name := facts.fragment_id(document, element)):
                yield name.lower()

    def _looks_at(self, info: DocumentInfo, subject: DocumentInfo) -> bool:
        """Whether the rules look at ``subject`` while they check a document of ``info``."""
        around = self._workspace.around(info.path)
        if self._workspace.around(subject.path) is not around:
            return False
        if subject.scope is Scope.GLOBAL:
            return True
        if subject.scope is Scope.WORKSPACE:
            return _same(info.workspace, subject.workspace)
        if subject.scope is Scope.PRODUCT and subject.product is not None:
            product = around.product(subject.product)
            apis: Collection[str] = product.apis if product else ()
            return _same(info.product, subject.product) or any(_concerns(info, api) for api in apis)
        if subject.api is None:
            return False
        api = around.api(subject.api)
        server = subject.mcp or (api.mcp if api else None)
        if (
            server is not None
            and info.api is not None
            and server.calls_api(layout.without_revision(info.api))
        ):
            return True
        # An operation runs inside its API; the API does not see it.
        return _concerns(info, subject.api) and not (
            subject.operation is not None and info.mcp is None and info.operation != subject.operation
        )

    def _names_changed_resource(self, path: Path) -> bool:
        if self._resources is None:
            return False
        try:
            return self._resources.search(self._workspace.store.read(path).text) is not None
        except UnreadableFileError:
            return False


def _place(path: Path) -> DocumentInfo | None:
    """The resource that a file in an extracted service belongs to, be it gone; None for other files."""
    policy = path.with_name(layout.POLICY)
    place = layout.locate(policy)
    if place is None or (place.scope is Scope.GLOBAL and path.name != layout.POLICY):
        return None
    return DocumentInfo(
        path=policy,
        scope=place.scope,
        confidence=Confidence.ASSUMED,
        workspace=place.workspace,
        product=place.product,
        api=place.api,
        operation=place.operation,
        fragment=place.fragment,
    )


def _concerns(info: DocumentInfo, api: str) -> bool:
    """Whether a document is of an API, or of an MCP server whose tools call it."""
    return _same(info.api, api) or (info.mcp is not None and info.mcp.calls_api(layout.without_revision(api)))


def _same(left: str | None, right: str | None) -> bool:
    if left is None or right is None:
        return False
    return layout.without_revision(left).lower() == layout.without_revision(right).lower()
