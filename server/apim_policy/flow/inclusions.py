"""Which documents include a fragment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary, ref

from apim_policy.flow.resources import resource_uses
from apim_policy.workspace.files import UnreadableFileError
from apim_policy.workspace.model import ResourceKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from apim_policy.workspace.workspace import Workspace

_INCLUDE = re.compile(r"""fragment-id\s{0,9}=\s{0,9}(?:"([^"<]{1,260})"|'([^'<]{1,260})')""")
_NAME = re.compile(r"(?!.*__)[\w.-]+")


class Inclusions:
    """The fragments that each policy of a service may include, as far as a glance at the texts tells."""

    def __init__(self, workspace: Workspace) -> None:
        # What is kept for a workspace must not keep it.
        self._reference = ref(workspace)
        self._named: dict[Path, tuple[str, frozenset[str] | None]] = {}
        self._last: dict[Path, Path] = {}
        """For each fragment, the document that was last found to include it."""

    @classmethod
    def of(cls, workspace: Workspace) -> Inclusions:
        """Those of a workspace, the same ones whenever they are asked for."""
        found = _KNOWN.get(workspace)
        if found is None:
            found = _KNOWN[workspace] = cls(workspace)
        return found

    @property
    def _workspace(self) -> Workspace:
        workspace = self._reference()
        assert workspace is not None
        return workspace

    def unused(self, fragment: Path, name: str) -> bool:
        """Whether surely no policy of the service includes a fragment.

        False where nothing says which policies the service has, or where a template completes the id of some fragment.
        """
        last = self._last.get(fragment)
        if last is not None and self._includes(last, name):
            return False
        policies = self._workspace.service_policies(fragment)
        if not policies:
            return False
        for path in (*policies, *self._others(frozenset(policies))):
            named = self._names(path)
            if named is None:
                return False
            if name.lower() in named and self._includes(path, name):
                self._last[fragment] = path
                return False
        return True

    def _others(self, policies: frozenset[Path]) -> Iterator[Path]:
        """The documents outside of the service's folder that say themselves that they belong to it."""
        for path in self._workspace.documents:
            if path not in policies and self._workspace.around(path) is self._workspace:
                yield path

    def _includes(self, path: Path, name: str) -> bool:
        try:
            document = self._workspace.store.document(path)
        except UnreadableFileError:
            return False
        return any(
            use.kind is ResourceKind.FRAGMENT and use.name.lower() == name.lower()
            for use in resource_uses(document)
        )

    def _names(self, path: Path) -> frozenset[str] | None:
        """The fragments in lower case that a text names anywhere, be it in a comment; None where they are not known."""
        try:
            text = self._workspace.store.read(path).text
        except UnreadableFileError:
            return None
        kept = self._named.get(path)
        if kept is None or kept[0] is not text:
            names = {(match[1] or match[2]).lower() for match in _INCLUDE.finditer(text)}
            known = frozenset(names) if all(map(_NAME.fullmatch, names)) else None
            kept = self._named[path] = (text, known)
        return kept[1]


_KNOWN: WeakKeyDictionary[Workspace, Inclusions] = WeakKeyDictionary()
