"""Other ways to write the expression at the caret: with character references or without, and reads that cannot fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.csharp.code import code_of
from apim_policy.csharp.shapes import call, first_argument, indexed
from apim_policy.csharp.values import locals_of
from apim_policy.ide.expressions.cursor import expression_at
from apim_policy.rules.model import Applicability, FileEdit, Fix
from apim_policy.syntax.parser import parse
from apim_policy.syntax.tree import CData, decode_entities
from apim_policy.text.edits import TextEdit, apply_edits
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tree_sitter import Node

    from apim_policy.csharp.code import Code
    from apim_policy.syntax.tree import Attribute, Document, Expression

_REFERENCES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}
_FIRST = frozenset({"First", "FirstOrDefault"})


def rewrites(document: Document, path: Path, span: Span) -> list[Fix]:
    """What may be offered at a caret in an expression, or for a selection that lies in one."""
    found = expression_at(document, span.start)
    if found is None or not found[0].closed or span.end > found[0].end:
        return []
    expression, element, attribute = found
    texts = element.texts() if element is not None else ()
    if any(isinstance(text, CData) and text.span.covers(expression.span) for text in texts):
        return []
    offered = [(_title(expression), _respelled(document, expression, attribute))]
    code = code_of(document, expression)
    for node in _around(code, code.text_offset(span.start - expression.start)):
        read = _safe_read(code, node)
        if read is not None:
            place, new = read
            place = Span(place.start + expression.start, place.end + expression.start)
            offered.append(("Read with GetValueOrDefault", TextEdit(place, new)))
            break
    return [
        Fix(title, (FileEdit(path, (edit,)),), Applicability.UNSAFE)
        for title, edit in offered
        if edit is not None
    ]


def _title(expression: Expression) -> str:
    if expression.escaped:
        return "Write the expression without character references"
    return "Write the expression with character references"


# With references, or without


def _respelled(document: Document, expression: Expression, attribute: Attribute | None) -> TextEdit | None:
    """The change of spelling; None where it would change what the service reads."""
    raw = document.slice(expression)
    if expression.escaped:
        new = decode_entities(raw)
    else:
        quote = attribute.quote if attribute is not None else ""
        if quote and "\n" in raw:
            # Line ends in an attribute are spaces to an XML reader, and end no comment.
            return None
        marks = {"&", "<", ">", quote}
        new = "".join(_REFERENCES[each] if each in marks else each for each in raw)
    edit = TextEdit(expression.span, new)
    return edit if new != raw and _says_the_same(document, expression, edit) else None


def _says_the_same(document: Document, expression: Expression, edit: TextEdit) -> bool:
    after = parse(apply_edits(document.text, (edit,)))
    if len(after.faults) > len(document.faults):
        return False
    end = expression.start + len(edit.new_text)
    found = next((each for each in after.expressions() if each.start == expression.start), None)
    if found is None or found.end != end or found.escaped is expression.escaped:
        return False
    return code_of(after, found).decoded == code_of(document, expression).decoded


# Reads that cannot fail


def _around(code: Code, offset: int) -> Iterator[Node]:
    """The nodes that hold a character, from the innermost outwards."""
    node = code.node_at(offset)
    while node is not None:
        yield node
        node = code.parents.get(node.id) or (node.parent if not node.is_named else None)


def _safe_read(code: Code, node: Node) -> tuple[Span, str] | None:
    """A read through an indexer as a call of GetValueOrDefault: what it takes the place of in the source, and its text."""
    target, index = indexed(node)
    if node.type != "element_access_expression" or target is None or code.is_foreign(node):
        return None
    key = first_argument(index)
    dictionary = "".join(code.text_of(locals_of(code).behind(target)).split())
    if key is None or code.span_of(key).start == 0:
        return None
    source = _source(code, target), _source(code, key)
    quote = "&quot;" if "&quot;" in source[1] else '"'
    whole: Node | None = node
    if dictionary == "context.Variables":
        cast = _outer(code, node)
        if cast is None or cast.type != "cast_expression":
            return None
        kind = cast.child_by_field_name("type")
        if kind is None:
            return None
        less, greater = ("&lt;", "&gt;") if quote != '"' or "&lt;" in source[1] else ("<", ">")
        new = f"{source[0]}.GetValueOrDefault{less}{_source(code, kind)}{greater}({source[1]})"
        return code.source_span(code.span_of(cast)), new
    if dictionary.endswith((".Headers", ".Query")):
        # The values of a header or a parameter: a default stands for the first.
        whole = _first_of(code, node)
    elif not dictionary.endswith(".MatchedParameters"):
        return None
    if whole is None or not dictionary.startswith("context."):
        return None
    return code.source_span(
        code.span_of(whole)
    ), f"{source[0]}.GetValueOrDefault({source[1]}, {quote}{quote})"


def _source(code: Code, node: Node) -> str:
    span = code.source_span(code.span_of(node))
    return code.raw[span.start : span.end]


def _outer(code: Code, node: Node) -> Node | None:
    """What holds a node, parentheses aside."""
    outer = code.parents.get(node.id)
    while outer is not None and outer.type == "parenthesized_expression":
        outer = code.parents.get(outer.id)
    return outer


def _first_of(code: Code, node: Node) -> Node | None:
    """``node[0]``, ``node.First()`` or ``node.FirstOrDefault()`` around a node."""
    outer = code.parents.get(node.id)
    if outer is None:
        return None
    target, index = indexed(outer)
    if target is not None and target.id == node.id:
        number = first_argument(index)
        return outer if number is not None and code.text_of(number) == "0" else None
    asked = code.parents.get(outer.id)
    called = call(asked) if asked is not None else None
    if called is None or called[0].id != node.id or called[2]:
        return None
    return asked if code.text_of(called[1]) in _FIRST else None
