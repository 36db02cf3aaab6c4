"""Bicep: which files are policies of which resources, through modules, parameters and variables.

https://learn.microsoft.com/azure/azure-resource-manager/bicep/file. The resources are those of
https://learn.microsoft.com/azure/templates/microsoft.apimanagement/service.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.workspace.readers import bicep_values
from apim_policy.workspace.readers.bicep_objects import body_of, locate, property_of
from apim_policy.workspace.readers.bicep_values import key_of, turns, value, value_of
from apim_policy.workspace.readers.code import child, children
from apim_policy.workspace.readers.deployment_unit import Unit, reached
from apim_policy.workspace.readers.resource_kit import linked
from apim_policy.workspace.readers.resources import Deployed, Properties, hole, inside, segments

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from tree_sitter import Node

    from apim_policy.text.span import Span
    from apim_policy.workspace.json_file import Key
    from apim_policy.workspace.readers.code import Code, Sources

SUFFIX = ".bicep"
_MODULE = re.compile(r"^[ \t]*module[ \t]+\w+[ \t]+'([^'$:]+\.bicep)'", re.MULTILINE)
_SERVICE = re.compile(r"Microsoft\.ApiManagement/service", re.IGNORECASE)
_LOAD = re.compile(r"loadTextContent\(\s*'([^'$]*)'", re.IGNORECASE)
_LINK = re.compile(r"'(?:raw)?xml-link'")
_MODULES = 200
"""Modules of one deployment that are looked into, each use counted."""
_STEPS = 200_000
"""Expressions of one deployment that are worked out."""
_DECLARATIONS = 2_000
"""Names in a file whose insides are looked into."""
_INSIDE = 8
"""How many resources a resource is inside of at most."""
_SYMBOLS = {
    "parameter_declaration": "param",
    "variable_declaration": "var",
    "resource_declaration": "resource",
    "module_declaration": "module",
    "output_declaration": "output",
}


def begins(head: bytes) -> bool:
    """Any file may: modules need say nothing of API Management themselves."""
    return True


def concerns(text: str) -> bool:
    """Any text may, likewise."""
    return True


def loaded(file: Path, text: str) -> Collection[Path] | None:
    """The files that it loads: their names stand there as they are, but for those of links."""
    if _LINK.search(text):
        return None
    return {
        path
        for match in _LOAD.finditer(text)
        if (path := inside(match[1], file.parent, file.anchor)) is not None
    }


def units(files: Sequence[Path], text: Callable[[Path], str]) -> Iterable[Unit]:
    """Each file that no other uses as a module, with those that it does use."""
    known = set(files)
    uses = {
        file: {
            target
            for match in _MODULE.finditer(text(file))
            if (target := inside(match[1], file.parent, file.anchor)) in known
        }
        for file in files
    }
    for top, found in reached(uses):
        if any(_SERVICE.search(text(file)) for file in found):
            yield Unit(top, found)


def resources(unit: Unit, sources: Sources) -> Iterator[Deployed]:
    """What the file that a deployment starts from deploys, and the modules that it uses."""
    return _Module(_Deployment(sources), unit.root, "", {}).resources()


class _Deployment:
    """What all modules of a deployment share."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.modules = 0
        self.steps = 0
        self.depth = 0


class _Names:
    """What names mean in one place of a module."""

    def __init__(self, module: _Module, code: Code, bound: Mapping[str, object]) -> None:
        self._module = module
        self.code = code
        self.sources = module.deployment.sources
        self.bound = dict(bound)

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

    def name(self, name: str) -> object:
        """What a name means; None where it cannot be told."""
        return self._module.named(name)

    def origin(self, node: Node) -> str:
        """A text that is the same for the same expression in the same use of a module."""
        around = {name: found for name, found in self.bound.items() if isinstance(found, str | int)}
        return f"{self._module.address} {around or ''} {self.code.words(node)}"


