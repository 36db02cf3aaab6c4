"""Text with a little structure, shown as markdown or, where a client knows none, as plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


@dataclass(frozen=True, slots=True)
class Code:
    """A name or value from a document."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """What the eye should find first."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A place to go to."""

    text: str
    url: str


Inline = str | Code | Strong | Link


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of text."""

    inlines: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, one run of text per item."""

    items: tuple[tuple[Inline, ...], ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Short lines that belong together, close below each other."""

    items: tuple[tuple[Inline, ...], ...]


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Lines of source text."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    """Markdown that was written as such, such as a rule's page; also readable as plain text."""

    text: str


Block = Paragraph | Bullets | Lines | CodeBlock | Prose


@dataclass(slots=True)
class Markup:
    """Blocks of text, from top to bottom."""

    blocks: list[Block] = field(default_factory=list)

    def paragraph(self, *inlines: Inline) -> None:
        """Add a run of text."""
        self.blocks.append(Paragraph(inlines))

    def bullets(self, items: Sequence[Sequence[Inline]]) -> None:
        """Add a list; an empty one adds nothing."""
        if items:
            self.blocks.append(Bullets(tuple(tuple(item) for item in items)))

    def lines(self, items: Sequence[Sequence[Inline]]) -> None:
        """Add lines close below each other; none add nothing."""
        if items:
            self.blocks.append(Lines(tuple(tuple(item) for item in items)))

    def code(self, language: str, text: str) -> None:
        """Add lines of source text."""
        self.blocks.append(CodeBlock(language, text))

    def prose(self, text: str) -> None:
        """Add markdown that was written as such."""
        self.blocks.append(Prose(text.strip()))

    def markdown(self) -> str:
        """The blocks as markdown, with every special character of a name escaped."""
        return "\n\n".join(_markdown(block) for block in self.blocks)

    def plain(self) -> str:
        """The blocks without any markup."""
        return "\n\n".join(_plain(block) for block in self.blocks)


def _markdown(block: Block) -> str:
    match block:
        case Paragraph(inlines):
            return "".join(map(_inline_markdown, inlines))
        case Bullets(items):
            return "\n".join("- " + "".join(map(_inline_markdown, item)) for item in items)
        case Lines(items):
            return "  \n".join("".join(map(_inline_markdown, item)) for item in items)
        case CodeBlock(language, text):
            fence = _fence(text, 3)
            return f"{fence}{language}\n{text}\n{fence}"
        case Prose(text):
            return text


def _plain(block: Block) -> str:
    match block:
        case Paragraph(inlines):
            return "".join(map(_inline_plain, inlines))
        case Bullets(items):
            return "\n".join("- " + "".join(map(_inline_plain, item)) for item in items)
        case Lines(items):
            return "\n".join("".join(map(_inline_plain, item)) for item in items)
        case CodeBlock(_, text) | Prose(text):
            return text


def _inline_markdown(inline: Inline) -> str:
    match inline:
        case Code(text):
            fence = _fence(text, 1)
            pad = " " if text.startswith("`") or text.endswith("`") else ""
            return f"{fence}{pad}{' '.join(text.split())}{pad}{fence}"
        case Strong(text):
            return f"**{_escaped(text)}**"
        case Link(text, url):
            return f"[{_escaped(text)}]({url.replace('(', '%28').replace(')', '%29')})"
        case str(text):
            return _escaped(text)


def _inline_plain(inline: Inline) -> str:
    match inline:
        case Code(text):
            return f'"{text}"'
        case Strong(text) | Link(text, _):
            return text
        case str(text):
            return text


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _fence(text: str, least: int) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    return "`" * max(least, longest + 1)
