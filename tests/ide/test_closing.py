"""End tags while they are typed."""

from __future__ import annotations

import pytest

from apim_policy.ide.closing import closing
from apim_policy.syntax.parser import parse
from apim_policy.text.edits import apply_edits


def typed(marked: str) -> str:
    """The text after what stands just before ``$0`` was typed."""
    offset = marked.index("$0")
    text = marked.replace("$0", "")
    return apply_edits(text, closing(parse(text), offset, text[offset - 1]))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "<policies>\n  <inbound>\n    <base />\n    </$0\n</policies>",
            "<policies>\n  <inbound>\n    <base />\n  </inbound>\n</policies>",
        ),
        (
            "<policies>\n  <inbound>\n    <base />\n    </$0>\n</policies>",
            "<policies>\n  <inbound>\n    <base />\n  </inbound>\n</policies>",
        ),
        ("<policies>\n  <inbound>\n    </$0", "<policies>\n  <inbound>\n  </inbound>"),
        (
            '<fragment>\n  <set-header name="a"><value>1</$0\n</fragment>',
            '<fragment>\n  <set-header name="a"><value>1</value>\n</fragment>',
        ),
        (
            "<fragment>\n  <set-body>\n    text\n    </$0\n</fragment>",
            "<fragment>\n  <set-body>\n    text\n    </set-body>\n</fragment>",
        ),
    ],
    ids=["with its place", "before a bracket", "at the end", "on the line", "of a text"],
)
def test_a_slash_brings_the_rest_of_the_tag(before: str, after: str) -> None:
    assert typed(before) == after


@pytest.mark.parametrize(
    "text",
    [
        '<fragment><set-variable name="a" value="@("</$0")" /></fragment>',
        "<fragment><!-- </$0 --></fragment>",
        "<fragment><base /$0></fragment>",
        "</$0",
        "a </$0",
    ],
    ids=["expression", "comment", "empty element", "no element", "no markup"],
)
def test_elsewhere_a_slash_is_a_slash(text: str) -> None:
    assert typed(text) == text.replace("$0", "")


def test_a_bracket_puts_the_tag_below_its_start_tag() -> None:
    text = "<policies>\n  <inbound>\n    <base />\n    </inbound>$0\n</policies>"
    assert typed(text) == "<policies>\n  <inbound>\n    <base />\n  </inbound>\n</policies>"


@pytest.mark.parametrize(
    "text",
    [
        "<fragment>\n  <base>$0</base>\n</fragment>",
        "<fragment>\n  <set-body>\n    text\n    </set-body>$0\n</fragment>",
        "<fragment>\n  <choose><otherwise>\n    </otherwise>$0</choose>\n</fragment>",
        "<fragment>\n  <!-- -->$0\n</fragment>",
        "<fragment>\n  <base /></choose>$0\n</fragment>",
    ],
    ids=["start tag", "text", "start tag not first on its line", "comment", "stray"],
)
def test_elsewhere_a_bracket_is_a_bracket(text: str) -> None:
    assert typed(text) == text.replace("$0", "")
