"""Paths of files and the URIs that clients name them by."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

_DRIVE = re.compile(r"/[A-Za-z]:")


def to_path(uri: str) -> Path | None:
    """The absolute path of a ``file`` URI; None for any other scheme and for what is no URI."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    if parts.scheme != "file":
        return None
    path = unquote(parts.path)
    if "\0" in path or not path:
        return None
    if parts.netloc and parts.netloc != "localhost":
        path = f"//{parts.netloc}{path}"
    elif os.name == "nt" and _DRIVE.match(path):
        path = path[1:]
    return Path(os.path.normpath(path))


def to_uri(path: Path) -> str:
    """The URI of an absolute path."""
    return path.as_uri()
