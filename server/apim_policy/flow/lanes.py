"""One header on its way through the layers of a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from apim_policy.flow.facts import Action
from apim_policy.flow.happenings import Happening, depends, value_source
from apim_policy.flow.headers import STOPPED, Beginning, Write, joined
from apim_policy.flow.names import KEY_HEADER
from apim_policy.flow.picture import Certainty, Event, EventKind, Header, LayerKind, Outcome, Presence
from apim_policy.workspace.settings import McpHeaderForwarding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apim_policy.flow.headers import HeaderState, Passage
    from apim_policy.flow.picture import Layer, Place
    from apim_policy.flow.server import ServerFlow

_KEY = KEY_HEADER.lower()


class Side(NamedTuple):
    """One of the two calls that a tool call consists of."""

    passage: Passage
    found: Sequence[Happening]
    first: int
    """Its first layer."""


class Crossing(NamedTuple):
    """What is known of a header at the boundary."""

    layer: int
    flow: ServerFlow
    lost: Write | None
    """The write whose value is lost."""
    relayed: bool


def header_of(
    key: str | None,
    sides: tuple[Side, ...],
    crossing: Crossing | None,
    layers: Sequence[Layer],
    vain: frozenset[int],
) -> Header:
    """A header's way through the layers.

    ``sides``: the call of the MCP server and, where it is known, that of the API. ``crossing`` is None where there is no
    boundary, and for headers without a known name. ``vain`` holds the identities of the looks that find nothing.
    """
    return _Lane(key, sides, crossing, layers, vain).draw()


class _Lane:
    def __init__(
        self,
        key: str | None,
        sides: tuple[Side, ...],
        crossing: Crossing | None,
        layers: Sequence[Layer],
        vain: frozenset[int],
    ) -> None:
        self._key = key
        self._sides = sides
        self._crossing = crossing
        self._layers = layers
        self._vain = vain
        self._own = [[item for item in side.found if item.key == key] for side in sides]
        self._from_client = key == _KEY or self._client_sends()
        self._outside = True
        """Whether the walk has not got across the boundary yet."""
        self._events: list[Event] = []
        self._entering: list[Presence] = []

    def draw(self) -> Header:
        if self._key is None:
            events = [self._event(item, Presence.UNKNOWN) for own in self._own for item in own]
            return Header(None, Outcome.UNKNOWN, (Presence.ABSENT,) * len(self._layers), tuple(events))
        late = [self._event(item, Presence.ABSENT) for own in self._own for item in own if item.late]
        state = self._sides[0].passage.first(self._key)
        for number, side in enumerate(self._sides):
            end = len(self._layers) - 1
            if number == 0 and self._crossing is not None:
                end = self._crossing.layer
            state = self._walk(number, state, range(0 if number == 0 else side.first, end), side)
            if self._crossing is not None and number == 0:
                state = self._cross(state, self._crossing)
        self._arrive(state)
        stopped = any(event.kind is EventKind.STOPPED and event.problem for event in self._events)
        return Header(self._name(), self._outcome(stopped), tuple(self._entering), (*self._events, *late))

    def _client_sends(self) -> bool:
        """Whether something on the way counts on the client to send it."""
        outer, inner = self._own[0], self._own[1] if len(self._own) > 1 else ()
        for item in outer:
            what = item.what
            if isinstance(what, Write):
                if what.action is not Action.OVERRIDE and Beginning.CLIENT in what.before.sources:
                    return True
            elif Beginning.CLIENT in what.state.sources:
                return True
        if any(isinstance(item.what, Write) for item in outer):
            return False
        missed = {Beginning.STOPPED, Beginning.CLIENT}
        return any(
            not isinstance(item.what, Write) and missed & set(item.what.state.sources) for item in inner
        )

    def _name(self) -> str:
        names = (item.what.name for own in self._own for item in own if item.what.name)
        return next(names, KEY_HEADER)

    def _walk(self, number: int, state: HeaderState, layers: range, side: Side) -> HeaderState:
        assert self._key is not None
        items = [item for item in self._own[number] if not item.late]
        writes = [item for item in items if isinstance(item.what, Write)]
        final = side.passage.sent(self._key) or side.passage.now(self._key)
        for layer in layers:
            self._entering.append(self._presence(state))
            for item in items:
                if item.column != layer:
                    continue
                if isinstance(item.what, Write):
                    after = item.what.after
                    state = joined((state, after)) if item.conditional else after
                    if item is writes[-1]:
                        state = final
                self._events.append(self._event(item, self._presence(state)))
        return final if side.passage.reaches_end else STOPPED

    def _cross(self, state: HeaderState, crossing: Crossing) -> HeaderState:
        assert self._key is not None
        arriving = self._presence(state)
        self._entering.append(arriving)
        self._outside = False
        beyond = self._beyond(state, crossing)
        crosses = any(source is not Beginning.STOPPED for source in beyond.sources)
        if arriving is Presence.ABSENT:
            return beyond
        certainty = Certainty.CERTAIN if arriving is Presence.SET else Certainty.POSSIBLE
        if crosses:
            if beyond is not state and beyond != state:
                certainty = Certainty.POSSIBLE
            self._events.append(Event(EventKind.FORWARDED, crossing.layer, certainty, self._presence(beyond)))
            return beyond
        if crossing.flow.forwarding is McpHeaderForwarding.UNKNOWN:
            certainty = Certainty.ASSUMED
        kind = EventKind.RELAYED if crossing.relayed else EventKind.STOPPED
        problem = kind is EventKind.STOPPED and (crossing.lost is not None or bool(self._missed()))
        self._events.append(
            Event(
                kind,
                crossing.layer,
                certainty,
                self._presence(beyond),
                self._place_of_stop(crossing),
                problem=problem,
            )
        )
        return beyond

    def _beyond(self, state: HeaderState, crossing: Crossing) -> HeaderState:
        """What the header is where the call of the API begins."""
        assert self._key is not None
        if len(self._sides) > 1:
            return self._sides[1].passage.first(self._key)
        return state if self._key == _KEY or not crossing.flow.bounded else STOPPED

    def _missed(self) -> list[Happening]:
        """The looks at it that find nothing."""
        inner = self._own[1] if len(self._own) > 1 else ()
        return [item for item in inner if id(item.what) in self._vain]

    def _place_of_stop(self, crossing: Crossing) -> Place | None:
        outer = self._own[0]
        lost = [item for item in outer if item.what is crossing.lost]
        written = [item for item in outer if isinstance(item.what, Write) and not item.what.deletes]
        for items in (lost, written[-1:], self._missed(), outer):
            if items:
                return items[0].place
        return None

    def _arrive(self, state: HeaderState) -> None:
        """What the last layer gets."""
        last = len(self._layers) - 1
        arriving = self._presence(state)
        while len(self._entering) <= last:
            self._entering.append(arriving)
        if self._layers[last].kind is not LayerKind.BACKEND or arriving is Presence.ABSENT:
            return
        certainty = Certainty.CERTAIN if arriving is Presence.SET else Certainty.POSSIBLE
        self._events.append(Event(EventKind.FORWARDED, last, certainty, arriving))

    def _outcome(self, stopped: bool) -> Outcome:
        kinds = {event.kind for event in self._events}
        if stopped or any(event.problem for event in self._events):
            return Outcome.LOST
        if EventKind.RELAYED in kinds:
            return Outcome.RELAYED
        return {Presence.ABSENT: Outcome.WITHHELD, Presence.UNKNOWN: Outcome.UNKNOWN}.get(
            self._entering[-1], Outcome.FORWARDED
        )

    def _presence(self, state: HeaderState) -> Presence:
        if self._outside and not self._own[0] and not self._from_client:
            # What cannot be seen there may set any header; nothing says that it sets this one.
            return Presence.ABSENT
        if any(True for _ in state.writes()):
            return Presence.SET if state.present else Presence.POSSIBLE
        if Beginning.UNKNOWN in state.sources:
            return Presence.UNKNOWN
        sent = Beginning.CLIENT in state.sources and self._from_client
        return Presence.CLIENT if sent else Presence.ABSENT

    def _event(self, item: Happening, after: Presence) -> Event:
        what = item.what
        return Event(
            self._kind(what) if isinstance(what, Write) else EventKind.READ,
            item.column,
            Certainty.POSSIBLE if depends(item) else Certainty.CERTAIN,
            after,
            item.place,
            what.origin.element.name,
            item.section,
            item.fragment,
            value_source(what) if isinstance(what, Write) else None,
            problem=id(what) in self._vain,
        )

    def _kind(self, write: Write) -> EventKind:
        if write.deletes:
            return EventKind.DELETED
        there = any(True for _ in write.before.writes())
        sent = Beginning.CLIENT in write.before.sources and self._from_client
        changes = write.action is not Action.SKIP and (there or sent)
        return EventKind.CHANGED if changes else EventKind.SET
