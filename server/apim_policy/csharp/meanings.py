"""What the parts of an expression mean, while that is worked out and afterwards."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.csharp.conversions import combined, delegate, nullable, signed
from apim_policy.csharp.framework import known_dotnet
from apim_policy.csharp.library import type_named
from apim_policy.csharp.scopes import Scopes
from apim_policy.csharp.types import Member, Type, parse_type

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

    from tree_sitter import Node

    from apim_policy.csharp.code import Code
    from apim_policy.csharp.overloads import Argument

    Handler = Callable[["Typing", Node], Generator[Node, "Meaning", "Meaning"]]
    Leaf = Callable[["Typing", Node], "Meaning"]


class Named(NamedTuple):
    """The name of a type, where a value might stand."""

    named: Type


class Space(NamedTuple):
    """A namespace."""

    space: str


class Group(NamedTuple):
    """The methods that a name before `(` may mean."""

    methods: tuple[Member, ...]
    explicit: tuple[Type | None, ...] | None
    """The type arguments in angle brackets, each None where unknown; None where there are no brackets."""


Meaning = Type | Named | Space | Group | None


class Access(NamedTuple):
    """A name after a dot, or one that an object initializer gives a value."""

    node: Node
    """The access as a whole, without the arguments of a call."""
    name: Node
    """The name alone, without type arguments."""
    receiver: Type | None
    """What stands before the dot: the type of the value, or the type that is named; None where unknown."""
    static: bool
    """Whether a type is named before the dot."""
    members: tuple[Member, ...]
    """All members of the name."""


class Mention(NamedTuple):
    """A type that is named."""

    node: Node
    type: str
    """Its full name."""


class Call(NamedTuple):
    """What a choice among overloads goes by."""

    members: Sequence[Member]
    explicit: Sequence[Type | None] | None
    arguments: Sequence[Argument]


class Wrapper(NamedTuple):
    """An operator whose last operand ends in an access with `?.`.

    The grammar reads ``a + b?.C`` as ``(a + b)?.C``.
    """

    sign: str
    type: Type | None
    """Of the first operand; of a cast, the type that it gives."""
    prefix: bool = False
    cast: bool = False


class Typing:
    """The state of the work on one expression: what is known so far, by the ids of nodes."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.scopes = Scopes(code)
        self.meanings: dict[int, Meaning] = {}
        self.chained: set[int] = set()
        """Accesses that a `?` before them may skip."""
        self.wrapped: dict[int, tuple[Wrapper, ...]] = {}
        """By the id of an access: the operators that the grammar put into what stands before its `?`."""
        self.invoked: set[int] = set()
        """Nodes before the brackets of a call."""
        self.chosen: dict[int, tuple[tuple[Member, ...], int]] = {}
        """What calls, indexers and accesses resolve to: the best overloads first, and how many are equally good."""
        self.undecided: dict[int, Call] = {}
        """Calls whose type is the same whichever overload is meant."""
        self.expected: dict[int, tuple[Type | None, ...]] = {}
        """What lambdas are called with."""
        self.given: dict[int, Type | None] = {}
        """What lambdas give back."""
        self.made: dict[int, Type | None] = {}
        """Of initializers of objects, what they initialise."""
        self.shapes: dict[str, dict[str, Type | None]] = {}
        """Members of tuples and anonymous types."""
        self.returns: list[list[Type | None]] = [[]]
        """What the functions that are being read give back, the innermost last."""
        self.accesses: list[Access] = []
        self.mentions: list[Mention] = []
        self.creations: list[Node] = []
        """Nodes that make an object of a known type."""
        self.undeclared: list[Node] = []
        """Identifiers that stand for a value or a type, and that nothing known declares."""

    def run(self, root: Node, handlers: Mapping[str, Handler], leaves: Mapping[str, Leaf]) -> None:
        """Work out a node and all in it. Depth is bounded by memory alone: the handlers wait on a list.

        A handler asks for a node by yielding it, is sent what the node means, and returns what its own node means.
        """
        default, meanings = handlers[""], self.meanings
        waiting = [(root, handlers.get(root.type, default)(self, root))]
        answer: Meaning = None
        while waiting:
            node, steps = waiting[-1]
            try:
                wanted = steps.send(answer)
            except StopIteration as done:
                answer = meanings[node.id] = done.value
                waiting.pop()
                continue
            key = wanted.id
            if key in meanings:
                answer = meanings[key]
                continue
            kind = wanted.type
            leaf = leaves.get(kind)
            if leaf is not None:
                answer = meanings[key] = leaf(self, wanted)
            else:
                waiting.append((wanted, handlers.get(kind, default)(self, wanted)))
                answer = None

    def value(self, node: Node | None, meaning: Meaning) -> Type | None:
        """The type of the value that a node is; None where it is none, or unknown."""
        found = meaning if isinstance(meaning, Type) else None
        if found is not None and (found.arguments or found.name[0] == "!") and found.open:
            found = None
        if node is None or node.id not in self.chained:
            return found
        found = nullable(found) if found is not None else None
        for wrapper in self.wrapped.get(node.id, ()):
            if wrapper.cast:
                found = wrapper.type
            elif wrapper.prefix:
                found = signed(wrapper.sign, found)
            else:
                found = combined(wrapper.sign, wrapper.type, found)
        return found

    def chain(self, node: Node, target: Node) -> None:
        """An access goes on from another: where a `?` may skip that one, it may skip this one too."""
        if target.id in self.chained:
            self.chained.add(node.id)
            if target.id in self.wrapped:
                self.wrapped[node.id] = self.wrapped[target.id]

    def foreign(self, node: Node) -> bool:
        """Whether a named value or a placeholder has a say in what a node means."""
        foreign = self.code.foreign
        if not foreign:
            return False
        span = self.code.span_of(node)
        before = bisect_right(foreign, span.end, key=lambda each: each.start)
        return before > 0 and foreign[before - 1].overlaps(span)

    def expect(self, node: Node, target: Type | None) -> None:
        """A function is given to what has the type of a delegate, which says what the function is called with."""
        while node.type == "parenthesized_expression" and node.named_children:
            node = node.named_children[0]
        taken = delegate(target)
        if taken is not None:
            self.expected[node.id] = taken[0]

    def shape(self, name: str, members: dict[str, Type | None]) -> Type | None:
        """The type of a tuple or an anonymous object, named by what C# or an editor would show."""
        if len(name) > _LONGEST:
            return None
        known = self.shapes.setdefault(name, members)
        if known != members:
            known.update({key: None for key in members if known.get(key) != members[key]})
        return Type(name)

    def spelled(self, node: Node | None) -> Type | None:
        """The type that a node of the grammar for types names; what it mentions is noted."""
        if node is None or node.type == "implicit_type":
            return None
        waiting = [node]
        while waiting:
            part = waiting.pop()
            if part.type in _NAMES:
                self._mention(part)
            if part.type == "qualified_name" and part.named_children[-1].type == "generic_name":
                part = part.named_children[-1]
            if part.type == "generic_name":
                waiting.extend(part.named_children[1:])
            elif part.type != "qualified_name":
                waiting.extend(reversed(part.named_children))
        if node.type == "tuple_type":
            return self._tuple(node)
        if self.foreign(node):
            return None
        if node.type == "array_type":
            inner, rank = node.child_by_field_name("type"), node.child_by_field_name("rank")
            item = parse_type(self.code.text_of(inner)) if inner is not None else None
            return Type("[]", (item,)) if item is not None and rank is not None else None
        return parse_type(self.code.text_of(node))

    def _tuple(self, node: Node) -> Type | None:
        members: dict[str, Type | None] = {}
        for number, part in enumerate(node.named_children, 1):
            type_, name = part.child_by_field_name("type"), part.child_by_field_name("name")
            found = parse_type(self.code.text_of(type_)) if type_ is not None else None
            members[f"Item{number}"] = found
            if name is not None:
                members[self.code.text_of(name)] = found
        return self.shape(self.code.text_of(node), members)

    def _mention(self, node: Node) -> None:
        if self.foreign(node):
            return
        if node.type == "generic_name":
            arity = sum(child.is_named for child in node.named_children[-1].children)
            name = self.code.text_of(node.named_children[0])
        else:
            name, _, arguments = self.code.text_of(node).partition("<")
            arity = arguments.count(",") + 1 if arguments else 0
        known = type_named("".join(name.split()), arity)
        full = known.name if known is not None else known_dotnet("".join(name.split()))
        if full is not None:
            self.mentions.append(Mention(node, full))

    def mention(self, node: Node, type_: Type) -> Named:
        """A node that is an expression for the grammar names a type."""
        self.mentions.append(Mention(node, type_.name))
        return Named(type_)


_LONGEST = 200
_NAMES = frozenset({"identifier", "generic_name", "qualified_name", "predefined_type"})
