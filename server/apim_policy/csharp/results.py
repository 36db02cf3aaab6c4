"""What one expression gives back."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.csharp.code import Code, code_of
from apim_policy.csharp.values import concatenated, locals_of, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from apim_policy.csharp.values import Locals
    from apim_policy.syntax.tree import Document, Expression

# Where control may take several ways, the one value that is returned last says little.
_BRANCHING = frozenset(
    {
        "if_statement",
        "switch_statement",
        "try_statement",
        "for_statement",
        "foreach_statement",
        "while_statement",
    }
)
_FUNCTIONS = frozenset({"lambda_expression", "anonymous_method_expression", "local_function_statement"})
_PATIENCE = 200


def result(code: Code) -> Node | None:
    """The node of the value that an expression gives back, where surely only one place does."""
    root = code.tree.root_node
    if not code.block:
        whole = next((node for node in walk(root) if node.type == "assignment_expression"), None)
        return whole.child_by_field_name("right") if whole is not None else None
    returned: Node | None = None
    for node in walk(root):
        if node.type in _BRANCHING or (node.type == "return_statement" and returned is not None):
            return None
        if node.type == "return_statement":
            returned = node
    return returned.named_children[0] if returned is not None and returned.named_children else None


def returned(code: Code) -> Iterator[Node]:
    """All values that an expression may give back, without those that functions in it give back."""
    root = code.tree.root_node
    if not code.block:
        value = result(code)
        if value is not None:
            yield value
        return
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type == "return_statement":
            yield from node.named_children[:1]
        elif node.type not in _FUNCTIONS:
            stack.extend(reversed(node.named_children))


class Beginning(NamedTuple):
    """How a text begins."""

    text: str
    """Its first characters, as far as they are known before the expression runs."""
    rest: Node | None
    """The only thing that follows them; None where nothing or more than one thing does."""


def beginning(code: Code, locals_: Locals) -> Beginning:
    """How the text that an expression gives back begins."""
    value = result(code)
    rest: list[Node] = []
    for _ in range(_PATIENCE):
        if value is None:
            return Beginning("", None)
        value = locals_.behind(value)
        sides = concatenated(value) if value.type == "binary_expression" else None
        if sides is None:
            break
        rest.append(sides[1])
        value = sides[0]
    if value is None:
        return Beginning("", None)
    if literal := locals_.constant(value):
        return Beginning(literal.text, locals_.behind(rest[-1]) if len(rest) == 1 else None)
    if value.type == "interpolated_string_expression":
        return _interpolated(code, locals_, value, followed=bool(rest))
    return Beginning("", None if rest else value)


def _interpolated(code: Code, locals_: Locals, node: Node, *, followed: bool) -> Beginning:
    parts = [child for child in node.named_children if child.type != "interpolation_start"]
    holes = [index for index, part in enumerate(parts) if part.type == "interpolation"]
    if code.is_foreign(node) or not holes:
        return Beginning("", None)
    text = "".join(code.text_of(part) for part in parts[: holes[0]])
    inner = [child for child in parts[-1].named_children if child.type != "interpolation_brace"]
    alone = len(holes) == 1 and holes[0] == len(parts) - 1 and len(inner) == 1 and not followed
    return Beginning(text, locals_.behind(inner[0]) if alone else None)


def leading_text(document: Document, expression: Expression) -> str:
    """The first characters of the text that an expression of a document gives back, as far as they are known."""
    # Only what holds a string begins with a text that is known; most expressions need no tree.
    if not expression.escaped and document.text.find('"', expression.start, expression.end) < 0:
        return ""
    return _leading(code_of(document, expression))


@lru_cache(maxsize=1024)
def _leading(code: Code) -> str:
    return beginning(code, locals_of(code)).text
