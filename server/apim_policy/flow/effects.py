"""What single policies do to request headers, and which they look at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.csharp.headers import header_use
from apim_policy.csharp.lookups import Access
from apim_policy.flow import facts
from apim_policy.syntax.tree import Element, Expression, PartKind, Text
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from apim_policy.flow.composition import Step
    from apim_policy.flow.facts import HeaderWrite
    from apim_policy.syntax.tree import Attribute, Document


class Look(NamedTuple):
    """A look at a request header inside one element."""

    name: str | None
    access: Access | None
    span: Span
    late: bool
    """Whether it happens after the policies that the element holds, as with the condition of ``retry``."""
    fallback: bool = False
    """Whether it says what to take where the header is missing."""


class Effect(NamedTuple):
    """What one policy has to do with request headers, wherever it stands."""

    looks: tuple[Look, ...]
    write: HeaderWrite | None
    forwards: bool
    ends: bool


class Effects:
    """The effects of the policies of documents, computed once for each as long as its document stays the same."""

    def __init__(self) -> None:
        self._kept: dict[Path, tuple[Document, dict[Element, Effect]]] = {}

    def of(self, step: Step) -> Effect:
        """The effect of a step's element."""
        frame = step.frame
        kept = self._kept.get(frame.path)
        if kept is None or kept[0] is not frame.document:
            kept = self._kept[frame.path] = (frame.document, {})
        effect = kept[1].get(step.element)
        if effect is None:
            effect = kept[1][step.element] = effect_of(frame.document, step.element)
        return effect


def effect_of(document: Document, element: Element) -> Effect:
    """What a policy has to do with request headers; without the policies of the pipeline that it holds."""
    return Effect(
        tuple(_looks(document, element)),
        facts.header_write(document, element),
        facts.forwards(document, element),
        facts.ends_request(document, element),
    )


def _looks(document: Document, element: Element) -> Iterator[Look]:
    holder = facts.holds_policies(element) or facts.is_arm(element) or facts.chooses(element)
    stack: list[Element | Text] = [element]
    while stack:
        node = stack.pop()
        if isinstance(node, Text):
            yield from _looks_of_value(document, node, late=False)
            continue
        for attribute in node.attributes:
            late = facts.repeats(element) and facts.is_condition(element, attribute.name)
            yield from _looks_of_value(document, attribute, late=late)
        if not holder:
            stack += [child for child in reversed(node.children) if isinstance(child, (Element, Text))]
    for read in facts.header_reads(document, element):
        yield Look(read.name, None, read.span, late=False)


_LIQUID_HEADER = re.compile(
    r"""\bcontext\.Request\.Headers(?:\.([\w-]+)|\[\s*["']([^"'\]]+)["']\s*\])""", re.I
)


def _looks_of_value(document: Document, owner: Attribute | Text, *, late: bool) -> Iterator[Look]:
    for part in owner.parts:
        if isinstance(part, Expression):
            for access in header_use(document, part).accesses:
                span = Span(part.start + access.span.start, part.start + access.span.end)
                yield Look(access.name, access.access, span, late, access.fallback)
        elif part.kind is PartKind.LIQUID:
            for match in _LIQUID_HEADER.finditer(document.text, part.start, part.end):
                yield Look(match[1] or match[2], Access.INDEX, Span(*match.span()), late)
