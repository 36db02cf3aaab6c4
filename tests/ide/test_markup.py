"""Markup, as markdown and as plain text."""

from __future__ import annotations

import pytest

from apim_policy.ide.markup import Code, Link, Markup, Strong


def test_blocks_are_set_apart_and_lists_are_lists() -> None:
    markup = Markup()
    markup.paragraph(Strong("Policy"), " of ", Code("orders"))
    markup.bullets([["one"], [Link("two", "file:///a#L3")]])
    markup.code("xml", "<a/>")
    assert markup.markdown() == (
        "**Policy** of `orders`\n\n- one\n- [two](file:///a#L3)\n\n```xml\n<a/>\n```"
    )
    assert markup.plain() == 'Policy of "orders"\n\n- one\n- two\n\n<a/>'


def test_an_empty_list_leaves_no_gap() -> None:
    markup = Markup()
    markup.paragraph("a")
    markup.bullets([])
    assert markup.markdown() == "a"


@pytest.mark.parametrize("name", ["*a*", "_a_", "[a](b)", "<a>", "`a`", "a|b", "# a", "a\\b"])
def test_names_never_become_markup(name: str) -> None:
    markup = Markup()
    markup.paragraph(name)
    shown = markup.markdown()
    assert shown.replace("\\\\", "\0").replace("\\", "").replace("\0", "\\") == name
    assert shown != name


@pytest.mark.parametrize(
    ("name", "shown"), [("a", "`a`"), ("a`b", "``a`b``"), ("`a", "`` `a ``"), ("a\nb", "`a b`")]
)
def test_code_holds_any_character(name: str, shown: str) -> None:
    markup = Markup()
    markup.paragraph(Code(name))
    assert markup.markdown() == shown


def test_a_fence_is_longer_than_what_it_holds() -> None:
    markup = Markup()
    markup.code("", "```\n````")
    assert markup.markdown() == "`````\n```\n````\n`````"


def test_brackets_do_not_end_a_link() -> None:
    markup = Markup()
    markup.paragraph(Link("a", "file:///a(b)"))
    assert markup.markdown() == "[a](file:///a%28b%29)"


def test_short_lines_stand_close_below_each_other() -> None:
    markup = Markup()
    markup.lines([[Strong("Scopes"), " all"], [Strong("Gateways"), " a*b"]])
    markup.lines([])
    assert markup.markdown() == "**Scopes** all  \n**Gateways** a\\*b"
    assert markup.plain() == "Scopes all\nGateways a*b"
