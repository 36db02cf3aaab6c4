from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from apim_policy.syntax.lxml_bridge import to_lxml
from apim_policy.syntax.parser import parse
from support.forms import EVERY_FORM

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("head", ["", "\ufeff", "\n\n"])
def test_each_element_has_its_partner(newline: str, head: str) -> None:
    document = parse((head + EVERY_FORM).replace("\n", newline))
    tree = to_lxml(document)
    assert tree is not None
    assert document.root is not None
    assert tree.elements[tree.root] is document.root
    assert list(tree.nodes) == list(document.root.walk())
    for ours, theirs in tree.nodes.items():
        assert tree.elements[theirs] is ours
        assert theirs.tag == ours.name.replace(":", "_")
        assert list(theirs.attrib) == [each.name.replace(":", "_") for each in ours.attributes]
        # libxml2 gives the line where the start tag ends.
        assert theirs.sourceline == document.lines.line_of(ours.tag_end) + 1


def test_values_outside_expressions_are_those_of_the_document() -> None:
    tree = to_lxml(parse('<set-header name="a &amp; b"><value>@(c < d) {{e}}</value></set-header>'))
    assert tree is not None
    assert tree.root.get("name") == "a & b"
    assert tree.root.findtext("value") == "@(xxxxxx {{e}}"


@pytest.mark.parametrize(
    "text", ["", "plain", "<a>", "<a></b>", "<a b='1' b='2' />", "<a /><b />", "<a>&nope;</a>"]
)
def test_a_text_that_lxml_cannot_read_has_no_tree(text: str) -> None:
    assert to_lxml(parse(text)) is None


def test_no_entity_is_expanded_and_no_file_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    text = f'<!DOCTYPE a [<!ENTITY b SYSTEM "{secret.as_uri()}"><!ENTITY c "{"x" * 10}">]><a>&b;&c;</a>'
    assert to_lxml(parse(text)) is None


def test_nesting_deeper_than_libxml2_goes_by_default_is_read() -> None:
    tree = to_lxml(parse("<a>" * 1000 + "</a>" * 1000))
    assert tree is not None
    assert len(tree.elements) == 1000
