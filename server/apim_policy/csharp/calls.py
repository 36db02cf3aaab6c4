"""Types of member accesses, calls and indexers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.csharp.conversions import bare, delegate
from apim_policy.csharp.framework import known_dotnet, namespaces
from apim_policy.csharp.library import indexers, lookup, type_named
from apim_policy.csharp.meanings import Access, Call, Group, Named, Space, Wrapper
from apim_policy.csharp.overloads import Argument, Candidate, best, candidates
from apim_policy.csharp.scopes import LocalKind
from apim_policy.csharp.shapes import bound, operator
from apim_policy.csharp.types import NULL, OBJECT, STRING, Member, MemberKind, Type

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from tree_sitter import Node

    from apim_policy.csharp.meanings import Meaning, Typing

    Steps = Generator[Node, Meaning, Meaning]

_FUNCTIONS = ("lambda_expression", "anonymous_method_expression")


def member_access(typing: Typing, node: Node) -> Steps:
    """`target.name`."""
    target, name = node.child_by_field_name("expression"), node.child_by_field_name("name")
    if target is None or name is None:
        return None
    meaning = yield target
    typing.chain(node, target)
    return _member(typing, node, name, meaning)


def conditional_access(typing: Typing, node: Node) -> Steps:
    """`target?.name` and `target?[index]`."""
    target = node.child_by_field_name("condition")
    guarded = bound(node, target) if target is not None else None
    if target is None or guarded is None:
        yield from node.named_children
        return None
    wrappers: list[Wrapper] = []
    while True:
        if target.type == "binary_expression":
            left, right = target.child_by_field_name("left"), target.child_by_field_name("right")
            if left is None or right is None:
                break
            wrappers.append(Wrapper(str(operator(target)), typing.value(left, (yield left))))
        elif target.type == "prefix_unary_expression" and target.named_children:
            right = target.named_children[-1]
            wrappers.append(Wrapper(target.children[0].type, None, prefix=True))
        elif target.type == "cast_expression" and (right := target.child_by_field_name("value")) is not None:
            wrappers.append(Wrapper("", typing.spelled(target.child_by_field_name("type")), cast=True))
        else:
            break
        target = right
    meaning = yield target
    typing.chained.add(node.id)
    if wrappers or target.id in typing.wrapped:
        typing.wrapped[node.id] = (*typing.wrapped.get(target.id, ()), *reversed(wrappers))
    if isinstance(meaning, Type):
        meaning = bare(meaning)
    name = guarded.child_by_field_name("name")
    if guarded.type == "element_binding_expression":
        return (yield from _indexed(typing, node, guarded, meaning))
    return _member(typing, node, name, meaning) if name is not None else None


def _member(typing: Typing, node: Node, name: Node, meaning: Meaning) -> Meaning:
    explicit: tuple[Type | None, ...] | None = None
    if name.type == "generic_name":
        arguments = name.named_children[-1].named_children
        explicit = tuple(typing.spelled(argument) for argument in arguments)
        name = name.named_children[0]
    text = typing.code.text_of(name)
    if isinstance(meaning, Space):
        return _in_space(typing, node, f"{meaning.space}.{text}", len(explicit or ()))
    static = isinstance(meaning, Named)
    receiver = meaning.named if isinstance(meaning, Named) else meaning if isinstance(meaning, Type) else None
    if receiver is None or receiver == NULL or typing.foreign(name):
        typing.accesses.append(Access(node, name, None, static, ()))
        return None
    if receiver.name in typing.shapes:
        return _of_shape(typing, node, name, receiver)
    members = lookup(receiver, text, static=static)
    if static and not members:
        nested = type_named(f"{receiver.name}.{text}")
        if nested is not None:
            return typing.mention(node, nested)
    typing.accesses.append(Access(node, name, receiver, static, members))
    typing.chosen[node.id] = members, len(members)
    if len(members) == 1 and members[0].kind is not MemberKind.METHOD:
        return members[0].type
    methods = tuple(member for member in members if member.kind is MemberKind.METHOD)
    if node.id not in typing.invoked:
        for member in members:
            if member.kind is not MemberKind.METHOD:
                typing.chosen[node.id] = (member, *methods), 1
                return member.type
    if methods:
        return Group(methods, explicit)
    return members[0].type if members else None


def _in_space(typing: Typing, node: Node, name: str, arity: int) -> Meaning:
    known = type_named(name, arity)
    if known is not None:
        return typing.mention(node, known)
    if name in namespaces():
        return Space(name)
    full = known_dotnet(name)
    return typing.mention(node, Type(full)) if full == name else None


def _of_shape(typing: Typing, node: Node, name: Node, receiver: Type) -> Meaning:
    text = typing.code.text_of(name)
    shape = typing.shapes[receiver.name]
    if text not in shape:
        members = lookup(OBJECT, text)
        typing.accesses.append(Access(node, name, receiver, static=False, members=members))
        return Group(members, None) if members else None
    type_ = shape[text]
    members = (Member(text, MemberKind.PROPERTY, receiver, type_),) if type_ is not None else ()
    typing.accesses.append(Access(node, name, receiver, static=False, members=members))
    typing.chosen[node.id] = members, len(members)
    return type_


def element_access(typing: Typing, node: Node) -> Steps:
    """`target[index]`."""
    target, subscript = node.child_by_field_name("expression"), node.child_by_field_name("subscript")
    if target is None:
        return None
    meaning = yield target
    typing.chain(node, target)
    return (yield from _indexed(typing, node, subscript, meaning))


def _indexed(typing: Typing, node: Node, subscript: Node | None, meaning: Meaning) -> Steps:
    arguments = yield from arguments_of(typing, subscript)
    if not isinstance(meaning, Type) or meaning == NULL:
        return None
    members = indexers(meaning)
    return (yield from resolved(typing, node, members, None, arguments)) if members else None


def invocation(typing: Typing, node: Node) -> Steps:
    """`function(…)`."""
    function, listed = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if function is None:
        return None
    if function.type == "identifier" and typing.code.text_of(function) == "nameof":
        yield from arguments_of(typing, listed)
        return STRING
    typing.invoked.add(function.id)
    meaning = yield function
    typing.chain(node, function)
    local = typing.scopes.meant.get(function.id)
    arguments = yield from arguments_of(typing, listed)
    found: Meaning = None
    if isinstance(meaning, Group):
        found = yield from resolved(typing, node, meaning.methods, meaning.explicit, arguments)
        if node.id in typing.undecided:
            typing.undecided[function.id] = typing.undecided[node.id]
        else:
            typing.chosen[function.id] = typing.chosen[node.id]
        return found
    for argument in arguments:
        if argument.takes is not None:
            yield argument.node
    if local is not None and local.kind is LocalKind.FUNCTION:
        return local.type
    called = delegate(meaning) if isinstance(meaning, Type) else None
    return called[1] if called else None


def arguments_of(typing: Typing, listed: Node | None) -> Generator[Node, Meaning, list[Argument]]:
    """The values in the brackets of a call; functions are not looked into yet."""
    found: list[Argument] = []
    for child in listed.named_children if listed is not None else ():
        if child.type != "argument":
            if child.type != "comment":
                yield child
            continue
        named = child.child_by_field_name("name")
        values = [part for part in child.named_children if part.type != "comment" and part != named]
        if not values:
            continue
        value = values[-1]
        modifier = next((part.type for part in child.children if part.type in ("out", "ref")), "")
        name = typing.code.text_of(named) if named is not None else None
        if value.type in _FUNCTIONS:
            found.append(Argument(value, None, name, modifier, takes=_takes(value)))
            continue
        type_ = typing.value(value, (yield value))
        found.append(Argument(value, type_, name, modifier))
    return found


def _takes(function: Node) -> int:
    """How many parameters a function has; -1 for one that leaves them out."""
    parameters = function.child_by_field_name("parameters")
    if parameters is None:
        return -1
    if parameters.type != "parameter_list":
        return 1
    return sum(child.type == "parameter" for child in parameters.named_children)


def resolved(
    typing: Typing,
    node: Node,
    members: Sequence[Member],
    explicit: Sequence[Type | None] | None,
    arguments: list[Argument],
) -> Steps:
    """What a call of some members gives; the functions among its arguments are looked into on the way."""
    result = members[0].type
    if (
        all(member.type == result for member in members)
        and not result.open
        and not any(argument.takes is not None or argument.modifier for argument in arguments)
    ):
        typing.undecided[node.id] = Call(members, explicit, arguments)
        return result
    found = candidates(members, arguments, explicit)
    found = best(found, arguments)
    for index, argument in enumerate(arguments):
        if argument.takes is None:
            continue
        inputs = {candidate.inputs(index) for candidate in found}
        if len(inputs) == 1:
            typing.expected[argument.node.id] = inputs.pop()
        yield argument.node
        arguments[index] = argument._replace(gives=typing.given.get(argument.node.id))
        found = best(found, arguments)
    for index, argument in enumerate(arguments):
        if argument.modifier == "out":
            types = {candidate.filled(candidate.due[index].type) for candidate in found}
            _declare_out(typing, argument.node, types.pop() if len(types) == 1 else None)
    typing.chosen[node.id] = _first(found, members)
    results = {candidate.filled(candidate.member.type) for candidate in found}
    return results.pop() if len(results) == 1 else None


def _first(found: Sequence[Candidate], members: Sequence[Member]) -> tuple[tuple[Member, ...], int]:
    """The members with those that were found in front, and how many those are."""
    chosen: list[Member] = []
    for candidate in found:
        if candidate.member not in chosen:
            chosen.append(candidate.member)
    rest = (member for member in members if member not in chosen)
    return (*chosen, *rest), len(chosen)


def choice(typing: Typing, node: Node) -> tuple[tuple[Member, ...], int]:
    """What a call, an indexer or an access resolves to: the best overloads first, and how many are equally good."""
    call = typing.undecided.pop(node.id, None)
    if call is not None:
        found = candidates(call.members, call.arguments, call.explicit)
        typing.chosen[node.id] = _first(best(found, call.arguments), call.members)
    return typing.chosen.get(node.id, ((), 0))


def _declare_out(typing: Typing, node: Node, type_: Type | None) -> None:
    name = node.child_by_field_name("name") if node.type == "declaration_expression" else None
    local = typing.scopes.declared.get(name.id) if name is not None else None
    if local is not None and local.type is None:
        local.type = type_


HANDLERS: dict[str, Callable[[Typing, Node], Steps]] = {
    "member_access_expression": member_access,
    "conditional_access_expression": conditional_access,
    "element_access_expression": element_access,
    "invocation_expression": invocation,
}
"""By the grammar's name of a node."""
