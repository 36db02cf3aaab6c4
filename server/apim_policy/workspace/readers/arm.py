"""ARM templates in JSON: which policies they fetch, and what they say of APIs.

https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax. Of the functions only those are known that
authors build names and links with; everything else is a hole.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apim_policy.text.lines import LineIndex
from apim_policy.workspace.json_file import JsonFile
from apim_policy.workspace.readers.deployment_unit import Unit
from apim_policy.workspace.readers.resource_kit import linked
from apim_policy.workspace.readers.resources import Deployed, Properties, hole, segments
from apim_policy.workspace.readers.values import LONGEST, joined, member, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from apim_policy.text.span import Span
    from apim_policy.workspace.json_file import Key
    from apim_policy.workspace.readers.code import Sources

SUFFIX = ".json"
_TOKEN = re.compile(r"'(?:[^']|'')*'|[A-Za-z_$][\w$.]*|-?\d+|[()\[\],.]|\S")
_PLACE = re.compile(r"\{([0-9]{1,3})[^{}]*\}")
_DEPLOYMENTS = "microsoft.resources/deployments"
_DEEPEST = 30
_POLICY_PROPERTIES = ("value", "policyContent")


def begins(head: bytes) -> bool:
    """Whether a file with these first bytes may be a template: its schema stands first, as all tools write it."""
    return b"deploymentTemplate.json" in head


def concerns(text: str) -> bool:
    """Whether a text is a template that may deploy resources of API Management."""
    return "deploymentTemplate.json" in text and "Microsoft.ApiManagement/service" in text


def loaded(file: Path, text: str) -> None:
    """Nobody can tell: names are put together."""


def units(files: Sequence[Path], text: Callable[[Path], str]) -> Iterable[Unit]:
    """The templates in one folder and the folders below it belong together."""
    tops: dict[Path, list[Path]] = {}
    for file in sorted(files, key=lambda path: len(path.parts)):
        top = next((folder for folder in reversed(file.parents) if folder in tops), file.parent)
        tops.setdefault(top, []).append(file)
    return [Unit(top, tuple(sorted(found))) for top, found in sorted(tops.items())]


def resources(unit: Unit, sources: Sources) -> Iterator[Deployed]:
    """What the templates deploy."""
    for path in unit.files:
        file = JsonFile.read(sources.store, path)
        if file is not None:
            yield from _Template(file, (), {}, sources).resources()


class _Template:
    """A template, or one that stands in another, with the parameters that it is given."""

    def __init__(
        self,
        file: JsonFile,
        at: tuple[Key, ...],
        arguments: Mapping[str, object],
        sources: Sources,
        depth: int = 0,
    ) -> None:
        self._file = file
        self._at = at
        self._arguments = arguments
        self._sources = sources
        self._depth = depth
        self._variables: dict[str, object] = {}

    def resources(self) -> Iterator[Deployed]:
        """What it deploys, and what templates inside it do."""
        yield from self._listed((*self._at, "resources"), "", ())

    def _listed(self, at: tuple[Key, ...], parent: str, names: tuple[str, ...]) -> Iterator[Deployed]:
        listed = self._file.get(*at)
        keys: Iterable[Key]
        if isinstance(listed, list):
            keys = range(len(listed))
        elif isinstance(listed, dict):
            keys = list(listed)
        else:
            return
        for key in keys:
            if isinstance(self._file.get(*at, key), dict):
                yield from self._resource((*at, key), parent, names)

    def _resource(self, at: tuple[Key, ...], parent: str, outer: tuple[str, ...]) -> Iterator[Deployed]:
        type_ = self._file.get(*at, "type")
        if not isinstance(type_, str) or len(at) > _DEEPEST:
            return
        if type_.lower() == _DEPLOYMENTS:
            yield from self._deployment(at)
            return
        own = self._value(self._file.get(*at, "name"))
        names = tuple(own.split("/")) if isinstance(own, str) else ()
        if parent and "/" not in type_:
            type_, names = f"{parent}/{type_}", (*outer, *names)
        kind = segments(type_)
        if kind is None:
            return
        if kind and len(names) >= len(kind):
            yield Deployed(
                kind,
                names[-len(kind) :],
                self._described(at, kind),
                declared=not self._file.get(*at, "existing"),
            )
        yield from self._listed((*at, "resources"), type_, names)

    def _deployment(self, at: tuple[Key, ...]) -> Iterator[Deployed]:
        template = (*at, "properties", "template")
        if not isinstance(self._file.get(*template), dict) or self._depth > _DEEPEST:
            return
        given = self._file.get(*at, "properties", "parameters")
        arguments = {
            name: self._value(entry["value"])
            for name, entry in (given.items() if isinstance(given, dict) else ())
            if isinstance(entry, dict) and "value" in entry
        }
        yield from _Template(self._file, template, arguments, self._sources, self._depth + 1).resources()

    def _described(self, at: tuple[Key, ...], kind: tuple[str, ...]) -> Properties:
        value = self._value(self._file.get(*at))
        properties = value.get("properties") if isinstance(value, dict) else None
        if kind[-1] in ("policies", "policyfragments") and isinstance(properties, dict):
            for name in _POLICY_PROPERTIES:
                link = properties.get(name)
                if isinstance(link, str) and "-link" in str(
                    properties.get("format", properties.get("contentFormat"))
                ):
                    properties[name] = linked(
                        link, self._file.path.parent, self._sources.root, self._sources.store
                    )
        spans = self._file

        def span(keys: tuple[Key, ...]) -> Span | None:
            found = spans.span(*at, *keys)
            return found if found.end else None

        return Properties(self._file.path, LineIndex(self._file.text), value, span)

    def _value(self, value: object, depth: int = 0) -> object:
        """A value with its expressions worked out."""
        if depth > _DEEPEST:
            return None
        if isinstance(value, str):
            if not value.startswith("[") or not value.endswith("]"):
                return value
            if value.startswith("[["):
                return value[1:]
            return _Expression(value[1:-1], self).value()
        if isinstance(value, dict):
            return {key: self._value(item, depth + 1) for key, item in value.items() if key != "resources"}
        if isinstance(value, list):
            return [self._value(item, depth + 1) for item in value]
        return value

    def parameter(self, name: str) -> object:
        """The value of a parameter: what it is given, or else its default."""
        if name in self._arguments:
            return self._arguments[name]
        return self._lazily(f"parameters {name}", (*self._at, "parameters", name, "defaultValue"))

    def variable(self, name: str) -> object:
        """The value of a variable."""
        return self._lazily(f"variables {name}", (*self._at, "variables", name))

    def _lazily(self, name: str, at: tuple[Key, ...]) -> object:
        if name not in self._variables:
            # What refers to itself is not known.
            self._variables[name] = hole(name)
            value = self._value(self._file.get(*at))
            if value not in (None, ""):
                self._variables[name] = value
        return self._variables[name]


class _Expression:
    """What stands between the brackets of a string."""

    def __init__(self, text: str, template: _Template) -> None:
        self._text = text
        self._template = template
        self._tokens = _TOKEN.findall(text) if len(text) <= LONGEST else []
        self._next = 0

    def value(self) -> object:
        """What it yields; a hole where that cannot be told."""
        value = self._read(0)
        return value if self._next == len(self._tokens) and value is not None else hole(self._text)

    def _token(self) -> str:
        return self._tokens[self._next] if self._next < len(self._tokens) else ""

    def _take(self) -> str:
        token = self._token()
        self._next += 1
        return token

    def _read(self, depth: int) -> object:
        start = self._next
        token = self._take()
        value: object = None
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if number(token) is not None:
            return number(token)
        if self._token() != "(" or depth > _DEEPEST:
            self._next = len(self._tokens) + 1
            return None
        self._take()
        arguments = []
        while self._token() not in (")", ""):
            arguments.append(self._read(depth + 1))
            if self._token() == ",":
                self._take()
        self._take()
        value = self._call(token.lower(), arguments)
        while self._token() in (".", "["):
            value = self._member(value, depth)
        if value is None:
            value = hole("".join(self._tokens[start : self._next]))
        return value

    def _member(self, value: object, depth: int) -> object:
        if self._take() == ".":
            key: object = self._take()
        else:
            key = self._read(depth + 1)
            self._take()
        return member(value, key)

    def _call(self, name: str, arguments: list[object]) -> object:
        texts = [str(argument) for argument in arguments if isinstance(argument, str | int)]
        if not texts or len(texts) != len(arguments):
            return None
        if name == "parameters":
            return self._template.parameter(texts[0])
        if name == "variables":
            return self._template.variable(texts[0])
        if sum(map(len, texts)) > LONGEST:
            return None
        if name == "concat":
            return "".join(texts)
        if name == "uri" and len(texts) == 2:
            return f"{texts[0].rstrip('/')}/{texts[1].lstrip('/')}"
        if name == "format":
            given = texts[1:]
            parts = _PLACE.split(texts[0])
            for index in range(1, len(parts), 2):
                parts[index] = given[int(parts[index])] if int(parts[index]) < len(given) else ""
            return joined(parts, self._text)
        return resource_id(texts) if name == "resourceid" else None


def resource_id(arguments: Sequence[str]) -> str | None:
    """The id of a resource of API Management, from the arguments of ``resourceId``; what comes before is a hole."""
    for index, argument in enumerate(arguments):
        kind = segments(argument)
        if kind is not None:
            names = arguments[index + 2 :]
            pairs = zip(kind, names, strict=False)
            return hole("service") + "".join(f"/{segment}/{name}" for segment, name in pairs)
    return None
