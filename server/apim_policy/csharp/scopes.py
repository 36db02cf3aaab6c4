"""The names that the C# of one expression declares, and which of them an identifier means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from apim_policy.csharp.code import Code
    from apim_policy.csharp.types import Type


class LocalKind(Enum):
    """What brings a name into being."""

    VARIABLE = "variable"
    PARAMETER = "parameter"
    """Of a lambda, an anonymous method or a local function."""
    LOOP = "loop variable"
    """Of `foreach`, or of a clause of a query."""
    OUT = "out variable"
    """Declared where it is used: `out var x`, `var (a, b) = …`."""
    PATTERN = "pattern variable"
    EXCEPTION = "exception"
    FUNCTION = "local function"


@dataclass(eq=False, slots=True)
class Local:
    """A name that the expression itself declares."""

    name: str
    kind: LocalKind
    span: Span
    """Where it is declared, in ``Code.text``."""
    visible: Span
    """Where it can be used, in ``Code.text``."""
    type: Type | None = None
    """None where it is not known; of a local function what it returns."""


_SCOPES = frozenset(
    {
        "block",
        "lambda_expression",
        "anonymous_method_expression",
        "local_function_statement",
        "for_statement",
        "foreach_statement",
        "using_statement",
        "catch_clause",
        "switch_section",
        "switch_expression_arm",
        "query_expression",
        "while_statement",
    }
)
"""Nodes at whose end the names that are declared in them are gone."""
# A function among the statements is known in the whole block: it is declared with that.
_KINDS = {
    "variable_declarator": LocalKind.VARIABLE,
    "parameter": LocalKind.PARAMETER,
    "implicit_parameter": LocalKind.PARAMETER,
    "foreach_statement": LocalKind.LOOP,
    "from_clause": LocalKind.LOOP,
    "join_clause": LocalKind.LOOP,
    "let_clause": LocalKind.LOOP,
    "declaration_expression": LocalKind.OUT,
    "tuple_pattern": LocalKind.OUT,
    "declaration_pattern": LocalKind.PATTERN,
    "recursive_pattern": LocalKind.PATTERN,
    "var_pattern": LocalKind.PATTERN,
    "catch_declaration": LocalKind.EXCEPTION,
}

_TELLING = sorted(_SCOPES | _KINDS.keys())

# Only what holds one of these can declare a name without statements.
_DECLARES = re.compile(r"=>|\b(?:out|is|from|delegate|var)\b")


class Scopes:
    """All names that one expression declares, and what its identifiers mean."""

    def __init__(self, code: Code) -> None:
        self.locals: list[Local] = []
        """In the order of the text."""
        self.declared: dict[int, Local] = {}
        """By the id of the node that is the declared name."""
        self.meant: dict[int, Local] = {}
        """By the id of an identifier of the same name within reach, whether or not it stands for a value there."""
        self._code = code
        self._visible: dict[str, list[Local]] = {}
        self._frames: list[tuple[int, list[Local]]] = [(len(code.text), [])]
        if code.block or _DECLARES.search(code.text):
            self._read()

    def at(self, offset: int) -> dict[str, Local]:
        """The locals that can be used at an offset of ``Code.text``, the innermost of each name."""
        return {
            local.name: local for local in self.locals if local.visible.start <= offset <= local.visible.end
        }

    def _read(self) -> None:
        code = self._code
        for node in code.nodes_of("identifier", *_TELLING):
            start, end = code.span_of(node)
            # The scope around everything ends with the text, and so is never left.
            while len(self._frames) > 1 and start >= self._frames[-1][0]:
                self._leave()
            kind = node.type
            if kind == "identifier":
                if self._visible and (known := self._visible.get(code.text_of(node))):
                    self.meant[node.id] = known[-1]
                continue
            if kind in _SCOPES:
                self._frames.append((end, []))
            if kind in _KINDS:
                self._declare(node, kind)
            elif kind == "block":
                for child in node.named_children:
                    if child.type == "local_function_statement":
                        self._declare(child, child.type, node)

    def _declare(self, node: Node, kind: str, within: Node | None = None) -> None:
        end, frame = self._frames[-1]
        for name in _names(node, kind):
            span = self._code.span_of(name)
            text = self._code.text_of(name)
            if not text or name.id in self.declared:
                continue
            # A variable can be used once its own declaration is over, a function everywhere; all others at once.
            start = self._code.span_of(node).end if kind == "variable_declarator" else span.end
            if within is not None:
                start = self._code.span_of(within).start
            local = Local(text, _KINDS.get(kind, LocalKind.FUNCTION), span, Span(start, max(start, end)))
            self.locals.append(local)
            self.declared[name.id] = local
            self._visible.setdefault(text, []).append(local)
            frame.append(local)

    def _leave(self) -> None:
        for local in reversed(self._frames.pop()[1]):
            self._visible[local.name].pop()


def _names(node: Node, kind: str) -> Iterator[Node]:
    if kind == "implicit_parameter":
        yield node
    elif kind == "foreach_statement":
        left = node.child_by_field_name("left")
        if left is not None and left.type == "identifier":
            yield left
    elif kind == "let_clause":
        yield from node.named_children[:1]
    else:
        yield from (name for name in node.children_by_field_name("name") if name.type == "identifier")
