"""Text to tree: the nesting of tags, and what to make of it where they do not match."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from apim_policy.syntax.comments import comment_faults
from apim_policy.syntax.end_tags import Lookahead, Meaning
from apim_policy.syntax.names import may_hold
from apim_policy.syntax.repairs import proven
from apim_policy.syntax.scanner import Item, Scanner
from apim_policy.syntax.spaces import foreign_spaces
from apim_policy.syntax.top_level import lost_root, lost_root_repair, top_level_faults
from apim_policy.syntax.tree import (
    ROOTS,
    Comment,
    Document,
    Element,
    EndTag,
    Fault,
    FaultKind,
    Node,
    PartKind,
    StrayEndTag,
    Text,
)
from apim_policy.syntax.unclosed import end_tag_for, held, is_blank, newline
from apim_policy.text.lines import LineIndex

if TYPE_CHECKING:
    import re

# How many siblings back an element may stand that closed itself by mistake.
_SIBLINGS = 60
_TEMPLATED = (PartKind.DIRECTIVE, PartKind.PLACEHOLDER)


def parse(text: str, placeholders: re.Pattern[str] | None = None) -> Document:
    """The tree of a text and its syntax errors; never raises.

    ``placeholders`` matches further forms of template placeholders, besides those that are known.
    """
    nodes, faults = _read(text, placeholders)
    if faults:
        faults = proven(text, faults, lambda repaired: len(_read(repaired, placeholders)[1]))
    return Document(text, nodes, faults)


def _read(text: str, placeholders: re.Pattern[str] | None) -> tuple[list[Node], list[Fault]]:
    scanner = Scanner(text, placeholders)
    scanner.run()
    builder = _Builder(text, scanner)
    nodes = builder.run()
    faults = builder.faults
    if "<!--" in text:
        faults.extend(comment_faults(text, scanner.items))
    faults.extend(foreign_spaces(text, scanner.items))
    if len(faults) > 1:
        faults.sort(key=lambda fault: (fault.start, fault.end))
    return nodes, faults


class _Builder:
    def __init__(self, text: str, scanner: Scanner) -> None:
        self.text = text
        self.items: list[Item] = scanner.items
        self.faults = scanner.faults
        self.unclosed_tags = scanner.unclosed_tags
        self.unclosed_end_tags = scanner.unclosed_end_tags
        self.top: list[Node] = []
        self.stack: list[Element] = []
        self.open_names: dict[str, int] = {}
        self.lookahead = Lookahead(self.items)
        # The end tag that the one before it was swapped with.
        self.swapped: Item | None = None
        # Faults of elements that an end tag around them cut off, by name, with what is around both.
        self.cut_off: dict[str, tuple[int, Element | None]] = {}
        self.root_sought = False
        # A child may move up once for each unclosed element around it; a bound keeps hostile nesting linear.
        self.moves = 4 * len(self.items)

    @cached_property
    def lines(self) -> LineIndex:
        return LineIndex(self.text)

    def run(self) -> list[Node]:
        stack, open_names = self.stack, self.open_names
        children = self.top
        for index, item in enumerate(self.items):
            if isinstance(item, EndTag):
                if stack and (stack[-1].name == item.name or item is self.swapped):
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
                    if part.kind in _TEMPLATED:
                        stack[-1].open = True
                        break
        if stack:
            self._end_of_text()
        self.faults.extend(top_level_faults(self.text, self.top))
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

    # End tags that do not match

    def _odd_end_tag(self, tag: EndTag, index: int) -> None:
        stack, name = self.stack, tag.name
        if stack and not name:
            self._mismatched(tag, "no-name")
            return
        meaning = self.lookahead.meaning(name, stack, index, name in self.open_names)
        if meaning is Meaning.MISTAKEN:
            self._mismatched(tag, "other-name")
        elif meaning is Meaning.SWAPPED:
            self._swapped(tag, index)
        elif meaning is Meaning.CLOSES:
            depth = len(stack) - 1
            while stack[depth].name != name:
                depth -= 1
            self._unclosed_above(depth + 1, tag)
            self._close(tag)
        elif not self._closed_itself(tag):
            self._stray(tag)

    def _mismatched(self, tag: EndTag, detail: str) -> None:
        top, name = self.stack[-1], tag.name
        start, end = tag.name_start, tag.name_start + len(name)
        meant = top.name
        index = self.unclosed_end_tags.get(tag, -1)
        if index >= 0 or not (name or self.text.startswith(">", tag.end - 1)):
            meant += ">"
            if top.name.startswith(name):
                start, meant = end, meant[len(name) :]
        place = (top.start, top.tag_end)
        fault = Fault(
            FaultKind.MISMATCHED_END_TAG, tag.start, tag.end, detail, name, (start, end, meant), place
        )
        self._replace(index, fault)
        self._close(tag)

    def _swapped(self, tag: EndTag, index: int) -> None:
        after = self.lookahead.following(index)
        other = self.items[after] if after is not None else None
        if not isinstance(other, EndTag):
            return
        text, top = self.text, self.stack[-1]
        between = text[tag.end : other.start]
        repair = f"{text[other.start : other.end]}{between}{text[tag.start : tag.end]}"
        self.faults.append(
            Fault(
                FaultKind.MISMATCHED_END_TAG,
                tag.start,
                tag.end,
                "swapped",
                tag.name,
                (tag.start, other.end, repair),
                (top.start, top.tag_end),
            )
        )
        self._close(tag)
        self.swapped = other

    def _closed_itself(self, tag: EndTag) -> bool:
        """An end tag whose element closes itself further up: what stands between is the element's."""
        parent = self.stack[-1] if self.stack else None
        siblings = parent.children if parent is not None else self.top
        for back in range(1, min(len(siblings), _SIBLINGS) + 1):
            node = siblings[-back]
            if not isinstance(node, Element):
                continue
            if node.name == tag.name:
                break
            if not may_hold(tag.name, node.name):
                return False
        else:
            return False
        slash = node.tag_end - 2
        if not node.self_closing or not self.text.startswith("/>", slash):
            return False
        space = node.start + len(self.text[node.start : slash].rstrip())
        moved = siblings[len(siblings) - back + 1 :]
        del siblings[len(siblings) - back + 1 :]
        self._adopt(moved, node)
        node.self_closing = False
        node.end_tag = tag
        node.end = tag.end
        self.faults.append(
            Fault(
                FaultKind.STRAY_END_TAG,
                tag.start,
                tag.end,
                "self-closed",
                tag.name,
                (space, slash + 1, ""),
                (node.start, node.tag_end),
            )
        )
        return True

    def _stray(self, tag: EndTag) -> None:
        stray = StrayEndTag(tag.start, tag.end, tag.name)
        around = self.stack[-1] if self.stack else None
        self._adopt([stray], around)
        index, place = self.cut_off.pop(tag.name, (-1, None))
        first = None
        if around is None and tag.name in ROOTS and not self.root_sought:
            self.root_sought = True
            first = lost_root(self.top)
        if index >= 0 and place is around:
            unclosed = self.faults[index]
            where = (unclosed.start, unclosed.end)
            self.faults[index] = Fault(
                FaultKind.MISMATCHED_END_TAG, tag.start, tag.end, "crossed", tag.name, related=where
            )
        elif first is None:
            repair = (tag.start, tag.end, "")
            fault = Fault(FaultKind.STRAY_END_TAG, tag.start, tag.end, "stray", tag.name, repair)
            self._replace(self.unclosed_end_tags.get(tag, -1), fault)
        else:
            repair = lost_root_repair(self.text, self.top, first, tag.name, newline(self.text, self.lines))
            self.faults.append(
                Fault(FaultKind.STRAY_END_TAG, tag.start, tag.end, "no-start", tag.name, repair)
            )

    # Elements without an end tag

    def _unclosed_above(self, depth: int, tag: EndTag | None) -> list[Element]:
        """Close the open elements from ``depth`` upwards, which have no end tag before ``tag``.

        Those that nothing ends before the end of the text are left to the caller to report, innermost first.
        """
        late: list[Element] = []
        while len(self.stack) > depth:
            element = self._pop()
            parent = self.stack[-1] if self.stack else None
            if element in self.unclosed_tags and self.moves > 0:
                self._close_in_tag(element, parent)
            elif len(self.stack) > depth and parent is not None and self._is_end_tag(element, parent):
                self._close_with(element)
            elif self._end_early(element, parent) or tag is not None:
                if tag is not None:
                    around = self.stack[depth - 2] if depth > 1 else None
                    self.cut_off[element.name] = (len(self.faults), around)
                place = (tag.start, tag.end) if tag is not None else None
                self._unclosed(element, "element" if place else "at-end", place)
            else:
                late.append(element)
        return late

    def _unclosed(self, element: Element, detail: str, place: tuple[int, int] | None) -> None:
        empty = element.end == element.tag_end and not element.children
        self.faults.append(
            Fault(
                FaultKind.UNCLOSED_ELEMENT,
                element.start,
                element.tag_end,
                "empty" if empty else detail,
                element.name,
                (element.tag_end - 1, element.tag_end, " />")
                if empty
                else end_tag_for(element, self.text, self.lines),
                None if empty else place,
            )
        )

    def _close_in_tag(self, element: Element, parent: Element | None) -> None:
        """An element whose start tag lacks its ``>`` and that has no end tag closes itself."""
        index = self.unclosed_tags[element]
        if index >= 0 and self.faults[index].repair is not None:
            repair = (element.tag_end, element.tag_end, " />")
            self.faults[index] = replace(self.faults[index], repair=repair)
        element.self_closing = True
        moved, element.children = element.children, []
        element.end = element.tag_end
        self.moves -= len(moved)
        self._adopt(moved, parent)

    def _is_end_tag(self, element: Element, parent: Element) -> bool:
        """Whether what looks like a child of the same name is the parent's end tag without its ``/``."""
        plain = self.moves > 0 and self.text[element.name_span.end : element.tag_end].strip() == ">"
        return plain and element.name == parent.name and parent.children[-1] is element

    def _close_with(self, element: Element) -> None:
        closed = self._pop()
        closed.children.pop()
        closed.end_tag = EndTag(element.start, element.tag_end, element.name, element.name_start)
        closed.end = element.tag_end
        at = element.name_start
        self.faults.append(
            Fault(
                FaultKind.MISMATCHED_END_TAG,
                element.start,
                element.tag_end,
                "missing-slash",
                element.name,
                (at, at, "/"),
                (closed.start, closed.tag_end),
            )
        )
        self.moves -= len(element.children)
        self._adopt(element.children, self.stack[-1] if self.stack else None)

    def _end_early(self, element: Element, parent: Element | None) -> bool:
        """Give the children that an unclosed element cannot hold to its parent; whether there were any."""
        children = element.children
        keep = (
            held(element, self.text, self.lines) if parent is not None and self.moves > 0 else len(children)
        )
        early = keep < len(children)
        # A comment and white space before what follows belong to it.
        if early:
            while keep and isinstance(children[keep - 1], Comment):
                keep -= 1
                if keep and is_blank(self.text, children[keep - 1]):
                    keep -= 1
        while keep and is_blank(self.text, children[keep - 1]):
            keep -= 1
        moved = children[keep:]
        self.moves -= len(moved)
        del children[keep:]
        element.end = children[-1].end if children else element.tag_end
        self._adopt(moved, parent)
        return early

    def _adopt(self, nodes: list[Node], parent: Element | None) -> None:
        """Append nodes to the children of ``parent``, or to the top of the document."""
        for node in nodes:
            node.parent = parent
            if parent is not None and isinstance(node, Text):
                parent.open = parent.open or any(part.kind in _TEMPLATED for part in node.parts)
        (self.top if parent is None else parent.children).extend(nodes)

    # The end of the text

    def _end_of_text(self) -> None:
        """The text ends inside elements: one finding for all that the end has cut off."""
        end = len(self.text.rstrip())
        cut = [index for index, fault in enumerate(self.faults) if self._is_cut(fault, end)]
        late = self._unclosed_above(0, None)
        if any(self.faults[index].kind is FaultKind.UNTERMINATED_EXPRESSION for index in cut):
            # Until the expression is closed, nothing can be said of what is around it.
            cut = [index for index in cut if self.faults[index].kind is not FaultKind.UNTERMINATED_EXPRESSION]
            self._drop(cut)
            return
        if len(late) + len(cut) == 1:
            for element in late:
                self._unclosed(element, "at-end", None)
            return
        if not late:
            return
        innermost, outermost = late[0], late[-1]
        closing = [self.faults[index].repair for index in cut] + [
            end_tag_for(item, self.text, self.lines) for item in late
        ]
        self._drop(cut)
        self.faults.append(
            Fault(
                FaultKind.UNCLOSED_ELEMENT,
                innermost.start,
                innermost.tag_end,
                "all-at-end",
                innermost.name,
                (end, end, "".join(repair[2] for repair in closing if repair)) if all(closing) else None,
                (outermost.start, outermost.tag_end),
            )
        )

    @staticmethod
    def _is_cut(fault: Fault, end: int) -> bool:
        """Whether a fault comes from the end of the text at ``end``."""
        if fault.kind is FaultKind.UNTERMINATED_EXPRESSION:
            return fault.related is not None and fault.related[1] >= end
        if fault.repair is None:
            return fault.detail == "start-tag"
        return fault.repair[0] == fault.repair[1] == end

    def _drop(self, indexes: list[int]) -> None:
        for index in reversed(indexes):
            del self.faults[index]

    def _replace(self, index: int, fault: Fault) -> None:
        """Put a fault in the place of the one at ``index``, which it says better; -1 for none."""
        if index >= 0:
            self.faults[index] = fault
        else:
            self.faults.append(fault)
