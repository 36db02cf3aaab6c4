"""Request headers in one expression: which it looks at, and whether its value is a copy of one.

Response headers, and the headers of what ``send-request`` brought back, are none of its business.
"""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.csharp.code import Code, code_of
from apim_policy.csharp.results import beginning
from apim_policy.csharp.values import Locals, walk

if TYPE_CHECKING:
    from tree_sitter import Node

    from apim_policy.syntax.tree import Document, Expression
    from apim_policy.text.span import Span


class Access(Enum):
    """How an expression looks at request headers."""

    INDEX = "[]"
    VALUE = "GetValueOrDefault"
    TRY = "TryGetValue"
    CONTAINS = "ContainsKey"
    ALL = "all"
    """It enumerates them, or hands them on, so that no single name can be told."""


class HeaderAccess(NamedTuple):
    """One look at the request headers."""

    name: str | None
    """The header's name as written; None where it is not known before the expression runs."""
    access: Access
    span: Span
    """The access from ``context`` on, in characters from the expression's ``@`` in the source."""
    name_span: Span
    """The literal that holds the name; equal to ``span`` where there is none."""
    fallback: bool
    """Whether it says what to take where the header is missing, other than an empty text."""


class HeaderCopy(NamedTuple):
    """A value that comes from one request header."""

    name: str
    prefix: str
    """Literal text put in front of the header's value."""
    stripped: str | None
    """Literal text taken from its front, nothing where the whole value is taken; None where what is taken is not known."""

    @property
    def exact(self) -> bool:
        """Whether the value is the header's, unchanged."""
        return not self.prefix and self.stripped == ""


class HeaderUse(NamedTuple):
    """What one expression has to do with request headers."""

    accesses: tuple[HeaderAccess, ...]
    """In the order of the text."""
    copy: HeaderCopy | None
    """Set where the expression's value comes from one header and nothing else."""
    literals: tuple[str, ...]
    """The strings in it, decoded."""


NO_USE = HeaderUse((), None, ())


def header_use(document: Document, expression: Expression) -> HeaderUse:
    """What an expression of a document has to do with request headers.

    Most expressions say nothing of headers; for them no tree is built.
    """
    if document.text.find("Headers", expression.start, expression.end) < 0:
        return NO_USE
    return _use(code_of(document, expression))


@lru_cache(maxsize=8192)
def _use(code: Code) -> HeaderUse:
    return _Reader(code).read()


_ACCESSORS = {access.value: access for access in (Access.VALUE, Access.TRY, Access.CONTAINS)}
# ``context`` and what hangs from it, up to the headers.
_PATH = ("context", "Request", "Headers")
_HEADERS = len(_PATH)
# What turns the strings of a header into the one string that it nearly always is, or leaves that one as it is.
_WHOLE = frozenset(
    {"First", "FirstOrDefault", "Single", "SingleOrDefault", "Last", "LastOrDefault", "ToString", "Trim"}
)
_STRING = frozenset({"string", "String"})
_WRAPPERS = frozenset(
    {"parenthesized_expression", "cast_expression", "postfix_unary_expression", "as_expression"}
)
_PATIENCE = 100


