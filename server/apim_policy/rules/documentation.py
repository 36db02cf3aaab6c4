"""The pages of the rules, read from the docstrings of their modules.

A page is Markdown: a title line with code and slug, then sections. Fenced ``xml``, ``json`` and ``toml`` blocks are
files; blocks with nothing between them belong to one workspace. ``title="apis/orders/policy.xml"`` after the language
names the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from apim_policy.rules import registry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from apim_policy.rules.model import Rule

_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<text>.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
_INFO = re.compile(r'(?P<language>[\w-]*)(?:\s+title="(?P<title>[^"]+)")?\s*')
_HEADING = re.compile(r"^## +(.+)$", re.MULTILINE)
_DEFAULT_FILES = {"xml": "policy.xml", "toml": "apim-policy.toml", "json": "apiInformation.json"}


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block."""

    language: str
    title: str | None
    text: str
    start: int
    """Offset of its fence in the section's body."""
    end: int

    @property
    def file(self) -> str | None:
        """The path of the file that it shows; None where it shows something else, such as output."""
        return self.title or _DEFAULT_FILES.get(self.language)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page."""

    title: str
    body: str
    """Markdown, with fences as written."""

    def blocks(self) -> Iterator[Block]:
        """Its fenced blocks."""
        # A fence would close inside the code of a longer page without the line anchors.
        for match in _FENCE.finditer(self.body):
            info = _INFO.match(match["info"])
            language, title = (info["language"], info["title"]) if info else ("", None)
            yield Block(language, title, match["text"], match.start(), match.end())

    def examples(self) -> list[dict[str, str]]:
        """Its workspaces: texts by path."""
        found: list[dict[str, str]] = []
        last = -1
        for block in self.blocks():
            if block.file is not None:
                if last < 0 or self.body[last : block.start].strip():
                    found.append({})
                found[-1][block.file] = block.text
            last = block.end
        return found


@dataclass(frozen=True, slots=True)
class Page:
    """What a rule's docstring says."""

    title: str
    """Code and slug."""
    sections: tuple[Section, ...]

    def section(self, title: str) -> Section | None:
        """The section of that title."""
        return next((section for section in self.sections if section.title == title), None)


def parse(text: str) -> Page:
    """The page that a docstring holds."""
    # Headings inside fences are text of the example.
    fences = [match.span() for match in _FENCE.finditer(text)]
    heads = [m for m in _HEADING.finditer(text) if not any(start <= m.start() < end for start, end in fences)]
    title = text[: heads[0].start() if heads else len(text)].strip().removeprefix("#").strip()
    ends = [*(head.start() for head in heads[1:]), len(text)][: len(heads)]
    sections = [
        Section(head[1].strip(), text[head.end() : end].strip("\n"))
        for head, end in zip(heads, ends, strict=True)
    ]
    return Page(title, tuple(sections))


@cache
def page(code: str) -> Page:
    """The page of a rule. Raises UnknownRuleError."""
    rule = registry.rule(code)
    return parse(registry.module(registry.Name(rule.code, rule.name)).__doc__ or f"# {rule.code} {rule.name}")


def facts(rule: Rule) -> list[str]:
    """What a page says of its rule beneath the title: level and fix."""
    found = [f"Level: {rule.level.value}"]
    if rule.fix is not None:
        found.append(f"Fix: {rule.fix.value}")
    if rule.preview:
        found.append("In preview")
    return found


def markdown(rule: Rule) -> str:
    """The page of a rule as Markdown; ends with a line end."""
    found = page(rule.code)
    parts = [f"# {found.title}", " · ".join(facts(rule)), f"{rule.summary}."]
    for section in found.sections:
        parts.append(f"## {section.title}")
        parts.append(_FENCE.sub(_named_fence, section.body).strip("\n"))
    return "\n\n".join(parts) + "\n"


def published() -> Mapping[str, str]:
    """The text of each published page by its file name: one for each rule, and the table of all."""
    pages = {f"{rule.code}.md": markdown(rule) for rule in registry.all_rules()}
    pages["README.md"] = f"# Rules\n\n{table()}"
    return pages


def table(folder: str = "") -> str:
    """All rules as a Markdown table whose codes link to the pages in ``folder``, by default beside it."""
    rows = ["| Code | Name | Level | Fix | Reports |", "|---|---|---|---|---|"]
    for rule in registry.all_rules():
        fix = rule.fix.value if rule.fix else ""
        rows.append(
            f"| [{rule.code}]({folder}{rule.code}.md) | {rule.name} | {rule.level.value} | {fix} | {rule.summary} |"
        )
    return "\n".join(rows) + "\n"


def _named_fence(match: re.Match[str]) -> str:
    info = _INFO.match(match["info"])
    if info is None or info["title"] is None:
        return match.group()
    return f"`{info['title']}`:\n\n```{info['language']}\n{match['text']}```"
