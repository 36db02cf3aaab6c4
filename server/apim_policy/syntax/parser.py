"""Text to tree: the nesting of tags, and what to make of it where they do not match."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from apim_policy.syntax.comments import comment_faults
from apim_policy.syntax.names import may_hold
from apim_policy.syntax.scanner import Item, Scanner
from apim_policy.syntax.tree import (
    CData,
    Comment,
    Document,
    Element,
    EndTag,
    Fault,
    FaultKind,
    Node,
    PartKind,
    ProcessingInstruction,
    StrayEndTag,
    Text,
)
from apim_policy.text.lines import LineIndex

if TYPE_CHECKING:
    import re

# How far an end tag that does not match looks ahead, and how often in one document.
_LOOK_AHEAD = 400
_LOOKS = 200


def parse(text: str, placeholders: re.Pattern[str] | None = None) -> Document:
    """The tree of a text and its syntax errors; never raises.

    ``placeholders`` matches further forms of template placeholders, besides those that are known.
    """
    scanner = Scanner(text, placeholders)
    scanner.run()
    builder = _Builder(text, scanner.items, scanner.faults)
    nodes = builder.run()
    faults = scanner.faults
    if "<!--" in text:
        faults.extend(comment_faults(text, scanner.items))
    if len(faults) > 1:
        faults.sort(key=lambda fault: (fault.start, fault.end))
    return Document(text, nodes, faults)


class _Builder:
    def __init__(self, text: str, items: list[Item], faults: list[Fault]) -> None:
        self.text = text
        self.items = items
        self.faults = faults
        self.top: list[Node] = []
        self.stack: list[Element] = []
        self.open_names: dict[str, int] = {}
        self.looks = _LOOKS
        # A child may move up once for each unclosed element around it; a bound keeps hostile nesting linear.
        self.moves = 4 * len(items)

    @cached_property
    def lines(self) -> LineIndex:
        return LineIndex(self.text)

    def run(self) -> list[Node]:
        stack, open_names = self.stack, self.open_names
        children = self.top
        for index, item in enumerate(self.items):
            if isinstance(item, EndTag):
                if stack and stack[-1].name == item.name:
                    self._close(item)
                else:
                    self._odd_end_tag(item, index)
                children = stack[-1].children if stack else self.top
                continue
            children.append(item)
            if stack:
                item.parent = stack[-1]
            if isinstance(item, Element):
                if not item.self_closing and item.tag_end > item.start:
                    stack.append(item)
                    open_names[item.name] = open_names.get(item.name, 0) + 1
                    children = item.children
            elif isinstance(item, Text) and stack:
                for part in item.parts:
                    if part.kind is PartKind.DIRECTIVE or part.kind is PartKind.PLACEHOLDER:
                        stack[-1].open = True
                        break
        if stack:
            self._unclosed_above(0, len(self.text))
        self._check_top()
        return self.top

    def _pop(self) -> Element:
        element = self.stack.pop()
        count = self.open_names[element.name] - 1
        if count:
            self.open_names[element.name] = count
        else:
            del self.open_names[element.name]
        return element

    def _close(self, tag: EndTag) -> None:
        element = self._pop()
        element.end_tag = tag
        element.end = tag.end

    def _odd_end_tag(self, tag: EndTag, index: int) -> None:
        stack, name = self.stack, tag.name
        top = stack[-1] if stack else None
        if top is not None and not name:
            # "</>" can only mean the innermost element.
            self._mismatched(tag, top)
        elif top is not None and name in self.open_names:
            following = self._next_end(index)
            if following == name and self.open_names[name] == 1 and stack[-2].name == name:
                self._mismatched(tag, top)
                return
            depth = len(stack) - 1
            while stack[depth].name != name:
                depth -= 1
            self._unclosed_above(depth + 1, tag.start)
            self._close(tag)
        elif top is not None and self._is_mistaken(name, top, index):
            self._mismatched(tag, top)
        else:
            stray = StrayEndTag(tag.start, tag.end, name)
            if top is not None:
                stray.parent = top
                top.children.append(stray)
            else:
                self.top.append(stray)
            self._fault(FaultKind.STRAY_END_TAG, tag.start, tag.end, "stray", name, (tag.start, tag.end, ""))

    def _is_mistaken(self, name: str, top: Element, index: int) -> bool:
        """Whether an end tag of a name that is not open was meant for the innermost element."""
        following = self._next_end(index)
        if following == top.name and (len(self.stack) < 2 or self.stack[-2].name != top.name):
            return False
        if following is None:
            return len(self.stack) == 1 or name.startswith(top.name[:3])
        return following in self.open_names

    def _mismatched(self, tag: EndTag, top: Element) -> None:
        self._fault(
            FaultKind.MISMATCHED_END_TAG,
            tag.start,
            tag.end,
            "other-name",
            tag.name,
            (tag.name_start, tag.name_start + len(tag.name), top.name),
            (top.start, top.tag_end),
        )
        self._close(tag)

    def _next_end(self, index: int) -> str | None:
        """Name of the next end tag that closes what is open now; None where none comes soon."""
        if self.looks <= 0:
            return None
        self.looks -= 1
        depth = 0
        for item in self.items[index + 1 : index + 1 + _LOOK_AHEAD]:
            if isinstance(item, EndTag):
                if depth == 0:
                    return item.name
                depth -= 1
            elif isinstance(item, Element) and not item.self_closing:
                depth += 1
        return None

    def _unclosed_above(self, depth: int, end: int) -> None:
        """Close the open elements from ``depth`` upwards, which have no end tag, before ``end``."""
        while len(self.stack) > depth:
            element = self._pop()
            parent = self.stack[-1] if self.stack else None
            self._end_early(element, parent, end)
            self._fault(
                FaultKind.UNCLOSED_ELEMENT,
                element.start,
                element.tag_end,
                "element",
                element.name,
                self._end_tag_for(element),
            )

    def _end_early(self, element: Element, parent: Element | None, end: int) -> None:
        """Give the children that an unclosed element cannot hold to its parent."""
        children = element.children
        keep = len(children)
        for index, child in enumerate(children if parent is not None and self.moves > 0 else ()):
            if isinstance(child, Element) and not may_hold(element.name, child.name):
                keep = index
                break
        # A comment and white space before what follows belong to it.
        if keep < len(children):
            while keep and isinstance(children[keep - 1], Comment):
                keep -= 1
                if keep and self._is_blank(children[keep - 1]):
                    keep -= 1
        while keep and self._is_blank(children[keep - 1]):
            keep -= 1
        moved = children[keep:]
        self.moves -= len(moved)
        del children[keep:]
        element.end = children[-1].end if children else element.tag_end
        if keep == 0 and moved and isinstance(moved[0], Text) and not self._is_blank(moved[0]):
            element.end = element.tag_end
        siblings = parent.children if parent is not None else self.top
        for node in moved:
            node.parent = parent
        siblings.extend(moved)

    def _is_blank(self, node: Node) -> bool:
        return type(node) is Text and self.text[node.start : node.end].isspace()

    def _end_tag_for(self, element: Element) -> tuple[int, int, str]:
        """The insertion that closes an element where it was taken to end."""
        closing = f"</{element.name}>"
        if not any(isinstance(child, Element) for child in element.children):
            return element.end, element.end, closing
        lines = self.lines
        indent = self.text[lines.line_start(lines.line_of(element.start)) : element.start]
        if indent.strip():
            return element.end, element.end, closing
        newline = self.text[lines.line_end(0) : lines.line_start(1)] if lines.line_count > 1 else "\n"
        return element.end, element.end, f"{newline}{indent}{closing}"

    def _check_top(self) -> None:
        """One root, nothing but comments beside it, the XML declaration first."""
        root: Element | None = None
        for node in self.top:
            if isinstance(node, Element):
                if root is not None:
                    self._fault(
                        FaultKind.MISPLACED_CONTENT,
                        node.start,
                        node.tag_end,
                        "second-root",
                        node.name,
                        related=(root.start, root.tag_end),
                    )
                else:
                    root = node
            elif isinstance(node, ProcessingInstruction):
                first = 1 if self.text.startswith("\ufeff") else 0
                if node.start != first and self.text.startswith("<?xml", node.start):
                    self._fault(FaultKind.MISPLACED_CONTENT, node.start, node.end, "declaration", "<?xml")
            elif isinstance(node, CData):
                self._fault(FaultKind.MISPLACED_CONTENT, node.start, node.end, "text", "<![CDATA[")
            elif isinstance(node, Text):
                self._check_top_text(node)

    def _check_top_text(self, node: Text) -> None:
        for part in node.parts:
            if part.kind in (PartKind.PLACEHOLDER, PartKind.DIRECTIVE):
                continue
            word = self.text[part.start : part.end]
            if word.isspace():
                continue
            start = part.start + len(word) - len(word.lstrip())
            end = part.start + len(word.rstrip())
            token = self.text[start:end].split("\n", 1)[0].rstrip()
            self._fault(FaultKind.MISPLACED_CONTENT, start, end, "text", token[:40])

    def _fault(
        self,
        kind: FaultKind,
        start: int,
        end: int,
        detail: str,
        token: str,
        repair: tuple[int, int, str] | None = None,
        related: tuple[int, int] | None = None,
    ) -> None:
        self.faults.append(Fault(kind, start, end, detail, token, repair, related))
