"""Named values, backends and their kind: a folder for each, in a folder for all of a kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.workspace.json_file import JsonFile
from apim_policy.workspace.model import Resource, ResourceKind
from apim_policy.workspace.readers import layout
from apim_policy.workspace.readers.folders import subfolders

if TYPE_CHECKING:
    from pathlib import Path

    from apim_policy.workspace.files import FileStore

DISPLAY_NAME = ("properties", "displayName")
"""The member that holds the name of a named value by which policies call it."""


def read_resources(base: Path, kind: ResourceKind, store: FileStore) -> dict[str, Resource]:
    """The resources of a kind below ``base``, by the names in lower case that policies may call them.

    A named value answers to the name that is shown
    (https://learn.microsoft.com/azure/api-management/api-management-howto-properties), and to that of its resource, which
    is another where somebody made it in the portal.
    """
    collections, information = layout.RESOURCES[kind]
    found: dict[str, Resource] = {}
    ids: dict[str, Resource] = {}
    for collection in collections:
        for name in subfolders(base / collection):
            file = base / collection / name / information
            if kind is ResourceKind.FRAGMENT and store.exists(file.with_name(layout.POLICY)):
                file = file.with_name(layout.POLICY)
            shown = display_name(store, file) if kind is ResourceKind.NAMED_VALUE else None
            resource = Resource(kind, shown or name, file)
            found[resource.name.lower()] = resource
            ids[name.lower()] = resource
    return ids | found


def find_listing(base: Path, kind: ResourceKind) -> Path | None:
    """The folder that holds all resources of a kind, which some file in it must describe."""
    collections, information = layout.RESOURCES[kind]
    for collection in collections:
        folder = base / collection
        if any((folder / name / information).is_file() for name in subfolders(folder)):
            return folder
    return None


def display_name(store: FileStore, path: Path) -> str | None:
    """The name that is shown of a resource which a file describes; None where the file tells none."""
    file = JsonFile.read(store, path)
    name = file.get(*file.key(*DISPLAY_NAME)) if file is not None else None
    return name if isinstance(name, str) and name else None
