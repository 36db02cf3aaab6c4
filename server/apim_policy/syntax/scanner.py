"""Text to a flat list of tags, texts and comments, with the faults that show without a look at nesting."""

from __future__ import annotations

import re
from functools import cached_property

from apim_policy.syntax.attributes import NAME
from apim_policy.syntax.expressions import end_of_text, opens_expression, resynchronise, scan
from apim_policy.syntax.names import UNMISTAKABLE
from apim_policy.syntax.start_tags import StartTags
from apim_policy.syntax.tree import (
    ROOTS,
    CData,
    Comment,
    Doctype,
    Element,
    EndTag,
    Fault,
    FaultKind,
    Node,
    Part,
    PartKind,
    ProcessingInstruction,
    Text,
)
from apim_policy.syntax.value_scanner import ValueScanner
from apim_policy.syntax.values import FORBIDDEN, LIQUID, literals_and

Item = Node | EndTag

_START_TAG = re.compile(rf"<({NAME})")
# A space before the name makes it a text, unless a whole tag visibly follows.
_SPACED_START_TAG = re.compile(rf"<[ \t]+({NAME})(?=\s*/?>|\s+{NAME}\s*=\s*[\"'])")
_END_TAG = re.compile(rf"</\s*({NAME})?([^<>]*)(>?)")
_MARKUP = re.compile(r"<(?:[^\W\d]|[/?]|!(?:--|\[CDATA\[|(?i:DOCTYPE)))")
_DECLARATION = re.compile(r"<\?xml\s")
_CODE = re.compile(r"@[({]")
_SPACE = re.compile(r"\s*")
_ROOT_OR_COMMENT = re.compile(rf"<!--|<(?:{'|'.join(sorted(ROOTS))})\b")
# A bracket that code follows, or an "@" that no bracket follows.
_LOST_OPENING = re.compile(r"\s*(?:(@)(?=[\s\w])|([({])(?=[^<]*(?:;|//|\b(?:context|return|var)\b)))")
_COMMENT_MARK = re.compile(r"<!--|-->")
_BROKEN_COMMENT_END = re.compile(r"--\s+>|(?<!-)->")
_COMMENT_STOP = re.compile(rf"(?P<broken>{_BROKEN_COMMENT_END.pattern})|(?<![^\r\n])[ \t]*</?[A-Za-z]")
_CONTROL = re.compile(f"{FORBIDDEN.pattern}+")
_LIQUID_SPECIAL = re.compile(r"\{\{|\{%|[$#%]\{|&|<")


