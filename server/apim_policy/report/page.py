"""A rule's page as a terminal shows it."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from apim_policy.rules.documentation import facts, page
from apim_policy.rules.registry import url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.report.style import Style
    from apim_policy.rules.documentation import Block, Section
    from apim_policy.rules.model import Rule

_WIDEST = 96
"""Columns beyond which prose is hard to read."""
_CODE = re.compile(r"`[^`]+`")
_LINK = re.compile(r"\[(?P<text>[^\]]+)\]\((?P<url>[^)\s]+)\)")
_ITEM = re.compile(r"- |\d+\. ")
_MARKUP = re.compile(r"(?P<comment><!--.*?-->)|(?P<tag></?[A-Za-z][\w.-]*|/?>)", re.DOTALL)


def render(rule: Rule, style: Style, width: int) -> str:
    """The page of a rule in lines of at most ``width`` columns, examples aside; ends with a line end."""
    width = min(width, _WIDEST)
    title = f"{style.severity(rule.code, rule.level)} {style.bold(rule.name)}"
    about = " · ".join(facts(rule))
    parts = [f"{title}\n{about}", *_prose(f"{rule.summary}.", width, style)]
    for section in page(rule.code).sections:
        parts.append(style.paint(section.title, "1;4"))
        parts.extend(_section(section, width, style))
    if address := url(rule.code):
        parts.append(style.dim(style.link(address, address)))
    return "\n\n".join(parts) + "\n"


def _section(section: Section, width: int, style: Style) -> Iterator[str]:
    done = 0
    for block in section.blocks():
        yield from _prose(section.body[done : block.start], width, style)
        yield _code(block, style)
        done = block.end
    yield from _prose(section.body[done:], width, style)


def _prose(text: str, width: int, style: Style) -> Iterator[str]:
    for paragraph in re.split(r"\n\s*\n", text.strip("\n")):
        lines = paragraph.split("\n")
        if not paragraph.strip():
            continue
        if lines[0].startswith("|"):
            yield _decorated(paragraph, style)
        elif _ITEM.match(lines[0]):
            yield "\n".join(_wrapped(item, width, style) for item in _items(lines))
        else:
            yield _wrapped(paragraph, width, style)


def _items(lines: list[str]) -> list[str]:
    items: list[str] = []
    for line in lines:
        if _ITEM.match(line):
            items.append(line)
        else:
            items[-1] += " " + line.strip()
    return items


def _wrapped(text: str, width: int, style: Style) -> str:
    item = _ITEM.match(text)
    # An address that is shown beside its text must not be cut in two.
    text = _LINK.sub(lambda match: f"{match['text']} <{match['url']}>", " ".join(text.split()))
    lines = textwrap.wrap(
        text,
        width,
        subsequent_indent=" " * len(item[0]) if item else "",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return _decorated("\n".join(lines), style)


def _decorated(text: str, style: Style) -> str:
    return _CODE.sub(lambda match: style.paint(match.group(), "36"), text)


def _code(block: Block, style: Style) -> str:
    text = block.text.rstrip("\n")
    if block.language == "xml":
        text = _MARKUP.sub(lambda match: style.paint(match.group(), "2" if match["comment"] else "34"), text)
    title = style.dim(f"    {block.title}") + "\n" if block.title else ""
    return title + textwrap.indent(text, "    ")
