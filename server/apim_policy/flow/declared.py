"""Headers that an API's specification declares as parameters: a tool takes them as arguments, so its calls bring them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apim_policy.workspace.files import UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from apim_policy.workspace.files import FileStore
    from apim_policy.workspace.model import Api

# The names under which APIOps writes specifications beside an API's policy.
_FILES = ("specification.yaml", "specification.yml", "specification.json")
_IN_HEADER = re.compile(r"""["']?in["']?\s*:\s*["']?header\b""")
_NAME = re.compile(r"""["']?name["']?\s*:\s*["']?([A-Za-z0-9!#$%&*+.^_`|~-]+)""")
_NONE: frozenset[str] = frozenset()


def declared_headers(api: Api, store: FileStore) -> Callable[[], frozenset[str]]:
    """Names, in lower case, that may be those of header parameters of an API; read when first asked for.

    The specification is searched, not interpreted: where it has header parameters at all, every name in it may be one.
    """
    known: list[frozenset[str]] = []

    def names() -> frozenset[str]:
        if not known:
            known.append(_read(api, store))
        return known[0]

    return names


def _read(api: Api, store: FileStore) -> frozenset[str]:
    folders = {
        path.parent: None for path in (api.policy, api.evidence.path if api.evidence else None) if path
    }
    for folder in folders:
        for name in _FILES:
            text = _text(folder / name, store)
            if text is not None:
                found = _NAME.findall(text) if _IN_HEADER.search(text) else ()
                return frozenset(header.lower() for header in found)
    return _NONE


def _text(path: Path, store: FileStore) -> str | None:
    if not store.exists(path):
        return None
    try:
        return store.read(path).text
    except UnreadableFileError:
        return None
