"""Where the value of each request header may come from, at every step of an effective policy."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.csharp.headers import NO_USE, HeaderUse, header_use
from apim_policy.flow import facts
from apim_policy.flow.facts import Action
from apim_policy.flow.sections import Mark
from apim_policy.syntax.tree import Expression, PartKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from apim_policy.flow.composition import Origin, Step
    from apim_policy.flow.effects import Effects, Look
    from apim_policy.flow.facts import HeaderWrite
    from apim_policy.syntax.tree import Document


class Beginning(Enum):
    """Where a header's value may come from other than from a write on the way."""

    CLIENT = "client"
    """The caller may have sent it."""
    STOPPED = "stopped"
    """It does not get across the header boundary."""
    UNKNOWN = "unknown"
    """Something that cannot be seen may have written it: a fragment that is not in the workspace, a computed name."""


class Write:
    """A policy sets or deletes a request header."""

    __slots__ = ("action", "after", "before", "key", "name", "order", "origin", "values")

    def __init__(self, origin: Origin, what: HeaderWrite, order: int) -> None:
        self.origin = origin
        self.name = what.name
        """As written; None where it is not known before the policy runs."""
        self.key = what.name.lower() if what.name else None
        """The name as names compare, without case."""
        self.action = what.action
        self.values = what.values
        self.order = order
        """Place among all reads and writes of the walk."""
        self.before = self.after = UNSEEN
        """What the header was, and what it is, on the way that runs the policy; nothing is known without a name."""

    @property
    def deletes(self) -> bool:
        """Whether the header is gone afterwards."""
        return self.action is Action.DELETE

    @property
    def expression(self) -> Expression | None:
        """The expression that is the whole of the new value."""
        parts = [
            part
            for owner in self.values
            for part in owner.parts
            if part.kind is not PartKind.LITERAL or self.origin.document.slice(part).strip()
        ]
        return parts[0] if len(parts) == 1 and isinstance(parts[0], Expression) else None

    @property
    def use(self) -> HeaderUse:
        """What the new value has to do with request headers."""
        expression = self.expression
        return NO_USE if expression is None else header_use(self.origin.document, expression)


class Read:
    """A policy or an expression looks at a request header."""

    __slots__ = ("access", "fallback", "key", "name", "order", "origin", "span", "state")

    def __init__(self, origin: Origin, what: Look, state: HeaderState, order: int) -> None:
        self.origin = origin
        self.name = what.name
        """As written; None where it is not known before the policy runs."""
        self.key = what.name.lower() if what.name else None
        self.access = what.access
        """How an expression looks at it; None where an attribute or a text names it."""
        self.fallback = what.fallback
        """Whether it says what to take where the header is missing."""
        self.span = what.span
        """The look itself, in the origin's document."""
        self.state = state
        """Where the value may come from; that of no header where the name is not known."""
        self.order = order


Source = Beginning | Write


class HeaderState(NamedTuple):
    """Where the value of one header may come from at one step."""

    sources: tuple[Source, ...]
    """Without duplicates, in the order of the walk."""
    present: bool
    """Whether the header surely is there."""

    @property
    def stopped(self) -> bool:
        """Whether it is surely missing here because it did not get across the boundary."""
        return Beginning.STOPPED in self.sources and all(
            source is Beginning.STOPPED or (isinstance(source, Write) and source.deletes)
            for source in self.sources
        )

    def writes(self) -> Iterator[Write]:
        """The writes that may have given it its value."""
        for source in self.sources:
            if isinstance(source, Write) and not source.deletes:
                yield source

    def blurred(self) -> HeaderState:
        """The state after something that may have written any header."""
        return joined((self, UNSEEN)) if Beginning.UNKNOWN not in self.sources else self


FROM_CLIENT = HeaderState((Beginning.CLIENT,), present=False)
STOPPED = HeaderState((Beginning.STOPPED,), present=False)
UNSEEN = HeaderState((Beginning.UNKNOWN,), present=False)
_NOTHING = HeaderState((), present=False)

# More than any policy has; past it, what wrote a header counts as unknown.
_SOURCES = 24
# Deeper than any author nests alternatives; further in, what happens counts as "maybe".
_DEPTH = 48
_SENDS = 16


def joined(states: Sequence[HeaderState]) -> HeaderState:
    """The state where several ways meet."""
    first = states[0]
    if all(state is first or state == first for state in states):
        return first
    sources = dict.fromkeys(source for state in states for source in state.sources)
    return HeaderState(_bounded(tuple(sources)), all(state.present for state in states))


def _bounded(sources: tuple[Source, ...]) -> tuple[Source, ...]:
    return sources if len(sources) <= _SOURCES else (*sources[: _SOURCES - 1], Beginning.UNKNOWN)


class _Arm:
    __slots__ = ("changes", "dead", "wild")

    def __init__(self) -> None:
        self.changes: dict[str, tuple[HeaderState, int]] = {}
        """States that differ from those around, with the time of the change."""
        self.wild = -1
        """When something may have written any header; -1 where nothing did."""
        self.dead = False


class _Fork:
    __slots__ = ("arms", "exhaustive")

    def __init__(self, exhaustive: bool) -> None:
        self.arms: list[_Arm] = []
        self.exhaustive = exhaustive


