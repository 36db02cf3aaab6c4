"""Start tags: the name, the attributes, and what to make of them where they are not written as XML wants it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apim_policy.syntax.attributes import NAME, Attributes
from apim_policy.syntax.expressions import opens_expression
from apim_policy.syntax.names import KNOWN_NAMES, UNMISTAKABLE
from apim_policy.syntax.tree import Attribute, Element, Expression, Fault, FaultKind, Part, PartKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apim_policy.syntax.value_scanner import ValueScanner

_TAG_END = re.compile(r"\s*(/?)>")
_LONE_SLASH = re.compile(r"\s*/(?=\s*(?:<|\Z))")
# A whole attribute whose value is plain; anything else goes the long way.
_PLAIN_ATTRIBUTE = re.compile(rf"""\s+({NAME})=(?:"([^"<&@{{%$#]*)"|'([^'<&@{{%$#]*)')(?=[\s>]|/>)""")
_ATTRIBUTE_NAME = re.compile(rf"(\s*)({NAME})(\s*)(=?)(\s*)")
_NAMELESS_VALUE = re.compile(r"""=\s*(?:"[^"<>]*"|'[^'<>]*')?|(?:"[^"<>=]*"|'[^'<>=]*')(?=[\s/>])""")
_MARK = re.compile(r"[<>=]")
_END_TAG = re.compile(rf"</\s*({NAME})")
_SPACE = re.compile(r"\s*")
_QUOTES = frozenset("\"'")
_JUNK = re.compile(r"[^\s\"'<>/=]+|.", re.S)
_LIQUID_TEMPLATE = re.compile(r"\s*liquid\s*$", re.I)
# Attributes that the children of policies begin with: where one of them is glued to the element's name.
_FIRST_ATTRIBUTES = ("name", "id", "value", "url", "from", "match", "key", "condition")
# How far to look for the end tag of an element whose name is in doubt.
_REACH = 4000


class StartTags:
    """Reads the start tags of one text."""

    def __init__(self, values: ValueScanner) -> None:
        self.text = values.text
        self.faults = values.faults
        self.values = values
        self.unclosed: dict[Element, int] = {}
        """The elements whose start tag lacks its ``>``, with the index of the fault that says so; -1 for none."""
        self._attributes = Attributes(values)
        self._mark = -1

    def read(self, start: int, name: str, name_start: int) -> Element | None:
        """The element whose start tag begins here; None where the ``<`` is none of a tag."""
        text = self.text
        element = Element(start, name, name_start)
        position = name_start + len(name)
        attributes = element.attributes
        plain = _PLAIN_ATTRIBUTE
        while True:
            match = plain.match(text, position)
            if match is not None:
                name, double, single = match.groups()
                index, quote = (2, '"') if single is None else (3, "'")
                value_start, value_end = match.span(index)
                position = match.end()
                if "__" in (double if single is None else single) or self.values.placeholders:
                    parts: Sequence[Part] = self.values.parts(value_start, value_end)
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
            following = self._odd(element, position)
            if following < 0:
                if self._is_text(element, position):
                    return None
                position = self._without_bracket(element, position)
                break
            position = following
        element.tag_end = element.end = position
        if len(attributes) > 1:
            self._duplicates(attributes)
        if self.values.liquid and element.name in UNMISTAKABLE:
            # The end tag of the Liquid body is missing.
            self.values.liquid = False
        if element.name == "set-body" and not element.self_closing:
            template = element.attribute("template")
            if template and _LIQUID_TEMPLATE.match(text[template.value_start : template.value_end]):
                self.values.liquid = True
        return element

    def _duplicates(self, attributes: list[Attribute]) -> None:
        seen: dict[str, Attribute] = {}
        for attribute in attributes:
            first = seen.setdefault(attribute.name, attribute)
            if first is not attribute:
                before = attribute.start
                while self.text[before - 1].isspace():
                    before -= 1
                self.faults.append(
                    Fault(
                        FaultKind.DUPLICATE_ATTRIBUTE,
                        attribute.start,
                        attribute.end,
                        "again",
                        attribute.name,
                        (before, attribute.end, ""),
                        (first.start, first.end),
                    )
                )

    # Where the tag ends without its ">"

    def _next_mark(self, position: int) -> int:
        """Offset of the next ``<``, ``>`` or ``=``, or the end of the text."""
        if self._mark < position:
            match = _MARK.search(self.text, position)
            self._mark = match.start() if match else len(self.text)
        return self._mark

    def _is_text(self, element: Element, position: int) -> bool:
        """Whether the ``<`` stands in a text: another element's end tag follows before any ``>``."""
        if element.attributes or element.open_tag or element.name in KNOWN_NAMES:
            return False
        if _LONE_SLASH.match(self.text, position):
            return False
        end_tag = _END_TAG.match(self.text, self._next_mark(position))
        return end_tag is not None and not element.name.startswith(end_tag.group(1))

    def _without_bracket(self, element: Element, position: int) -> int:
        """The tag ends where markup or the text goes on without its ``>``."""
        text = self.text
        mark = self._next_mark(position)
        end = position
        # At the end of the text, what cannot be read as an attribute yet still belongs to the tag.
        cut = mark == len(text) and bool(text[position:].strip())
        if slash := _LONE_SLASH.match(text, position):
            element.self_closing = True
            end = slash.end()
        else:
            last_end = element.attributes[-1].end if element.attributes else element.name_span.end
            while end > last_end and text[end - 1].isspace():
                end -= 1
            end_tag = _END_TAG.match(text, mark)
            name = end_tag.group(1) if end_tag and not element.attributes else element.name
            if name != element.name and element.name.startswith(name):
                # The text begins right after the name.
                element.name = name
                end = element.name_span.end
            last = element.attributes[-1].parts if element.attributes else ()
            if last and isinstance(last[-1], Expression) and not last[-1].closed:
                # The rest of the tag was lost with the end of the expression.
                self.unclosed[element] = -1
                return end
            self.unclosed[element] = len(self.faults)
            if cut:
                end = len(text.rstrip())
        self.faults.append(
            Fault(
                FaultKind.UNCLOSED_ELEMENT,
                element.start,
                element.name_span.end,
                "start-tag",
                element.name,
                None if cut else (end, end, ">"),
            )
        )
        return end

    # What is no plain attribute

    def _odd(self, element: Element, position: int) -> int:
        """Whatever is no plain attribute: where it ends, or -1 where the tag does not go on."""
        text = self.text
        match = _ATTRIBUTE_NAME.match(text, position)
        if match is None or not match[4] or text[match.end() : match.end() + 1] not in _QUOTES:
            start = _SPACE.match(text, position).end()  # type: ignore[union-attr]
            mark = self._next_mark(start)
            if not text.startswith((">", "="), mark) or _LONE_SLASH.match(text, position):
                return -1
            if text[start] == "@" and opens_expression(text, start):
                return -1
            if match is None:
                return self._no_attribute(element, start)
        space, name, _, equals, _ = match.groups()
        at = match.start(2)
        if name.startswith("__") and (part := self.values.template(at, len(text))):
            element.open_tag = True
            return part.end
        if not space and element.attributes and text[at - 1] in _QUOTES:
            self._attributes.fault("missing-space", at, at + len(name), name, (at, at, " "))
        after = match.end()
        quote = text[after : after + 1]
        if quote in _QUOTES:
            if not equals:
                repair = (match.end(2), after, "=")
                self._attributes.fault("missing-equals", at, at + len(name), name, repair)
            return self._attributes.quoted(element, at, name, after + 1, quote)
        if equals:
            return self._attributes.unquoted(element, name, at, match.end(4), after)
        return self._attributes.without_value(element, name, at, match.end(2))

    def _no_attribute(self, element: Element, start: int) -> int:
        text = self.text
        fault = self._attributes.fault
        if text[start] in "{$#%_" and (part := self.values.template(start, len(text))):
            element.open_tag = True
            return part.end
        if text[start] == "=" and not element.attributes and (glued := self._glued(element)):
            return glued
        nameless = _NAMELESS_VALUE.match(text, start)
        if nameless is not None:
            fault("missing-name", start, nameless.end(), nameless.group()[:40])
            return nameless.end()
        if text[start] in _QUOTES and element.attributes:
            fault("stray-quote", start, start + 1, text[start], (start, start + 1, ""))
            return start + 1
        end = _JUNK.match(text, start).end()  # type: ignore[union-attr]
        fault("stray-character", start, end, text[start:end][:40], (start, end, ""))
        return end

    def _glued(self, element: Element) -> int:
        """The first attribute stands right after the element's name: where it begins, or 0."""
        name, start = element.name, element.name_span.end
        cuts = [cut for cut in range(len(name) - 1, 2, -1) if name[:cut] in KNOWN_NAMES]
        self.values.fuel -= _REACH
        for end_tag in _END_TAG.finditer(self.text, start, start + _REACH) if self.values.fuel > 0 else ():
            closed = end_tag.group(1)
            if closed != name and name.startswith(closed):
                cuts.append(len(closed))
                break
        cuts += [
            len(name) - len(first) for first in _FIRST_ATTRIBUTES if name.endswith(first) and name != first
        ]
        if not cuts:
            return 0
        element.name = name[: cuts[0]]
        at = element.name_span.end
        rest = name[cuts[0] :]
        self._attributes.fault("missing-space-after-name", at, at + len(rest), rest, (at, at, " "))
        return at
