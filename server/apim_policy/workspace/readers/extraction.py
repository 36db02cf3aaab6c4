"""What the extractor of APIOps was asked to leave out: ``configuration.extractor.yaml`` may name what it takes of a kind.

https://github.com/Azure/apiops (``docs/apiops/3-apimTools/apiops-2-1-tools-extractor.md``) describes the file. Where it stands
is up to the pipeline; people put it beside the folder of the artifacts or above it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apim_policy.workspace.files import UnreadableFileError
from apim_policy.workspace.model import ResourceKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from apim_policy.workspace.files import FileStore

APIS = "apiNames"
PRODUCTS = "productNames"
KEYS = {
    ResourceKind.FRAGMENT: "policyFragmentNames",
    ResourceKind.NAMED_VALUE: "namedValueNames",
    ResourceKind.BACKEND: "backendNames",
    ResourceKind.LOGGER: "loggerNames",
}
"""The lists of what the extractor takes; of schemas it takes all."""

_FILES = "configuration.extractor*.y*ml"
_FOLDERS_UP = 2
_ITEM = re.compile(r"\s*-\s+[\"']?([^\"'#:]+)")
_INLINE = re.compile(r"[^\s\[\],\"']+")


def left_out(store: FileStore, root: Path, key: str, names: Iterable[str]) -> bool:
    """Whether the service may have more of a kind than ``names``, since only those that a list names were extracted.

    A list that lacks some of the names cannot be what was asked for: many repositories keep a sample that they never use.
    """
    have = {name.lower() for name in names}
    return any(have <= listed for text in _texts(store, root) if (listed := _list(text, key)) is not None)


def _texts(store: FileStore, root: Path) -> Iterator[str]:
    for folder in (root, *list(root.parents)[:_FOLDERS_UP]):
        try:
            for path in sorted(folder.glob(_FILES)):
                yield store.read(path).text
        except (OSError, UnreadableFileError):
            continue


def _list(text: str, key: str) -> set[str] | None:
    """The names in a list of a YAML file, in lower case; None where there is no such list."""
    names: set[str] | None = None
    for line in text.splitlines():
        if names is None:
            if line.startswith(f"{key}:"):
                said = line[len(key) + 1 :].partition("#")[0]
                names = {name.lower() for name in _INLINE.findall(said)}
        elif line.strip() and line[0] not in " \t-#":
            break
        elif (match := _ITEM.match(line)) is not None:
            names.add(match[1].strip().lower())
    return names