class Passage:
    """The way of one request through the sections of an effective policy."""

    def __init__(self, effects: Effects, initial: Callable[[str], HeaderState]) -> None:
        self.reads: list[Read] = []
        self.writes: list[Write] = []
        self.gaps: list[tuple[int, Step]] = []
        """Steps that stand for a fragment that is not in the workspace, each with its place in the order."""
        self.documents: dict[Path, Document] = {}
        """The documents that take part, fragments among them."""
        self._effects = effects
        self._initial = initial
        self._open = [_Arm()]
        self._forks: list[_Fork] = []
        self._flat = 0
        self._time = 0
        self._sent: list[_Arm] = []

    def run(self, steps: Iterable[Step], section: str) -> None:
        """Walk one section. Only in ``inbound`` and ``backend`` does a policy write request headers."""
        request = section in ("inbound", "backend")
        for step in steps:
            self.documents[step.frame.path] = step.frame.document
            mark = step.mark
            if mark is Mark.POLICY:
                if step.gap:
                    self._gap(step, section)
                elif not self._open[-1].dead:
                    self._policy(step, request)
            elif mark is Mark.END:
                self._read(step, late=True)
            elif mark is Mark.FORK:
                self._fork(step)
            elif mark is Mark.ARM:
                self._arm(step)
            else:
                self._join()

    def finish(self) -> None:
        """The request leaves here where no policy sent it on before."""
        if not self._sent and not self._open[0].dead:
            self._send()

    def sent(self, name: str) -> HeaderState | None:
        """What a header is when the request is sent on; None where it never is."""
        key = name.lower()
        states = [self._state_in((arm,), key) for arm in self._sent]
        return joined(states) if states else None

    def first(self, name: str) -> HeaderState:
        """What a header is before the first step."""
        return self._initial(name.lower())

    @property
    def reaches_end(self) -> bool:
        """Whether a request gets through at all."""
        return bool(self._sent)

    def now(self, name: str) -> HeaderState:
        """What a header is after the steps so far."""
        return self._state_in(self._open, name.lower())

    def _tick(self) -> int:
        self._time += 1
        return self._time

    def _state_in(self, arms: Sequence[_Arm], key: str) -> HeaderState:
        wild = -1
        for arm in reversed(arms):
            wild = max(wild, arm.wild)
            found = arm.changes.get(key)
            if found is not None:
                state, time = found
                return state.blurred() if wild > time else state
        state = self._initial(key)
        return state.blurred() if wild >= 0 else state

    def _policy(self, step: Step, request: bool) -> None:
        self._read(step, late=False)
        effect = self._effects.of(step)
        if request and effect.write is not None:
            self._write(Write(step.origin, effect.write, self._tick()))
        if effect.forwards and request:
            self._send()
        if effect.ends and not self._flat:
            self._open[-1].dead = True

    def _read(self, step: Step, *, late: bool) -> None:
        if self._open[-1].dead:
            return
        for look in self._effects.of(step).looks:
            if look.late is late:
                state = self.now(look.name) if look.name else _NOTHING
                self.reads.append(Read(step.origin, look, state, self._tick()))

    def _write(self, write: Write) -> None:
        self.writes.append(write)
        arm = self._open[-1]
        if write.key is None:
            arm.wild = self._tick()
            return
        before = self._state_in(self._open, write.key)
        after = _after(before, write)
        write.before, write.after = before, joined((before, after)) if self._flat else after
        arm.changes[write.key] = (write.after, self._tick())

    def _send(self) -> None:
        if len(self._sent) >= _SENDS:
            return
        snapshot = _Arm()
        for arm in self._open:
            for key in arm.changes:
                snapshot.changes[key] = (self._state_in(self._open, key), self._time)
            snapshot.wild = max(snapshot.wild, arm.wild)
        # Each state above says already what a wild write did to it; the mark is for headers without a change.
        snapshot.wild = 0 if snapshot.wild >= 0 else -1
        self._sent.append(snapshot)

    def _gap(self, step: Step, section: str) -> None:
        if self._open[-1].dead:
            return
        if not facts.is_base(step.element) and facts.includes_fragment(step.element):
            self._open[-1].wild = self._tick()
            self.gaps.append((self._time, step))
        if section == "backend":
            self._send()

    def _fork(self, step: Step) -> None:
        if self._flat or len(self._forks) >= _DEPTH:
            self._flat += 1
            return
        self._forks.append(_Fork(facts.exhaustive(step.element)))

    def _arm(self, step: Step) -> None:
        if not self._flat:
            fork = self._forks[-1]
            if fork.arms:
                self._open.pop()
            # A condition is read where the fork begins, before the arm changes anything.
            if facts.is_arm(step.element):
                self._read(step, late=False)
            arm = _Arm()
            arm.dead = self._open[-1].dead
            fork.arms.append(arm)
            self._open.append(arm)
        elif facts.is_arm(step.element):
            self._read(step, late=False)

    def _join(self) -> None:
        if self._flat:
            self._flat -= 1
            return
        fork = self._forks.pop()
        if fork.arms:
            self._open.pop()
        around = self._open[-1]
        if around.dead:
            return
        live = [arm for arm in fork.arms if not arm.dead]
        if not fork.exhaustive:
            live.append(_Arm())
        if not live:
            around.dead = bool(fork.arms)
            return
        keys = dict.fromkeys(key for arm in live for key in arm.changes)
        states = {key: joined([self._state_in((*self._open, arm), key) for arm in live]) for key in keys}
        if any(arm.wild >= 0 for arm in live):
            around.wild = self._tick()
        time = self._tick()
        for key, state in states.items():
            around.changes[key] = (state, time)


def _after(before: HeaderState, write: Write) -> HeaderState:
    if write.action is Action.DELETE:
        return HeaderState((write,), present=False)
    if write.action is Action.OVERRIDE:
        return HeaderState((write,), present=True)
    if write.action is Action.SKIP and before.present:
        return before
    kept = tuple(source for source in before.sources if not (isinstance(source, Write) and source.deletes))
    if write.action is None:
        return HeaderState(_bounded((*before.sources, write)), present=False)
    return HeaderState(_bounded((*kept, write)), present=True)
