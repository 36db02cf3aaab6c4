"""The documents that take part in the same calls as one document, and what they say of variables together.

A variable that any of them sets is there for all that run later in the call: outer scopes through ``<base />``, inner
ones that bring this document in, and the fragments of all.
"""

from __future__ import annotations

from collections import deque
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.flow.composition import Source
from apim_policy.flow.variables import UseKind, document_variables
from apim_policy.workspace.files import UnreadableFileError
from apim_policy.workspace.model import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from apim_policy.workspace.model import Api, DocumentInfo
    from apim_policy.workspace.workspace import Workspace


class Names(NamedTuple):
    """Variables by what happens to them in some documents."""

    set: frozenset[str]
    used: frozenset[str]
    """Read, tested or read with a default."""
    tested: frozenset[str]
    """Those whose absence is thought of somewhere: tested or read with a default."""
    any_set: bool
    """Whether a variable whose name is not known is set."""
    any_used: bool
    """Whether a variable whose name is not known is read; any may be."""
    complete: bool
    """Whether the texts hold all that runs, and no fragment is missing."""


def includers(workspace: Workspace, fragment: Path) -> list[Path]:
    """The documents of the workspace that include a fragment, by path."""
    name = workspace.info(fragment).fragment
    if name is None:
        return []
    found = []
    for path in workspace.documents:
        try:
            # Most documents include nothing; those need no tree.
            if name.lower() not in workspace.store.read(path).text.lower():
                continue
            included = document_variables(workspace.store.document(path)).includes
        except UnreadableFileError:
            continue
        around = workspace.around(path)
        if any(each is not None and around.fragment(each) == fragment for each in included):
            found.append(path)
    return found


class _Outer(NamedTuple):
    """A scope around another."""

    policies: tuple[Path, ...]
    known: bool
    """Whether the workspace holds the policy that it has."""
    certain: bool
    """Whether the policy runs with every call."""


def _one(policy: Path | None) -> _Outer:
    if policy is None:
        return _Outer((), known=False, certain=False)
    return _Outer((policy,), known=True, certain=True)


