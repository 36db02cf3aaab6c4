"""Whether the end of a block can be reached, which in a policy expression means that it gives nothing back."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from apim_policy.csharp.values import walk

if TYPE_CHECKING:
    from tree_sitter import Node

    from apim_policy.csharp.code import Code

_ENDS = frozenset({"return_statement", "throw_statement", "continue_statement", "goto_statement"})
_RUNS_ON = frozenset(
    {
        "expression_statement",
        "local_declaration_statement",
        "local_function_statement",
        "empty_statement",
        "foreach_statement",
        "comment",
        "break_statement",
    }
)
_LOOPS = frozenset({"for_statement", "foreach_statement", "while_statement", "do_statement"})
_APART = frozenset({"lambda_expression", "anonymous_method_expression", "local_function_statement"})
_WRAPPERS = frozenset({"using_statement", "lock_statement", "checked_statement", "labeled_statement"})
# Statements that nest deeper than any author writes; beyond it nothing is claimed.
_DEPTH = 60


@lru_cache(maxsize=8192)
def missing_return(code: Code) -> bool:
    """Whether some path of a block surely ends without ``return`` or ``throw``.

    False for single values, for broken code, and wherever a template or unknown syntax has a say.
    """
    if not code.block or not code.text[2:-1].strip():
        return False
    # Most blocks end so, and need no more.
    block = body(code)
    if block is None or _last_returns(block):
        return False
    if code.tree.root_node.has_error or "goto" in code.text or "#" in code.text or "%{" in code.decoded:
        return False
    if any(not _apart_from_code(code, span.start) for span in code.foreign):
        return False
    return _completes(code, block, 0)


def body(code: Code) -> Node | None:
    """The block of ``@{…}``."""
    node = code.tree.root_node
    if not node.named_children:
        return None
    statement = node.named_children[-1]
    inner = statement.named_children[0] if statement.named_children else None
    return inner if inner is not None and inner.type == "block" else None


def last_statement(block: Node) -> Node | None:
    """The last statement of a block, comments apart."""
    for child in reversed(block.named_children):
        if child.type != "comment":
            return child
    return None


def _last_returns(block: Node) -> bool:
    last = last_statement(block)
    return last is not None and last.type in ("return_statement", "throw_statement")


def _apart_from_code(code: Code, offset: int) -> bool:
    shift = 0 if code.block else 1
    node = code.tree.root_node.descendant_for_byte_range(offset + shift, offset + shift + 1)
    return node is not None and (
        node.type.startswith(("string", "character", "comment")) or node.type.endswith("literal")
    )


def _completes(code: Code, node: Node, depth: int) -> bool:
    """Whether the statement after this one is surely reached on some path; False where that is not sure."""
    kind = node.type
    if kind in _RUNS_ON:
        return kind != "break_statement"
    if kind in _ENDS or depth > _DEPTH:
        return False
    if kind == "block":
        return all(_completes(code, child, depth + 1) for child in node.named_children)
    if kind == "if_statement":
        return _if_completes(code, node, depth)
    if kind == "switch_statement":
        return _switch_completes(node)
    if kind == "try_statement":
        return _try_completes(code, node, depth)
    if kind in _LOOPS:
        return _loop_completes(code, node, depth)
    if kind in _WRAPPERS:
        inner = node.child_by_field_name("body") or last_statement(node)
        return inner is not None and _completes(code, inner, depth + 1)
    return False


def _if_completes(code: Code, node: Node, depth: int) -> bool:
    condition = node.child_by_field_name("condition")
    if condition is None or not _varies(condition):
        return False
    taken = node.child_by_field_name("consequence")
    other = node.child_by_field_name("alternative")
    if other is None or taken is None:
        return True
    return _completes(code, taken, depth + 1) or _completes(code, other, depth + 1)


def _switch_completes(node: Node) -> bool:
    inside = node.child_by_field_name("body")
    if inside is None:
        return False
    default = any(
        child.type == "default" for section in inside.named_children for child in section.children[:1]
    )
    patterns = any(child.type in ("discard", "var_pattern") for child in walk(inside))
    return not patterns and (not default or _breaks(inside))


def _try_completes(code: Code, node: Node, depth: int) -> bool:
    finals = [child for child in node.named_children if child.type == "finally_clause"]
    for final in finals:
        block = last_statement(final)
        if block is None or not _completes(code, block, depth + 1):
            return False
    blocks = [node.child_by_field_name("body")]
    blocks += [
        child.child_by_field_name("body") for child in node.named_children if child.type == "catch_clause"
    ]
    return any(block is not None and _completes(code, block, depth + 1) for block in blocks)


def _loop_completes(code: Code, node: Node, depth: int) -> bool:
    inner = node.child_by_field_name("body")
    if inner is None:
        return False
    if _breaks(inner):
        return True
    condition = node.child_by_field_name("condition")
    if condition is None or not _varies(condition):
        return False
    return node.type != "do_statement" or _completes(code, inner, depth + 1)


def _varies(condition: Node) -> bool:
    """Whether a condition may come out either way, as far as can be told: constants may not."""
    return any(node.type in ("identifier", "this", "invocation_expression") for node in walk(condition))


def _breaks(body_: Node) -> bool:
    """Whether a ``break`` leaves the loop or the switch that has this body."""
    stack = [body_]
    while stack:
        node = stack.pop()
        if node.type == "break_statement":
            return True
        stack += [
            child
            for child in node.named_children
            if child.type not in _LOOPS and child.type not in _APART and child.type != "switch_statement"
        ]
    return False
