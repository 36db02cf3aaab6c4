"""The masked twin in lxml, with a map between its elements and ours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from apim_policy.syntax.masking import masked

if TYPE_CHECKING:
    from lxml import etree

    from apim_policy.syntax.tree import Document, Element

_DECLARATION = re.compile(r"^\s*<\?xml.*?\?>", re.S)


@dataclass(frozen=True, slots=True)
class LxmlTree:
    """A document as lxml sees it."""

    root: etree._Element
    elements: dict[etree._Element, Element]
    """Our element for each of lxml's."""
    nodes: dict[Element, etree._Element]
    """lxml's element for each of ours."""


def to_lxml(document: Document) -> LxmlTree | None:
    """The document in lxml, or None where its twin is not well-formed or nests deeper than libxml2 allows.

    Nothing is fetched and no entity expanded. Line numbers are those of the source.
    """
    from lxml import etree

    root = document.root
    if root is None:
        return None
    twin = masked(document)
    # lxml refuses a str with an encoding declaration; blanks keep every line where it was.
    twin = _DECLARATION.sub(lambda match: re.sub(r"\S", " ", match.group()), twin, count=1)
    start = len(twin) - len(twin.lstrip())
    lines_before = "\n" * twin.count("\n", 0, start)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        tree = etree.fromstring((lines_before + twin[start:]).encode("utf-8"), parser)
    except etree.XMLSyntaxError:
        return None
    theirs = tree.iter(etree.Element)
    pairs = list(zip(theirs, root.walk(), strict=False))
    if any(node.tag != element.name.replace(":", "_") for node, element in pairs):
        return None
    return LxmlTree(tree, dict(pairs), {element: node for node, element in pairs})
