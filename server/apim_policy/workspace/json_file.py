"""JSON with positions: values by the standard library, spans by a scan of the same text when one is asked for."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from apim_policy.text.lines import LineIndex
from apim_policy.text.span import Span
from apim_policy.workspace.files import UnreadableFileError
from apim_policy.workspace.model import Evidence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from apim_policy.workspace.files import FileStore

Key = str | int
"""Name of a member, or index of an element from 0."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_NOWHERE = Span(0, 0)
_LONGEST = 16 * 1024 * 1024
_DEEPEST = 8
"""How many keys a path holds at most for its end to have a span."""


def member(value: object, keys: Sequence[Key]) -> object:
    """The value at the end of a path of keys in parsed JSON; None where there is none."""
    for key in keys:
        if isinstance(key, str) and isinstance(value, dict):
            value = value.get(key)
        elif isinstance(key, int) and isinstance(value, list) and 0 <= key < len(value):
            value = value[key]
        else:
            return None
    return value


def spelled(value: object, keys: Sequence[str]) -> tuple[str, ...]:
    """A path of keys as parsed JSON spells it, whatever the case; the path itself where there is no such member."""
    found: list[str] = []
    for key in keys:
        if isinstance(value, dict):
            key = next((name for name in value if name.lower() == key.lower()), key)
            value = value.get(key)
        found.append(key)
    return tuple(found)


class JsonFile:
    """A JSON text and what it holds."""

    def __init__(self, path: Path, text: str, value: object) -> None:
        self.path = path
        self.text = text
        self.value = value

    @staticmethod
    def read(store: FileStore, path: Path) -> JsonFile | None:
        """The file, or None where it is missing, unreadable, no JSON, too long or too deep to be sensible."""
        import json

        try:
            text = store.read(path).text
        except UnreadableFileError:
            return None
        if len(text) > _LONGEST:
            return None
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return None
        return JsonFile(path, text, value)

    def get(self, *keys: Key) -> object:
        """The value at the end of a path of keys; None where there is none."""
        return member(self.value, keys)

    def key(self, *keys: str) -> tuple[str, ...]:
        """The path of keys as this file spells it, whatever the case; the path itself where there is no such member."""
        return spelled(self.value, keys)

    def span(self, *keys: Key) -> Span:
        """Where a member stands, from its name to the end of its value; an element from start to end.

        (0, 0) where there is none.
        """
        return self._spans.get(keys, _NOWHERE) if keys else _NOWHERE

    def evidence(self, text: str, *keys: Key) -> Evidence:
        """Evidence that points at a member or an element, or at the file where no keys are given."""
        span = self.span(*keys)
        return Evidence(self.path, span, self._lines.line_of(span.start) if span.start else 0, text)

    @cached_property
    def _lines(self) -> LineIndex:
        return LineIndex(self.text)

    @cached_property
    def _spans(self) -> dict[tuple[Key, ...], Span]:
        return _spans(self.text)


def _spans(text: str) -> dict[tuple[Key, ...], Span]:
    """Spans by path of keys. The text is known to be sound JSON."""
    spans: dict[tuple[Key, ...], Span] = {}
    path: list[Key] = []
    # For each open bracket: whether it is an array's, and the start of the member or element whose value it opens.
    open_brackets: list[tuple[bool, int]] = []
    name_start = -1

    for match in _TOKEN.finditer(text):
        token = match.group()
        in_array = bool(open_brackets) and open_brackets[-1][0]
        start = match.start() if name_start < 0 else name_start
        if token in "{[":
            open_brackets.append((token == "[", start))
            if token == "[":
                path.append(0)
            name_start = -1
            continue
        if token == ",":
            if in_array:
                path[-1] = int(path[-1]) + 1
            continue
        if token == ":":
            continue
        if token in "}]":
            was_array, start = open_brackets.pop()
            if was_array:
                path.pop()
            in_array = bool(open_brackets) and open_brackets[-1][0]
        elif open_brackets and not in_array and name_start < 0:
            path.append(_unquote(token))
            name_start = match.start()
            continue
        if open_brackets:
            if len(path) <= _DEEPEST:
                spans[tuple(path)] = Span(start, match.end())
            if not in_array:
                path.pop()
        name_start = -1
    return spans


def _unquote(token: str) -> str:
    import json

    try:
        value = json.loads(token)
    except ValueError:
        return token[1:-1]
    return value if isinstance(value, str) else token[1:-1]
