"""Terraform: which files are policies of which resources, through modules, variables, locals and literal keys.

The resources of the provider azurerm are those of
https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs, each with a name of its own for each property; azapi
takes the types and properties of the service as they are
(https://registry.terraform.io/providers/Azure/azapi/latest/docs/resources/resource).
"""

from __future__ import annotations

import os
import re
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.workspace.readers import hcl
from apim_policy.workspace.readers.code import child, children
from apim_policy.workspace.readers.deployment_unit import Unit, reached
from apim_policy.workspace.readers.hcl_blocks import Block, attributes_of, expression_of, inner_block, locate
from apim_policy.workspace.readers.resource_kit import linked
from apim_policy.workspace.readers.resources import Deployed, Properties, hole, inside, segments
from apim_policy.workspace.readers.terraform_types import AZAPI, FILE_ATTRIBUTES, LINK, SERVICES, TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from tree_sitter import Node

    from apim_policy.text.span import Span
    from apim_policy.workspace.json_file import Key
    from apim_policy.workspace.readers.code import Code, Sources

SUFFIX = ".tf"
_SOURCE = re.compile(r'^\s*source\s*=\s*"(\.{1,2}(?:/[^"]*)?)"', re.MULTILINE)
_SERVICE = re.compile(r"azurerm_api_management|Microsoft\.ApiManagement/service", re.IGNORECASE)
_MODULES = 200
"""Modules of one deployment that are looked into, each use counted."""
_STEPS = 200_000
"""Expressions of one deployment that are worked out."""
_KEYS = 100
_FOR_EACH = "for_each"


def begins(head: bytes) -> bool:
    """Any file may: which variables and locals matter is known only from others."""
    return True


def concerns(text: str) -> bool:
    """Any text may, likewise."""
    return True


def loaded(file: Path, text: str) -> None:
    """Nobody can tell: names are put together."""


def units(files: Sequence[Path], text: Callable[[Path], str]) -> Iterable[Unit]:
    """Each folder that no other uses as a module, with those that it does use."""
    folders: dict[Path, list[Path]] = {}
    for file in files:
        folders.setdefault(file.parent, []).append(file)
    uses = {
        folder: {
            target
            for file in held
            for match in _SOURCE.finditer(text(file))
            if (target := inside(match[1], folder, folder.anchor)) in folders
        }
        for folder, held in folders.items()
    }
    for top, found in reached(uses):
        held = tuple(file for folder in found for file in folders[folder])
        if any(_SERVICE.search(text(file)) for file in held):
            yield Unit(top, held)


def resources(unit: Unit, sources: Sources) -> Iterator[Deployed]:
    """What the module that a deployment starts from deploys, and those that it uses."""
    return _Deployment(unit, sources).resources()


class _Deployment:
    """What all modules of a deployment share."""

    def __init__(self, unit: Unit, sources: Sources) -> None:
        self.top = unit.root
        self.sources = sources
        self.root = sources.root
        self.modules = 0
        self.steps = 0
        self.depth = 0
        self._files: dict[Path, list[Path]] = {}
        for file in unit.files:
            self._files.setdefault(file.parent, []).append(file)

    def resources(self) -> Iterator[Deployed]:
        return _Module(self, self.top, "", {}).resources()

    def code(self, folder: Path) -> Iterator[Code]:
        """The files of a module."""
        for path in self._files.get(folder, ()):
            code = self.sources.code(path, hcl.parser)
            if code is not None:
                yield code


class _Names:
    """What names mean in one place of a module."""

    def __init__(self, module: _Module, code: Code, each: tuple[object, object] | None) -> None:
        self._module = module
        self.code = code
        self.module = module.folder
        self.top = module.deployment.top
        self.root = module.deployment.root
        self.bound: dict[str, object] = {}
        self._each = each

    @property
    def depth(self) -> int:
        """How many expressions are being worked out, each for the sake of the one before."""
        return self._module.deployment.depth

    @depth.setter
    def depth(self, depth: int) -> None:
        self._module.deployment.depth = depth

    def go_on(self) -> bool:
        """Whether one more expression may be worked out for this deployment."""
        self._module.deployment.steps += 1
        return self._module.deployment.steps < _STEPS

    def name(self, first: str, second: str | None) -> tuple[object, int]:
        """What a reference that begins so means, and how many of its names that takes."""
        if second is None:
            return None, 1
        if first == "path":
            return {"module": os.fspath(self.module), "root": os.fspath(self.top)}.get(second), 2
        if first == "each":
            found = None
            if self._each is not None and second in ("key", "value"):
                found = self._each[second == "value"]
            return found, 2
        return self._module.named(first, second), 2

    def origin(self, node: Node) -> str:
        """A text that is the same for the same expression in the same instance of a module."""
        key = self._each[0] if self._each else ""
        key = f"{key} {self.bound}" if self.bound else key
        return f"{self._module.address} {key} {self.code.words(node)}"


