"""What may not stand beside the root."""

from __future__ import annotations

import pytest

from support.faults import check_faults, mended, the_fault

DECLARATION = "The XML declaration may only be the very first thing in the file. Move it there, or remove it."


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            "<policies />\n{|XML010:<policies />|}\n",
            "<policies> is a second root element: the document already has one on line 1. "
            "Move it into the first, or to a file of its own.",
        ),
        (
            '<!-- a -->\r\n<fragment>\r\n</fragment>\r\n{|XML010:<set-header name="a">|}<value>@(b < c)</value></set-header>',
            "<set-header> is a second root element: the document already has one on line 2. "
            "Move it into the first, or to a file of its own.",
        ),
        (
            "<policies />\n{|XML010:and so on|}\n",
            '"and so on" stands outside the root element, where only comments may. Move it into the root, or remove it.',
        ),
        (
            "{|XML010:@(a)|}\n<policies />",
            '"@(a)" stands outside the root element, where only comments may. Move it into the root, or remove it.',
        ),
        (
            "<policies />\n{|XML010:<![CDATA[a]]>|}",
            '"<![CDATA[" stands outside the root element, where only comments may. Move it into the root, or remove it.',
        ),
    ],
)
def test_where_content_belongs_only_the_author_knows(source: str, message: str):
    _, finding = the_fault(source)
    assert finding.message == message
    assert finding.fixes == ()


def test_the_first_root_is_the_other_place():
    text, finding = the_fault("<policies>\n</policies>\n{|XML010:<policies>|}\n</policies>")
    (related,) = finding.related
    assert text[related.span.start : related.span.end] == "<policies>"


def test_many_roots_are_one_finding():
    check_faults("<base />\n{|XML010:<base />|}\n<base />\n<base />")


@pytest.mark.parametrize(
    ("source", "after"),
    [
        pytest.param(
            '<!-- a -->\n{|XML010:<?xml version="1.0"?>|}\n<policies />',
            '<?xml version="1.0"?>\n<!-- a -->\n<policies />',
            id="after a comment",
        ),
        pytest.param(
            '\n{|XML010:<?xml version="1.0"?>|}\n<policies />',
            '<?xml version="1.0"?>\n<policies />',
            id="after an empty line",
        ),
        pytest.param(
            "\ufeff<!-- a -->{|XML010:<?xml version='1.0'?>|}\r\n<policies />",
            "\ufeff<?xml version='1.0'?>\r\n<!-- a -->\r\n<policies />",
            id="after a byte order mark",
        ),
        pytest.param(
            '<?xml version="1.0"?>\n{|XML010:<?xml version="1.0"?>|}\n<policies />',
            '<?xml version="1.0"?>\n<policies />',
            id="a second one",
        ),
        pytest.param(
            '<policies>\n{|XML010:<?xml version="1.0"?>|}\n</policies>',
            '<?xml version="1.0"?>\n<policies>\n</policies>',
            id="inside the root",
        ),
    ],
)
def test_the_declaration_moves_to_the_start(source: str, after: str):
    _, finding = the_fault(source)
    assert finding.message == DECLARATION
    assert mended(source) == after


@pytest.mark.parametrize(
    "text",
    [
        '<?xml version="1.0"?>\n<policies />',
        '\ufeff<?xml version="1.0"?>\r\n<policies />\r\n',
        "<!-- a -->\n<policies />\n<!-- b -->\n",
        '<?xml-stylesheet href="a"?><!DOCTYPE policies><policies />',
        "%{ if a }\n<policies />\n%{ endif }\n${b}",
        "",
        "  \n",
    ],
)
def test_comments_and_templates_may_stand_beside_the_root(text: str):
    check_faults(text)
