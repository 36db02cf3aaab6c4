"""What stands inside values and texts: expressions, placeholders, entities."""

from __future__ import annotations

import re

from apim_policy.syntax.expressions import resynchronise, scan
from apim_policy.syntax.tree import Expression, Fault, FaultKind, Part, PartKind, decode_entities
from apim_policy.syntax.values import FORBIDDEN, SPECIAL, TEMPLATE_REACH, literals_and, template_part

_ENTITY = re.compile(r"&(?:(#\d{1,7}|#x[0-9A-Fa-f]{1,6}|\w{1,32});)?")
_ENTITIES = frozenset({"lt", "gt", "amp", "quot", "apos"})
_BARE_AMPERSANDS = re.compile(r"&(?:&(?!#?\w+;))*")
_UNENDED_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|apos)(?![\w;=])")


class ValueScanner:
    """Reads expressions, placeholders and entities of one text; what is wrong with them goes to ``faults``."""

    def __init__(self, text: str, faults: list[Fault], placeholders: re.Pattern[str] | None) -> None:
        self.text = text
        self.faults = faults
        self.placeholders = placeholders
        self.special = (
            re.compile(f"{SPECIAL.pattern}|{placeholders.pattern}", SPECIAL.flags | placeholders.flags)
            if placeholders
            else SPECIAL
        )
        """Finds where a value holds something other than plain literal text."""
        self.liquid = False
        """Whether the scan is inside a Liquid body."""
        # Where things fail again and again, each look to the end of the text would make the whole quadratic.
        self.fuel = 8 * len(text) + 4096
        """How many characters may still be looked at in vain."""
        self._template_fuel = len(text) + 16 * TEMPLATE_REACH

    def expression(
        self, at: int, quote: str = "", *, limit: int | None = None, element: str = ""
    ) -> Expression:
        """The expression whose ``@`` is at this offset; a fault where it never closes.

        ``quote`` is that of the attribute, ``element`` the name of the element whose text it is in.
        """
        text = self.text
        reach = len(text) if limit is None else limit
        escaped = False
        if self.fuel > 0:
            found = scan(text, at, reach)
            if found.closed:
                return Expression(at, found.end, closed=True, escaped=found.escaped)
            self.fuel -= found.end - at
            escaped = found.escaped
        if limit is None:
            end, cost = resynchronise(text, at, quote, element, far=self.fuel > 0)
            self.fuel -= cost
        else:
            end = limit
        opening = text[at : at + 2]
        self.faults.append(
            Fault(FaultKind.UNTERMINATED_EXPRESSION, at, at + 2, "never-closed", opening, related=(at, end))
        )
        return Expression(at, end, closed=False, escaped=escaped)

    def custom(self, at: int) -> Part | None:
        """The placeholder of a form that the settings add at this offset."""
        match = self.placeholders.match(self.text, at) if self.placeholders else None
        return Part(PartKind.PLACEHOLDER, at, match.end()) if match and match.end() > at else None

    def template(self, at: int, limit: int) -> Part | None:
        """The named value, placeholder or directive at this offset."""
        nesting = self.text.startswith(("${", "%{"), at)
        if nesting and self._template_fuel < 0:
            return None
        part = template_part(self.text, at, limit, self.placeholders)
        if part is None and nesting:
            self._template_fuel -= TEMPLATE_REACH
        return part

    def parts(self, start: int, end: int) -> list[Part]:
        """The parts of a value that holds no expression."""
        parts: list[Part] = []
        position = start
        while match := self.special.search(self.text, position, end):
            part = self.template(match.start(), end)
            if part is None:
                position = match.start() + 1
            else:
                parts.append(part)
                position = part.end
        return literals_and(parts, start, end)

    def entity(self, at: int) -> int:
        """Just after the entity at this ``&``; a fault where it is none."""
        text = self.text
        match = _ENTITY.match(text, at)
        name = match[1] if match else None
        if match is None or name is None:
            if unended := _UNENDED_ENTITY.match(text, at):
                end = unended.end()
                self._character("entity-end", at, end, (end, end, ";"))
            else:
                end = _BARE_AMPERSANDS.match(text, at).end()  # type: ignore[union-attr]
                self._character("ampersand", at, end, (at, end, "&amp;" * (end - at)))
            return end
        end = match.end()
        if name.startswith("#"):
            decoded = decode_entities(match.group())
            if decoded == match.group() or FORBIDDEN.match(decoded):
                self._character("reference", at, end, (at, end, ""))
        elif name not in _ENTITIES:
            from html.entities import html5

            meant = html5.get(f"{name};")
            if meant is not None and len(meant) == 1:
                self._character("html-entity", at, end, (at, end, f"&#{ord(meant)};"))
            else:
                self._character("entity", at, end, (at, at + 1, "&amp;"))
        return end

    def less_than(self, at: int) -> None:
        """A fault for the ``<`` at this offset, which opens nothing."""
        self._character("less-than", at, at + 1, (at, at + 1, "&lt;"))

    def _character(self, detail: str, start: int, end: int, repair: tuple[int, int, str]) -> None:
        token = self.text[start:end]
        self.faults.append(Fault(FaultKind.INVALID_CHARACTER, start, end, detail, token, repair))
