"""What folders hold."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def subfolders(folder: Path) -> Sequence[str]:
    """Names of the folders in a folder, sorted; none where it cannot be listed."""
    try:
        with os.scandir(folder) as listing:
            return sorted(entry.name for entry in listing if entry.is_dir(follow_symlinks=False))
    except OSError:
        return ()
