"""The XSDs as files: whether each can be read, says what it must, and uses the vocabulary of ``appinfo.xsd``."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from lxml import etree

XS = "{http://www.w3.org/2001/XMLSchema}"
APPINFO = "{urn:apim-policy:schema}"

_POLICY = frozenset(
    {
        "title",
        "category",
        "link",
        "status",
        "successor",
        "sections",
        "disputed-sections",
        "scopes",
        "gateways",
        "fragment",
        "once",
        "ignored-by",
        "variant",
        "source",
        "snippet",
    }
)
_ELEMENT = frozenset({"role", "effect", "constraint", "message", "runs", "text"})
_PLACES: dict[str, frozenset[str]] = {
    "policy": _POLICY | _ELEMENT,
    "element": _ELEMENT,
    "attribute": frozenset({"role", "required-by", "default"}),
    "simpleType": frozenset({"expressions", "form"}),
}
_DOCUMENTED = frozenset(XS + name for name in ("element", "attribute", "enumeration"))


class SchemaError(Exception):
    """A schema that cannot be compiled."""

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}")
        self.path = path
        self.line = line
        """From 1."""
        self.message = message


class SchemaFiles:
    """The XSDs of a folder, parsed. Raises SchemaError for the first fault."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.policies = sorted((folder / "policies").glob("*.xsd"))
        """The files of single policies, by name."""
        self.paths = [*sorted(folder.glob("*.xsd")), *self.policies]
        self._trees = {path: _parsed(path) for path in self.paths}
        vocabulary = _compiled(folder / "appinfo.xsd")
        for path in self.paths:
            if path.name == "appinfo.xsd":
                continue
            for fault in self._faults(path, vocabulary):
                raise fault
            _compiled(path)

    def elements(self, path: Path) -> Iterator[etree._Element]:
        """The elements of one file, in the order of the text."""
        yield from self._trees[path].iter("{*}*")

    def _faults(self, path: Path, vocabulary: etree.XMLSchema) -> Iterator[SchemaError]:
        for node in self.elements(path):
            line = line_of(node)
            if node.tag in _DOCUMENTED and not _documented(node):
                name = node.get("name") or node.get("value")
                yield SchemaError(path, line, f'"{name}" has no xs:documentation')
            if node.tag == XS + "appinfo":
                yield from _misplaced(path, node)
                for fact in node:
                    if not vocabulary.validate(fact):
                        yield SchemaError(path, line_of(fact), _messages(vocabulary))


def line_of(node: etree._Element) -> int:
    """The line of an element in its file, from 1."""
    return node.sourceline if isinstance(node.sourceline, int) else 1


def _messages(schema: etree.XMLSchema) -> str:
    return "; ".join(entry.message for entry in _entries(schema.error_log))


def _entries(log: object) -> Iterable[etree._LogEntry]:
    # A log of lxml can be iterated over, which its stubs do not say.
    return cast("Iterable[etree._LogEntry]", log)


def _documented(node: etree._Element) -> bool:
    if node.get("ref") is not None:
        return True
    text = node.findtext(f"{XS}annotation/{XS}documentation")
    return bool(text and text.strip())


def _misplaced(path: Path, appinfo: etree._Element) -> Iterator[SchemaError]:
    annotation = appinfo.getparent()
    owner = None if annotation is None else annotation.getparent()
    if owner is None:
        return
    place = owner.tag.removeprefix(XS)
    above = owner.getparent()
    if place == "element" and above is not None and above.tag == XS + "schema":
        place = "policy"
    for fact in appinfo:
        name = fact.tag.removeprefix(APPINFO) if isinstance(fact.tag, str) else None
        if name is not None and name not in _PLACES.get(place, ()):
            yield SchemaError(
                path,
                line_of(fact),
                f'"{name}" says nothing about an xs:{owner.tag.removeprefix(XS)} here',
            )


def _parsed(path: Path) -> etree._ElementTree:
    from lxml import etree

    try:
        return etree.parse(path, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise SchemaError(path, error.lineno or 1, error.msg or "is not well-formed") from error


def _compiled(path: Path) -> etree.XMLSchema:
    from pathlib import Path

    from lxml import etree

    try:
        return etree.XMLSchema(etree.parse(path, etree.XMLParser(resolve_entities=False, no_network=True)))
    except etree.XMLSchemaParseError as error:
        for entry in _entries(error.error_log):
            raise SchemaError(Path(entry.filename or path), entry.line, entry.message) from error
        raise SchemaError(path, 1, str(error)) from error
