"""What the values in a document are made of, followed through the variables of the call.

Variables are followed through the document, the fragments that it includes and the scopes around it. A variable that
``set-variable`` gives is made of what its expression is made of; what a policy such as ``send-request`` brings back is
not the caller's, and stays a variable.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.csharp import taint as csharp
from apim_policy.csharp.pieces import GAP, Kind, Source
from apim_policy.flow import facts
from apim_policy.flow.variables import document_variables
from apim_policy.syntax.tree import Expression, PartKind
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from apim_policy.csharp.pieces import Identity, Piece
    from apim_policy.flow import composition
    from apim_policy.flow.reach import Reach
    from apim_policy.flow.variables import VariableUse
    from apim_policy.syntax.tree import Attribute, Document, Element, Part, Text


class Hop(NamedTuple):
    """A variable that data went through."""

    variable: str
    field: str | None
    """The field of it that was read on."""
    path: Path
    span: Span
    """The name where it is set."""


class Strand(NamedTuple):
    """A part of a text. Where it has neither text nor source, nothing is known of it."""

    text: str | None = None
    """Literal text; ``GAP`` stands for each named value and placeholder in it."""
    source: Source | None = None
    """Of the kind VARIABLE only where nothing known sets it from an expression."""
    encoded: bool = False
    """Whether something made it safe to stand in a URL or a document."""
    path: Path | None = None
    """The file where the source is read."""
    span: Span | None = None
    """Where in that file the source is read."""
    hops: tuple[Hop, ...] = ()
    """The variables between there and here, the first that was set first."""
    at: Span | None = None
    """What stands for it in the value that was asked for."""
    setter: Element | None = None
    """The policy that sets a VARIABLE, where one does."""
    own: bool = False
    """Whether it is a header that the policy itself has written before, whatever the caller sent."""


class _Where(NamedTuple):
    """Where a value stands."""

    source: composition.Source
    element: Element


_Strands = tuple[Strand, ...]
_HOPS = 6
_REPLACING = (facts.Action.OVERRIDE, facts.Action.DELETE)
_RESPONSES = frozenset({"outbound", "on-error"})
_ALTERNATIVES = 8
_SETTERS = 16
_LONGEST = 200
_UNKNOWN: tuple[_Strands, ...] = ((Strand(),),)


class Taint:
    """What the values of one document are made of. What costs time is computed when it is first asked for."""

    def __init__(self, reach: Reach, document: Document) -> None:
        self._reach = reach
        self._own = _own_source(reach, document)
        self._tests: dict[Path, frozenset[Identity]] = {}
        self._setters_of: dict[Path, dict[str, list[VariableUse]]] = {}
        self._writers: dict[Path, dict[str, list[Element]]] = {}
        self._held: dict[tuple[Path, int, int], tuple[_Strands, ...]] = {}

    def texts(self, element: Element, owner: Attribute | Text) -> tuple[_Strands, ...]:
        """What the text of an attribute or an element of the document may be; nothing where it is no expression."""
        found = self._value(_Where(self._own, element), owner, 0)
        return found if whole_expression(self._own.document, owner) is not None else ()

    def is_tested(self, strand: Strand, user: Element) -> bool:
        """Whether something on the way of a strand is compared with anything, so that it may be one of a list.

        Conditions whose failure brings ``user`` about do not count.
        """
        if strand.source is None:
            return False
        identities = {strand.source.identity}
        identities |= {(Kind.VARIABLE, hop.variable, hop.field) for hop in strand.hops}
        identities |= {(kind, name, None) for kind, name, _ in identities if name is not None}
        for path in {self._own.path, *(hop.path for hop in strand.hops)}:
            if identities & self._tested(path):
                failed = _failed(user) if path == self._own.path else ()
                if not failed or any(
                    identity in identities for identity in self._tests_in(self._own, failed)
                ):
                    return True
        return False

    # Values

    def _value(self, where: _Where, owner: Attribute | Text, depth: int) -> tuple[_Strands, ...]:
        document = where.source.document
        expression = whole_expression(document, owner)
        if expression is None:
            literal = _literal(document, owner)
            return ((Strand(text=literal),),) if literal is not None else _UNKNOWN
        found: list[_Strands] = []
        for text in csharp.texts(document, expression):
            parts = [self._piece(where, piece, expression, depth) for piece in text]
            found += _joined(parts)
        return tuple(dict.fromkeys(found))[:_ALTERNATIVES] or _UNKNOWN

    def _piece(self, where: _Where, piece: Piece, expression: Expression, depth: int) -> tuple[_Strands, ...]:
        source = piece.source
        if source is None:
            return ((Strand(text=piece.text, encoded=piece.encoded),),)
        span = Span(source.span.start + expression.start, source.span.end + expression.start)
        strand = Strand(None, source, piece.encoded, where.source.path, span, at=span)
        if source.kind is Kind.HEADER and source.name is not None:
            return ((strand._replace(own=self._writes(where, source.name)),),)
        if source.kind is not Kind.VARIABLE or source.name is None or depth >= _HOPS:
            return ((strand,),)
        found: list[_Strands] = []
        for setter, use in self._setters(where, source.name):
            element = use.element
            owner = facts.variable_value(element) if element is not None else None
            if element is None or owner is None:
                found.append((strand._replace(setter=element),))
                continue
            hop = Hop(source.name, source.field, setter.path, use.span)
            texts = self._set(_Where(setter, element), owner, depth + 1)
            found += [_passed(text, hop, strand) for text in texts]
        return tuple(dict.fromkeys(found))[:_ALTERNATIVES] or ((strand,),)

    def _set(self, where: _Where, owner: Attribute | Text, depth: int) -> tuple[_Strands, ...]:
        """What a policy sets a variable to. Many may read it, so that it is kept."""
        key = (where.source.path, owner.start, depth)
        held = self._held.get(key)
        if held is None:
            held = self._held[key] = self._value(where, owner, depth)
        return held

    # Variables

    def _setters(self, where: _Where, name: str) -> Iterator[tuple[composition.Source, VariableUse]]:
        """What may have set a variable when a policy runs: the last that surely does, and those that may after it."""
        sets = self._sets(where.source, name)
        before = bisect_left(sets, where.element.start, key=lambda use: use.span.start)
        for use in reversed(sets[max(before - _SETTERS, 0) : before]):
            yield where.source, use
            if use.element is not None and _surely_before(use.element, where.element):
                return
        others = [source for source in self._reach.own if source.path != where.source.path]
        found = False
        for source in others:
            for use in self._sets(source, name):
                found = True
                yield source, use
        if not found and not before:
            for source in self._reach.outer:
                for use in self._sets(source, name):
                    yield source, use

    def _sets(self, source: composition.Source, name: str) -> list[VariableUse]:
        known = self._setters_of.get(source.path)
        if known is None:
            known = self._setters_of[source.path] = {}
            for use in document_variables(source.document).uses:
                if use.sets and use.name is not None:
                    known.setdefault(use.name, []).append(use)
        return known.get(name, [])

    def _writes(self, where: _Where, header: str) -> bool:
        """Whether a request header surely holds what the document wrote when a policy runs."""
        writers = self._writers.get(where.source.path)
        if writers is None:
            writers = self._writers[where.source.path] = _writers(where.source.document)
        return any(
            writer.start < where.element.start and _surely_before(writer, where.element)
            for writer in writers.get(header.lower(), ())
        )

    # Tests

    def _tested(self, path: Path) -> frozenset[Identity]:
        known = self._tests.get(path)
        if known is None:
            source = next((each for each in self._reach.sources if each.path == path), self._own)
            known = self._tests[path] = frozenset(self._tests_in(source))
        return known

    def _tests_in(self, source: composition.Source, without: Collection[Element] = ()) -> Iterator[Identity]:
        document = source.document
        root = document.root
        for element in root.walk() if root is not None else ():
            if element in without:
                continue
            for read in facts.header_reads(document, element):
                if read.name is not None and element.child("value") is not None:
                    yield Kind.HEADER, read.name.lower(), None
            values: list[Attribute | Text] = [*element.attributes, *element.texts()]
            for part in (part for value in values for part in value.parts):
                if isinstance(part, Expression):
                    tested = csharp.tested(document, part)
                    yield from tested
                    for identity in tested:
                        if identity[0] is Kind.VARIABLE and identity[1] is not None:
                            yield from self._behind(_Where(source, element), identity[1], identity[2])

    def _behind(self, where: _Where, variable: str, field: str | None) -> Iterator[Identity]:
        for setter, use in self._setters(where, variable):
            element = use.element
            owner = facts.variable_value(element) if element is not None else None
            if element is None or owner is None:
                continue
            for text in self._value(_Where(setter, element), owner, 1):
                for strand in text:
                    if strand.source is not None:
                        source = strand.source
                        yield source._replace(field=field or source.field).identity
                        yield from ((Kind.VARIABLE, hop.variable, hop.field) for hop in strand.hops)


def _own_source(reach: Reach, document: Document) -> composition.Source:
    from apim_policy.flow.composition import Source as Place

    return Place(reach.path, document)


def _surely_before(setter: Element, reader: Element) -> bool:
    """Whether a policy has run whenever one that stands after it runs."""
    around = setter.parent
    if around is None:
        return False
    if any(around is each for each in reader.ancestors()):
        return True
    # What stands directly in a section ran before the sections after it, where no error cut it short.
    return around.parent is not None and around.parent.parent is None and not _in_error(reader)


def _writers(document: Document) -> dict[str, list[Element]]:
    """The policies that put something else in the place of a request header, by its name in lower case."""
    found: dict[str, list[Element]] = {}
    stack = [document.root] if document.root is not None else []
    while stack:
        element = stack.pop()
        # What stands in a call of its own, or in a response, has headers of its own.
        if element.name in _RESPONSES or facts.has_own_message(element):
            continue
        stack += element.elements()
        write = facts.header_write(document, element)
        if write is not None and write.name is not None and write.action in _REPLACING:
            found.setdefault(write.name.lower(), []).append(element)
    return found


def _failed(element: Element) -> set[Element]:
    """The alternatives that were not chosen where an element runs, since one after them was."""
    found: set[Element] = set()
    for arm in (element, *element.ancestors()):
        if arm.parent is None or not facts.is_arm(arm):
            continue
        last = not any(facts.is_condition(arm, attribute.name) for attribute in arm.attributes)
        found |= {
            other for other in arm.parent.elements() if other is not arm and (last or other.start < arm.start)
        }
    return found


def _in_error(element: Element) -> bool:
    return any(each.name == "on-error" for each in element.ancestors())


def whole_expression(document: Document, owner: Attribute | Text) -> Expression | None:
    """The expression that is all of a value but for white space; None where it is not evaluated as one."""
    found: Expression | None = None
    for part in owner.parts:
        if isinstance(part, Expression) and found is None:
            found = part
        elif part.kind is not PartKind.LITERAL or not document.slice(part).isspace():
            return None
    return found


def _literal(document: Document, owner: Attribute | Text) -> str | None:
    """The text of a value with a gap for each named value and placeholder; None where it holds anything else."""

    def piece(part: Part) -> str | None:
        if part.kind is PartKind.LITERAL:
            return document.slice(part)
        return GAP if part.kind in (PartKind.NAMED_VALUE, PartKind.PLACEHOLDER) else None

    pieces = [piece(part) for part in owner.parts]
    return "".join(each for each in pieces if each is not None) if None not in pieces else None


def _joined(parts: Iterable[tuple[_Strands, ...]]) -> list[_Strands]:
    joined: list[_Strands] = [()]
    for texts in parts:
        joined = [(*left, *right)[:_LONGEST] for left in joined for right in texts][:_ALTERNATIVES]
    return joined


def _passed(text: _Strands, hop: Hop, reader: Strand) -> _Strands:
    """What a variable holds, as the reader of the variable gets it."""
    field = reader.source.field if reader.source is not None else None
    found = []
    for strand in text:
        if strand.source is None:
            found.append(strand if field is None else Strand())
            continue
        source = strand.source._replace(field=field) if field is not None else strand.source
        found.append(
            strand._replace(
                source=source,
                encoded=strand.encoded or reader.encoded,
                hops=(*strand.hops, hop),
                at=reader.at,
            )
        )
    return tuple(found)
