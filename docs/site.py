"""Builds the documentation site from what the repository holds: the README, the pages of rules, and a page for each policy.

It needs no network. The pages of policies are made from the schemas on the way; all others are files of the repository.
"""

from __future__ import annotations

import re
import shutil
import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from apim_policy.ide.cards import card
from apim_policy.ide.grammar import Subject
from apim_policy.ide.markup import Link, Paragraph
from apim_policy.ide.snippets import plain
from apim_policy.rules.documentation import published
from apim_policy.schema.model import load

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from apim_policy.ide.markup import Markup
    from apim_policy.schema.declarations import ElementDecl, Policy

ROOT = Path(__file__).parent.parent
REPOSITORY = "https://github.com/apim-policy/apim-policy/blob/main"
_LINK = re.compile(r"(?<=\]\()(?!https?:|#)(?P<path>[^)#\s]+)(?P<anchor>#[^)\s]*)?(?=\))")
_CONFIGURATION = """\
project = "apim-policy"
extensions = ["myst_parser"]
root_doc = "index"
html_theme = "furo"
html_title = "apim-policy"
html_show_copyright = html_show_sphinx = False
html_copy_source = html_show_sourcelink = False
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 4

import sys

sys.path.insert(0, %r)


def setup(app):
    from colours import PolicyLexer

    app.add_lexer("xml", PolicyLexer)
"""


def pages() -> Mapping[str, str]:
    """The Markdown of each page, by its path in the site."""
    found = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for folder in ("docs", "examples", "client-config")
        for path in (ROOT / folder).rglob("*.md")
        if "node_modules" not in path.parts
    }
    found |= {name: (ROOT / name).read_text(encoding="utf-8") for name in ("CONTRIBUTING.md", "CHANGELOG.md")}
    found |= {f"docs/rules/{name}": text for name, text in published().items()}
    found |= policy_pages()
    found["index.md"] = (ROOT / "README.md").read_text(encoding="utf-8") + _contents(found)
    found["docs/rules/README.md"] += _tree(
        sorted(name[11:-3] for name in found if re.fullmatch(r"docs/rules/[A-Z]{3}\d+\.md", name))
    )
    return {path: _linked(path, text, found) for path, text in found.items()}


def _contents(found: Mapping[str, str]) -> str:
    trees = {
        "Reference": ["docs/rules/README", "docs/policies/README"],
        "Editors and pipelines": sorted(name[:-3] for name in found if name.startswith("client-config/")),
        "The project": sorted(
            name[:-3]
            for name in found
            if name.startswith("examples/")
            or name in ("CHANGELOG.md", "CONTRIBUTING.md", "docs/architecture.md")
        ),
    }
    return "".join(_tree(names, caption) for caption, names in trees.items())


def _tree(names: list[str], caption: str = "") -> str:
    options = [":hidden:", *([f":caption: {caption}"] if caption else [])]
    return "\n```{toctree}\n" + "\n".join([*options, "", *names]) + "\n```\n"


def _linked(page: str, text: str, found: Mapping[str, str]) -> str:
    """The page with links to pages of the site as they are, and those to other files leading to the repository."""

    def target(match: re.Match[str]) -> str:
        anchor = match["anchor"] or ""
        path = (ROOT / page).parent / match["path"]
        name = path.resolve().relative_to(ROOT).as_posix() if path.resolve().is_relative_to(ROOT) else ""
        if name == "README.md":
            return "/index.md" + anchor
        if name in found or name.startswith("docs/images/"):
            return f"/{name}{anchor}"
        return f"{REPOSITORY}/{name}{anchor}"

    return _LINK.sub(target, text)


def policy_pages() -> Mapping[str, str]:
    """A page for each policy, and their list."""
    model = load()
    policies = [policy for name in model.policy_names if (policy := model.policy(name))]
    found = {f"docs/policies/{policy.name}.md": policy_page(policy) for policy in policies}
    lines = ["# Policies", ""]
    by_category = sorted(policies, key=lambda policy: (policy.category or "Structure", policy.name))
    for category, members in groupby(by_category, key=lambda policy: policy.category or "Structure"):
        lines += [f"## {category}", "", "| Policy | What it does |", "|---|---|"]
        lines += [
            f"| [{each.name}]({each.name}.md) | {_first_sentence(each.documentation)} |" for each in members
        ]
        lines.append("")
    found["docs/policies/README.md"] = "\n".join(lines) + _tree([policy.name for policy in policies])
    return found


def policy_page(policy: Policy) -> str:
    """The page of one policy: where it may stand, an example, attributes and what it may hold."""
    about = card(Subject((policy.name,)))
    assert about is not None
    about.blocks.pop(0)
    parts = [f"# {policy.name}", f"{policy.title}." if policy.title != policy.name else "", about.markdown()]
    parts += ["## Example", f"```xml\n{plain(policy.snippet)}\n```"]
    parts += _element((policy.name,), policy.element, 2)
    if policy.sources:
        parts.append("## Sources")
        parts.append(
            "\n".join(
                f"- <{source.href}>{_dated(source.date)}{source.note and ': ' + source.note}"
                for source in policy.sources
            )
        )
    return "\n\n".join(filter(None, parts)) + "\n"


def _element(path: tuple[str, ...], decl: ElementDecl, level: int) -> Iterator[str]:
    if decl.attributes:
        if level == 2:
            yield "## Attributes"
        for attribute in decl.attributes.values():
            described = card(Subject(path, attribute.name))
            assert described is not None
            yield _definition(attribute.name, described)
    inner = [
        (name, child)
        for name, child in decl.children.items()
        if not load().is_policy(name) and name not in path
    ]
    if inner and level == 2:
        yield "## Elements"
    for name, child in inner:
        described = card(Subject((*path, name)))
        assert described is not None
        yield f"### {' / '.join((*path[1:], name))}"
        yield _body(described)
        yield from _element((*path, name), child.element, level + 1)


def _definition(name: str, described: Markup) -> str:
    body = _body(described).replace("\n", "\n  ")
    return f"`{name}`\n: {body}"


def _body(described: Markup) -> str:
    """A card without its title and its link, which the page has already."""
    blocks = [
        block
        for block in described.blocks[1:]
        if not (isinstance(block, Paragraph) and any(isinstance(item, Link) for item in block.inlines))
    ]
    return type(described)(blocks).markdown()


def _dated(date: str | None) -> str:
    return f" ({date})" if date else ""


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=\.)\s", text, maxsplit=1)[0]


def build(target: Path) -> int:
    """Build the site in the folder ``target``; the exit status, not 0 where anything is amiss."""
    from sphinx.cmd.build import build_main

    source = target / "source"
    shutil.rmtree(target, ignore_errors=True)
    for name, text in pages().items():
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    shutil.copytree(ROOT / "docs" / "images", source / "docs" / "images")
    (source / "conf.py").write_text(_CONFIGURATION % str(ROOT / "docs"), encoding="utf-8")
    return build_main(["-q", "-W", "--keep-going", "-b", "html", str(source), str(target / "html")])


if __name__ == "__main__":
    sys.exit(build(ROOT / "build" / "site"))