class _Reader:
    def __init__(self, code: Code) -> None:
        self._code = code
        self._locals = Locals(code)
        self._parents: dict[int, Node] = {}

    def read(self) -> HeaderUse:
        found: list[HeaderAccess] = []
        literals: list[str] = []
        for node in walk(self._code.tree.root_node, self._parents):
            if node.type in ("string_literal", "verbatim_string_literal"):
                if literal := self._locals.constant(node):
                    literals.append(literal.text)
            elif self._stands_for_headers(node) and (access := self._access(node)):
                found.append(access)
        return HeaderUse(tuple(found), self._copy(), tuple(literals))

    def _depth(self, node: Node, *, through_locals: bool = True) -> int:
        """How much of ``context.Request.Headers`` a node stands for: 3 for the headers, 0 for anything else."""
        names: list[str] = []
        for _ in range(_PATIENCE):
            node = self._locals.behind(node) if through_locals or names else node
            if node.type == "identifier":
                names.append(self._code.text_of(node))
                break
            step = _member(node)
            if step is None or len(names) == _HEADERS:
                return 0
            node, name = step
            names.append(self._code.text_of(name))
        return len(names) if tuple(reversed(names)) == _PATH[: len(names)] else 0

    def _stands_for_headers(self, node: Node) -> bool:
        if node.type == "identifier":
            return self._is_alias(node)
        return self._depth(node, through_locals=False) == _HEADERS

    def _is_alias(self, node: Node) -> bool:
        value = self._locals.value(node)
        if value is None or self._depth(value) != _HEADERS:
            return False
        parent = self._parents.get(node.id)
        # The name in its own declaration, and the name of a member, are no uses.
        return not (
            parent is None
            or (parent.type == "variable_declarator" and _is(parent.child_by_field_name("name"), node))
            or (
                parent.type in ("member_access_expression", "member_binding_expression")
                and _is(parent.child_by_field_name("name"), node)
            )
        )

    def _outermost(self, node: Node) -> Node:
        """The node with the parentheses, casts and ``!`` around it."""
        while (parent := self._parents.get(node.id)) is not None and parent.type in _WRAPPERS:
            node = parent
        return node

    def _access(self, headers: Node) -> HeaderAccess | None:
        """The look at headers that a node for the headers is part of; None where it only gives them a name."""
        whole = self._outermost(headers)
        parent = self._parents.get(whole.id)
        if parent is None or (
            parent.type == "variable_declarator" and not _is(parent.child_by_field_name("name"), whole)
        ):
            return None
        argument: Node | None = None
        access = Access.ALL
        fallback = False
        if parent.type == "element_access_expression" and _is(
            parent.child_by_field_name("expression"), whole
        ):
            access, argument, whole = (
                Access.INDEX,
                _first_argument(parent.child_by_field_name("subscript")),
                parent,
            )
        elif parent.type == "conditional_access_expression" and (bound := _bound(parent, whole)) is not None:
            if bound.type == "element_binding_expression":
                access, argument, whole = Access.INDEX, _first_argument(bound), parent
            else:
                access, argument, whole = self._called(parent, bound.child_by_field_name("name"))
        elif parent.type == "member_access_expression" and _is(
            parent.child_by_field_name("expression"), whole
        ):
            access, argument, whole = self._called(parent, parent.child_by_field_name("name"))
        if access is Access.VALUE and (call := _call(whole)):
            fallback = any(
                (given := self._locals.constant(other)) is None or given.text for other in call[2][1:]
            )
        span = self._source_span(whole)
        literal = self._locals.constant(argument) if argument is not None else None
        if literal is None:
            return HeaderAccess(None, access, span, span, fallback)
        return HeaderAccess(literal.text.strip(), access, span, self._source_span(literal.node), fallback)

    def _called(self, member: Node, name: Node | None) -> tuple[Access, Node | None, Node]:
        parent = self._parents.get(member.id)
        access = _ACCESSORS.get(self._code.text_of(name)) if name is not None else None
        if access is None or parent is None or parent.type != "invocation_expression":
            return Access.ALL, None, member
        return access, _first_argument(parent.child_by_field_name("arguments")), parent

    def _source_span(self, node: Node) -> Span:
        return self._code.source_span(self._code.span_of(node))

    # The value of the expression

    def _copy(self) -> HeaderCopy | None:
        prefix, value = beginning(self._code, self._locals)
        return None if value is None else self._copied(value, prefix)

    def _copied(self, value: Node, prefix: str) -> HeaderCopy | None:
        stripped: str | None = ""
        for _ in range(_PATIENCE):
            value = self._locals.behind(value)
            if (argument := self._looked_up(value)) is not None:
                literal = self._locals.constant(argument)
                return HeaderCopy(literal.text.strip(), prefix, stripped) if literal else None
            step = self._derived_from(value)
            if step is None:
                return None
            value, taken = step
            if taken != "":
                stripped = taken if stripped == "" else None
        return None

    def _looked_up(self, value: Node) -> Node | None:
        """The name's node where a value is what the headers hold under one name."""
        if call := _call(value):
            target, name, arguments = call
            found = arguments and self._code.text_of(name) == Access.VALUE.value
            return arguments[0] if found and self._depth(target) == _HEADERS else None
        indexed, subscript = _indexed(value)
        if indexed is None or self._depth(indexed) != _HEADERS:
            return None
        return _first_argument(subscript)

    def _derived_from(self, value: Node) -> tuple[Node, str | None] | None:
        """What a value is made from, and which literal text was taken from its front on the way."""
        if call := _call(value):
            target, name, arguments = call
            method = self._code.text_of(name)
            if method == "Join" and len(arguments) == 2 and self._code.text_of(target) in _STRING:
                return arguments[1], ""
            return target, "" if method in _WHOLE else self._taken(method, arguments)
        if value.type == "binary_expression" and _operator(value) == "??":
            left = value.child_by_field_name("left")
            return (left, "") if left is not None else None
        indexed, _ = _indexed(value)
        return (indexed, "") if indexed is not None else None

    def _taken(self, method: str, arguments: list[Node]) -> str | None:
        """The literal text that a call takes from the front of a string, where that can be told."""
        if method == "Replace" and len(arguments) == 2:
            old, new = self._locals.constant(arguments[0]), self._locals.constant(arguments[1])
            return old.text if old and new and not new.text else None
        if method == "Substring" and len(arguments) == 1:
            length = self._locals.behind(arguments[0])
            member = _member(length)
            if member and self._code.text_of(member[1]) == "Length":
                literal = self._locals.constant(member[0])
                return literal.text if literal else None
        return None


