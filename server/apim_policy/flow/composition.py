"""The effective policy of a scope: outer scopes and fragments spliced in, each step with its origin."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.flow import facts
from apim_policy.flow.sections import Item, Mark, items, section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from apim_policy.syntax.tree import Document, Element


class Layer(Enum):
    """Whose policy a step belongs to."""

    GLOBAL = "global"
    PRODUCT = "product"
    MCP = "mcp"
    API = "api"
    OPERATION = "operation"


class Source(NamedTuple):
    """A policy document that may take part."""

    path: Path
    document: Document


class Scope(NamedTuple):
    """One scope of a chain."""

    layer: Layer
    sources: tuple[Source, ...]
    """The scope's policy. Several where it depends on the request which one runs, as with the products of an API;
    none of them may run then. Empty where the scope has no policy or none is known."""
    known: bool = True
    """False where the scope may have a policy that the workspace does not hold."""
    certain: bool = True
    """Whether the one source runs with every request."""


class Frame:
    """A document, or a fragment, at the place where it was spliced in."""

    __slots__ = ("based", "document", "element", "index", "layer", "parent", "path")

    def __init__(
        self,
        layer: Layer,
        source: Source,
        index: int,
        parent: Frame | None = None,
        element: Element | None = None,
    ) -> None:
        self.layer = layer
        self.path, self.document = source
        self.index = index
        """Which scope of the chain it belongs to; 0 is the innermost."""
        self.parent = parent
        """The frame that splices this one in; None for the innermost scope."""
        self.element = element
        """The ``<base />`` or ``<include-fragment>`` of the parent that stands for this frame; the parent's root where
        it lacks the section, so that the outer scope's runs in its place."""
        self.based = False
        """Whether a ``<base />`` of this frame was spliced already; a second one brings nothing new."""

    def chain(self) -> Iterator[Frame]:
        """This frame and those that it was spliced into, out to the innermost scope's document."""
        frame: Frame | None = self
        while frame is not None:
            yield frame
            frame = frame.parent


class Origin(NamedTuple):
    """Where an element of an effective policy stands, and how it got there."""

    frame: Frame
    element: Element

    @property
    def path(self) -> Path:
        """The file that holds the element."""
        return self.frame.path

    @property
    def document(self) -> Document:
        """The document that holds the element."""
        return self.frame.document

    @property
    def layer(self) -> Layer:
        """The scope whose policy brings the element in."""
        return self.frame.layer

    def seen_from(self, path: Path) -> Element | None:
        """The element of the document at ``path`` that stands for this one.

        The element itself where it stands there, else the ``<base />`` or ``<include-fragment>`` that brings it in;
        None where that document has no part in it.
        """
        element: Element | None = self.element
        for frame in self.frame.chain():
            if frame.path == path:
                return element
            element = frame.element
        return None

    def in_policy(self, path: Path) -> Element | None:
        """The element itself, or the ``<include-fragment>`` that brings it in, in the policy at ``path``.

        None where another policy holds it, as an outer scope's that ``<base />`` brings in.
        """
        element: Element | None = self.element
        for frame in self.frame.chain():
            if frame.path == path:
                return element
            element = frame.element
            if element is None or not facts.includes_fragment(element):
                return None
        return None


class Step(NamedTuple):
    """One step of an effective policy."""

    mark: Mark
    element: Element
    frame: Frame
    gap: bool = False
    """Whether what the element stands for is not in the workspace."""

    @property
    def origin(self) -> Origin:
        """Where the step's element stands."""
        return Origin(self.frame, self.element)


class Library:
    """Documents that composition reads: fragments by id, and the lists of policies in each document.

    Subclassed by what knows the workspace; results are kept as long as a document stays the same.
    """

    def __init__(self) -> None:
        self._items: dict[tuple[Path, str], tuple[Document, tuple[Item, ...] | None]] = {}

    def fragment(self, name: str) -> Source | None:
        """The fragment of that id, where the workspace has it."""
        raise NotImplementedError

    def items(self, source: Source, name: str) -> tuple[Item, ...] | None:
        """The policies of a document's section; None where the document has no such section."""
        key = (source.path, name)
        kept = self._items.get(key)
        if kept is None or kept[0] is not source.document:
            holder = section(source.document, name)
            kept = (source.document, None if holder is None else items(holder))
            self._items[key] = kept
        return kept[1]


