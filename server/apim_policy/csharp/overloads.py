"""Which overload a call means, and what its type parameters stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from apim_policy.csharp.conversions import bounded, converts, delegate
from apim_policy.csharp.declarations import bases, substitute
from apim_policy.csharp.types import NULL, Member, Type

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tree_sitter import Node

    from apim_policy.csharp.types import Parameter


class Argument(NamedTuple):
    """A value that a call hands over."""

    node: Node
    type: Type | None = None
    """None where it is not known, and for functions."""
    name: str | None = None
    """The parameter's, where the call says it."""
    modifier: str = ""
    """`out`, `ref` or nothing."""
    takes: int | None = None
    """Of a lambda, how many parameters it has; None for any other value."""
    gives: Type | None = None
    """Of a lambda, what it gives back, once that is known."""


class Candidate:
    """An overload that takes as many arguments as there are, and what is due for each."""

    def __init__(self, member: Member, due: Sequence[Parameter], *, expanded: bool) -> None:
        self.member = member
        self.due = due
        """The parameter of each argument; of an expanded `params`, with the type of one value."""
        self.expanded = expanded
        self.bound: dict[str, Type] = {}

    def accept(self, arguments: Sequence[Argument]) -> int | None:
        """How far the arguments are from what is due, after type parameters are filled in; None where one does not fit."""
        distance = 0
        for argument, parameter in zip(arguments, self.due, strict=True):
            step = self._distance(argument, parameter)
            if step is None:
                return None
            distance += step
        return distance

    def _distance(self, argument: Argument, parameter: Parameter) -> int | None:
        if argument.modifier != parameter.modifier.replace("params", ""):
            return None
        shape = delegate(parameter.type)
        if argument.takes is not None:
            # An anonymous method without a list of parameters fits any delegate.
            if shape is None:
                return None
            if argument.takes >= 0 and len(shape[0]) != argument.takes:
                return None
            if argument.gives is None or shape[1] is None:
                return 0
            return self._meet(shape[1], argument.gives)
        if argument.type is None or argument.modifier == "out":
            return 0
        if shape is not None and argument.type != NULL and delegate(argument.type) is None:
            return None
        return self._meet(parameter.type, argument.type)

    def _meet(self, due: Type, given: Type) -> int | None:
        if due.open:
            if given == NULL:
                return 0
            return 1 if unify(due, given, self.bound) else None
        return converts(given, due)

    def filled(self, type_: Type) -> Type | None:
        """A type of the signature with the type parameters that are known; None where one remains."""
        found = substitute(type_, self.bound)
        return None if found.open else bounded(found)

    def inputs(self, index: int) -> tuple[Type | None, ...]:
        """What a lambda that is the argument of that index is called with."""
        shape = delegate(self.due[index].type)
        return tuple(self.filled(type_) for type_ in shape[0]) if shape else ()


def candidates(
    members: Sequence[Member], arguments: Sequence[Argument], explicit: Sequence[Type | None] | None
) -> list[Candidate]:
    """The overloads that could be meant by number and names of the arguments, and by number of type arguments."""
    found = []
    for member in members:
        names = member.type_parameters
        if explicit is not None and (not names or len(explicit) < len(names)):
            continue
        for expanded in (False, True):
            due = _due(member, arguments, expanded=expanded)
            if due is None:
                continue
            candidate = Candidate(member, due, expanded=expanded)
            if explicit is not None:
                # The receiver of an extension method has filled in the first ones already.
                given = zip(names, explicit[-len(names) :], strict=True)
                candidate.bound = {name: type_ for name, type_ in given if type_ is not None}
            found.append(candidate)
    if explicit is not None:
        exact = [item for item in found if len(item.member.type_parameters) == len(explicit)]
        return exact or found
    return found


def best(found: Sequence[Candidate], arguments: Sequence[Argument]) -> list[Candidate]:
    """The candidates that fit best, several where nothing tells them apart; all of them where none fits."""
    ranked = []
    for candidate in found:
        before = dict(candidate.bound)
        distance = candidate.accept(arguments)
        if distance is None:
            candidate.bound = before
            continue
        left_out = len(candidate.member.parameters) - len(arguments)
        ranked.append((distance, candidate.expanded, max(left_out, 0), candidate))
    if not ranked:
        return list(found)
    unknown = any(argument.type is None and argument.takes is None for argument in arguments)
    if unknown:
        # What is not known may fit another overload better than those that fit what is known best.
        plain = [candidate for _, _, left_out, candidate in ranked if not left_out]
        return plain or [candidate for *_, candidate in ranked]
    first = min(item[:3] for item in ranked)
    return [candidate for *rank, candidate in ranked if tuple(rank) == first]


def _due(member: Member, arguments: Sequence[Argument], *, expanded: bool) -> list[Parameter] | None:
    parameters = list(member.parameters)
    if expanded:
        if not parameters or parameters[-1].modifier != "params" or parameters[-1].type.name != "[]":
            return None
        last = parameters.pop()
        rest = last._replace(type=last.type.arguments[0], modifier="")
        parameters += [rest] * max(len(arguments) - len(parameters), 0)
    if len(arguments) > len(parameters):
        return None
    named = {parameter.name: parameter for parameter in parameters}
    due, used = [], set()
    for index, argument in enumerate(arguments):
        parameter = named.get(argument.name) if argument.name else parameters[index]
        if parameter is None:
            return None
        due.append(parameter)
        used.add(parameter.name)
    missing = (each for each in parameters if each.name not in used and each.default is None)
    return None if any(each.modifier != "params" for each in missing) else due


def unify(pattern: Type, given: Type, bound: dict[str, Type]) -> bool:
    """Fill in the type parameters of a pattern so that a value of a type fits; False where it never does."""
    if pattern.name.startswith("!"):
        known = bound.get(pattern.name[1:])
        if known is None:
            bound[pattern.name[1:]] = given
            return True
        if known == given or converts(given, known) is not None:
            return True
        if converts(known, given) is not None:
            bound[pattern.name[1:]] = given
            return True
        return False
    for candidate in (given, *bases(given)):
        if candidate.name == pattern.name and len(candidate.arguments) == len(pattern.arguments):
            pairs = zip(pattern.arguments, candidate.arguments, strict=True)
            if all(unify(inner, value, bound) if inner.open else True for inner, value in pairs):
                return True
    return False