class _Module:
    """A file as it is used in one place."""

    def __init__(
        self, deployment: _Deployment, path: Path, address: str, arguments: Mapping[str, Callable[[], object]]
    ) -> None:
        self.deployment = deployment
        self.path = path
        self.address = address
        self._arguments = arguments
        self._declared: list[tuple[str, str, Node, _Resource | None]] = []
        self._symbols: dict[str, tuple[str, Node, _Resource | None]] = {}
        """By name; names inside a resource are seen where the file has no such name."""
        self._outputs: dict[str, Node] = {}
        self._values: dict[str, object] = {}
        self._used: dict[str, _Module | None] = {}
        self.code = deployment.sources.code(path, bicep_values.parser)
        if self.code is not None:
            self._collect(self.code.root, None)

    def _collect(self, node: Node, outer: _Resource | None) -> None:
        for declaration in children(node, *_SYMBOLS):
            identifier = child(declaration, "identifier")
            if identifier is None or self.code is None:
                continue
            name, kind = self.code.words(identifier), _SYMBOLS[declaration.type]
            if kind == "output":
                self._outputs.setdefault(name, declaration)
                continue
            self._declared.append((name, kind, declaration, outer))
            if outer is None or name not in self._symbols:
                self._symbols[name] = (kind, declaration, outer)
            body = body_of(declaration) if kind == "resource" else None
            if (
                body is not None
                and len(self._declared) < _DECLARATIONS
                and (outer is None or outer.depth < _INSIDE)
            ):
                inner = _Resource(self, declaration, outer, {})
                for property_ in children(body, "object_property"):
                    self._collect(property_, inner)

    def resources(self) -> Iterator[Deployed]:
        """What it deploys, and what the modules do that it uses."""
        for name, kind, node, outer in self._declared:
            if kind == "resource":
                for bound in self._turns(node):
                    found = _Resource(self, node, outer, bound).deployed()
                    if found is not None:
                        yield found
            elif kind == "module":
                for bound in self._turns(node):
                    used = self.used(name, bound)
                    if used is not None:
                        yield from used.resources()

    def _turns(self, declaration: Node) -> Iterator[Mapping[str, object]]:
        """What the variables of the loop around a resource or a module stand for, turn by turn."""
        loop = child(declaration, "for_statement")
        if loop is None or self.code is None:
            yield {}
            return
        names = _Names(self, self.code, {})
        for _ in turns(loop, names):
            yield dict(names.bound)

    def turn(self, declaration: Node, index: object) -> Mapping[str, object]:
        """What they stand for in one turn; nothing where nobody can tell which."""
        found = list(self._turns(declaration))
        if len(found) == 1:
            return found[0]
        return found[index] if isinstance(index, int) and 0 <= index < len(found) else {}

    def named(self, name: str) -> object:
        """What a name means."""
        if name not in self._values:
            # What refers to itself is not known.
            self._values[name] = hole(f"{self.address} {name}")
            found = self._named(name)
            if found is not None:
                self._values[name] = found
        return self._values[name]

    def _named(self, name: str) -> object:
        kind, node, outer = self._symbols.get(name, ("", None, None))
        if node is None or self.code is None:
            return None
        if kind == "resource":
            return _Resource(self, node, outer, self.turn(node, None))
        if kind == "module":
            return _Use(self, name, node, {})
        if kind == "param" and name in self._arguments:
            return self._arguments[name]()
        last = node.named_children[-1]
        if kind == "param" and last.type in ("type", "identifier"):
            return None
        return value(last, _Names(self, self.code, {}))

    def output(self, name: str) -> object:
        """What it yields under a name."""
        node = self._outputs.get(name)
        if node is None or self.code is None:
            return None
        return value(node.named_children[-1], _Names(self, self.code, {}))

    def used(self, name: str, bound: Mapping[str, object]) -> _Module | None:
        """The module of a declaration, with the arguments that it is given."""
        key = f"{name} {sorted(bound.items(), key=str) if bound else ''}"
        if key not in self._used:
            self._used[key] = None
            self._used[key] = self._use(name, bound)
        return self._used[key]

    def _use(self, name: str, bound: Mapping[str, object]) -> _Module | None:
        _, node, _ = self._symbols[name]
        source = child(node, "string")
        body = body_of(node)
        self.deployment.modules += 1
        if source is None or self.code is None or self.deployment.modules > _MODULES:
            return None
        said = value(source, _Names(self, self.code, {}))
        path = None
        if isinstance(said, str) and said.endswith(SUFFIX) and ":" not in said:
            path = inside(said, self.path.parent, self.deployment.sources.root)
        if path is None:
            return None
        arguments: dict[str, Callable[[], object]] = {}
        given = property_of(body, "params", self.code) if body is not None else None
        for property_ in children(given, "object_property") if given is not None else ():
            names = _Names(self, self.code, bound)
            key = key_of(property_, names)
            if isinstance(key, str):
                arguments[key] = partial(value, value_of(property_), names)
        suffix = f"{sorted(map(str, bound.values()))}" if bound else ""
        return _Module(self.deployment, path, f"{self.address}.{name}{suffix}", arguments)


