"""The outline of a document: its sections and policies, each with what tells it from its neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from apim_policy.ide.places import stands_as_policy
from apim_policy.syntax.names import SECTIONS
from apim_policy.syntax.tree import Element, decode_entities

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apim_policy.syntax.tree import Document
    from apim_policy.text.span import Span


class SymbolKind(Enum):
    """What an entry of the outline is."""

    SECTION = "section"
    POLICY = "policy"
    CONTROL = "control"
    """A policy that runs others: ``choose``, ``retry`` and their kind."""
    BRANCH = "branch"
    FRAGMENT = "fragment"
    HEADER = "header"
    VARIABLE = "variable"


@dataclass(frozen=True, slots=True)
class Symbol:
    """An entry of the outline."""

    name: str
    detail: str
    kind: SymbolKind
    span: Span
    """The whole element."""
    selection: Span
    """Its name in the start tag."""
    children: tuple[Symbol, ...] = ()


_KINDS = {
    "choose": SymbolKind.CONTROL,
    "retry": SymbolKind.CONTROL,
    "wait": SymbolKind.CONTROL,
    "limit-concurrency": SymbolKind.CONTROL,
    "when": SymbolKind.BRANCH,
    "otherwise": SymbolKind.BRANCH,
    "include-fragment": SymbolKind.FRAGMENT,
    "set-header": SymbolKind.HEADER,
    "check-header": SymbolKind.HEADER,
    "set-variable": SymbolKind.VARIABLE,
    **dict.fromkeys(SECTIONS, SymbolKind.SECTION),
}

# The attributes that tell one use of a policy from another, the most telling first.
_TELLING = (
    "fragment-id",
    "name",
    "id",
    "condition",
    "backend-id",
    "base-url",
    "provider-id",
    "response-variable-name",
    "counter-key",
    "key",
    "variable-name",
    "header-name",
    "resource",
    "tenant-id",
    "template",
    "logger-id",
    "source",
    "code",
    "status-code",
    "calls",
    "action",
    "from",
    "username",
    "thumbprint",
)
_TELLING_TEXT = frozenset({"set-method", "set-url"})
_DETAIL = ("exists-action", "mode")
_LONGEST = 60
# Deeper than any real document; a client's JSON reader, and ours, work recursively.
_DEEPEST = 60


def outline(document: Document) -> tuple[Symbol, ...]:
    """The sections and policies of a document, nested as they stand; at most 60 levels deep."""
    tops: Iterable[Element] = (node for node in document.nodes if isinstance(node, Element))
    return tuple(symbol for top in tops for symbol in _within(document, top, 0))


def _within(document: Document, element: Element, depth: int) -> list[Symbol]:
    if depth > _DEEPEST or element.name == "set-body":
        return []
    symbols: list[Symbol] = []
    for child in element.elements():
        nested = _within(document, child, depth + 1)
        if child.name and stands_as_policy(element, child):
            symbols.append(_symbol(document, child, nested))
        else:
            symbols.extend(nested)
    return symbols


def _symbol(document: Document, element: Element, children: list[Symbol]) -> Symbol:
    telling = _telling(document, element)
    detail = next((value for name in _DETAIL if (value := _attribute(document, element, name))), "")
    return Symbol(
        name=f"{element.name} {telling}" if telling else element.name,
        detail=detail,
        kind=_KINDS.get(element.name, SymbolKind.POLICY),
        span=element.span,
        selection=element.name_span,
        children=tuple(children),
    )


def _telling(document: Document, element: Element) -> str:
    if element.name in _TELLING_TEXT:
        return _excerpt("".join(document.slice(text) for text in element.texts()))
    return next((value for name in _TELLING if (value := _attribute(document, element, name))), "")


def _attribute(document: Document, element: Element, name: str) -> str:
    attribute = element.attribute(name)
    return _excerpt(document.slice(attribute.value_span)) if attribute else ""


def _excerpt(text: str) -> str:
    # Long enough for what is shown, and no more is decoded of a value of megabytes.
    short = " ".join(decode_entities(text[: _LONGEST * 8]).split())
    if short.startswith(("@(", "@{")) and short.endswith((")", "}")):
        short = short[2:-1].strip()
    return short if len(short) <= _LONGEST else short[: _LONGEST - 1].rstrip() + "…"
