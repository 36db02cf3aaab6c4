"""Compiles the XSDs into ``model.json``: ``python -m apim_policy.schema.compile``.

A tool for those who change the schemas; it needs ``xmlschema``, which the package itself does not.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apim_policy.schema.content import Child, UnsupportedContentError, content_of
from apim_policy.schema.files import model_file, schemas_dir
from apim_policy.schema.sources import APPINFO, XS, SchemaError, SchemaFiles, line_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from xmlschema import XMLSchema10
    from xmlschema.validators import XsdAttribute, XsdElement, XsdGroup, XsdSimpleType

    Raw = dict[str, Any]

_ROOT_FILES = ("fragment.xsd", "resolver.xsd")
_HEAD = "policy"
_SUBSTITUTED = "substituted"
_KINDS = {
    "boolean": "boolean",
    "int": "integer",
    "long": "integer",
    "integer": "integer",
    "double": "number",
    "decimal": "number",
    "dateTime": "date-time",
    "duration": "duration",
    "string": "string",
}
# What speaks for itself in one word, in the order of the output.
_WORDS = ("title", "category", "link", "status", "successor", "fragment", "once")
_LISTS = ("sections", "disputed-sections", "scopes", "gateways", "ignored-by")


def compiled(folder: Path) -> str:
    """The text of ``model.json`` for the XSDs of a folder. Raises SchemaError for the first fault."""
    import xmlschema

    files = SchemaFiles(folder)
    compiler = _Compiler(files)
    for name in _ROOT_FILES:
        try:
            schema = xmlschema.XMLSchema10(str(folder / name), validation="strict", allow="local")
        except xmlschema.XMLSchemaException as error:
            raise SchemaError(folder / name, 1, str(error)) from error
        compiler.read(schema)
    missing = {path.stem for path in files.policies} - compiler.policies.keys()
    if missing:
        name = min(missing)
        path = folder / "policies" / f"{name}.xsd"
        raise SchemaError(path, 1, f'no root file includes it, or it declares no element "{name}"')
    return compiler.text()


class _Compiler:
    """Gathers what the schemas say."""

    def __init__(self, files: SchemaFiles) -> None:
        self._files = files
        self.elements: dict[str, Raw] = {}
        self.policies: dict[str, Raw] = {}
        self._sections: list[str] = []
        self._types: list[Raw] = []
        self._type_index: dict[str, int] = {}
        self._parents: dict[Element, dict[Element, Element]] = {}

    def read(self, schema: XMLSchema10) -> None:
        """Take in the global elements of a schema and of what it includes."""
        for name in sorted(schema.maps.elements):
            if name.startswith("{") or name == _HEAD or name in self.elements:
                continue
            element = schema.maps.elements[name]
            facts = _facts(element.elem)
            raw = self._element(element)
            if "title" in facts:
                self.policies[name] = self._policy(element, facts)
            else:
                raw["snippet"] = facts["snippet"][0].text
            self.elements[name] = raw
            if name == "policies":
                self._sections = [child["name"] for child in raw["children"]]

    def text(self) -> str:
        """The model, with one policy on a line."""
        roots = [name for name in self.elements if name not in self.policies]
        roots += [name for name, raw in self.policies.items() if "resolver-root" in raw.get("sections", ())]
        parts = [
            f'"sections":{_dumped(self._sections)}',
            f'"roots":{_dumped(sorted(roots))}',
            f'"types":{_lines(_dumped(raw) for raw in self._types)}',
            f'"elements":{_object(self.elements)}',
            f'"policies":{_object(self.policies)}',
        ]
        return "{\n" + ",\n".join(parts) + "\n}\n"

    def _policy(self, element: XsdElement, facts: dict[str, list[Element]]) -> Raw:
        raw: Raw = {word: facts[word][0].text for word in _WORDS if word in facts}
        raw |= {word: _text(facts[word][0]).split() for word in _LISTS if word in facts}
        if element.substitution_group == _HEAD:
            raw["listed"] = True
        if "variant" in facts:
            raw["variants"] = [dict(variant.attrib) for variant in facts["variant"]]
        raw["snippet"] = facts["snippet"][0].text
        raw["sources"] = [dict(source.attrib) | _note(source) for source in facts["source"]]
        return raw

    def _element(self, element: XsdElement) -> Raw:
        """What stands in the place of a declaration; ``element`` is no reference."""
        from xmlschema.validators import XsdAttribute, XsdComplexType, XsdGroup

        facts = _facts(element.elem)
        raw: Raw = {"doc": _documentation(element.elem)}
        kind = element.type
        if not isinstance(kind, XsdComplexType):
            raw["text"] = self._type(kind, element)
        else:
            attributes = [a for a in kind.attributes.values() if isinstance(a, XsdAttribute)]
            if attributes:
                raw["attributes"] = [self._attribute(attribute) for attribute in attributes]
            if isinstance(kind.content, XsdGroup):
                raw |= self._content(element, kind.content)
            else:
                raw["text"] = self._type(kind.content, element)
            if kind.mixed:
                text = facts["text"][0].attrib
                raw["text"] = self._interned({"kind": "string", "expressions": text["expressions"]})
                if text.get("liquid") == "true":
                    raw["liquid"] = True
        raw |= _lists(facts)
        for word in ("message", "runs"):
            if word in facts:
                raw[word] = facts[word][0].text
        return raw

    def _content(self, element: XsdElement, group: XsdGroup) -> Raw:
        try:
            content = content_of(group, _HEAD)
        except UnsupportedContentError as error:
            raise self._fault(group, f'content of "{element.name}": {error}') from error
        raw: Raw = {}
        if content.children:
            raw["children"] = [self._child(name, child) for name, child in content.children.items()]
        if content.sequence:
            raw["sequence"] = True
        if content.any_policy:
            raw["any-policy"] = True
        if content.any_xml:
            raw["any-xml"] = True
        if content.min_children:
            raw["min-children"] = content.min_children
        return raw

    def _child(self, name: str, child: Child) -> Raw:
        raw: Raw = {"name": name}
        if child.min:
            raw["min"] = child.min
        if child.max is not None:
            raw["max"] = child.max
        if child.positions != [0]:
            raw["positions"] = child.positions
        if child.element.ref is None:
            return raw | {"element": self._element(child.element)}
        if words := _documentation(child.element.elem):
            raw["doc"] = words
        return raw | {"element": None}

    def _attribute(self, attribute: XsdAttribute) -> Raw:
        facts = _facts(attribute.elem)
        raw: Raw = {
            "name": attribute.local_name,
            "doc": _documentation(attribute.elem),
            "type": self._type(attribute.type, attribute),
        }
        if attribute.use == "required":
            raw["required"] = True
        if "required-by" in facts:
            raw["soft"] = True
        default = facts["default"][0].text if "default" in facts else attribute.default
        if default is not None:
            raw["default"] = default
        return raw | _lists(facts)

    def _type(self, kind: XsdSimpleType, owner: XsdElement | XsdAttribute) -> int:
        kinds: set[str] = set()
        expressions = "not-allowed"
        values: list[list[str]] = []
        ranges: list[list[float]] = []
        patterns: list[str] = []
        lengths: list[int] = []
        form = self._form(kind)
        for member in _members(kind):
            if member.local_name == _SUBSTITUTED:
                continue
            said = self._expressions(member)
            if said in ("allowed", "unknown"):
                expressions = said
                continue
            kinds.add(_KINDS[_builtin(member)])
            form = form or self._form(member)
            if member.enumeration is not None:
                values += _values(member)
                continue
            least, greatest = member.min_value, member.max_value
            if least is not None or greatest is not None:
                ranges.append([_number(least, -1e308), _number(greatest, 1e308)])
            lengths.append(member.min_length or 0)
            if member.patterns is not None and said is None:
                patterns += member.patterns.regexps
        if len(kinds) != 1:
            raise self._fault(
                owner, f'the type of "{owner.name}" mixes {", ".join(sorted(kinds)) or "nothing"}'
            )
        raw: Raw = {"kind": kinds.pop(), "expressions": expressions}
        if values and not lengths:
            raw["kind"] = "enumeration"
        if values:
            raw["values"] = values
        if ranges:
            raw["ranges"] = ranges
        if patterns:
            raw["patterns"] = patterns
        shortest = min(lengths, default=0)
        if shortest:
            raw["min-length"] = shortest
        if form:
            raw["form"] = form
        return self._interned(raw)

    def _expressions(self, kind: XsdSimpleType) -> str | None:
        """What the type, or the nearest that it restricts, says of expressions."""
        at: Any = kind
        while at is not None and at.target_namespace != XS.strip("{}"):
            if said := self._type_facts(at).get("expressions"):
                return said[0].text
            at = at.base_type
        return None

    def _form(self, kind: XsdSimpleType) -> str:
        forms = self._type_facts(kind).get("form")
        return _text(forms[0]) if forms else ""

    def _type_facts(self, kind: XsdSimpleType) -> dict[str, list[Element]]:
        node = kind.elem
        if node.tag != XS + "simpleType":
            # xmlschema keeps the restriction or union of a type; the annotation stands one level up.
            root = kind.schema.root
            if root not in self._parents:
                self._parents[root] = {child: parent for parent in root.iter() for child in parent}
            node = self._parents[root][node]
        return _facts(node)

    def _interned(self, raw: Raw) -> int:
        key = _dumped(raw)
        if key not in self._type_index:
            self._type_index[key] = len(self._types)
            self._types.append(raw)
        return self._type_index[key]

    def _fault(self, component: XsdElement | XsdAttribute | XsdGroup, message: str) -> SchemaError:
        path = Path(str(component.schema.filepath))
        # xmlschema keeps no line numbers; the same file read by lxml has the same elements in the same order.
        twins = zip(component.schema.root.iter(), self._files.elements(path), strict=True)
        line = next((line_of(twin) for node, twin in twins if node is component.elem), 1)
        return SchemaError(path, line, message)


def _members(kind: XsdSimpleType) -> list[XsdSimpleType]:
    if not kind.is_union():
        return [kind]
    return [member for part in kind.member_types for member in _members(part)]  # type: ignore[attr-defined]


def _builtin(kind: XsdSimpleType) -> str:
    """The name of the built-in type that a type restricts."""
    while kind.target_namespace != XS.strip("{}"):
        kind = kind.base_type  # type: ignore[assignment]
    return kind.local_name or ""


def _values(kind: XsdSimpleType) -> list[list[str]]:
    found = [[node.get("value", ""), _documentation(node)] for node in kind.elem.iter(XS + "enumeration")]
    return found or _values(kind.base_type)  # type: ignore[arg-type]


def _number(value: object, otherwise: float) -> float:
    if value is None:
        return otherwise
    return value if isinstance(value, int) else float(str(value))


def _facts(node: Element) -> dict[str, list[Element]]:
    found: dict[str, list[Element]] = {}
    for fact in node.iterfind(f"{XS}annotation/{XS}appinfo/*"):
        found.setdefault(fact.tag.removeprefix(APPINFO), []).append(fact)
    return found


def _lists(facts: dict[str, list[Element]]) -> Raw:
    lists = {"roles": "role", "effects": "effect", "constraints": "constraint"}
    return {
        plural: [dict(fact.attrib) | _note(fact) for fact in facts[one]]
        for plural, one in lists.items()
        if one in facts
    }


def _note(fact: Element) -> Raw:
    words = _text(fact)
    return {"note": words} if words else {}


def _documentation(node: Element) -> str:
    found = node.find(f"{XS}annotation/{XS}documentation")
    return "" if found is None else _text(found)


def _text(node: Element) -> str:
    return re.sub(r"\s+", " ", node.text or "").strip()


def _dumped(raw: object) -> str:
    return json.dumps(raw, ensure_ascii=False, separators=(",", ":"))


def _lines(items: Any) -> str:
    return "[\n" + ",\n".join(items) + "\n]"


def _object(raw: dict[str, Raw]) -> str:
    return "{\n" + ",\n".join(f"{_dumped(name)}:{_dumped(raw[name])}" for name in sorted(raw)) + "\n}"


def main() -> int:
    """Write the model; 1 and a message on standard error where the schemas have a fault."""
    try:
        text = compiled(schemas_dir())
    except SchemaError as error:
        print(error, file=sys.stderr)
        return 1
    model_file().write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