# Fragments cannot nest, and no sound policy comes near as many steps; both bound what a hostile workspace can make of
# few files.
_SPLICED_STEPS = 200_000
_NESTED_FRAGMENTS = 200


def compose(chain: Sequence[Scope], section_name: str, library: Library) -> list[Step]:
    """The steps of one section of the effective policy, in the order in which they run.

    ``chain`` runs from the innermost scope outwards; its first scope has exactly one source or none.
    """
    return _Composer(chain, section_name, library).run()


class _Composer:
    def __init__(self, chain: Sequence[Scope], section_name: str, library: Library) -> None:
        self._chain = chain
        self._section = section_name
        self._library = library
        self._steps: list[Step] = []
        # What is still to do, last first: a step to emit, or a list of items of a frame and how far it got.
        self._tasks: list[Step | tuple[Frame, Iterator[Item]]] = []
        self._spliced = 0
        self._nested = 0

    def run(self) -> list[Step]:
        self._outer(-1, None, None)
        while self._tasks:
            task = self._tasks.pop()
            if isinstance(task, Step):
                self._steps.append(task)
                continue
            frame, rest = task
            for item in rest:
                if facts.is_base(item.element):
                    self._tasks.append(task)
                    self._base(frame, item.element)
                    break
                if facts.includes_fragment(item.element):
                    self._tasks.append(task)
                    self._include(frame, item.element)
                    break
                self._steps.append(Step(item.mark, item.element, frame))
        return self._steps

    def _base(self, frame: Frame, element: Element) -> None:
        fragment = frame.element is not None and facts.includes_fragment(frame.element)
        if fragment or frame.based or frame.index + 1 >= len(self._chain):
            return
        frame.based = True
        self._outer(frame.index, frame, element)

    def _outer(self, index: int, parent: Frame | None, element: Element | None) -> None:
        """Queue the policy of the next scope outside of ``index`` that has one."""
        unknown = False
        for outer in range(index + 1, len(self._chain)):
            scope = self._chain[outer]
            unknown = unknown or not scope.known
            if scope.sources and scope.certain:
                self._enter(outer, scope.sources[0], parent, element)
                return
            if scope.sources and parent is not None and element is not None:
                self._alternatives(outer, parent, element)
                return
        if unknown and parent is not None and element is not None:
            self._tasks.append(Step(Mark.POLICY, element, parent, gap=True))

    def _alternatives(self, index: int, parent: Frame, element: Element) -> None:
        self._tasks.append(Step(Mark.JOIN, element, parent))
        self._outer(index, parent, element)
        self._tasks.append(Step(Mark.ARM, element, parent))
        for source in self._chain[index].sources:
            self._enter(index, source, parent, element)
            self._tasks.append(Step(Mark.ARM, element, parent))
        self._tasks.append(Step(Mark.FORK, element, parent))

    def _enter(self, index: int, source: Source, parent: Frame | None, element: Element | None) -> None:
        frame = Frame(self._chain[index].layer, source, index, parent, element)
        found = self._library.items(source, self._section)
        if found is not None:
            self._tasks.append((frame, iter(found)))
        elif source.document.root is not None:
            self._outer(index, frame, source.document.root)

    def _include(self, frame: Frame, element: Element) -> None:
        name = facts.fragment_id(frame.document, element)
        source = self._library.fragment(name) if name else None
        found = self._library.items(source, "fragment") if source else None
        circular = source is not None and any(source.path == outer.path for outer in frame.chain())
        if frame.element is not None and facts.includes_fragment(frame.element):
            self._nested += 1
        too_many = self._spliced > _SPLICED_STEPS or self._nested > _NESTED_FRAGMENTS
        if source is None or found is None or circular or too_many:
            self._tasks.append(Step(Mark.POLICY, element, frame, gap=True))
            return
        self._spliced += len(found)
        self._tasks.append((Frame(frame.layer, source, frame.index, frame, element), iter(found)))