class Reach:
    """What runs in the same calls as one document. What costs time is computed when it is first asked for."""

    def __init__(self, workspace: Workspace, path: Path) -> None:
        """``workspace`` as the document sees it."""
        self._workspace = workspace
        self._infos = (info := workspace.info(path), *info.also)
        self._missing = False
        self.path = path

    @cached_property
    def own(self) -> tuple[Source, ...]:
        """The document and the fragments that it includes."""
        return tuple(self._with_fragments([self.path]))

    @cached_property
    def outer(self) -> tuple[Source, ...]:
        """The outer scopes that it inherits from, from the innermost outwards, each with its fragments."""
        return tuple(self._with_fragments(path for path in self._outer[0] if path != self.path))

    @cached_property
    def inner(self) -> tuple[Source, ...]:
        """The inner scopes that may inherit from it, each with its fragments."""
        paths = {path for info in self._infos for path in self._inner_policies(info)}
        return tuple(self._with_fragments(sorted(paths - {self.path})))

    @property
    def sources(self) -> Iterator[Source]:
        """All documents, each once, the document itself first."""
        seen: set[Path] = set()
        for source in (*self.own, *self.outer, *self.inner):
            if source.path not in seen:
                seen.add(source.path)
                yield source

    @property
    def outer_known(self) -> bool:
        """Whether every scope that the document inherits from is in the workspace."""
        return self._outer[1]

    @property
    def inner_known(self) -> bool:
        """Whether the workspace says which inner scopes inherit from it."""
        return all(
            info.scope in (Scope.OPERATION, Scope.MCP)
            or (info.scope is Scope.API and self._api(info) is not None)
            for info in self._infos
        )

    @property
    def included(self) -> bool:
        """Whether it is a fragment, or another document that runs only as a part of what nobody here knows."""
        return any(info.scope in (Scope.FRAGMENT, Scope.RESOLVER) for info in self._infos)

    @cached_property
    def names(self) -> Names:
        """What all documents say of variables."""
        found: dict[UseKind, set[str]] = {kind: set() for kind in UseKind}
        any_set = any_used = False
        complete = True
        for source in self.sources:
            said = document_variables(source.document)
            complete = complete and said.complete and None not in said.includes
            for use in said.uses:
                if use.name is not None:
                    found[use.kind].add(use.name)
                elif use.sets:
                    any_set = True
                else:
                    any_used = True
        tested = found[UseKind.TEST] | found[UseKind.DEFAULT]
        return Names(
            frozenset(found[UseKind.SET]),
            frozenset(found[UseKind.READ] | tested),
            frozenset(tested),
            any_set,
            any_used,
            complete and not self._missing,
        )

    def _with_fragments(self, paths: Iterable[Path]) -> Iterator[Source]:
        waiting = deque(paths)
        seen: set[Path] = set()
        while waiting:
            path = waiting.popleft()
            if path in seen:
                continue
            seen.add(path)
            source = self._source(path)
            if source is None:
                self._missing = True
                continue
            yield source
            fragments = []
            for name in document_variables(source.document).includes:
                fragment = self._workspace.fragment(name) if name is not None else None
                if fragment is None:
                    self._missing = True
                else:
                    fragments.append(fragment)
            waiting.extendleft(reversed(fragments))

    def _source(self, path: Path) -> Source | None:
        try:
            return Source(path, self._workspace.store.document(path))
        except UnreadableFileError:
            return None

    @cached_property
    def _outer(self) -> tuple[list[Path], bool]:
        """The policies of the outer scopes, as far as each inherits from the next, and whether all are known."""
        paths: list[Path] = []
        known = True
        for info in self._infos:
            inherits = self._inherits(self.path)
            for scope in self._outer_scopes(info):
                if not inherits:
                    break
                known = known and scope.known
                paths += scope.policies
                inherits = not scope.certain or any(map(self._inherits, scope.policies))
            known = known and (not inherits or self._ends_known(info))
        return list(dict.fromkeys(paths)), known

    def _outer_scopes(self, info: DocumentInfo) -> Iterator[_Outer]:
        """The scopes around one, from the inside outwards."""
        workspace = self._workspace
        api = self._api(info)
        if info.scope is Scope.OPERATION:
            yield _one(api.policy if api is not None else None)
        if info.scope in (Scope.OPERATION, Scope.API, Scope.MCP):
            policies = map(workspace.product_policy, api.products if api is not None else ())
            # Which product a call comes by is not known, nor whether it comes by any.
            found = tuple(path for path in policies if path is not None)
            yield _Outer(found, known=api is not None, certain=False)
        if info.workspace is not None and info.scope is not Scope.WORKSPACE:
            yield _one(workspace.workspace_policy(info.workspace))
        if info.scope is not Scope.GLOBAL:
            yield _one(workspace.global_policy)

    def _ends_known(self, info: DocumentInfo) -> bool:
        """Whether nothing beyond the scopes that are named can be inherited."""
        return info.scope not in (Scope.UNKNOWN, Scope.FRAGMENT, Scope.RESOLVER)

    def _inherits(self, path: Path) -> bool:
        source = self._source(path)
        return source is None or document_variables(source.document).inherits

    def _inner_policies(self, info: DocumentInfo) -> Iterator[Path]:
        apis: Iterable[Api | None]
        if info.scope is Scope.API:
            apis = [self._api(info)]
        elif info.scope is Scope.PRODUCT and info.product is not None:
            product = self._workspace.product(info.product)
            apis = map(self._workspace.api, product.apis if product is not None else ())
        elif info.scope in (Scope.GLOBAL, Scope.WORKSPACE):
            apis = self._workspace.apis
        else:
            return
        for api in apis:
            if api is None:
                continue
            if api.policy is not None:
                yield api.policy
            yield from api.operation_policies.values()
            if info.scope in (Scope.GLOBAL, Scope.WORKSPACE):
                policies = map(self._workspace.product_policy, api.products)
                yield from (path for path in policies if path is not None)

    def _api(self, info: DocumentInfo) -> Api | None:
        name = info.api or (info.mcp.name if info.mcp is not None else None)
        return self._workspace.api(name) if name is not None else None
