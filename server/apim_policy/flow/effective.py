"""The policy that runs at the scope of a document, as text: outer scopes and fragments put where they are brought in.

``composition`` gives the same as steps for analysis; here comments, texts and the tags around policies stay, and all that
has no place in a list of steps is told: scopes that bring nothing, fragments that are missing or include themselves.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.flow import facts
from apim_policy.flow.composition import Source
from apim_policy.flow.scopes import Level, levels_of
from apim_policy.flow.sections import section
from apim_policy.syntax.tree import Comment, Element, Text
from apim_policy.text.span import Span
from apim_policy.workspace.files import UnreadableFileError
from apim_policy.workspace.model import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from apim_policy.syntax.tree import Document, Node
    from apim_policy.workspace.model import DocumentInfo
    from apim_policy.workspace.workspace import Workspace

SECTIONS = ("inbound", "backend", "outbound", "on-error")


class PartKind(Enum):
    """What a part is; the values are those of the JSON output."""

    POLICY = "policy"
    """It runs, or says something among what runs, as a comment does."""
    OPEN = "open"
    """The start tag of a policy in which others are spliced, or of what holds them all."""
    CLOSE = "close"
    BASE = "base"
    """What ``<base />`` stands for begins, or is nothing."""
    CHOICE = "choice"
    """Which policy runs depends on the call."""
    MISSING = "missing"
    """What runs here is not in the workspace."""
    LOOP = "loop"
    """A fragment includes itself."""


class Frame:
    """A document, or a fragment, at the place where it was spliced in."""

    __slots__ = ("based", "document", "element", "level", "parent", "path", "what")

    def __init__(
        self,
        source: Source,
        what: str,
        level: int,
        parent: Frame | None = None,
        element: Element | None = None,
    ) -> None:
        self.path, self.document = source
        self.what = what
        """Whose policy it is, such as ``API "orders"``."""
        self.level = level
        """Which scope it belongs to; 0 is the innermost."""
        self.parent = parent
        self.element = element
        """The ``<base />`` or ``<include-fragment>`` of the parent that brings it in, or the parent's root where it lacks
        the section; None for the innermost scope."""
        self.based = False
        """Whether a ``<base />`` of it was met."""

    @property
    def is_fragment(self) -> bool:
        """Whether it is a fragment that is included."""
        return self.element is not None and facts.includes_fragment(self.element)

    def chain(self) -> Iterator[Frame]:
        """This frame and those that it was spliced into."""
        frame: Frame | None = self
        while frame is not None:
            yield frame
            frame = frame.parent


class Part(NamedTuple):
    """A stretch of the effective policy."""

    kind: PartKind
    section: str
    """The section that it stands in; empty outside of sections."""
    depth: int
    """How many elements are around it."""
    frame: Frame
    """Where it comes from."""
    span: Span
    """What stands for it there; empty for a tag that is written nowhere."""
    text: str
    """What it reads, or what is to tell of it."""

    @property
    def told(self) -> bool:
        """Whether the text speaks of the policy and is no part of it."""
        return self.kind not in _WRITTEN


_WRITTEN = frozenset({PartKind.POLICY, PartKind.OPEN, PartKind.CLOSE})


class Effective(NamedTuple):
    """The effective policy of one document."""

    info: DocumentInfo
    what: str
    """Whose policy it is, such as ``operation "get" of the API "orders"``."""
    parts: tuple[Part, ...]
    """In the order of the text."""

    @property
    def complete(self) -> bool:
        """Whether all that runs is known."""
        return all(part.kind not in (PartKind.MISSING, PartKind.LOOP) for part in self.parts)


def effective(workspace: Workspace, path: Path) -> Effective | None:
    """The effective policy of a document; None where it is no policy document. Raises UnreadableFileError.

    ``workspace`` as the document sees it.
    """
    document = workspace.store.document(path)
    if document.root is None:
        return None
    return _Splicer(workspace, Source(path, document)).run()


# No sound policy comes near; they bound what a hostile workspace can make of few files.
_MOST_PARTS = 50_000
_NESTED_FRAGMENTS = 50
_FOR_ALL = "for all calls again:"


class _Splicer:
    def __init__(self, workspace: Workspace, source: Source) -> None:
        self._workspace = workspace
        self._source = source
        self._info = workspace.info(source.path)
        self._levels: Sequence[Level] = levels_of(workspace, self._info, source)
        self._section = ""
        self._parts: list[Part] = []
        self._nested = 0
        self._splicing: dict[Path, frozenset[Element]] = {}

    def run(self) -> Effective:
        root = self._source.document.root
        assert root is not None
        what = self._levels[0].sources[0].what
        top = Frame(self._source, what, 0)
        if root.name == "policies":
            self._tag(PartKind.OPEN, top, root, 0)
            for self._section in SECTIONS:
                own = root.child(self._section)
                self._tag(PartKind.OPEN, top, own, 1)
                self._work(self._outer(-1, None, None, 2))
                if self._parts[-1].text == _FOR_ALL:
                    self._parts.pop()
                self._tag(PartKind.CLOSE, top, own, 1)
            self._section = ""
            self._tag(PartKind.CLOSE, top, root, 0)
        else:
            self._work([(top, iter((root,)), 0)])
        return Effective(self._info, what, tuple(self._parts))

    def _tag(self, kind: PartKind, frame: Frame, element: Element | None, depth: int) -> None:
        """Add a tag of the root or of a section, be it written anywhere or not."""
        slash = "/" if kind is PartKind.CLOSE else ""
        text = f"<{slash}{self._section or 'policies'}>"
        self._parts.append(self._part(kind, frame, _tag_span(kind, element), depth, text))

    def _part(self, kind: PartKind, frame: Frame, span: Span, depth: int, text: str) -> Part:
        return Part(kind, self._section, depth, frame, span, text)

    def _work(self, tasks: list[_Task]) -> None:
        tasks.reverse()
        while tasks:
            task = tasks.pop()
            if isinstance(task, Part):
                self._parts.append(task)
                continue
            frame, rest, depth = task
            for node in rest:
                if isinstance(node, Element) and node in self._spliced(frame):
                    tasks.append(task)
                    tasks += reversed(self._opened(frame, node, depth))
                    break
                if _counts(frame.document, node):
                    text = frame.document.slice(node)
                    self._parts.append(self._part(PartKind.POLICY, frame, node.span, depth, text))

    def _spliced(self, frame: Frame) -> frozenset[Element]:
        """The elements of a document that something is spliced into, and those that stand for it."""
        found = self._splicing.get(frame.path)
        if found is None:
            found = self._splicing[frame.path] = _places(frame.document)
        return found

    def _opened(self, frame: Frame, element: Element, depth: int) -> list[_Task]:
        if facts.is_base(element):
            return self._base(frame, element, depth)
        if facts.includes_fragment(element):
            return self._include(frame, element, depth)
        start = frame.document.slice(element.tag_span)
        return [
            self._part(PartKind.OPEN, frame, element.tag_span, depth, start),
            (frame, iter(element.children), depth + 1),
            self._part(
                PartKind.CLOSE, frame, _tag_span(PartKind.CLOSE, element), depth, f"</{element.name}>"
            ),
        ]

    def _base(self, frame: Frame, element: Element, depth: int) -> list[_Task]:
        if frame.is_fragment or self._info.scope is Scope.FRAGMENT:
            text = "in a fragment, base stands for nothing"
        elif frame.level + 1 >= len(self._levels):
            text = f"nothing is around the {frame.what}, so base stands for nothing"
        elif frame.based:
            text = "base stands here a second time"
        else:
            frame.based = True
            return self._outer(frame.level, frame, element, depth)
        return [self._part(PartKind.BASE, frame, element.span, depth, text)]

    def _outer(self, index: int, parent: Frame | None, element: Element | None, depth: int) -> list[_Task]:
        """The policy of the next scope outside of ``index`` that has one."""
        tasks: list[_Task] = []
        for outer in range(index + 1, len(self._levels)):
            level = self._levels[outer]
            if level.sources and level.certain:
                return [*tasks, *self._enter(outer, 0, parent, element, depth)]
            if parent is None or element is None:
                continue
            if level.sources:
                return [*tasks, *self._alternatives(outer, parent, element, depth)]
            if level.certain:
                tasks.append(self._part(PartKind.MISSING, parent, element.span, depth, level.missing))
        return tasks

    def _alternatives(self, index: int, parent: Frame, element: Element, depth: int) -> list[_Task]:
        def choice(text: str) -> Part:
            return self._part(PartKind.CHOICE, parent, element.span, depth, text)

        tasks: list[_Task] = []
        for number, whose in enumerate(self._levels[index].sources):
            if not _passes_on(whose.source.document, self._section):
                tasks.append(choice(f"only for calls by the {whose.what}:"))
                tasks += self._enter(index, number, parent, element, depth)
        otherwise = self._outer(index, parent, element, depth)
        if not tasks:
            return otherwise
        return [*tasks, choice("only for all other calls:"), *otherwise, choice(_FOR_ALL)]

    def _enter(
        self, index: int, number: int, parent: Frame | None, element: Element | None, depth: int
    ) -> list[_Task]:
        source, what = self._levels[index].sources[number]
        frame = Frame(source, what, index, parent, element)
        holder = section(source.document, self._section)
        if holder is not None:
            if parent is None or any(_counts(source.document, node) for node in holder.children):
                return [(frame, iter(holder.children), depth)]
            return [self._part(PartKind.BASE, frame, holder.span, depth, f"the {what} has nothing here")]
        root = source.document.root
        if root is None:
            return []
        said = f"the {what} has no {self._section}, which stands for its base"
        return [
            self._part(PartKind.BASE, frame, root.name_span, depth, said),
            *self._outer(index, frame, root, depth),
        ]

    def _include(self, frame: Frame, element: Element, depth: int) -> list[_Task]:
        text = frame.document.slice(element)
        itself = self._part(PartKind.POLICY, frame, element.span, depth, text)

        def told(kind: PartKind, said: str) -> list[_Task]:
            return [self._part(kind, frame, element.span, depth, said), itself]

        name = facts.fragment_id(frame.document, element)
        if not name:
            return told(PartKind.MISSING, "which fragment this is, nothing here says")
        path = self._workspace.fragment(name)
        document = self._read(path)
        holder = section(document, "fragment") if document is not None else None
        if path is None or document is None or holder is None:
            return told(PartKind.MISSING, f'the fragment "{name}" is not in the workspace')
        around = [outer.path for outer in frame.chain()]
        if path in around:
            between = [outer.what for outer in frame.chain()][: around.index(path)]
            through = "".join(f", through the {what}" for what in reversed(between))
            return told(PartKind.LOOP, f'the fragment "{name}" includes itself{through}')
        self._nested += frame.is_fragment
        if self._nested > _NESTED_FRAGMENTS or len(self._parts) > _MOST_PARTS:
            return told(PartKind.MISSING, f'the fragment "{name}" is left out, since there are too many')
        inner = Frame(Source(path, document), f'fragment "{name}"', frame.level, frame, element)
        if not any(_counts(document, node) for node in holder.children):
            return [self._part(PartKind.BASE, inner, holder.span, depth, f'the fragment "{name}" is empty')]
        return [(inner, iter(holder.children), depth)]

    def _read(self, path: Path | None) -> Document | None:
        try:
            return self._workspace.store.document(path) if path is not None else None
        except UnreadableFileError:
            return None


_Task = Part | tuple[Frame, "Iterator[Node]", int]


def _counts(document: Document, node: Node) -> bool:
    """Whether a node is more than white space."""
    if isinstance(node, Text):
        return bool(document.slice(node).strip())
    return isinstance(node, Element | Comment)


def _passes_on(document: Document, name: str) -> bool:
    """Whether a document has nothing but ``<base />`` in a section, or no such section."""
    holder = section(document, name)
    if holder is None:
        return document.root is not None and document.root.name == "policies"
    nodes = [node for node in holder.children if _counts(document, node) and not isinstance(node, Comment)]
    return len(nodes) == 1 and isinstance(nodes[0], Element) and facts.is_base(nodes[0])


def _tag_span(kind: PartKind, element: Element | None) -> Span:
    if element is None:
        return Span(0, 0)
    if kind is PartKind.OPEN:
        return element.tag_span
    return element.end_tag.span if element.end_tag else Span(element.end, element.end)


def _places(document: Document) -> frozenset[Element]:
    """Each ``<base />`` and ``<include-fragment>`` that stands in a list of policies, and the policies around them."""
    found: set[Element] = set()
    elsewhere: set[Element] = set()
    for element in document.root.walk() if document.root is not None else ():
        if not (facts.is_base(element) or facts.includes_fragment(element)):
            continue
        around = [element]
        for outer in element.ancestors():
            if outer in found or outer.parent is None:
                found.update(around, (outer,))
                break
            around.append(outer)
            if outer in elsewhere or not (facts.lists_policies(outer) or facts.chooses(outer)):
                elsewhere.update(around)
                break
    return frozenset(found)
