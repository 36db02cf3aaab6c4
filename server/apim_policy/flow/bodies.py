"""Bodies that are read so that nothing is left of them, and what needs them afterwards."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.csharp.bodies import body_reads
from apim_policy.flow import facts
from apim_policy.flow.expressions import evaluated
from apim_policy.flow.sections import Mark
from apim_policy.schema.declarations import RoleKind
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from apim_policy.csharp.bodies import BodyRead
    from apim_policy.flow.composition import Origin, Step
    from apim_policy.flow.expressions import Evaluated

REQUEST = "context.Request"
RESPONSE = "context.Response"


class Need(Enum):
    """What a body is needed for after it was read."""

    READ = "read"
    FORWARD = "forward"
    ANSWER = "answer"
    """The client is to get it."""


class Reading(NamedTuple):
    """A read of a body, where it stands in a document."""

    origin: Origin
    owner: str
    span: Span
    """The call without its arguments."""
    arguments: Span
    """What stands between its parentheses."""
    preserved: bool


class Loss(NamedTuple):
    """A body that is needed after a read that leaves nothing of it."""

    read: Reading
    need: Need
    origin: Origin | None
    """Where it is needed; None at the end of the section."""
    span: Span | None
    """The later read, where there is one."""


# The reads that may have used up each body, in the order of the walk.
_State = dict[str, tuple[Reading, ...]]
_SET_BODY = "set-body"
_SET_METHOD = "set-method"
_BODILESS = frozenset({"GET", "HEAD", "DELETE", "OPTIONS", "TRACE"})


def losses(sections: Iterable[tuple[str, Sequence[Step]]]) -> list[Loss]:
    """The bodies that reads use up though they are needed later, one for each such read.

    ``sections`` are the steps of ``inbound``, ``backend`` and ``outbound``, in this order.
    """
    walker = _Walker()
    for name, steps in sections:
        walker.walk(name, steps)
    return list(walker.losses.values())


class _Fork:
    def __init__(self, entry: _State) -> None:
        self.entry = entry
        """Before the next alternative is looked at: the conditions of those before have been evaluated."""
        self.ends: list[_State] = []


class _Walker:
    def __init__(self) -> None:
        self.losses: dict[tuple[object, Span], Loss] = {}
        self._state: _State | None = {}
        """None where nothing runs any more."""
        self._section = ""

    def walk(self, section: str, steps: Sequence[Step]) -> None:
        self._section = section
        if section == "outbound" and self._state is None:
            self._state = {}
        forks: list[_Fork] = []
        for step in steps:
            if step.mark is Mark.FORK:
                forks.append(_Fork(self._state if self._state is not None else {}))
                self._state = None
            elif step.mark is Mark.ARM and forks:
                fork = forks[-1]
                if self._state is not None:
                    fork.ends.append(self._state)
                self._state = dict(fork.entry)
                self._read(step, late=False)
                fork.entry = dict(self._state)
            elif step.mark is Mark.JOIN and forks:
                self._join(forks.pop(), step)
            elif step.mark is Mark.END:
                self._read(step, late=True)
            elif step.mark is Mark.POLICY:
                self._policy(step)
        if section == "outbound":
            self._need(RESPONSE, Need.ANSWER, None)

    def _join(self, fork: _Fork, step: Step) -> None:
        ends = list(fork.ends)
        if self._state is not None:
            ends.append(self._state)
        if not facts.chooses(step.element) or not facts.exhaustive(step.element):
            ends.append(fork.entry)
        if not ends:
            self._state = None
            return
        merged: dict[str, dict[Reading, None]] = {}
        for end in ends:
            for owner, reads in end.items():
                merged.setdefault(owner, {}).update(dict.fromkeys(reads))
        self._state = {owner: tuple(reads)[:_KEPT] for owner, reads in merged.items()}

    def _policy(self, step: Step) -> None:
        if self._state is None:
            return
        element, document = step.element, step.frame.document
        if step.gap:
            if self._section == "backend" and not facts.includes_fragment(element):
                self._need(REQUEST, Need.FORWARD, step.origin)
            # What cannot be seen may give the message another body.
            self._state.clear()
            return
        self._read(step, late=False)
        if element.name == _SET_BODY:
            self._state.pop(RESPONSE if self._section == "outbound" else REQUEST, None)
        elif element.name == _SET_METHOD:
            method = "".join(document.slice(text.span) for text in element.texts()).strip().upper()
            if method in _BODILESS:
                self._state.pop(REQUEST, None)
        for name in facts.variable_names(document, element):
            if name.name is not None and name.kind is RoleKind.VARIABLE_SET:
                self._state.pop(f"Variables[{name.name}]", None)
        if facts.forwards(document, element):
            self._need(REQUEST, Need.FORWARD, step.origin)
            self._state.pop(REQUEST, None)
            self._state.pop(RESPONSE, None)
        if facts.ends_request(document, element):
            self._state = None

    def _read(self, step: Step, *, late: bool) -> None:
        if self._state is None:
            return
        for each in evaluated(step.element):
            if each.late is late:
                for read in _readings(step, each):
                    self._reading(read)

    def _reading(self, read: Reading) -> None:
        assert self._state is not None
        # Before the request is sent there is no response, and after that nobody needs the request's body.
        if read.owner == (REQUEST if self._section == "outbound" else RESPONSE):
            return
        self._need(read.owner, Need.READ, read.origin, read.span)
        if not read.preserved:
            self._state[read.owner] = (read,)

    def _need(self, owner: str, need: Need, origin: Origin | None, span: Span | None = None) -> None:
        for read in (self._state or {}).get(owner, ()):
            key = (read.origin.document, read.span)
            if key not in self.losses:
                self.losses[key] = Loss(read, need, origin, span)


# More reads than any policy has on alternative ways; it bounds what hostile text can make of few policies.
_KEPT = 20


def _readings(step: Step, each: Evaluated) -> Iterator[Reading]:
    """The reads in an expression that surely are made, one after the other."""
    expression = each.expression
    found = body_reads(step.frame.document, expression)
    seen: set[str] = set()
    for read in found.reads:
        if found.branches and read.owner in seen:
            continue
        seen.add(read.owner)
        yield _placed(step, read, expression.start)


def _placed(step: Step, read: BodyRead, start: int) -> Reading:
    span = Span(read.span.start + start, read.span.end + start)
    arguments = Span(read.arguments.start + start, read.arguments.end + start)
    return Reading(step.origin, read.owner, span, arguments, read.preserved)
