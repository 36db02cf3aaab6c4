"""Files that are deployed in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path


class Unit(NamedTuple):
    """Files that are deployed together."""

    root: Path
    """The file or folder that a deployment starts from."""
    files: tuple[Path, ...]
