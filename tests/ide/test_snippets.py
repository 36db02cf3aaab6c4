"""Snippets: what they say without their syntax, and how they fit into a document."""

from __future__ import annotations

import pytest

from apim_policy.ide import snippets
from apim_policy.schema.model import load
from apim_policy.syntax.parser import parse


@pytest.mark.parametrize(
    ("snippet", "text"),
    [
        ('<a b="${1:c}" />', '<a b="c" />'),
        ('<a b="${1|c,d|}">$0</a>', '<a b="c"></a>'),
        (r"@{ return ${1:a\}b}; \}", "@{ return a}b; }"),
        (r"\$1 ${2|a\,b,c|}", "$1 a,b"),
    ],
)
def test_without_its_syntax_a_snippet_is_its_defaults(snippet: str, text: str) -> None:
    assert snippets.plain(snippet) == text


def test_text_that_is_escaped_means_itself() -> None:
    assert snippets.plain(snippets.escaped(r"a$1{b}\n")) == r"a$1{b}\n"


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("<policies>\n  <inbound/>\n</policies>", "  "),
        ("<policies>\n\t<inbound/>\n</policies>", "\t"),
        ("    <policies>\n      <inbound/>\n</policies>", "  "),
        ("<policies><inbound/></policies>", "    "),
        ("", "    "),
    ],
)
def test_a_document_shows_how_it_is_indented(text: str, unit: str) -> None:
    assert snippets.indentation_unit(parse(text)) == unit


def test_a_snippet_takes_the_indentation_of_the_document() -> None:
    assert snippets.with_unit("<a>\n    <b>\n        c    d\n    </b>\n</a>", "\t") == (
        "<a>\n\t<b>\n\t\tc    d\n\t</b>\n</a>"
    )


def test_an_element_comes_with_what_must_be_in_it() -> None:
    when = load().element("choose").children["when"].element
    assert snippets.element(when, base=True) == '<when condition="@($1)">\n    $0\n</when>'
    inbound = load().element("policies").children["inbound"].element
    assert snippets.element(inbound, base=True) == "<inbound>\n    <base />\n    $0\n</inbound>"
    assert snippets.element(inbound, base=False) == "<inbound>\n    $0\n</inbound>"
