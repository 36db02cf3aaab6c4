"""Where the keys of a TOML text stand; the standard library gives values only."""

from __future__ import annotations

import re

from apim_policy.text.span import Span

Key = str | int
"""Name of a key, or index of an element of an array from 0."""

_TOKEN = re.compile(
    r"""
    (?P<space>[ \t]+|\#[^\n]*)
    |(?P<newline>\r?\n)
    |(?P<long>\"\"\"(?:\\.|[^\\])*?\"{3,5}|'''.*?'{3,5})
    |(?P<text>"(?:\\.|[^"\\\n])*"|'[^'\n]*')
    |(?P<mark>[\[\]{}=,.])
    |(?P<word>[^\s\[\]{}=,."'#]+)
    """,
    re.VERBOSE | re.DOTALL,
)


def key_spans(text: str) -> dict[tuple[Key, ...], Span]:
    """For each path of keys, where its last key stands, or the element where it is one of an array.

    A table stands where its header does. The text is known to be sound TOML.
    """
    return _Scanner(text).run()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.spans: dict[tuple[Key, ...], Span] = {}
        self.tokens = [
            (kind, match.group(), match.start(), match.end())
            for match in _TOKEN.finditer(text)
            if (kind := match.lastgroup or "") != "space"
        ]
        self.at = 0
        self.lengths: dict[tuple[Key, ...], int] = {}
        """How many elements each array of tables has so far."""

    def run(self) -> dict[tuple[Key, ...], Span]:
        table: tuple[Key, ...] = ()
        while self.at < len(self.tokens):
            kind, token, _, _ = self.tokens[self.at]
            if kind == "newline":
                self.at += 1
            elif token == "[" and kind == "mark":
                table = self._header()
            else:
                self._pair(table)
        return self.spans

    def _header(self) -> tuple[Key, ...]:
        start = self.tokens[self.at][2]
        array = self._is("[", 1)
        self.at += 2 if array else 1
        names = [name for name, _, _ in self._key()]
        self.at += 2 if array else 1
        header = Span(start, self.tokens[self.at - 1][3])
        path: tuple[Key, ...] = ()
        for depth, name in enumerate(names, 1):
            path = (*path, name)
            self.spans.setdefault(path, header)
            if array and depth == len(names):
                self.lengths[path] = self.lengths.get(path, 0) + 1
            if path in self.lengths:
                path = (*path, self.lengths[path] - 1)
                self.spans.setdefault(path, header)
        return path

    def _pair(self, table: tuple[Key, ...]) -> None:
        path = table
        for name, start, end in self._key():
            path = (*path, name)
            self.spans.setdefault(path, Span(start, end))
        self.at += 1
        self._value(path)

    def _key(self) -> list[tuple[str, int, int]]:
        """A dotted key, one part after the other."""
        parts = []
        while self.at < len(self.tokens):
            kind, token, start, end = self.tokens[self.at]
            if kind in ("word", "text"):
                parts.append((_unquote(token) if kind == "text" else token, start, end))
            elif token != ".":
                break
            self.at += 1
        return parts

    def _value(self, path: tuple[Key, ...]) -> None:
        if self._is("["):
            self.at += 1
            self._elements(path)
        elif self._is("{"):
            self.at += 1
            while not self._is("}"):
                if self._is(",") or self.tokens[self.at][0] == "newline":
                    self.at += 1
                else:
                    self._pair(path)
            self.at += 1
        else:
            # A number with a fraction and a date are several tokens.
            while self.at < len(self.tokens) and not self._ends_value():
                self.at += 1

    def _elements(self, path: tuple[Key, ...]) -> None:
        index = 0
        while not self._is("]"):
            kind, token, start, _ = self.tokens[self.at]
            if kind == "newline" or token == ",":
                self.at += 1
                continue
            self._value((*path, index))
            self.spans[(*path, index)] = Span(start, self.tokens[self.at - 1][3])
            index += 1
        self.at += 1

    def _ends_value(self) -> bool:
        kind, token, _, _ = self.tokens[self.at]
        return kind == "newline" or (kind == "mark" and token in ",]}")

    def _is(self, mark: str, ahead: int = 0) -> bool:
        kind, token, _, _ = self.tokens[self.at + ahead]
        return kind == "mark" and token == mark


def _unquote(token: str) -> str:
    import tomllib

    value = tomllib.loads(f"k = {token}")["k"]
    return value if isinstance(value, str) else token
