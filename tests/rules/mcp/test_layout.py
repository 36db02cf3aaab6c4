"""New elements in the layout of a document, and elements taken out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from apim_policy.rules.mcp import layout
from apim_policy.syntax.parser import parse
from apim_policy.text.edits import apply_edits

if TYPE_CHECKING:
    from apim_policy.syntax.tree import Document, Element

LINES = [(0, "<a>"), (1, "<b />"), (0, "</a>")]


def element(document: Document, name: str) -> Element:
    assert document.root is not None
    return next(found for found in document.root.walk() if found.name == name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "<policies>\n  <inbound>\n    <base />\n  </inbound>\n</policies>",
            "<policies>\n  <inbound>\n    <base />\n    <a>\n      <b />\n    </a>\n  </inbound>\n</policies>",
        ),
        (
            "<policies>\r\n\t<inbound>\r\n\t\t<base /> <!-- c -->\r\n\t</inbound>\r\n</policies>",
            "<policies>\r\n\t<inbound>\r\n\t\t<base /> <!-- c -->\r\n\t\t<a>\r\n\t\t\t<b />\r\n\t\t</a>\r\n\t</inbound>\r\n</policies>",
        ),
        (
            "<policies>\n\t<inbound />\n</policies>",
            "<policies>\n\t<inbound>\n\t\t<a>\n\t\t\t<b />\n\t\t</a>\n\t</inbound>\n</policies>",
        ),
        (
            "<policies>\n  <inbound>\n  </inbound>\n</policies>",
            "<policies>\n  <inbound>\n    <a>\n      <b />\n    </a>\n  </inbound>\n</policies>",
        ),
        (
            "<policies><inbound><base /></inbound></policies>",
            "<policies><inbound><base />\n    <a>\n        <b />\n    </a>\n</inbound></policies>",
        ),
        (
            "<policies>\n<inbound>\n<base />\n</inbound>\n</policies>",
            "<policies>\n<inbound>\n<base />\n<a>\n    <b />\n</a>\n</inbound>\n</policies>",
        ),
    ],
)
def test_at_the_end(text: str, expected: str) -> None:
    document = parse(text)
    after = apply_edits(text, [layout.appended(document, element(document, "inbound"), LINES)])
    assert after == expected
    assert not parse(after).faults


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<f>\n  <base />\n  <x />\n</f>", "<f>\n  <base />\n  <a>\n    <b />\n  </a>\n  <x />\n</f>"),
        ("<f>\n  <!-- c -->\n  <x />\n</f>", "<f>\n  <a>\n    <b />\n  </a>\n  <!-- c -->\n  <x />\n</f>"),
        (
            "<f>\n  <!-- c -->\n\n  <x />\n</f>",
            "<f>\n  <!-- c -->\n\n  <a>\n    <b />\n  </a>\n  <x />\n</f>",
        ),
        (
            "<f>\n  <y /> <!-- c -->\n  <x />\n</f>",
            "<f>\n  <y /> <!-- c -->\n  <a>\n    <b />\n  </a>\n  <x />\n</f>",
        ),
        ("<f><y /><x /></f>", "<f><y />\n    <a>\n        <b />\n    </a>\n    <x /></f>"),
    ],
)
def test_before_an_element(text: str, expected: str) -> None:
    document = parse(text)
    assert apply_edits(text, [layout.put_before(document, element(document, "x"), LINES)]) == expected


def test_after_an_element() -> None:
    text = "<f>\n  <x>\n    <y />\n  </x>\n</f>"
    document = parse(text)
    after = apply_edits(text, [layout.put_after(document, element(document, "x"), LINES)])
    assert after == "<f>\n  <x>\n    <y />\n  </x>\n  <a>\n    <b />\n  </a>\n</f>"


@pytest.mark.parametrize(
    "text",
    [
        "<f>\n  <x />\n</f>",
        "<f>\n  <base />\n\n  <x />\n\n  <y />\n</f>",
        "<f>\n  <!-- c -->\n  <x /> <!-- d -->\n  <!-- e -->\n  <y />\n</f>",
        "<f>\r\n\t<x />\r\n\t<y />\r\n</f>",
        "<f>\n  <x />\n  <!-- end -->\n</f>",
    ],
)
def test_what_was_put_in_can_be_taken_out(text: str) -> None:
    document = parse(text)
    root = document.root
    assert root is not None
    edits = [
        layout.appended(document, root, LINES),
        layout.put_before(document, element(document, "x"), LINES),
    ]
    for edit in edits:
        with_a = apply_edits(text, [edit])
        changed = parse(with_a)
        added = element(changed, "a")
        assert apply_edits(with_a, [layout.taken_out(changed, added, added)]) == text


def test_a_text_to_copy() -> None:
    assert layout.pasted(LINES) == "<a>\n    <b />\n</a>"