def _is(left: Node | None, right: Node) -> bool:
    return left is not None and left.id == right.id


def _member(node: Node) -> tuple[Node, Node] | None:
    """Target and name of ``target.name`` or ``target?.name``."""
    if node.type == "member_access_expression":
        target, name = node.child_by_field_name("expression"), node.child_by_field_name("name")
        return (target, name) if target is not None and name is not None else None
    if node.type == "conditional_access_expression" and (step := _conditional(node)):
        target, bound = step
        name = bound.child_by_field_name("name")
        return (target, name) if name is not None else None
    return None


def _indexed(node: Node) -> tuple[Node | None, Node | None]:
    """Target and index of ``target[index]`` or ``target?[index]``."""
    if node.type == "element_access_expression":
        return node.child_by_field_name("expression"), node.child_by_field_name("subscript")
    if node.type == "conditional_access_expression" and (step := _conditional(node)):
        target, bound = step
        if bound.type == "element_binding_expression":
            return target, bound
    return None, None


def _conditional(node: Node) -> tuple[Node, Node] | None:
    """Target and binding of ``target?.name`` or ``target?[index]``."""
    target = node.child_by_field_name("condition")
    bound = _bound(node, target) if target is not None else None
    return (target, bound) if target is not None and bound is not None else None


def _bound(conditional: Node, target: Node) -> Node | None:
    if not _is(conditional.child_by_field_name("condition"), target):
        return None
    for child in conditional.named_children:
        if child.type in ("member_binding_expression", "element_binding_expression"):
            return child
    return None


def _call(node: Node) -> tuple[Node, Node, list[Node]] | None:
    """Target, method name and arguments of ``target.method(…)``."""
    if node.type != "invocation_expression":
        return None
    function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    member = _member(function) if function is not None else None
    if member is None or arguments is None:
        return None
    return (
        member[0],
        member[1],
        [child.named_children[-1] for child in arguments.named_children if child.named_children],
    )


def _first_argument(arguments: Node | None) -> Node | None:
    for child in arguments.named_children if arguments is not None else ():
        if child.type == "argument" and child.named_children:
            return child.named_children[-1]
    return None


def _operator(node: Node) -> str | None:
    operator = node.child_by_field_name("operator")
    return operator.type if operator is not None else None