class _Module:
    """A module as it is used in one place."""

    def __init__(
        self,
        deployment: _Deployment,
        folder: Path,
        address: str,
        arguments: Mapping[str, Callable[[], object]],
    ) -> None:
        self.deployment = deployment
        self.folder = folder
        self.address = address
        self._arguments = arguments
        self._blocks: dict[tuple[str, ...], Block] = {}
        self._values: dict[tuple[str, str], object] = {}
        self._used: dict[tuple[str, object], _Module | None] = {}
        for code in deployment.code(folder):
            self._collect(code)

    def _collect(self, code: Code) -> None:
        body = child(code.root, "body")
        for block in children(body, "block") if body is not None else ():
            labels = [code.words(part) for part in children(block, "identifier", "string_lit")]
            key = tuple(label.strip('"') for label in labels)
            if key == ("locals",):
                for attribute in attributes_of(block):
                    name = child(attribute, "identifier")
                    if name is not None:
                        self._blocks.setdefault(("local", code.words(name)), Block(code, attribute))
            elif key:
                self._blocks.setdefault(key, Block(code, block))

    def resources(self) -> Iterator[Deployed]:
        """What it deploys, and what the modules do that it uses."""
        for key, block in self._blocks.items():
            if key[0] in ("resource", "data") and len(key) == 3:
                for each in self.instances(block):
                    found = _Resource(self, key[1], key[2], block, each).deployed(
                        declared=key[0] == "resource"
                    )
                    if found is not None:
                        yield found
            elif key[0] == "module" and len(key) == 2:
                for each in self.instances(block):
                    used = self.used(key[1], each)
                    if used is not None:
                        yield from used.resources()

    def instances(self, block: Block) -> list[tuple[object, object] | None]:
        """The keys and values that a block is repeated for; a lone None where it is not, or nobody can tell."""
        count = expression_of(block, "count")
        if count is not None and block.code.words(count) == "0":
            return []
        node = expression_of(block, _FOR_EACH)
        if node is None:
            return [None]
        found = hcl.value(node, _Names(self, block.code, None))
        pairs: list[tuple[object, object] | None] = []
        if isinstance(found, dict):
            pairs = [(key, value) for key, value in found.items() if isinstance(key, str)]
        elif isinstance(found, list):
            pairs = [(key, key) for key in found if isinstance(key, str)]
        return pairs[:_KEYS] or [None]

    def named(self, first: str, second: str) -> object:
        """What two names that begin a reference mean."""
        key = (first, second)
        if key not in self._values:
            # What refers to itself is not known.
            self._values[key] = hole(f"{self.address} {first}.{second}")
            found = self._named(first, second)
            if found is not None:
                self._values[key] = found
        return self._values[key]

    def _named(self, first: str, second: str) -> object:
        if first == "var":
            given = self._arguments.get(second)
            return given() if given is not None else self._in(("variable", second), "default")
        if first == "local":
            block = self._blocks.get((first, second))
            node = child(block.node, "expression") if block else None
            return self.value(node, block.code) if block else None
        if first == "module":
            return _Use(self, second, None) if (first, second) in self._blocks else None
        if first == "data":
            return _Data(self, second)
        block = self._blocks.get(("resource", first, second))
        return _Resource(self, first, second, block, None) if block else None

    def _in(self, key: tuple[str, ...], attribute: str) -> object:
        block = self._blocks.get(key)
        node = expression_of(block, attribute) if block else None
        return self.value(node, block.code) if block and node is not None else None

    def data(self, type_: str, name: str) -> object:
        """A data source."""
        block = self._blocks.get(("data", type_, name))
        return _Resource(self, type_, name, block, None) if block else None

    def output(self, name: str) -> object:
        """What it yields under a name."""
        return self._in(("output", name), "value")

    def value(self, node: Node | None, code: Code, each: tuple[object, object] | None = None) -> object:
        """The value of an expression in one of its files."""
        return hcl.value(node, _Names(self, code, each))

    def key_value(self, block: Block, key: object) -> object:
        """The value that a block is repeated with for a key."""
        return next((each[1] for each in self.instances(block) if each is not None and each[0] == key), None)

    def used(self, name: str, each: tuple[object, object] | None) -> _Module | None:
        """The module that a block uses, once for each key."""
        key = each[0] if each else None
        if not isinstance(key, str | int | None):
            key, each = None, None
        if (name, key) not in self._used:
            self._used[name, key] = self._use(name, each)
        return self._used[name, key]

    def _use(self, name: str, each: tuple[object, object] | None) -> _Module | None:
        block = self._blocks.get(("module", name))
        source = self.value(expression_of(block, "source"), block.code) if block else None
        self.deployment.modules += 1
        if block is None or not isinstance(source, str) or not source.startswith("."):
            return None
        folder = inside(source, self.folder, self.deployment.root)
        if folder is None or self.deployment.modules > _MODULES:
            return None
        arguments: dict[str, Callable[[], object]] = {}
        for attribute in attributes_of(block.node):
            argument = child(attribute, "identifier")
            if argument is not None:
                names = _Names(self, block.code, each)
                node = child(attribute, "expression")
                arguments[block.code.words(argument)] = partial(hcl.value, node, names)
        suffix = f"[{each[0]}]" if each else ""
        return _Module(self.deployment, folder, f"{self.address}.{name}{suffix}", arguments)