class Scanner:
    """One pass over a text; ``items`` and ``faults`` hold the result of ``run``."""

    def __init__(self, text: str, placeholders: re.Pattern[str] | None) -> None:
        self.text = text
        self.items: list[Item] = []
        self.faults: list[Fault] = []
        self._values = ValueScanner(text, self.faults, placeholders)
        self._start_tags = StartTags(self._values)
        # The last places found at which each of these may end; -1 once there are no more.
        self._comment_end = 0
        self._instruction_end = 0
        self._cdata_end = 0
        self.unclosed_end_tags: dict[EndTag, int] = {}
        """The end tags that lack their ``>``, with the index of the fault that says so."""

    @property
    def unclosed_tags(self) -> dict[Element, int]:
        """The elements whose start tag lacks its ``>``, with the index of the fault that says so; -1 for none."""
        return self._start_tags.unclosed

    def run(self) -> None:
        """Scan the whole text."""
        text, n = self.text, len(self.text)
        items = self.items
        position = self._unopened_comment(1 if text.startswith("\ufeff") else 0)
        find, start_tag, read = text.find, _START_TAG.match, self._start_tags.read
        while position < n:
            if text[position] != "<":
                end = find("<", position)
                chunk = text[position : end if end >= 0 else n]
                if chunk.isspace():
                    end = position + len(chunk)
                    items.append(Text(position, end, (Part(PartKind.LITERAL, position, end),)))
                    position = end
                else:
                    position = self._text(position)
                continue
            follower = text[position + 1 : position + 2]
            if follower == "/":
                position = self._end_tag(position)
            elif follower == "!":
                position = self._declaration(position)
            elif follower == "?":
                position = self._instruction(position)
            else:
                match = start_tag(text, position)
                if match is None:
                    position = self._spaced_start_tag(position)
                elif element := read(position, match[1], position + 1):
                    items.append(element)
                    position = element.tag_end
                else:
                    position = self._text(position)
        for match in _CONTROL.finditer(text):
            self.faults.append(
                Fault(FaultKind.INVALID_CHARACTER, match.start(), match.end(), "control", match.group())
            )

    def _spaced_start_tag(self, start: int) -> int:
        """A ``<`` with a space after it: a start tag where a whole one visibly follows, else text."""
        match = _SPACED_START_TAG.match(self.text, start)
        element = self._start_tags.read(start, match[1], match.start(1)) if match else None
        if element is None:
            return self._text(start)
        self._space_in_tag("space-in-start-tag", start + 1, element.name_start, element.name)
        self.items.append(element)
        return element.tag_end

    def _space_in_tag(self, detail: str, start: int, end: int, name: str) -> None:
        self.faults.append(Fault(FaultKind.MALFORMED_ATTRIBUTE, start, end, detail, name, (start, end, "")))

    # Text between tags

    def _text(self, start: int) -> int:
        """The text from ``start`` to the next tag; a ``<`` right at its start is part of it."""
        text, n = self.text, len(self.text)
        values = self._values
        around = self.items[-1] if self.items else None
        parts: list[Part] = []
        position = start
        special = _LIQUID_SPECIAL if values.liquid else values.special
        while match := special.search(text, position):
            at = match.start()
            char = text[at]
            if values.placeholders and (custom := values.custom(at)):
                parts.append(custom)
                position = custom.end
            elif char == "<":
                if not parts and (end := self._broken_code(start, at)):
                    parts.append(Part(PartKind.PLACEHOLDER, start, end))
                    position = end
                    continue
                if at != start and _MARKUP.match(text, at):
                    n = at
                    break
                values.less_than(at)
                position = at + 1
            elif char == "&":
                position = values.entity(at)
            elif char == "@" and opens_expression(text, at):
                part: Part = values.expression(at, element=self._element_around())
                parts.append(part)
                position = part.end
            elif values.liquid and (liquid := LIQUID.match(text, at)):
                parts.append(Part(PartKind.LIQUID, at, liquid.end()))
                position = liquid.end()
            else:
                found = values.template(at, len(text))
                if found is None:
                    position = at + 1
                else:
                    parts.append(found)
                    position = found.end
        if type(around) is Text and text[start] == "<":
            # The "<" that ended the text before it turned out to belong to it.
            self.items.pop()
            parts = [*around.parts, *parts]
            start = around.start
        self.items.append(Text(start, n, literals_and(parts, start, n)))
        return n

    def _broken_code(self, start: int, at: int) -> int:
        """Where a text ends that is an expression with a character too few, or 0.

        A ``<`` at ``at`` would make a tag of what is the type of a generic or a string.
        """
        text, element = self.text, self._element_around()
        if not element or text.startswith(f"</{element}", at) or self._values.fuel < 0:
            return 0
        opening = _LOST_OPENING.match(text, start)
        if opening is None:
            return 0
        first = opening.start(opening.lastindex or 0)
        if opening[1] == "@":
            end = end_of_text(text, element, first)
            self._values.fuel -= (end if end > 0 else len(text)) - first
            detail, repair = "missing-bracket", None
        else:
            found = scan(text, first - 1)
            self._values.fuel -= found.end - first
            end = found.end if found.closed and _END_TAG.match(text, _past_space(text, found.end)) else -1
            detail, repair = "missing-at", (first, first, "@")
        if end <= at:
            return 0
        self.faults.append(Fault(FaultKind.INVALID_CHARACTER, first, first + 1, detail, text[first], repair))
        return end

    def _element_around(self) -> str:
        """The name of the element whose start tag was just read; nothing where something else was."""
        last = self.items[-1] if self.items else None
        return last.name if isinstance(last, Element) else ""

    # Comments, declarations, instructions

    def _declaration(self, start: int) -> int:
        text = self.text
        if text.startswith("<!--", start):
            return self._comment(start)
        if text.startswith("<![CDATA[", start):
            return self._cdata(start)
        if text[start + 2 : start + 9].upper() == "DOCTYPE":
            end = text.find(">", start)
            subset = text.find("[", start, end if end >= 0 else None)
            if subset >= 0:
                closing = text.find("]", subset)
                end = text.find(">", closing) if closing >= 0 else -1
            end = end + 1 if end >= 0 else len(text)
            self.items.append(Doctype(start, end))
            return end
        return self._text(start)

    def _cdata(self, start: int) -> int:
        text = self.text
        inner = start + 9
        if 0 <= self._cdata_end < inner:
            self._cdata_end = text.find("]]>", inner)
        inner_end = self._cdata_end
        end = inner_end + 3
        if inner_end < 0:
            far = self._values.fuel > 0
            inner_end, cost = resynchronise(text, inner - 2, "", self._element_around(), far=far)
            self._values.fuel -= cost
            end = inner_end
            repair = (end, end, "]]>")
            self.faults.append(Fault(FaultKind.UNCLOSED_ELEMENT, start, inner, "cdata", "<![CDATA[", repair))
        parts: list[Part] = []
        position = inner
        while match := _CODE.search(text, position, inner_end):
            part = self._values.expression(match.start(), limit=inner_end)
            parts.append(part)
            position = part.end
        self.items.append(CData(start, end, literals_and(parts, inner, inner_end)))
        return end

    @cached_property
    def _comment_pairs(self) -> dict[int, int]:
        """Where each ``<!--`` of the text ends when comments nest; only those that end."""
        pairs: dict[int, int] = {}
        opened: list[int] = []
        for match in _COMMENT_MARK.finditer(self.text):
            if match.group() == "<!--":
                opened.append(match.start())
            elif opened:
                pairs[opened.pop()] = match.start()
        return pairs

    def _comment(self, start: int) -> int:
        text = self.text
        content = start + 4
        if 0 <= self._comment_end < content:
            self._comment_end = text.find("-->", content)
        end = self._comment_end
        if end < 0:
            return self._unclosed_comment(start, len(text))
        double = text.find("--", content, end)
        if double >= 0 or (end > content and text[end - 1] == "-"):
            inner = text.find("<!--", content, end)
            if inner >= 0:
                outer = self._comment_pairs.get(start, -1)
                if outer < 0 or _BROKEN_COMMENT_END.search(text, content, inner):
                    return self._unclosed_comment(start, inner)
                end = outer
                place = (start, end + 3)
                self.faults.append(
                    Fault(FaultKind.MALFORMED_COMMENT, inner, inner + 4, "nested", "<!--", related=place)
                )
            else:
                at = double if double >= 0 else end - 1
                hyphens = text[at : at + len(text[at:end]) - len(text[at:end].lstrip("-"))]
                place = (start, end + 3)
                self.faults.append(
                    Fault(
                        FaultKind.MALFORMED_COMMENT,
                        at,
                        at + len(hyphens),
                        "double-hyphen",
                        hyphens,
                        related=place,
                    )
                )
        self.items.append(Comment(start, end + 3, closed=True))
        return end + 3

    def _unopened_comment(self, start: int) -> int:
        """Just after a comment at the start of the text that has only its end, or ``start``."""
        text = self.text
        first = _past_space(text, start)
        if text.startswith("<", first):
            return start
        end = text.find("-->", first)
        root = _ROOT_OR_COMMENT.search(text, first)
        if end < 0 or (root and root.start() < end):
            return start
        self.faults.append(
            Fault(FaultKind.MALFORMED_COMMENT, end, end + 3, "never-opened", "-->", (first, first, "<!-- "))
        )
        self.items.append(Comment(first, end + 3, closed=True, opened=False))
        return end + 3

    def _unclosed_comment(self, start: int, limit: int) -> int:
        text = self.text
        stop = _COMMENT_STOP.search(text, start + 4, limit)
        if stop and stop["broken"]:
            end = stop.end()
            repair = (stop.start(), end, "-->")
        else:
            end = stop.start() if stop else limit
            while end > start + 4 and text[end - 1].isspace():
                end -= 1
            repair = (end, end, ">" if text.endswith("--", start + 4, end) else " -->")
        self.faults.append(
            Fault(FaultKind.MALFORMED_COMMENT, start, start + 4, "never-closed", "<!--", repair)
        )
        self.items.append(Comment(start, end, closed=False))
        return end

    def _instruction(self, start: int) -> int:
        text = self.text
        if 0 <= self._instruction_end < start + 2:
            self._instruction_end = text.find("?>", start + 2)
        end = self._instruction_end
        if end < 0:
            close = text.find(">", start)
            end = close + 1 if close >= 0 else len(text)
            repair = (close, close, "?") if close >= 0 else (end, end, "?>")
            self.faults.append(
                Fault(FaultKind.UNCLOSED_ELEMENT, start, start + 2, "instruction", "<?", repair)
            )
        else:
            end += 2
        first = 1 if text.startswith("\ufeff") else 0
        if start != first and _DECLARATION.match(text, start):
            self.faults.append(Fault(FaultKind.MISPLACED_CONTENT, start, end, "declaration", "<?xml"))
        self.items.append(ProcessingInstruction(start, end))
        return end

    # End tags

    def _end_tag(self, start: int) -> int:
        match = _END_TAG.match(self.text, start)
        if match is None:
            raise AssertionError("the pattern matches whatever follows '</'")
        name, junk, close = match.groups()
        end = match.end()
        name_start = match.start(1) if name else start + 2
        if name and not close and name_start > start + 2:
            return self._text(start)
        if not close:
            # What follows is text or another tag; the name alone is the end tag.
            end = match.end(1) if name else start + 2
        tag = EndTag(start, end, name or "", name_start)
        if name and not close:
            self.unclosed_end_tags[tag] = len(self.faults)
            self.faults.append(
                Fault(
                    FaultKind.MISMATCHED_END_TAG, start, end, "missing-bracket", f"</{name}", (end, end, ">")
                )
            )
        elif close and junk.strip():
            at = match.start(2) + len(junk) - len(junk.lstrip())
            self.faults.append(
                Fault(
                    FaultKind.MALFORMED_ATTRIBUTE,
                    at,
                    end - 1,
                    "in-end-tag",
                    junk.strip(),
                    (match.start(2), end - 1, ""),
                )
            )
        if name and name_start > start + 2:
            self._space_in_tag("space-in-end-tag", start + 2, name_start, name)
        if name in UNMISTAKABLE:
            self._values.liquid = False
        self.items.append(tag)
        return end


def _past_space(text: str, start: int) -> int:
    return _SPACE.match(text, start).end()  # type: ignore[union-attr]
