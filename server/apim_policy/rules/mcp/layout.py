"""New elements in the layout of the document that they are put into, and elements taken out without a trace."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apim_policy.syntax.tree import Comment, Element, Node, Text
from apim_policy.text.edits import TextEdit
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apim_policy.syntax.tree import Document

Line = tuple[int, str]
"""A line of new text: how deep it is indented, in steps, and what it says."""

_LINE_END = re.compile(r"\r\n|\n|\r")
_DEFAULT_STEP = "    "


def line_end(document: Document) -> str:
    """How the document ends its lines."""
    match = _LINE_END.search(document.text)
    return match.group() if match else "\n"


def indentation(document: Document, node: Node) -> str | None:
    """The white space before a node; None where something else stands before it on its line."""
    start = document.lines.line_start(document.lines.line_of(node.start))
    before = document.text[start : node.start]
    return before if not before.strip() else None


def step(document: Document, near: Element) -> str:
    """By how much the document indents what an element holds, judged near ``near``."""
    for parent in (near, *near.ancestors(), *(document.root.walk() if document.root else ())):
        outer = indentation(document, parent)
        for child in parent.elements():
            inner = indentation(document, child)
            if (
                outer is not None
                and inner is not None
                and inner.startswith(outer)
                and len(inner) > len(outer)
            ):
                return inner[len(outer) :]
    return _DEFAULT_STEP


def appended(document: Document, holder: Element, lines: Sequence[Line]) -> TextEdit:
    """The edit that puts new lines at the end of what an element holds."""
    end = line_end(document)
    outer = indentation(document, holder) or ""
    block = _block(lines, _inner(document, holder), step(document, holder), end)
    if holder.self_closing:
        tag = document.slice(holder.tag_span)
        start = holder.start + len(tag[:-2].rstrip())
        return TextEdit(Span(start, holder.tag_end), f">{end}{block}{end}{outer}</{holder.name}>")
    last = _last_content(document, holder)
    after = document.text[last : holder.content_span.end]
    closing = "" if _LINE_END.search(after) else f"{end}{outer}"
    return TextEdit.insert(last, f"{end}{block}{closing}")


def put_before(document: Document, element: Element, lines: Sequence[Line]) -> TextEdit:
    """The edit that puts new lines before an element, and before the comments that belong to it."""
    end = line_end(document)
    first = _with_comments(document, element)
    indent = indentation(document, first)
    near = element.parent or element
    if indent is None:
        inner = _inner(document, near)
        block = _block(lines, inner, step(document, near), end)
        return TextEdit.insert(first.start, f"{end}{block}{end}{inner}")
    block = _block(lines, indent, step(document, near), end)
    return TextEdit.insert(first.start, f"{block[len(indent) :]}{end}{indent}")


def put_after(document: Document, element: Element, lines: Sequence[Line]) -> TextEdit:
    """The edit that puts new lines after an element."""
    end = line_end(document)
    indent = indentation(document, element)
    near = element.parent or element
    inner = _inner(document, near) if indent is None else indent
    return TextEdit.insert(element.end, f"{end}{_block(lines, inner, step(document, near), end)}")


def taken_out(document: Document, first: Element, last: Element) -> TextEdit:
    """The edit that removes an element, or siblings from the first to the last, with the lines that they stand on."""
    siblings = first.parent.children if first.parent else document.nodes
    at = next(index for index, node in enumerate(siblings) if node is last)
    after = _next_content(document, siblings[at + 1 :])
    if after is not None and indentation(document, first) is not None:
        return TextEdit.delete(first.start, after)
    before = first.start
    while before > 0 and document.text[before - 1] in " \t\r\n":
        before -= 1
    return TextEdit.delete(before, last.end)


def pasted(lines: Sequence[Line]) -> str:
    """The lines as a text to copy."""
    return _block(lines, "", _DEFAULT_STEP, "\n")


def _block(lines: Sequence[Line], indent: str, unit: str, end: str) -> str:
    return end.join(f"{indent}{unit * depth}{text}" for depth, text in lines)


def _inner(document: Document, holder: Element) -> str:
    """The indentation of what an element holds."""
    for child in holder.elements():
        indent = indentation(document, child)
        if indent is not None:
            return indent
    return (indentation(document, holder) or "") + step(document, holder)


def _last_content(document: Document, holder: Element) -> int:
    """Just after the last thing in an element that is not white space."""
    content = document.slice(holder.content_span)
    return holder.tag_end + len(content.rstrip())


def _next_content(document: Document, nodes: Sequence[Node]) -> int | None:
    """Where the first of some nodes begins that is not white space; None where that is on the same line or there is none."""
    broken = False
    for node in nodes:
        text = document.slice(node)
        if not isinstance(node, Text):
            return node.start if broken else None
        blank = len(text) - len(text.lstrip())
        broken = broken or _LINE_END.search(text, 0, blank) is not None
        if text.strip():
            return node.start + blank if broken else None
    return None


def _with_comments(document: Document, element: Element) -> Node:
    """The first of the comments that stand right above an element, or the element itself."""
    siblings = element.parent.children if element.parent else document.nodes
    first: Node = element
    at = next(index for index, node in enumerate(siblings) if node is element)
    while at >= 2:
        gap, comment = siblings[at - 1], siblings[at - 2]
        near = (
            isinstance(gap, Text)
            and not document.slice(gap).strip()
            and len(_LINE_END.findall(document.slice(gap))) == 1
        )
        if not near or not isinstance(comment, Comment) or indentation(document, comment) is None:
            break
        first = comment
        at -= 2
    return first