class _Data(NamedTuple):
    """The data sources of a type."""

    module: _Module
    type: str

    def attribute(self, name: str) -> object:
        """The data source of that name."""
        return self.module.data(self.type, name)

    def instance(self, key: object) -> _Data:
        """Itself: a type has no keys."""
        return self


class _Use(NamedTuple):
    """A module as other parts of the module refer to it that uses it."""

    module: _Module
    name: str
    each: tuple[object, object] | None

    def attribute(self, name: str) -> object:
        """An output."""
        used = self.module.used(self.name, self.each)
        return used.output(name) if used else None

    def instance(self, key: object) -> _Use:
        """The use with that key."""
        block = self.module._blocks["module", self.name]
        return self._replace(each=(key, self.module.key_value(block, key)))


class _Resource(NamedTuple):
    """A resource or a data source, perhaps one of several."""

    module: _Module
    type: str
    name: str
    block: Block
    each: tuple[object, object] | None

    def instance(self, key: object) -> _Resource:
        """The one with that key."""
        return self._replace(each=(key, self.module.key_value(self.block, key)))

    def attribute(self, name: str) -> object:
        """The value of an attribute; ids are worked out from the names."""
        if name == "id":
            return self._id()
        wanted = FILE_ATTRIBUTES.get((self.type, name), name)
        node = expression_of(self.block, wanted)
        if node is None:
            return hole(f"{self.module.address} {self.type}.{self.name}.{name}")
        found = self.module.value(node, self.block.code, self.each)
        if (self.type, name) == ("local_file", "content"):
            names = _Names(self.module, self.block.code, self.each)
            return hcl.file_text(found, names)
        return found

    def _id(self) -> str:
        kind, names = self._place()
        pairs = "".join(f"/{segment}/{name}" for segment, name in zip(kind, names, strict=False))
        start = hole("service") if kind or self.type in SERVICES else hole(f"{self.type}.{self.name}")
        return f"{start}{pairs}"

    def _place(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The segments of the type below the service, and a name for each but that of a policy."""
        if self.type in AZAPI:
            return self._azapi_place()
        known_type = TYPES.get(self.type)
        if known_type is None:
            return (), ()
        names = tuple(_last(self.attribute(name)) for name in known_type.names)
        return known_type.kind, names

    def _azapi_place(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        type_, parent = self.attribute("type"), self.attribute("parent_id")
        kind = segments(type_) if isinstance(type_, str) else None
        if not kind:
            return (), ()
        outer = parent.split("/") if isinstance(parent, str) else []
        names = [_last(parent)] * (len(kind) - 1)
        if len(outer) >= 2 * (len(kind) - 1) + 1:
            names = outer[-2 * (len(kind) - 1) + 1 :: 2] if len(kind) > 1 else []
        return kind, (*names, _last(self.attribute("name")))

    def deployed(self, *, declared: bool) -> Deployed | None:
        """What it deploys, where that is a resource of a service."""
        kind, names = self._place()
        if not kind:
            return None
        if len(names) < len(kind):
            names = (*names, *("policy",) * (len(kind) - len(names)))
        return Deployed(kind, names, self._described(), declared)

    def _described(self) -> Properties:
        module, block, each = self.module, self.block, self.each
        if self.type in AZAPI:
            node = expression_of(block, "body")
            value = module.value(node, block.code, each) if node is not None else None

            def span(keys: tuple[Key, ...]) -> Span | None:
                found = locate(node, keys, block.code) if keys else block.node
                return block.code.span(found) if found is not None else None

            return Properties(block.code.path, block.code.lines, value, span)
        properties, places = self._azurerm_properties()

        def place(keys: tuple[Key, ...]) -> Span | None:
            found = places.get(keys[1:2]) if keys else block.node
            return block.code.span(found) if found is not None else None

        return Properties(block.code.path, block.code.lines, {"properties": properties}, place)

    def _azurerm_properties(self) -> tuple[dict[str, object], dict[tuple[Key, ...], Node]]:
        known_type = TYPES[self.type]
        properties: dict[str, object] = {}
        places: dict[tuple[Key, ...], Node] = {}
        for attribute, property_ in known_type.properties.items():
            node = expression_of(self.block, attribute)
            inner = inner_block(self.block, attribute)
            if node is not None:
                properties[property_] = self.module.value(node, self.block.code, self.each)
                places[property_,] = node.parent or node
            elif inner is not None:
                properties[property_] = {
                    name: self.module.value(expression_of(inner, name), inner.code, self.each)
                    for name in ("header",)
                }
                places[property_,] = inner.node
        link = expression_of(self.block, LINK)
        if "value" not in properties and link is not None:
            said = self.module.value(link, self.block.code, self.each)
            deployment = self.module.deployment
            if isinstance(said, str):
                found = linked(said, self.module.folder, deployment.root, deployment.sources.store)
                properties["value"] = found
                places["value",] = link.parent or link
        return properties, places


def _last(found: object) -> str:
    """A name, of an id the last one."""
    return found.rpartition("/")[2] if isinstance(found, str) else hole(repr(type(found)))
