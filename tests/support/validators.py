"""The same document before our rules about structure and before two validators of XML Schema."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import xmlschema
from lxml import etree

from apim_policy.rules.context import RuleContext
from apim_policy.rules.registry import rule
from apim_policy.schema.files import schemas_dir
from apim_policy.syntax.lxml_bridge import to_lxml
from support.workspaces import LONE_FILE, open_workspace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apim_policy.rules.model import Diagnostic
    from apim_policy.syntax.tree import Document
    from apim_policy.workspace.workspace import Workspace

STRUCTURAL = (
    "POL001",
    "POL002",
    "POL003",
    "POL004",
    "POL006",
    "POL007",
    "POL008",
    "POL009",
    "POL014",
    "SCP007",
    "SCP014",
)
"""Rules that say what the schemas can say too."""

_FILES = {"policies": "policies.xsd", "fragment": "fragment.xsd"}


class Verdicts(NamedTuple):
    """What each says of one document."""

    ours: tuple[str, ...]
    """Codes of our findings, sorted, each once."""
    lxml: str
    """Why lxml rejects it; empty where it does not."""
    xmlschema: bool
    """Whether xmlschema rejects it."""

    @property
    def agree(self) -> bool:
        """Whether all three accept it, or all three reject it."""
        return bool(self.ours) == bool(self.lxml) == self.xmlschema


def verdicts(document: Document) -> Verdicts | None:
    """What our rules, lxml and xmlschema say; None where the twin is not well-formed."""
    root = _twin(document)
    if root is None:
        return None
    codes = sorted({finding.code for finding in structural_findings(document)})
    return Verdicts(tuple(codes), _reason(root), not _by_xmlschema(_file(root)).is_valid(root))


def rejection(document: Document) -> str:
    """Why lxml rejects a document; empty where it does not. The twin must be well-formed."""
    root = _twin(document)
    assert root is not None, document.text
    return _reason(root)


def structural_findings(document: Document, codes: Iterable[str] = STRUCTURAL) -> list[Diagnostic]:
    """What rules find, those about structure if no others are named, the document being all there is."""
    workspace = _nothing()
    context = RuleContext(workspace, workspace.root / LONE_FILE, document)
    found: list[Diagnostic] = []
    for code in codes:
        check = rule(code).check
        assert check is not None
        found.extend(check(context))
    return found


def _twin(document: Document) -> etree._Element | None:
    tree = to_lxml(document)
    if tree is None:
        return None
    _without_blanks(tree.root)
    return tree.root


def _file(root: etree._Element) -> str:
    return _FILES.get(root.tag, "resolver.xsd")


def _reason(root: etree._Element) -> str:
    schema = _by_lxml(_file(root))
    return "" if schema.validate(root) else str(schema.error_log[0].message)


def _without_blanks(root: etree._Element) -> None:
    """Take away white space that means nothing: XML Schema has none in an element without text."""
    for element in root.iter():
        if element.tail is not None and not element.tail.strip():
            element.tail = None
        if isinstance(element.tag, str) and element.text is not None:
            # A text's own white space is passed over, as the service does.
            element.text = element.text.strip() or None


@cache
def _nothing() -> Workspace:
    with tempfile.TemporaryDirectory() as folder:
        return open_workspace(Path(folder).resolve())


@cache
def _by_lxml(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(schemas_dir() / name))


@cache
def _by_xmlschema(name: str) -> xmlschema.XMLSchema10:
    return xmlschema.XMLSchema10(str(schemas_dir() / name), validation="strict", allow="local")
