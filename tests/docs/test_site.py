"""The documentation site: it builds, and has a page for each rule and each policy."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from apim_policy.rules import registry
from apim_policy.schema.model import load

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site():
    spec = importlib.util.spec_from_file_location("site_builder", ROOT / "docs" / "site.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_there_is_a_page_for_each_rule_and_each_policy(site) -> None:
    pages = site.pages()
    assert {f"docs/rules/{name.code}.md" for name in registry.names()} <= pages.keys()
    assert {f"docs/policies/{name}.md" for name in load().policy_names} <= pages.keys()
    index = pages["docs/policies/README.md"]
    assert all(f"[{name}](/docs/policies/{name}.md)" in index for name in load().policy_names)


def test_the_page_of_a_policy_says_all_that_the_schema_knows(site) -> None:
    for name in load().policy_names:
        policy = load().policy(name)
        text = site.policy_page(policy)
        assert policy.documentation.split(".")[0].split("`")[0] in re.sub(r"\\(.)", r"\1", text)
        for attribute in policy.element.attributes:
            assert f"`{attribute}`\n: " in text
        for child in policy.element.children:
            assert load().is_policy(child) or f"### {child}\n" in text


@pytest.mark.filterwarnings("ignore::DeprecationWarning:myst_parser")
@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning:myst_parser")
def test_it_builds_without_a_warning_and_can_be_searched(site, tmp_path: Path) -> None:
    assert site.build(tmp_path / "site") == 0
    html = tmp_path / "site" / "html"
    assert "header-not-forwarded" in (html / "docs/rules/MCP001.html").read_text("utf-8")
    page = (html / "docs/policies/set-header.html").read_text("utf-8")
    assert '<span class="nt">set-header</span>' in page
    assert "exists-action" in page
    assert "semant" in (html / "searchindex.js").read_text("utf-8")
    assert not re.search(r'<(?:script|link)[^>]*(?:src|href)="https?:', page)


def test_colours_tile_the_text_whatever_stands_in_it() -> None:
    spec = importlib.util.spec_from_file_location("colours", ROOT / "docs" / "colours.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for text in ('<a b="@("c" + "d")">{{e}}</a>\n', "<a b=@(", "", '<set-body>@{ return "<x>"; }</set-body>'):
        pieces = module.PolicyLexer().get_tokens_unprocessed(text)
        position = 0
        for start, _, piece in pieces:
            assert start == position
            position += len(piece)
        assert position == len(text)
