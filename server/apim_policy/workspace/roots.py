"""How far the folder of a document's project reaches."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from apim_policy.workspace.readers import layout
from apim_policy.workspace.readers.apiops import is_extracted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apim_policy.workspace.settings import Settings


def project_root(folder: Path, settings: Settings, opened: Iterable[Path] = ()) -> Path:
    """The folder that holds all that belongs to the documents in ``folder``; nothing outside it is searched or changed.

    It is the folder of the settings, else the repository. Elsewhere it is the folder that APIOps extracted a service to,
    or one of ``opened``, the folders that a user named or works in, whichever reaches furthest; at least ``folder``.
    """
    if settings.root is not None and folder.is_relative_to(settings.root):
        return settings.root
    for candidate in (folder, *folder.parents):
        if (candidate / ".git").exists():
            return candidate
    reached = [folder]
    place = layout.locate(folder / layout.POLICY)
    if place is not None and is_extracted(place.root):
        reached.append(place.root)
    # Who works in the home folder says nothing about how far a project reaches.
    reached += [
        path
        for path in opened
        if folder.is_relative_to(path) and path not in (Path.home(), Path(path.anchor))
    ]
    return min(reached, key=lambda path: len(path.parts))
