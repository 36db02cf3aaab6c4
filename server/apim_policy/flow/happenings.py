"""The reads and writes of one passage, each once, with what a picture says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from apim_policy.flow import facts
from apim_policy.flow.composition import Layer
from apim_policy.flow.facts import Action
from apim_policy.flow.headers import Beginning, Write
from apim_policy.flow.picture import LayerKind, Place, Unseen, ValueKind, ValueSource
from apim_policy.syntax.tree import Expression, PartKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.flow.composition import Origin, Step
    from apim_policy.flow.headers import Passage, Read
    from apim_policy.syntax.tree import Document, Element
    from apim_policy.text.span import Span

_REQUEST = ("inbound", "backend")


class Happening(NamedTuple):
    """A read or a write."""

    what: Read | Write
    section: str
    conditional: bool
    """Whether it depends on the request if it happens at all."""
    column: int = 0

    @property
    def key(self) -> str | None:
        """The header's name as names compare."""
        return self.what.key

    @property
    def layer(self) -> Layer:
        """The scope whose policy brings it in."""
        return self.what.origin.layer

    @property
    def late(self) -> bool:
        """Whether the request has been sent on by then."""
        return self.section not in _REQUEST

    @property
    def place(self) -> Place:
        """Where it stands: the look itself, or the policy that writes."""
        origin = self.what.origin
        span = origin.element.tag_span if isinstance(self.what, Write) else self.what.span
        return place_of(origin.document, origin, span)

    @property
    def fragment(self) -> str | None:
        """The fragment that holds the policy."""
        frame = self.what.origin.frame
        if frame.parent is None or frame.element is None or not facts.includes_fragment(frame.element):
            return None
        return facts.fragment_id(frame.parent.document, frame.element)


def happenings_of(passage: Passage) -> list[Happening]:
    """What happens on a passage, in order; what comes after the request was sent on stands last.

    A policy that runs on several of the ways a request may take counts once.
    """
    found: dict[tuple[object, ...], Happening] = {}
    both: list[Read | Write] = [*passage.reads, *passage.writes]
    for what in both:
        section = _section(what.origin)
        span = what.origin.element.span if isinstance(what, Write) else what.span
        identity = (isinstance(what, Write), what.key, what.origin.layer, what.origin.path, span, section)
        happening = Happening(what, section, _conditional(what.origin))
        known = found.setdefault(identity, happening)
        if known is not happening and what.order < known.what.order:
            found[identity] = happening
    return sorted(found.values(), key=lambda item: (item.late, item.what.order))


def place_of(document: Document, origin: Origin, span: Span) -> Place:
    """A place in the document that holds an origin's element."""
    lines = document.lines
    return Place(origin.path, span, lines.position(span.start), lines.position(span.end))


def missing_fragment(step: Step) -> Unseen:
    """A fragment that is not in the workspace."""
    document = step.frame.document
    name = facts.fragment_id(document, step.element) or "?"
    place = place_of(document, step.origin, step.element.tag_span)
    return Unseen(LayerKind(step.frame.layer.value), name, place)


def value_source(write: Write) -> ValueSource | None:
    """Where the new value comes from; None where there is none."""
    if write.deletes:
        return None
    copy = write.use.copy
    if copy is not None:
        return ValueSource(ValueKind.HEADER, (copy.name,))
    document = write.origin.document
    parts = [part for owner in write.values for part in owner.parts if document.slice(part).strip()]
    if any(isinstance(part, Expression) for part in parts):
        return ValueSource(ValueKind.EXPRESSION)
    names = [document.slice(part).strip("{} ") for part in parts if part.kind is PartKind.NAMED_VALUE]
    if names:
        return ValueSource(ValueKind.NAMED_VALUE, tuple(dict.fromkeys(names)))
    return ValueSource(ValueKind.LITERAL if write.values else ValueKind.POLICY)


def depends(happening: Happening) -> bool:
    """Whether it depends on the request what a write does, or if anything reads the header."""
    what = happening.what
    if happening.conditional:
        return True
    if not isinstance(what, Write) or what.deletes:
        return False
    if what.action is Action.SKIP:
        return any(source is not Beginning.STOPPED for source in what.before.sources)
    return what.action is None


def _conditional(origin: Origin) -> bool:
    if origin.layer is Layer.PRODUCT:
        return True
    return any(facts.is_arm(element) for element in _around(origin))


def _around(origin: Origin) -> Iterator[Element]:
    """The elements around one, through the documents that bring it in."""
    yield from origin.element.ancestors()
    for frame in origin.frame.chain():
        if frame.element is not None:
            yield frame.element
            yield from frame.element.ancestors()


def _section(origin: Origin) -> str:
    """The section of a policy document in which an element runs, also where a fragment brings it in."""
    element = origin.element
    for frame in origin.frame.chain():
        way = [element, *element.ancestors()]
        if way[-1].name != "fragment" or frame.element is None:
            return way[-2].name if len(way) > 1 else way[-1].name
        element = frame.element
    return element.name
