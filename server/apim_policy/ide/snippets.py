"""Text with stops for the caret, in the snippet syntax of the language server protocol."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apim_policy.schema.declarations import RoleKind, ValueKind

if TYPE_CHECKING:
    from apim_policy.schema.declarations import AttributeDecl, ElementDecl, ValueType
    from apim_policy.syntax.tree import Document

_STOP = re.compile(
    r"\\([$}\\])|\$\{\d+\|((?:[^\\,|]|\\.)*)(?:[^\\|]|\\.)*\|\}|\$\{\d+:((?:[^\\}]|\\.)*)\}|\$\{?\d+\}?"
)
_ESCAPED = re.compile(r"\\([$}\\,|])")
_INDENT = "    "
_LEADING = re.compile(rf"^(?:{_INDENT})+", re.M)
_BLANKS = re.compile(r"[ \t]*")
# Children that must be there are written out this deep.
_DEEPEST = 3


def plain(snippet: str) -> str:
    """The snippet as text: each stop becomes its first choice or its default, or nothing."""

    def text(match: re.Match[str]) -> str:
        escaped, choice, default = match.groups()
        return _ESCAPED.sub(r"\1", escaped or choice or default or "")

    return _STOP.sub(text, snippet)


def escaped(text: str) -> str:
    """Text that means itself in a snippet."""
    return re.sub(r"([$}\\])", r"\\\1", text)


def with_unit(snippet: str, unit: str) -> str:
    """The snippet with ``unit`` for each step of its indentation."""
    if unit == _INDENT or "\n" not in snippet:
        return snippet
    return _LEADING.sub(lambda match: unit * (len(match.group()) // len(_INDENT)), snippet)


def indentation(document: Document, offset: int) -> str:
    """The blanks at the start of the line that holds ``offset``."""
    text = document.text
    start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    match = _BLANKS.match(text, start, offset)
    return match.group() if match else ""


def indentation_unit(document: Document) -> str:
    """One step of the document's indentation, as its first element inside another shows; else four blanks."""
    root = document.root
    child = next(root.elements(), None) if root is not None else None
    if root is None or child is None:
        return _INDENT
    outer, inner = indentation(document, root.start), indentation(document, child.start)
    step = inner.removeprefix(outer)
    return step if step and inner != outer and len(step) <= len(_INDENT) * 2 else _INDENT


class Stops:
    """Numbers the stops of one snippet."""

    def __init__(self) -> None:
        self._last = 0

    def value(self, type_: ValueType | None, default: str | None = None) -> str:
        """A stop for a value: a choice where the values are known."""
        self._last += 1
        values = choices(type_, default) if type_ is not None else ()
        if not values or (type_ is not None and type_.kind is ValueKind.STRING):
            return f"${self._last}"
        listed = ",".join(re.sub(r"([$}\\,|])", r"\\\1", value) for value in values)
        return f"${{{self._last}|{listed}|}}"


def choices(type_: ValueType, default: str | None) -> tuple[str, ...]:
    """The values that a type lists; of a boolean, the one first that is not the default."""
    if type_.kind is ValueKind.BOOLEAN:
        return ("false", "true") if default == "true" else ("true", "false")
    return tuple(item.value for item in type_.values)


def attribute(decl: AttributeDecl, stops: Stops) -> str:
    """``name="…"``."""
    if any(role.kind is RoleKind.CONDITION for role in decl.roles):
        return f'{decl.name}="@({stops.value(None)})"'
    return f'{decl.name}="{stops.value(decl.type, decl.default)}"'


def start_tag(decl: ElementDecl, stops: Stops) -> str:
    """The name and the attributes that must be there, without the brackets."""
    required = [attribute(item, stops) for item in decl.attributes.values() if item.required or item.soft]
    return " ".join([decl.name, *required])


def element(decl: ElementDecl, *, base: bool) -> str:
    """An element that has no snippet of its own, with what must be in it.

    ``base``: whether an element that may hold ``base`` holds it.
    """
    return "\n".join(_lines(decl, Stops(), 0, base=base))


def _lines(decl: ElementDecl, stops: Stops, depth: int, *, base: bool) -> list[str]:
    tag = start_tag(decl, stops)
    inner: list[str] = []
    if base and "base" in decl.children:
        inner.append("<base />")
    if depth < _DEEPEST:
        for child in decl.children.values():
            if child.min:
                inner += _lines(child.element, stops, depth + 1, base=base)
    if not inner and not decl.any_policy and not decl.children:
        if decl.text is None and not decl.any_xml:
            return [f"<{tag} />"]
        return [f"<{tag}>{stops.value(decl.text.type if decl.text else None)}</{decl.name}>"]
    if depth == 0 and (decl.any_policy or not inner):
        inner.append("$0")
    return [f"<{tag}>", *(_INDENT + line for line in inner), f"</{decl.name}>"]
