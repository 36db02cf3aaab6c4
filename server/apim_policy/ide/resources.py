"""Fragments, named values, backends and their kind: where they are described, and where policies call them by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from apim_policy.flow.resources import ResourceUse, resource_uses
from apim_policy.text.span import Span
from apim_policy.workspace.files import UnreadableFileError
from apim_policy.workspace.json_file import JsonFile
from apim_policy.workspace.model import ResourceKind, Scope
from apim_policy.workspace.readers.listed import DISPLAY_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from apim_policy.syntax.tree import Document
    from apim_policy.workspace.model import Resource
    from apim_policy.workspace.workspace import Workspace


class Description(NamedTuple):
    """The place that describes a resource."""

    span: Span
    """What stands for its name there; (0, 0) where the whole file does."""
    access: Span
    """What stands for the resource."""

    @property
    def sets(self) -> bool:
        """True: this is where the resource is made."""
        return True


class ResourceReference(NamedTuple):
    """A place of a resource in a file."""

    path: Path
    use: ResourceUse | Description


def named_at(document: Document, offset: int) -> ResourceUse | None:
    """The resource whose name the caret touches."""
    for use in resource_uses(document):
        if use.span.contains(offset) or (
            use.kind is ResourceKind.NAMED_VALUE and use.access.contains(offset)
        ):
            return use
    return None


def resource_at(workspace: Workspace, path: Path, document: Document, offset: int) -> ResourceUse | None:
    """The resource whose name the caret touches; in a fragment, the root's name stands for the fragment.

    ``workspace`` is that of the whole folder, here and below.
    """
    found = named_at(document, offset)
    if found is not None:
        return found
    root = document.root
    info = workspace.info(path)
    if root is None or info.scope is not Scope.FRAGMENT or not root.name_span.contains(offset):
        return None
    if info.fragment is None or workspace.around(path).fragment(info.fragment) != path:
        return None
    return ResourceUse(ResourceKind.FRAGMENT, info.fragment, root.name_span, root.tag_span, literal=False)


def definitions(workspace: Workspace, path: Path, use: ResourceUse) -> list[ResourceReference]:
    """Where a resource is described that the document at ``path`` calls by its name."""
    resource = workspace.around(path).resource(use.kind, use.name)
    if resource is None:
        return []
    description = _description(workspace, resource)
    return [ResourceReference(resource.file, description)] if description is not None else []


def references(workspace: Workspace, path: Path, use: ResourceUse) -> list[ResourceReference]:
    """Where a resource is described, and all that calls it: what the document at ``path`` has first, then by file."""
    around = workspace.around(path)
    own = around.resource(use.kind, use.name)
    found = definitions(workspace, path, use)
    for other in (path, *(other for other in workspace.documents if other != path)):
        if other != path and workspace.around(other) is not around:
            continue
        found += [
            ResourceReference(other, each)
            for each in _uses(workspace, other, use.kind)
            if each.name.lower() == use.name.lower()
            or (own is not None and around.resource(use.kind, each.name) == own)
        ]
    return found


def highlights(document: Document, use: ResourceUse) -> list[ResourceUse]:
    """All places of a document that call a resource by the same name."""
    return [
        each
        for each in resource_uses(document)
        if each.kind is use.kind and each.name.lower() == use.name.lower()
    ]


def refusal(use: ResourceUse) -> str:
    """Why a resource gets no other name here, and what to do."""
    if use.kind is ResourceKind.NAMED_VALUE:
        return (
            f'The named value "{use.name}" is called so in the service, which rewrites all policies when it gets another '
            "name. Rename it there, and extract its policies again."
        )
    return (
        f'The {use.kind.value} "{use.name}" keeps its name for as long as it exists in the service. '
        "Make another one with the new name, and let the policies call that."
    )


def _uses(workspace: Workspace, path: Path, kind: ResourceKind) -> Iterator[ResourceUse]:
    try:
        # Most documents call nothing of the kind; those need no tree.
        if _SIGNS.get(kind, "-id") not in workspace.store.read(path).text:
            return
        document = workspace.store.document(path)
    except UnreadableFileError:
        return
    yield from (use for use in resource_uses(document) if use.kind is kind)


_SIGNS = {ResourceKind.NAMED_VALUE: "{{", ResourceKind.FRAGMENT: "fragment-id"}


def _description(workspace: Workspace, resource: Resource) -> Description | None:
    start = Description(Span(0, 0), Span(0, 0))
    if resource.kind is ResourceKind.FRAGMENT and resource.file.suffix != ".json":
        try:
            root = workspace.store.document(resource.file).root
        except UnreadableFileError:
            return None
        return Description(root.name_span, root.tag_span) if root is not None else start
    file = JsonFile.read(workspace.store, resource.file)
    if file is None:
        return start if workspace.store.exists(resource.file) else None
    if resource.kind is ResourceKind.NAMED_VALUE:
        span = file.span(*file.key(*DISPLAY_NAME))
        return Description(span, span)
    return start
