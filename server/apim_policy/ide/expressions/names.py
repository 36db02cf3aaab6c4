"""Names in strings of expressions: of variables and of headers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apim_policy.flow import facts
from apim_policy.flow.variables import variables
from apim_policy.ide import snippets
from apim_policy.ide.expressions.receivers import callee
from apim_policy.ide.expressions.words import HEADERS
from apim_policy.ide.proposals import Completion, CompletionKind, Completions
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.flow.variables import VariableUse
    from apim_policy.ide.expressions.cursor import Caret
    from apim_policy.syntax.tree import Document

_BY_KEY = frozenset({"GetValueOrDefault", "ContainsKey", "TryGetValue"})
_REST_OF_NAME = re.compile(r"[\w .:/-]*")
_REST_OF_WORD = re.compile(r"[\w-]*")
_HEADER = re.compile(r"""\bHeaders\??(?:\.\w+\(|\[)\s*(?:"|&quot;|&\#34;)([A-Za-z0-9_-]+)""")


def dictionary(caret: Caret) -> str | None:
    """Of which dictionary the string that the caret is in gives the key: ``Variables`` or ``Headers``."""
    tokens, opened = caret.prefix.tokens, caret.prefix.opened
    if not opened or opened[-1].before != len(tokens) - 2:
        return None
    found = callee(tokens, opened[-1].before)
    if found is None:
        return None
    names = found.names
    if opened[-1].bracket == "(":
        if len(names) < 2 or names[0] not in _BY_KEY:
            return None
        names = names[1:]
    if names[:2] == ("Variables", "context"):
        return "Variables"
    return "Headers" if names[0] == "Headers" else None


def completions(caret: Caret) -> Completions | None:
    """The names that the string at the caret may hold; None where it is a string like any other."""
    kind = dictionary(caret)
    if kind is None:
        return None
    close, end = _closing(caret)
    start = caret.source(caret.prefix.content)
    items = _variables(caret, close) if kind == "Variables" else _headers(caret, close)
    return Completions(
        tuple(caret.written(item) for item in items),
        Span(start, caret.offset),
        Span(start, end),
        snippets.indentation(caret.document, caret.offset),
    )


def _closing(caret: Caret) -> tuple[str, int]:
    """What closes the string and its bracket, as far as that does not follow, and the end of the name."""
    text, offset = caret.document.text, caret.offset
    limit = max(caret.expression.end, offset)
    rest = _REST_OF_NAME.match(text, offset, limit)
    end = rest.end() if rest else offset
    if text.startswith(("&quot;", "&#34;", '"'), end) and end < limit:
        return "", end
    rest = _REST_OF_WORD.match(text, offset, limit)
    end = rest.end() if rest else offset
    bracket = "]" if caret.prefix.opened[-1].bracket == "[" else ")"
    return '"' if text.startswith(bracket, end) and end < limit else f'"{bracket}', end


def _variables(caret: Caret, close: str) -> Iterator[Completion]:
    uses: dict[str, list[VariableUse]] = {}
    for use in variables(caret.document):
        if use.name and not use.span.contains(caret.offset):
            uses.setdefault(use.name, []).append(use)
    for name, found in uses.items():
        sets = [use for use in found if use.sets]
        type_ = next((use.type for use in sets if use.type), "")
        yield Completion(
            name,
            CompletionKind.VARIABLE,
            snippets.escaped(name + close),
            f"{0 if sets else 1}{name}",
            name,
            detail=_setters(caret.document, sets) if sets else "not set in this document",
            mark=type_,
        )


def _setters(document: Document, sets: list[VariableUse]) -> str:
    lines = [document.lines.line_of(use.span.start) + 1 for use in sets]
    by = sets[0].element.name if sets[0].element is not None else ""
    first = f"set by {by} in line {lines[0]}" if by else f"set in line {lines[0]}"
    return first if len(lines) == 1 else f"{first} and {len(lines) - 1} more"


def _headers(caret: Caret, close: str) -> Iterator[Completion]:
    document = caret.document
    known: dict[str, str] = {}
    for name, span, what in _in_document(document):
        if not span.contains(caret.offset):
            known.setdefault(name.lower(), f"{name}\n{what}")
    for entry in known.values():
        name, _, what = entry.partition("\n")
        yield _header(name, close, "0", what)
    for name, says in HEADERS.items():
        if name.lower() not in known:
            yield _header(name, close, "1", says)


def _header(name: str, close: str, group: str, detail: str) -> Completion:
    return Completion(
        name, CompletionKind.HEADER, snippets.escaped(name + close), f"{group}{name}", name, detail=detail
    )


def _in_document(document: Document) -> Iterator[tuple[str, Span, str]]:
    """Headers that a document writes and reads: name, where, and a word about it."""
    root = document.root
    if root is not None:
        for element in root.walk():
            write = facts.header_write(document, element)
            if write is not None and write.name:
                yield write.name, element.name_span, "written in this document"
            for read in facts.header_reads(document, element):
                if read.name:
                    yield read.name, read.span, "read in this document"
    for match in _HEADER.finditer(document.text):
        yield match[1], Span(*match.span(1)), "read in this document"
