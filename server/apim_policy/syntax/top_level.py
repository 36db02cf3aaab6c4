"""What stands beside the root: no other root, and nothing but comments around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.syntax.spaces import XML_SPACE
from apim_policy.syntax.tree import (
    ROOTS,
    CData,
    Element,
    Fault,
    FaultKind,
    Node,
    PartKind,
    StrayEndTag,
    Text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ROOTS_WITHOUT_OPENING = frozenset(f"{name}>" for name in ROOTS)
_TEMPLATED = (PartKind.PLACEHOLDER, PartKind.DIRECTIVE)


def lost_root(nodes: Sequence[Node]) -> Element | None:
    """The first element where the start tag of the root is missing: its end tag closes nothing after all the rest."""
    elements = [node for node in nodes if isinstance(node, Element)]
    stray = next((node for node in reversed(nodes) if isinstance(node, StrayEndTag)), None)
    if stray is None or stray.name not in ROOTS or not elements or elements[-1].start > stray.start:
        return None
    return None if any(element.name in ROOTS for element in elements) else elements[0]


def lost_root_repair(
    text: str, nodes: Sequence[Node], first: Element, name: str, newline: str
) -> tuple[int, int, str]:
    """The insertion that gives the root ``name`` its start tag back, or the ``<`` of it."""
    for node in nodes:
        start = len(text[: node.end].rstrip()) - len(name) - 1
        if node.start <= start and text.startswith(f"{name}>", start):
            return start, start, "<"
        if node is first:
            break
    line = max(text.rfind("\n", 0, first.start), text.rfind("\r", 0, first.start)) + 1
    at = first.start if text[line : first.start].strip() else line
    return at, at, f"<{name}>{newline}"


def top_level_faults(text: str, nodes: Sequence[Node]) -> Iterator[Fault]:
    """The faults of what stands outside the root."""
    root: Element | None = None
    second = False
    rootless = lost_root(nodes)
    for node in nodes:
        if isinstance(node, Element):
            if root is None:
                root = node
            elif not second and rootless is None:
                second = True
                place = (root.start, root.tag_end)
                yield _misplaced(node.start, node.tag_end, "second-root", node.name, related=place)
        elif isinstance(node, CData):
            yield _misplaced(node.start, node.end, "text", "<![CDATA[")
        elif isinstance(node, Text) and not (
            rootless and text[node.start : node.end].strip() in _ROOTS_WITHOUT_OPENING
        ):
            yield from _text_faults(text, node)


def _text_faults(text: str, node: Text) -> Iterator[Fault]:
    for part in node.parts:
        word = text[part.start : part.end]
        if part.kind in _TEMPLATED or not word.strip(XML_SPACE):
            continue
        start = part.start + len(word) - len(word.lstrip(XML_SPACE))
        end = part.start + len(word.rstrip(XML_SPACE))
        token = text[start:end].split("\n", 1)[0].rstrip()
        yield _misplaced(start, end, "text", token[:40])


def _misplaced(
    start: int, end: int, detail: str, token: str, related: tuple[int, int] | None = None
) -> Fault:
    return Fault(FaultKind.MISPLACED_CONTENT, start, end, detail, token, related=related)