class _Use(NamedTuple):
    """A module as other parts of the file refer to it that uses it."""

    module: _Module
    name: str
    node: Node
    bound: Mapping[str, object]

    def attribute(self, name: str) -> object:
        """Its outputs, as a whole."""
        return _Outputs(self.module.used(self.name, self.bound)) if name == "outputs" else None

    def instance(self, key: object) -> _Use:
        """The use in that turn of the loop."""
        return self._replace(bound=self.module.turn(self.node, key))


class _Outputs(NamedTuple):
    """What a module yields."""

    module: _Module | None

    def attribute(self, name: str) -> object:
        """One output."""
        return self.module.output(name) if self.module is not None else None

    def instance(self, key: object) -> _Outputs:
        """Itself: there is only one."""
        return self


class _Resource(NamedTuple):
    """A resource, perhaps one of several, perhaps inside another."""

    module: _Module
    node: Node
    outer: _Resource | None
    bound: Mapping[str, object]

    def instance(self, key: object) -> _Resource:
        """The one in that turn of the loop."""
        return self._replace(bound=self.module.turn(self.node, key))

    def attribute(self, name: str) -> object:
        """The value of a property; the id is worked out from the names."""
        if name == "id":
            pairs = zip(self.kind, self.names(), strict=False)
            start = hole("service") if self.is_of_service else hole(f"{self.module.address} id")
            return start + "".join(f"/{segment}/{own}" for segment, own in pairs)
        return self._value(name)

    @property
    def depth(self) -> int:
        """How many resources it is inside of."""
        return 0 if self.outer is None else self.outer.depth + 1

    @property
    def _code(self) -> Code:
        code = self.module.code
        assert code is not None
        return code

    def _value(self, name: str) -> object:
        body = body_of(self.node)
        node = property_of(body, name, self._code) if body is not None else None
        return value(node, _Names(self.module, self._code, self.bound)) if node is not None else None

    @property
    def _type(self) -> str:
        """The type without the version; that of a resource inside another begins with the other's."""
        node = child(self.node, "string")
        own = self._code.words(node).strip("'").partition("@")[0] if node is not None else ""
        return own if self.outer is None or ("/" in own and "." in own) else f"{self.outer._type}/{own}"

    @property
    def kind(self) -> tuple[str, ...]:
        """The segments of the type below the service."""
        return segments(self._type) or ()

    @property
    def is_of_service(self) -> bool:
        """Whether it is a service of API Management, or one of its resources."""
        return segments(self._type) is not None

    def names(self) -> tuple[str, ...]:
        """A name for each segment."""
        count = len(self.kind)
        own = self._value("name")
        parts = tuple(own.split("/")) if isinstance(own, str) else (hole(f"{self.module.address} name"),)
        if len(parts) >= count:
            return parts[len(parts) - count :]
        parent = self.outer if self.outer is not None else self._value("parent")
        if isinstance(parent, _Resource):
            around = parent.names()
        else:
            # A parent that is handed in, or none: whatever it is, it is the same for all that name it so.
            around = (parent if isinstance(parent, str) else hole(f"{self.module.address} parent"),) * count
        wanted = count - len(parts)
        return (*around[len(around) - wanted :], *parts) if len(around) >= wanted else (*around, *parts)

    def deployed(self) -> Deployed | None:
        """What it deploys, where that is a resource of a service."""
        if not self.kind:
            return None
        names = self.names()
        if len(names) != len(self.kind):
            return None
        existing = any(part.type == "existing" for part in self.node.children)
        return Deployed(self.kind, names, self._described(), not existing)

    def _described(self) -> Properties:
        body, code = body_of(self.node), self._code
        properties = self._value("properties")
        if isinstance(properties, dict) and str(properties.get("format")).endswith("-link"):
            said = properties.get("value")
            if isinstance(said, str):
                sources = self.module.deployment.sources
                properties = {
                    **properties,
                    "value": linked(said, code.path.parent, sources.root, sources.store),
                }

        def span(keys: tuple[Key, ...]) -> Span | None:
            found = locate(body, keys, code) if keys else self.node
            return code.span(found) if found is not None else None

        return Properties(code.path, code.lines, {"properties": properties}, span)
