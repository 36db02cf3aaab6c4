"""The values of attributes: where each ends, and what to make of it where its quotes do not tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.syntax.expressions import opens_expression, scan
from apim_policy.syntax.tree import Attribute, Element, Expression, Fault, FaultKind, Part, PartKind
from apim_policy.syntax.values import LIQUID, literals_and

if TYPE_CHECKING:
    from apim_policy.syntax.value_scanner import ValueScanner

NAME = r"[^\W\d][\w.-]*(?::[^\W\d][\w.-]*)?"
"""Pattern of the name of an element or an attribute."""

_QUOTED_ATTRIBUTE = re.compile(rf"{NAME}\s*=\s*[\"']")
_LATER_ATTRIBUTE = re.compile(rf"\s{NAME}=[\"']")
_NEXT_ATTRIBUTE = re.compile(rf"\s{NAME}\s*=")
_SWALLOWED_ATTRIBUTE = re.compile(rf"(?:^|\s){NAME}\s*=\s*$")
_BRACKET = re.compile(r"/?>")
_AFTER_VALUE = re.compile(r"[\s>?]|/\s*(?:[<>]|\Z)|\Z")
_CLOSING = re.compile(rf"\s*/?>(?![\"'])|\s+{NAME}\s*=\s*[\"']")
_SPACE = re.compile(r"\s*")
_EXPRESSION = re.compile(r"@[({]")
_LINE_REST = re.compile(r"[^\r\n]*")
_LINE_END = re.compile(r"[\r\n]")
# A value without quotes goes on to the next attribute, the end of the tag or the end of the line.
_UNQUOTED = re.compile(rf"""(?:(?!\s+(?:{NAME}\s*=|[%$]\{{)|\s*(?:/?>|<|$))[^"'<>\r\n])+""", re.M)
# How far a value that is surely broken is followed.
_REACH = 16_000


class Value(NamedTuple):
    """A quoted value as the scan found it."""

    name_start: int
    name: str
    start: int
    """Just after the opening quote."""
    quote: str
    close: int
    """The next quote outside expressions, or -1."""
    parts: list[Part]
    """Expressions, placeholders and named values."""
    less_than: int
    """The first ``<`` outside of them, or -1."""
    checked: int
    """How many faults there were before."""


class Attributes:
    """Reads the attributes of start tags and adds them to their elements; methods return where the tag goes on."""

    def __init__(self, values: ValueScanner) -> None:
        self.text = values.text
        self.faults = values.faults
        self.values = values

    def fault(
        self, detail: str, start: int, end: int, token: str, repair: tuple[int, int, str] | None = None
    ) -> None:
        """Note a malformed attribute."""
        self.faults.append(Fault(FaultKind.MALFORMED_ATTRIBUTE, start, end, detail, token, repair))

    def without_value(self, element: Element, name: str, start: int, end: int) -> int:
        """An attribute of which there is only the name."""
        self.fault("missing-value", start, end, name)
        return _add(element, Attribute(name, start, end, end, end, "", ()))

    def unquoted(self, element: Element, name: str, start: int, equals: int, after: int) -> int:
        """An attribute whose value begins without a quote at ``after``; its ``=`` ends at ``equals``."""
        text = self.text
        parts: list[Part] = []
        end, stop = after, -1
        while True:
            # What stands between expressions is looked at once, however many there are.
            if stop < end:
                value = _UNQUOTED.match(text, end)
                stop = value.end() if value else end
            at = self._next_expression(end, stop)
            if at < 0:
                break
            expression = self.values.expression(at, '"')
            parts += [*self.values.parts(end, at), expression]
            end = expression.end
            if not expression.closed:
                stop = end
                break
        parts += self.values.parts(end, stop)
        end = stop
        if end <= after or (after > equals and _QUOTED_ATTRIBUTE.match(text, after)):
            return self.without_value(element, name, start, equals)
        closing = text[end : end + 1]
        if closing in ('"', "'") and closing:
            # Only the opening quote is missing.
            self.fault("missing-start-quote", start, end + 1, name, (after, after, closing))
            return _add(element, Attribute(name, start, end + 1, after, end, closing, parts))
        self.fault("missing-quotes", start, end, name, (after, end, f'"{text[after:end]}"'))
        return _add(element, Attribute(name, start, end, after, end, "", parts))

    def _next_expression(self, start: int, limit: int) -> int:
        """Where the first expression begins before ``limit``, or -1."""
        for match in _EXPRESSION.finditer(self.text, start, limit):
            if opens_expression(self.text, match.start()):
                return match.start()
        return -1

    def quoted(self, element: Element, name_start: int, name: str, start: int, quote: str) -> int:
        """An attribute whose value begins at ``start``, just after its quote."""
        text, n, values = self.text, len(self.text), self.values
        parts: list[Part] = []
        position = start
        less_than = -1
        checked = len(self.faults)
        close = text.find(quote, position)
        while True:
            if 0 <= close < position:
                close = text.find(quote, position)
            match = values.special.search(text, position, close if close >= 0 else n)
            if match is None:
                break
            at = match.start()
            char = text[at]
            if values.placeholders and (custom := values.custom(at)):
                parts.append(custom)
                position = custom.end
            elif char == "@" and opens_expression(text, at):
                part: Part = values.expression(at, quote)
                parts.append(part)
                position = part.end
            elif char == "<":
                position = at + 1
                if less_than < 0:
                    less_than = at
                    if not self._plausible(start, close):
                        break
            elif char == "&":
                position = values.entity(at)
            elif values.liquid and char == "{" and (liquid := LIQUID.match(text, at)):
                parts.append(Part(PartKind.LIQUID, at, liquid.end()))
                position = liquid.end()
            else:
                found = values.template(at, n)
                if found is None:
                    position = at + 1
                else:
                    parts.append(found)
                    position = found.end
        if close >= 0 and less_than < 0 and _AFTER_VALUE.match(text, close + 1):
            filled = literals_and(parts, start, close)
            return _add(element, Attribute(name, name_start, close + 1, start, close, quote, filled))
        value = Value(name_start, name, start, quote, close, parts, less_than, checked)
        return self._odd_value(element, value)

    # Values that do not end where they seem to

    def _odd_value(self, element: Element, value: Value) -> int:
        """A value with a ``<``, without a closing quote, or with one that something follows."""
        text, start, quote, close = self.text, value.start, value.quote, value.close
        ended = close >= 0 and _AFTER_VALUE.match(text, close + 1) is not None
        glued = close >= 0 and value.less_than < 0 and _QUOTED_ATTRIBUTE.match(text, close + 1)
        if close >= 0 and not glued and (whole := self._broken_code(element, value, ended)):
            return whole
        end = self._lost_quote(value, ended)
        if end >= 0:
            return self._without_end_quote(element, value, end)
        if not ended and not glued and text[close + 1] != quote:
            end = self._later_quote(start, close + 1, quote)
            if close == start and (end >= 0 or opens_expression(text, start + 1)):
                self.fault("stray-quote", start, start + 1, quote, (start, start + 1, ""))
                return self.quoted(element, value.name_start, value.name, start + 1, quote)
            if end >= 0:
                return self._whole(element, value, end, "quote-in-value", self._escaped(value, end))
        if value.less_than >= 0:
            self._less_than_signs(value)
        filled = literals_and(value.parts, start, close)
        return _add(element, Attribute(value.name, value.name_start, close + 1, start, close, quote, filled))

    def _escaped(self, value: Value, end: int) -> tuple[int, int, str] | None:
        """The repair that escapes a value from its first quote on; none where a fault would remain in it."""
        text, close = self.text, value.close
        if (
            len(self.faults) > value.checked
            or text.find("&", close, end) >= 0
            or self._next_expression(close, end) >= 0
        ):
            return None
        inner = text[close:end].replace(value.quote, "&quot;" if value.quote == '"' else "&apos;")
        return close, end, inner.replace("<", "&lt;")

    def _broken_code(self, element: Element, value: Value, ended: bool) -> int:
        """A value that is an expression with a character too few: where the attribute ends, or 0."""
        text, start = self.text, value.start
        first = _SPACE.match(text, start).end()  # type: ignore[union-attr]
        last = value.parts[-1] if value.parts else None
        if isinstance(last, Expression) and last.closed and not ended:
            end = self._later_quote(start, value.close, value.quote)
            return self._closed_early(element, value, end) if end >= 0 else 0
        if text[first] in "({":
            end = self._end_of_code(first + 1, text[first], value.quote)
            return self._whole(element, value, end, "missing-at", (first, first, "@")) if end >= 0 else 0
        if text[first] == "@" and last is None:
            for bracket in "({":
                end = self._end_of_code(first + 1, bracket, value.quote)
                if end >= 0:
                    return self._whole(
                        element, value, end, "missing-bracket", (first + 1, first + 1, bracket)
                    )
            end = self._later_quote(start, value.close, value.quote)
            return self._whole(element, value, end, "missing-bracket", None) if end >= 0 else 0
        return 0

    def _end_of_code(self, start: int, bracket: str, quote: str) -> int:
        """Where code from ``start`` on ends if ``bracket`` opened it: at the closing quote, or -1."""
        if self.values.fuel < 0:
            return -1
        code = f"@{bracket}{self.text[start : start + _REACH]}"
        found = scan(code, 0)
        self.values.fuel -= found.end + len(code) // 8
        end = start + found.end - 2
        whole = found.closed and self.text.startswith(quote, end) and _AFTER_VALUE.match(self.text, end + 1)
        return end if whole else -1

    def _closed_early(self, element: Element, value: Value, end: int) -> int:
        """The brackets of an expression match before its code ends."""
        del self.faults[value.checked :]
        last = value.parts[-1]
        opening = self.text[last.start : last.start + 2]
        self.faults.append(
            Fault(
                FaultKind.UNTERMINATED_EXPRESSION,
                last.start,
                last.start + 2,
                "closed-early",
                opening,
                related=(last.end - 1, last.end),
            )
        )
        whole = Expression(last.start, end, closed=False, escaped=False)
        filled = literals_and([*value.parts[:-1], whole], value.start, end)
        return self._ended(element, value, end, filled)

    def _whole(
        self, element: Element, value: Value, end: int, detail: str, repair: tuple[int, int, str] | None
    ) -> int:
        """The value goes on to the quote at ``end``; what it holds counts as unknown."""
        del self.faults[value.checked :]
        self.fault(detail, value.start, end, value.name, repair)
        return self._ended(element, value, end, [Part(PartKind.PLACEHOLDER, value.start, end)])

    def _ended(self, element: Element, value: Value, end: int, parts: list[Part]) -> int:
        return _add(
            element, Attribute(value.name, value.name_start, end + 1, value.start, end, value.quote, parts)
        )

    def _later_quote(self, start: int, position: int, quote: str) -> int:
        """A quote from ``position`` on, on its line, that shows to be the closing one; -1 where there is none."""
        text = self.text
        line = _LINE_REST.match(text, position, position + _REACH)
        limit = line.end() if line else position
        if self.values.fuel < 0:
            return -1
        self.values.fuel -= limit - position
        at = text.find(quote, position, limit)
        while at >= 0 and not _CLOSING.match(text, at + 1):
            at = text.find(quote, at + 1, limit)
        return -1 if at >= 0 and _LATER_ATTRIBUTE.search(text, start, at) else at

    def _without_end_quote(self, element: Element, value: Value, end: int) -> int:
        parts = [part for part in value.parts if part.end <= end]
        found = self.faults[value.checked :]
        del self.faults[value.checked :]
        unclosed = [
            fault for fault in found if fault.kind is FaultKind.UNTERMINATED_EXPRESSION and fault.end <= end
        ]
        self.faults.extend(unclosed)
        if not unclosed:
            self.fault("missing-end-quote", value.name_start, end, value.name, (end, end, value.quote))
        filled = literals_and(parts, value.start, end)
        attribute = Attribute(value.name, value.name_start, end, value.start, end, value.quote, filled)
        return _add(element, attribute)

    def _less_than_signs(self, value: Value) -> None:
        for part in literals_and(value.parts, value.start, value.close):
            at = self.text.find("<", part.start, part.end) if part.kind is PartKind.LITERAL else -1
            while at >= 0 and len(self.faults) - value.checked <= 20:
                self.values.less_than(at)
                at = self.text.find("<", at + 1, part.end)

    def _plausible(self, start: int, close: int) -> bool:
        """Whether a quote closes a value that stands on one line with markup in it."""
        if close < 0:
            return False
        text = self.text
        return _AFTER_VALUE.match(text, close + 1) is not None and not _LINE_END.search(text, start, close)

    def _lost_quote(self, value: Value, ended: bool) -> int:
        """Where the value ends whose closing quote is missing, or -1 where the quote found is its own."""
        text, start, close, less_than = self.text, value.start, value.close, value.less_than
        tail = start
        broken = not self._plausible(start, close)
        for part in value.parts:
            bracket = _BRACKET.search(text, tail, part.start)
            if bracket and (
                broken or (isinstance(part, Expression) and not text[bracket.end() : part.start].strip())
            ):
                # The tag ended here, and what follows is its text.
                return bracket.start()
            tail = part.end
        if close >= 0 and less_than < 0:
            if text[close - 1] != "=" and not text[close - 1].isspace():
                return -1
            if ended or _SWALLOWED_ATTRIBUTE.search(text, tail, close) is None:
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


def _add(element: Element, attribute: Attribute) -> int:
    attribute.parent = element
    element.attributes.append(attribute)
    return attribute.end
