"""Which elements and attributes may be added at a caret, by the schema and by what is there already."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from apim_policy.ide.grammar import section
from apim_policy.schema.declarations import ConstraintKind, FragmentUse, Once, Order, Runs
from apim_policy.schema.model import load
from apim_policy.workspace.model import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apim_policy.ide.cursor import Cursor
    from apim_policy.ide.grammar import Declared
    from apim_policy.schema.declarations import AttributeDecl, ElementDecl, Policy
    from apim_policy.syntax.tree import Document, Element
    from apim_policy.workspace.settings import GatewayType


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a document applies, as far as it is stated."""

    scope: Scope | None = None
    """None where it is only assumed or unknown."""
    gateway: GatewayType | None = None

    @property
    def root(self) -> str | None:
        """The root element of such a document; None where the scope does not say."""
        if self.scope is None or self.scope is Scope.RESOLVER:
            return None
        return "fragment" if self.scope is Scope.FRAGMENT else "policies"


@dataclass(frozen=True, slots=True)
class Child:
    """An element that may be added."""

    path: tuple[str, ...]
    decl: ElementDecl
    policy: Policy | None
    """None for what is no policy."""
    named: bool
    """Whether the parent names it; else it is one of any policies."""
    required: bool
    rank: int
    """Its place among those that the parent names."""
    section: bool = False


def children(
    document: Document,
    around: Sequence[Element],
    holder: Declared,
    cursor: Cursor,
    surroundings: Surroundings,
) -> list[Child]:
    """What may be added to the last of ``around`` where the caret is."""
    model = load()
    decl = holder.decl
    siblings = [child for child in around[-1].elements() if child is not cursor.element and child.name]
    before = [child.name for child in siblings if child.start < cursor.offset]
    after = [child.name for child in siblings if child.start >= cursor.offset]
    present = [*before, *after]
    ruled_out = _ruled_out(decl, present)
    ordered = decl.order is Order.SEQUENCE and _fits(decl, present)
    allowed = _Allowed(document, around, cursor, surroundings)
    found: list[Child] = []
    for rank, (name, child) in enumerate(decl.children.items()):
        count = present.count(name)
        policy = model.policy(name)
        if child.max is not None and count >= child.max:
            continue
        if name in ruled_out or (ordered and not _fits(decl, [*before, name, *after])):
            continue
        if policy is not None and not allowed(policy, named=True):
            continue
        required = child.min > count
        is_section = holder.path == ("policies",)
        found.append(Child((*holder.path, name), child.element, policy, True, required, rank, is_section))
    if decl.any_policy:
        named = set(decl.children)
        for name in model.policy_names:
            policy = model.policy(name)
            if policy is None or not policy.listed or name in named or name in ruled_out:
                continue
            if allowed(policy, named=False):
                found.append(Child((name,), policy.element, policy, False, False, 0))
    return found


def _fits(decl: ElementDecl, names: Sequence[str]) -> bool:
    """Whether children of these names may follow each other."""
    position = 0
    for name in names:
        child = decl.children.get(name)
        if child is None:
            continue
        later = next((place for place in child.positions if place >= position), None)
        if later is None:
            return False
        position = later
    return True


def _ruled_out(decl: ElementDecl, present: Sequence[str]) -> set[str]:
    """The children that a condition forbids, given those that are there."""
    out: set[str] = set()
    for item in decl.constraints:
        if item.kind not in (ConstraintKind.DISALLOWED_CHILDREN, ConstraintKind.EXACTLY_ONE_CHILD_OF):
            continue
        always = item.kind is ConstraintKind.DISALLOWED_CHILDREN
        if always or any(name in present for name in item.children):
            out.update(item.children)
    return out


class _Allowed:
    """Whether a policy may stand at a caret, by its section, scope, gateway, and how often it may stand."""

    def __init__(
        self, document: Document, around: Sequence[Element], cursor: Cursor, surroundings: Surroundings
    ) -> None:
        self._document = document
        self._around = around
        self._cursor = cursor
        self._section = section(around)
        self._fragment = around[0].name == "fragment"
        scope = surroundings.scope
        # An MCP server is an API; a fragment runs wherever it is included.
        self._scope = {Scope.MCP: "api", Scope.FRAGMENT: None, Scope.UNKNOWN: None}.get(
            scope or Scope.UNKNOWN, scope.value if scope else None
        )
        self._gateway = surroundings.gateway.value if surroundings.gateway else None
        self._names: dict[Once, set[str]] = {}

    def __call__(self, policy: Policy, *, named: bool) -> bool:
        # Inside an element that names it, a policy has the sections of that element.
        by_itself = not named or policy.name == "base"
        if by_itself and self._section and policy.sections:
            allowed = self._section in policy.sections or self._section in policy.disputed_sections
            if not allowed:
                return False
        if self._fragment and by_itself and policy.fragment is FragmentUse.NOT_ALLOWED:
            return False
        if self._scope and by_itself and policy.scopes and self._scope not in policy.scopes:
            return False
        if self._gateway and policy.gateways and self._gateway not in policy.gateways:
            return False
        if policy.once is None or not by_itself or f"<{policy.name}" not in self._document.text:
            return True
        return policy.name not in self._present(policy.once)

    def _present(self, once: Once) -> set[str]:
        names = self._names.get(once)
        if names is None:
            around = self._around
            top = around[1] if once is Once.SECTION and self._section else around[0]
            names = {element.name for element in self._running_with(top)}
            self._names[once] = names
        return names

    def _running_with(self, top: Element) -> Iterator[Element]:
        """The elements in ``top`` that may run in the same call as one at the caret: none of another branch."""
        branches = _branches()
        stack = [top]
        while stack:
            element = stack.pop()
            if element is not self._cursor.element:
                yield element
            stack.extend(
                child
                for child in element.elements()
                if child.name not in branches or any(child is outer for outer in self._around)
            )


@cache
def _branches() -> frozenset[str]:
    """Names of the elements of which only one runs."""
    model = load()
    policies = (model.policy(name) for name in model.policy_names)
    return frozenset(
        name
        for policy in policies
        if policy is not None
        for name, child in policy.element.children.items()
        if child.element.runs is Runs.IF_CHOSEN
    )


def attributes(decl: ElementDecl, cursor: Cursor) -> Iterator[tuple[AttributeDecl, bool]]:
    """The attributes that may be added to the tag at a caret, required ones first, with whether each is."""
    element = cursor.element
    given = {item.name for item in (element.attributes if element else ()) if item is not cursor.attribute}
    out, one_of = _exclusive(decl, given)
    open_ = [item for item in decl.attributes.values() if item.name not in given and item.name not in out]
    required = [item for item in open_ if item.required or item.soft or item.name in one_of]
    yield from ((item, True) for item in required)
    yield from ((item, False) for item in open_ if item not in required)


def _exclusive(decl: ElementDecl, given: set[str]) -> tuple[set[str], set[str]]:
    """The attributes that those given exclude, and those of which one is still due."""
    out: set[str] = set()
    due: set[str] = set()
    for item in decl.constraints:
        chosen = given.intersection(item.attributes)
        if item.kind is ConstraintKind.EXACTLY_ONE_OF:
            if chosen:
                out.update(item.attributes)
            else:
                due.update(item.attributes)
        elif item.kind is ConstraintKind.MUTUALLY_EXCLUSIVE:
            if item.attribute is None:
                out.update(item.attributes if chosen else ())
            elif item.attribute in given:
                out.update(item.attributes)
            elif chosen:
                out.add(item.attribute)
    return out - given, due
