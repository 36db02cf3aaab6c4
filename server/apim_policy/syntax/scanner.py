"""Text to a flat list of tags, texts and comments, with the faults that show without a look at nesting."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apim_policy.syntax.expressions import opens_expression, resynchronise, scan
from apim_policy.syntax.tree import (
    Attribute,
    CData,
    Comment,
    Doctype,
    Element,
    EndTag,
    Expression,
    Fault,
    FaultKind,
    Node,
    Part,
    PartKind,
    ProcessingInstruction,
    Text,
)
from apim_policy.syntax.values import LIQUID, SPECIAL, TEMPLATE_REACH, literals_and, template_part

if TYPE_CHECKING:
    from collections.abc import Sequence

Item = Node | EndTag

_NAME = r"[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?"
_START_TAG = re.compile(rf"<({_NAME})")
_END_TAG = re.compile(rf"</\s*({_NAME})?([^<>]*)(>?)")
_TAG_END = re.compile(r"\s*(/?)>")
# A whole attribute whose value is plain; anything else goes the long way.
_PLAIN_ATTRIBUTE = re.compile(rf"""\s+({_NAME})=(?:"([^"<&@{{%$#]*)"|'([^'<&@{{%$#]*)')(?=[\s/>])""")
_ATTRIBUTE_NAME = re.compile(rf"(\s*)({_NAME})(\s*)(=?)(\s*)")
_UNQUOTED = re.compile(r"""[^\s"'<>/=]+(?:/[^\s"'<>=/]+)*""")
_NEXT_ATTRIBUTE = re.compile(rf"\s{_NAME}\s*=")
_BRACKET = re.compile(r"/?>")
_SWALLOWED_ATTRIBUTE = re.compile(rf"(?:^|\s){_NAME}\s*=\s*$")
_AFTER_VALUE = re.compile(r"[\s/>?]|$")
_SPACE = re.compile(r"\s*")
_MARKUP = re.compile(r"<[A-Za-z_/!?]")
_LINE_REST = re.compile(r"[^\r\n]*")
_BROKEN_COMMENT_END = re.compile(r"--\s+>|(?<!-)->")
_COMMENT_STOP = re.compile(rf"(?P<broken>{_BROKEN_COMMENT_END.pattern})|^[ \t]*</?[A-Za-z]", re.M)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ENTITY = re.compile(r"&(?:#\d{1,7};|#x[0-9A-Fa-f]{1,6};|(\w{1,32});)?")
_ENTITIES = frozenset({"lt", "gt", "amp", "quot", "apos"})
_LIQUID_TEMPLATE = re.compile(r"\s*liquid\s*$", re.I)
_LIQUID_SPECIAL = re.compile(r"\{\{|\{%|[$#%]\{|&|<")


class Scanner:
    """One pass over a text; ``items`` and ``faults`` hold the result of ``run``."""

    def __init__(self, text: str, placeholders: re.Pattern[str] | None) -> None:
        self.text = text
        self.items: list[Item] = []
        self.faults: list[Fault] = []
        self._placeholders = placeholders
        self._special = (
            re.compile(f"{SPECIAL.pattern}|{placeholders.pattern}", SPECIAL.flags | placeholders.flags)
            if placeholders
            else SPECIAL
        )
        self._liquid = False
        # Where expressions fail again and again, each scan to the end of the text would make the whole quadratic.
        self._fuel = 8 * len(text) + 4096
        self._template_fuel = len(text) + 16 * TEMPLATE_REACH
        # The last places found at which a comment and an instruction may end; -1 once there are no more.
        self._comment_end = 0
        self._instruction_end = 0

    def run(self) -> None:
        """Scan the whole text."""
        text, n = self.text, len(self.text)
        items = self.items
        position = 1 if text.startswith("\ufeff") else 0
        find = text.find
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
                match = _START_TAG.match(text, position)
                position = self._start_tag(match) if match else self._text(position)
        for match in _CONTROL.finditer(text):
            self._fault(FaultKind.INVALID_CHARACTER, match.start(), match.end(), "control", match.group())

    def _fault(
        self,
        kind: FaultKind,
        start: int,
        end: int,
        detail: str,
        token: str = "",
        repair: tuple[int, int, str] | None = None,
        related: tuple[int, int] | None = None,
    ) -> None:
        self.faults.append(Fault(kind, start, end, detail, token, repair, related))

    # Expressions

    def _expression(self, at: int, quote: str, limit: int | None = None) -> Expression:
        """The expression whose ``@`` is at this offset; a fault where it never closes."""
        text = self.text
        reach = len(text) if limit is None else limit
        if self._fuel > 0:
            found = scan(text, at, reach)
            if found.closed:
                return Expression(at, found.end, closed=True, escaped=found.escaped)
            self._fuel -= found.end - at
            escaped = found.escaped
        else:
            escaped = False
        end = min(resynchronise(text, at, quote), reach)
        self._fault(
            FaultKind.UNTERMINATED_EXPRESSION,
            at,
            at + 2,
            "never-closed",
            text[at : at + 2],
            related=(at, end),
        )
        return Expression(at, end, closed=False, escaped=escaped)

    def _template(self, at: int, limit: int) -> Part | None:
        """The named value, placeholder or directive at this offset."""
        nesting = self.text.startswith(("${", "%{"), at)
        if nesting and self._template_fuel < 0:
            return None
        part = template_part(self.text, at, limit, self._placeholders)
        if part is None and nesting:
            self._template_fuel -= TEMPLATE_REACH
        return part

    # Text between tags

    def _text(self, start: int) -> int:
        text, n = self.text, len(self.text)
        parts: list[Part] = []
        position = start
        special = _LIQUID_SPECIAL if self._liquid else self._special
        while match := special.search(text, position):
            at = match.start()
            char = text[at]
            if char == "<":
                if _MARKUP.match(text, at):
                    n = at
                    break
                self._fault(FaultKind.INVALID_CHARACTER, at, at + 1, "less-than", "<", (at, at + 1, "&lt;"))
                position = at + 1
            elif char == "&":
                position = self._entity(at)
            elif char == "@":
                if opens_expression(text, at):
                    part: Part = self._expression(at, "")
                    parts.append(part)
                    position = part.end
                else:
                    position = at + 1
            elif self._liquid and (liquid := LIQUID.match(text, at)):
                parts.append(Part(PartKind.LIQUID, at, liquid.end()))
                position = liquid.end()
            else:
                found = self._template(at, len(text))
                if found is None:
                    position = at + 1
                else:
                    parts.append(found)
                    position = found.end
        self.items.append(Text(start, n, literals_and(parts, start, n)))
        return n

    def _entity(self, at: int) -> int:
        match = _ENTITY.match(self.text, at)
        end = match.end() if match else at + 1
        name = match.group(1) if match else None
        if end == at + 1:
            self._fault(FaultKind.INVALID_CHARACTER, at, end, "ampersand", "&", (at, end, "&amp;"))
        elif name is not None and name not in _ENTITIES:
            self._fault(
                FaultKind.INVALID_CHARACTER, at, end, "entity", self.text[at:end], (at, at + 1, "&amp;")
            )
        return end

    # Comments, declarations, instructions

    def _declaration(self, start: int) -> int:
        text = self.text
        if text.startswith("<!--", start):
            return self._comment(start)
        if text.startswith("<![CDATA[", start):
            end = text.find("]]>", start + 9)
            closed = end >= 0
            inner_end = end if closed else len(text)
            end = end + 3 if closed else len(text)
            if not closed:
                self._fault(FaultKind.UNCLOSED_ELEMENT, start, start + 9, "cdata", "<![CDATA[")
            parts: list[Part] = []
            position = start + 9
            while match := re.compile(r"@[({]").search(text, position, inner_end):
                part = self._expression(match.start(), "", inner_end)
                parts.append(part)
                position = part.end
            self.items.append(CData(start, end, literals_and(parts, start + 9, inner_end)))
            return end
        if text[start + 2 : start + 9].upper() == "DOCTYPE":
            end = text.find(">", start)
            subset = text.find("[", start, end if end >= 0 else None)
            if subset >= 0:
                closing = text.find("]", subset)
                end = text.find(">", closing) if closing >= 0 else -1
            end = end + 1 if end >= 0 else len(text)
            self.items.append(Doctype(start, end))
            return end
        # "<!" that opens nothing: the characters are text.
        self._fault(
            FaultKind.INVALID_CHARACTER, start, start + 1, "less-than", "<", (start, start + 1, "&lt;")
        )
        self.items.append(Text(start, start + 2, (Part(PartKind.LITERAL, start, start + 2),)))
        return start + 2

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
            broken = _BROKEN_COMMENT_END.search(text, content, inner) if inner >= 0 else None
            if broken:
                return self._unclosed_comment(start, broken.end())
            if inner >= 0 and (outer := self._outer_comment_end(end + 3)):
                self._fault(FaultKind.MALFORMED_COMMENT, inner, inner + 4, "nested", "<!--")
                end = outer
            else:
                at = double if double >= 0 else end - 1
                width = len(text[at:end]) - len(text[at:end].lstrip("-"))
                self._fault(
                    FaultKind.MALFORMED_COMMENT,
                    at,
                    at + width,
                    "double-hyphen",
                    "-" * width,
                    (at, at + width, "- " * (width - 1) + "-" + (" " if at + width == end else "")),
                )
        self.items.append(Comment(start, end + 3, closed=True))
        return end + 3

    def _outer_comment_end(self, position: int) -> int:
        """Where a comment around another one ends: a further ``-->`` before any tag or comment; 0 where none is."""
        outer = self.text.find("-->", position)
        markup = self.text.find("<", position)
        return outer if outer >= 0 and (markup < 0 or outer < markup) else 0

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
            repair = (end, end, " -->")
        self._fault(FaultKind.MALFORMED_COMMENT, start, start + 4, "never-closed", "<!--", repair)
        self.items.append(Comment(start, end, closed=False))
        return end

    def _instruction(self, start: int) -> int:
        if 0 <= self._instruction_end < start + 2:
            self._instruction_end = self.text.find("?>", start + 2)
        end = self._instruction_end
        if end < 0:
            close = self.text.find(">", start)
            end = close + 1 if close >= 0 else len(self.text)
            self._fault(FaultKind.UNCLOSED_ELEMENT, start, start + 2, "instruction", "<?")
        else:
            end += 2
        self.items.append(ProcessingInstruction(start, end))
        return end

    # Tags

    def _end_tag(self, start: int) -> int:
        match = _END_TAG.match(self.text, start)
        if match is None:
            raise AssertionError("the pattern matches whatever follows '</'")
        name, junk, close = match.groups()
        end = match.end()
        if not close:
            # What follows is text or another tag; the name alone is the end tag.
            end = match.end(1) if name else start + 2
            if name is None:
                self._fault(
                    FaultKind.INVALID_CHARACTER,
                    start,
                    start + 1,
                    "less-than",
                    "<",
                    (start, start + 1, "&lt;"),
                )
                self.items.append(Text(start, end, (Part(PartKind.LITERAL, start, end),)))
                return end
            self._fault(
                FaultKind.MISMATCHED_END_TAG, start, end, "missing-bracket", f"</{name}", (end, end, ">")
            )
        elif junk.strip():
            at = start + match.start(2) - match.start() + len(junk) - len(junk.lstrip())
            self._fault(
                FaultKind.MALFORMED_ATTRIBUTE,
                at,
                end - 1,
                "in-end-tag",
                junk.strip(),
                (match.start(2), end - 1, ""),
            )
        name_start = match.start(1) if name else start + 2
        if name_start > start + 2:
            self._fault(
                FaultKind.MALFORMED_ATTRIBUTE,
                start,
                end,
                "space-in-end-tag",
                name,
                (start + 2, name_start, ""),
            )
        tag = EndTag(start, end, name or "", name_start)
        if name == "set-body":
            self._liquid = False
        self.items.append(tag)
        return end

    def _start_tag(self, opening: re.Match[str]) -> int:
        text = self.text
        element = Element(opening.start(), opening.group(1))
        position = opening.end()
        attributes = element.attributes
        plain = _PLAIN_ATTRIBUTE
        while True:
            match = plain.match(text, position)
            if match is not None:
                name, double, single = match.groups()
                index, quote = (2, '"') if single is None else (3, "'")
                value_start, value_end = match.span(index)
                position = match.end()
                if "__" in (double if single is None else single) or self._placeholders:
                    parts: Sequence[Part] = self._parts(value_start, value_end)
                elif value_start == value_end:
                    parts = ()
                else:
                    parts = (Part(PartKind.LITERAL, value_start, value_end),)
                attribute = Attribute(name, match.start(1), position, value_start, value_end, quote, parts)
                attribute.parent = element
                attributes.append(attribute)
                continue
            closing = _TAG_END.match(text, position)
            if closing is not None:
                position = closing.end()
                element.self_closing = bool(closing.group(1))
                break
            following = self._odd_in_tag(element, position)
            if following < 0:
                position = self._unclosed_start_tag(element, position)
                break
            position = following
        element.tag_end = element.end = position
        if len(attributes) > 1:
            self._duplicates(attributes)
        if element.name == "set-body" and not element.self_closing:
            template = element.attribute("template")
            if template and _LIQUID_TEMPLATE.match(text[template.value_start : template.value_end]):
                self._liquid = True
        self.items.append(element)
        return position

    def _duplicates(self, attributes: list[Attribute]) -> None:
        seen: dict[str, Attribute] = {}
        for attribute in attributes:
            first = seen.setdefault(attribute.name, attribute)
            if first is not attribute:
                before = attribute.start
                while self.text[before - 1].isspace():
                    before -= 1
                self._fault(
                    FaultKind.DUPLICATE_ATTRIBUTE,
                    attribute.start,
                    attribute.end,
                    "again",
                    attribute.name,
                    (before, attribute.end, ""),
                    (first.start, first.end),
                )

    def _unclosed_start_tag(self, element: Element, position: int) -> int:
        """The tag ends where markup or the text goes on without its ``>``."""
        end = position
        while end > element.start and self.text[end - 1].isspace():
            end -= 1
        self._fault(
            FaultKind.UNCLOSED_ELEMENT,
            element.start,
            element.name_span.end,
            "start-tag",
            element.name,
            (end, end, ">"),
        )
        return end

    def _odd_in_tag(self, element: Element, position: int) -> int:
        """Whatever is no plain attribute: where it ends, or -1 where the tag does not go on."""
        text = self.text
        start = _SPACE.match(text, position).end()  # type: ignore[union-attr]
        if start >= len(text) or text[start] == "<":
            return -1
        match = _ATTRIBUTE_NAME.match(text, position)
        if match is None:
            part = self._template(start, len(text)) if text[start] in "{$#%_" else None
            if part is not None:
                element.open_tag = True
                return part.end
            if text[start] in "\"'" and element.attributes:
                self._fault(
                    FaultKind.MALFORMED_ATTRIBUTE,
                    start,
                    start + 1,
                    "stray-quote",
                    text[start],
                    (start, start + 1, ""),
                )
            else:
                self._fault(
                    FaultKind.MALFORMED_ATTRIBUTE,
                    start,
                    start + 1,
                    "stray-character",
                    text[start],
                    (start, start + 1, ""),
                )
            return start + 1
        space, name, _, equals, _ = match.groups()
        if text.startswith("__", match.start(2)) and self._placeholder_in_tag(element, match.start(2)):
            return self._placeholder_in_tag(element, match.start(2))
        if not space and element.attributes:
            at = match.start(2)
            self._fault(
                FaultKind.MALFORMED_ATTRIBUTE, at, at + len(name), "missing-space", name, (at, at, " ")
            )
        after = match.end()
        quote = text[after : after + 1]
        if not equals:
            return self._attribute_without_equals(element, match, quote)
        if quote in ('"', "'") and quote:
            return self._quoted(element, match.start(2), name, after + 1, quote)
        return self._unquoted(element, match, after)

    def _placeholder_in_tag(self, element: Element, at: int) -> int:
        part = self._template(at, len(self.text))
        if part is None:
            return 0
        element.open_tag = True
        return part.end

    def _attribute_without_equals(self, element: Element, match: re.Match[str], quote: str) -> int:
        start, end = match.span(2)
        name = match.group(2)
        if quote in ('"', "'") and quote:
            self._fault(
                FaultKind.MALFORMED_ATTRIBUTE, start, end, "missing-equals", name, (end, match.end(), "=")
            )
            return self._quoted(element, start, name, match.end() + 1, quote)
        self._fault(FaultKind.MALFORMED_ATTRIBUTE, start, end, "missing-value", name)
        self._add(element, Attribute(name, start, end, end, end, "", ()))
        return end

    def _unquoted(self, element: Element, match: re.Match[str], after: int) -> int:
        name, start = match.group(2), match.start(2)
        text = self.text
        if text[after : after + 1] == "@" and opens_expression(text, after):
            part = self._expression(after, '"')
            end, parts = part.end, [part]
        else:
            value = _UNQUOTED.match(text, after)
            end = value.end() if value else match.end(4)
            parts = []
        if end <= after:
            self._fault(FaultKind.MALFORMED_ATTRIBUTE, start, match.end(4), "missing-value", name)
            self._add(element, Attribute(name, start, match.end(4), match.end(4), match.end(4), "", ()))
            return match.end(4)
        closing = text[end : end + 1]
        if closing in ('"', "'") and closing:
            # Only the opening quote is missing.
            self._fault(
                FaultKind.MALFORMED_ATTRIBUTE, start, end + 1, "missing-quotes", name, (after, after, closing)
            )
            self._add(element, Attribute(name, start, end + 1, after, end, closing, self._parts(after, end)))
            return end + 1
        quoted = f'"{text[after:end]}"'
        self._fault(FaultKind.MALFORMED_ATTRIBUTE, start, end, "missing-quotes", name, (after, end, quoted))
        self._add(element, Attribute(name, start, end, after, end, "", parts or self._parts(after, end)))
        return end

    def _add(self, element: Element, attribute: Attribute) -> None:
        attribute.parent = element
        element.attributes.append(attribute)

    # Quoted values

    def _parts(self, start: int, end: int) -> list[Part]:
        """The parts of a value that holds no expression."""
        parts: list[Part] = []
        position = start
        while match := self._special.search(self.text, position, end):
            part = self._template(match.start(), end)
            if part is None:
                position = match.start() + 1
            else:
                parts.append(part)
                position = part.end
        return literals_and(parts, start, end)

    def _quoted(self, element: Element, name_start: int, name: str, start: int, quote: str) -> int:
        """An attribute whose value begins at ``start``, just after its quote; where the tag goes on."""
        text, n = self.text, len(self.text)
        parts: list[Part] = []
        position = start
        less_than = -1
        checked = len(self.faults)
        close = text.find(quote, position)
        while True:
            if 0 <= close < position:
                close = text.find(quote, position)
            match = self._special.search(text, position, close if close >= 0 else n)
            if match is None:
                break
            at = match.start()
            char = text[at]
            if char == "@":
                if opens_expression(text, at):
                    part: Part = self._expression(at, quote)
                    parts.append(part)
                    position = part.end
                else:
                    position = at + 1
            elif char == "<":
                position = at + 1
                if less_than < 0:
                    less_than = at
                    if not self._plausible(start, close):
                        break
            elif char == "&":
                position = self._entity(at)
            elif self._liquid and char == "{" and (liquid := LIQUID.match(text, at)):
                parts.append(Part(PartKind.LIQUID, at, liquid.end()))
                position = liquid.end()
            else:
                found = self._template(at, n)
                if found is None:
                    position = at + 1
                else:
                    parts.append(found)
                    position = found.end
        end = self._lost_quote(start, close, parts, less_than)
        if end >= 0:
            del self.faults[checked:]
            parts = [part for part in parts if part.end <= end]
            unclosed = [part for part in parts if isinstance(part, Expression) and not part.closed]
            for part in unclosed:
                self._fault(
                    FaultKind.UNTERMINATED_EXPRESSION,
                    part.start,
                    part.start + 2,
                    "never-closed",
                    text[part.start : part.start + 2],
                    related=(part.start, part.end),
                )
            if not unclosed:
                self._fault(
                    FaultKind.MALFORMED_ATTRIBUTE,
                    name_start,
                    end,
                    "missing-end-quote",
                    name,
                    (end, end, quote),
                )
            self._add(
                element, Attribute(name, name_start, end, start, end, quote, literals_and(parts, start, end))
            )
            return end
        if less_than >= 0:
            for part in literals_and(parts, start, close):
                at = text.find("<", part.start, part.end) if part.kind is PartKind.LITERAL else -1
                while at >= 0 and len(self.faults) - checked <= 20:
                    self._fault(
                        FaultKind.INVALID_CHARACTER, at, at + 1, "less-than", "<", (at, at + 1, "&lt;")
                    )
                    at = text.find("<", at + 1, part.end)
        self._add(
            element,
            Attribute(name, name_start, close + 1, start, close, quote, literals_and(parts, start, close)),
        )
        return close + 1

    def _plausible(self, start: int, close: int) -> bool:
        """Whether a quote closes a value that stands on one line with markup in it."""
        if close < 0:
            return False
        text = self.text
        return _AFTER_VALUE.match(text, close + 1) is not None and "\n" not in text[start:close]

    def _lost_quote(self, start: int, close: int, parts: list[Part], less_than: int) -> int:
        """Where the value ends whose closing quote is missing, or -1 where the quote found is its own."""
        text = self.text
        tail = parts[-1].end if parts else start
        if close >= 0 and less_than < 0:
            after = text[close + 1 : close + 2]
            if text[close - 1] != "=" and not text[close - 1].isspace():
                return -1
            swallowed = _SWALLOWED_ATTRIBUTE.search(text, tail, close)
            if swallowed is None or after in ("", " ", "\t", "\r", "\n", "/", ">"):
                return -1
        elif close >= 0 and self._plausible(start, close):
            return -1
        limit = less_than if less_than >= 0 else (close if close >= 0 else len(text))
        limit = max(limit, tail)
        going_on = (_NEXT_ATTRIBUTE.search(text, tail, limit), _BRACKET.search(text, tail, limit))
        ends = [match.start() for match in going_on if match]
        if ends:
            end = min(ends)
        else:
            # Nothing shows where the tag goes on: the value ends with its line.
            line = _LINE_REST.match(text, tail, limit)
            end = line.end() if line else limit
        while end > tail and text[end - 1].isspace():
            end -= 1
        return end
