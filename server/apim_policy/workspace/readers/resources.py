"""Resources of API Management as files that deploy them describe them, whatever their language.

A text that is only known in part keeps its unknown parts as holes, which compare as equal where they came from the same
expression. So a policy finds its API by a name that nobody can tell.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from apim_policy.text.span import Span
from apim_policy.workspace.json_file import member, spelled
from apim_policy.workspace.model import Evidence

if TYPE_CHECKING:
    from collections.abc import Callable

    from apim_policy.text.lines import LineIndex
    from apim_policy.workspace.json_file import Key

MARK = "\0"
"""Stands at both ends of a hole; no text in a file that deploys anything holds it."""
PROVIDER = "microsoft.apimanagement/service"
"""The type of the service in lower case; those of its resources begin with it and a slash."""


class FileText(NamedTuple):
    """The text of a file, or of one of several, perhaps with some words replaced."""

    paths: tuple[Path, ...]


class Described(Protocol):
    """What a file says of one resource: values at paths of keys, and where they stand."""

    def get(self, *keys: Key) -> object:
        """The value at the end of a path of keys; None where there is none."""

    def key(self, *keys: str) -> tuple[str, ...]:
        """The path of keys as the file spells it, whatever the case."""

    def evidence(self, text: str, *keys: Key) -> Evidence:
        """Evidence that points at a value, or at the resource where no keys are given."""


class Properties:
    """What a file says of one resource."""

    def __init__(
        self, path: Path, lines: LineIndex, value: object, span: Callable[[tuple[Key, ...]], Span | None]
    ) -> None:
        self._path = path
        self._lines = lines
        self._value = value
        self._span = span

    def get(self, *keys: Key) -> object:
        """The value at the end of a path of keys; None where there is none."""
        return member(self._value, keys)

    def key(self, *keys: str) -> tuple[str, ...]:
        """The path of keys as the file spells it, whatever the case."""
        return spelled(self._value, keys)

    def evidence(self, text: str, *keys: Key) -> Evidence:
        """Evidence that points at a value, at the nearest one around it that has a place, or at the resource."""
        for end in range(len(keys), -1, -1):
            span = self._span(keys[:end])
            if span is not None:
                return Evidence(self._path, span, self._lines.line_of(span.start), text)
        return Evidence(self._path, Span(0, 0), 0, text)


class Deployed(NamedTuple):
    """One resource of a service."""

    kind: tuple[str, ...]
    """The segments of its type below the service, in lower case: ``("apis", "policies")``."""
    names: tuple[str, ...]
    """A name for each segment; one that is not known holds a hole."""
    described: Described
    """Its ``properties`` and what stands beside them."""
    declared: bool = True
    """False where the file only refers to a resource that something else makes."""


def hole(origin: str) -> str:
    """A text that is not known, named after what it came from."""
    return f"{MARK}{origin.replace('/', ' ').replace(MARK, '')}{MARK}"


def known(text: object) -> str | None:
    """The text where it has no holes."""
    return text if isinstance(text, str) and text and MARK not in text else None


def segments(type_: str) -> tuple[str, ...] | None:
    """The segments of a resource type below the service, in lower case, without the version.

    None where it is no type of API Management; the service itself has none.
    """
    lower = type_.partition("@")[0].lower()
    if lower == PROVIDER:
        return ()
    if not lower.startswith(f"{PROVIDER}/"):
        return None
    return tuple(lower[len(PROVIDER) + 1 :].split("/"))


def inside(path: str | Path, folder: Path, root: str | Path) -> Path | None:
    """A path relative to ``folder``, with its dots resolved; None where it leads out of ``root``."""
    try:
        found = Path(os.path.normpath(folder / path))
    except ValueError:
        return None
    return found if found.is_relative_to(root) else None
