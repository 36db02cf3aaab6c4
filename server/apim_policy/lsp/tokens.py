"""Semantic tokens: what each word of a document is, for the client's colours."""

from __future__ import annotations

from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from apim_policy.ide.semantic_tokens import TokenKind, semantic_tokens
from apim_policy.lsp.capabilities import token_types
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from apim_policy.ide.semantic_tokens import Token
    from apim_policy.lsp.client import Client
    from apim_policy.lsp.documents import OpenDocument
    from apim_policy.lsp.server import PolicyServer
    from apim_policy.text.lines import LineIndex, Unit

_FIVE = 5
"""Numbers for each token: lines since the one before, columns since the one before or the start of the line, length,
type, modifiers."""
# What a client that does not know a type is told instead, the first that it knows.
_INSTEAD = {
    TokenKind.CLASS: ("type",),
    TokenKind.METHOD: ("function",),
    TokenKind.FUNCTION: ("method",),
    TokenKind.PARAMETER: ("variable",),
    TokenKind.NAMESPACE: ("class", "type"),
}


def register(server: PolicyServer) -> None:
    """Let the server answer these requests."""
    tokens = Tokens(server)
    for method, feature in _FEATURES.items():
        server.answer(method, partial(feature, tokens))


class Tokens:
    """The tokens of the documents of one client, and what each was sent last."""

    def __init__(self, server: PolicyServer) -> None:
        self._server = server
        self._sent: dict[str, tuple[str, list[int]]] = {}
        self._identities = map(str, count(1))

    async def full(self, params: types.SemanticTokensParams) -> types.SemanticTokens | None:
        """All tokens of a document."""
        data = await self._data(params.text_document.uri)
        return None if data is None else self._whole(params.text_document.uri, data)

    async def delta(
        self, params: types.SemanticTokensDeltaParams
    ) -> types.SemanticTokens | types.SemanticTokensDelta | None:
        """What changed in the tokens since those that the client has, or all of them."""
        uri = params.text_document.uri
        data = await self._data(uri)
        if data is None:
            return None
        known, before = self._sent.get(uri, ("", []))
        whole = self._whole(uri, data)
        if known != params.previous_result_id:
            return whole
        return types.SemanticTokensDelta(edits=_edits(before, data), result_id=whole.result_id)

    async def range(self, params: types.SemanticTokensRangeParams) -> types.SemanticTokens | None:
        """The tokens of a part of a document, such as what is on the screen."""
        data = await self._data(params.text_document.uri, params.range)
        return None if data is None else types.SemanticTokens(data)

    def _whole(self, uri: str, data: list[int]) -> types.SemanticTokens:
        open_now = {document.uri for document in self._server.documents}
        self._sent = {other: sent for other, sent in self._sent.items() if other in open_now}
        identity = next(self._identities)
        self._sent[uri] = identity, data
        return types.SemanticTokens(data, identity)

    async def _data(self, uri: str, range_: types.Range | None = None) -> list[int] | None:
        server = self._server
        document = await server.document(uri, exact=range_ is not None)
        tree = server.session.tree(document) if document is not None else None
        if document is None or tree is None:
            return None
        span = server.session.convert.span(document.lines, range_) if range_ is not None else None
        return encoded(document, semantic_tokens(tree, span), server.client)


def encoded(document: OpenDocument, tokens: Sequence[Token], client: Client) -> list[int]:
    """Tokens as the protocol numbers them, in the units and with the types of a client."""
    lines, unit = document.lines, client.unit
    known = token_types(client)
    numbers = {kind: _number(kind, known) for kind in TokenKind}
    data: list[int] = []
    last_line = last_column = 0
    for token in tokens:
        number = numbers[token.kind]
        if number is None:
            continue
        for line, column, length in _in_lines(lines, Span(token.start, token.end), unit):
            since = column - last_column if line == last_line else column
            data += (line - last_line, since, length, number, 0)
            last_line, last_column = line, column
    return data


def _number(kind: TokenKind, known: Sequence[str]) -> int | None:
    names = (kind.value, *_INSTEAD.get(kind, ()))
    return next((known.index(name) for name in names if name in known), None)


def _in_lines(lines: LineIndex, span: Span, unit: Unit) -> Iterator[tuple[int, int, int]]:
    """Line, column and length of what a span has of each line: every client understands tokens of one line."""
    start = lines.position(span.start, unit)
    end = lines.position(span.end, unit)
    if start.line == end.line:
        yield start.line, start.column, end.column - start.column
        return
    for line in range(start.line, end.line + 1):
        first = max(span.start, lines.line_start(line))
        last = min(span.end, lines.line_end(line))
        if first < last:
            column = lines.position(first, unit).column
            yield line, column, lines.position(last, unit).column - column


def _edits(before: list[int], now: list[int]) -> list[types.SemanticTokensEdit]:
    """One edit over all that differs, on the borders of tokens."""
    shorter = min(len(before), len(now))
    same = next((index for index in range(shorter) if before[index] != now[index]), shorter)
    start = same - same % _FIVE
    old, new = len(before), len(now)
    if start == old == new:
        return []
    while min(old, new) - _FIVE >= start and before[old - _FIVE : old] == now[new - _FIVE : new]:
        old, new = old - _FIVE, new - _FIVE
    return [types.SemanticTokensEdit(start, old - start, now[start:new] or None)]


_FEATURES: dict[str, Callable[[Tokens, Any], Awaitable[Any]]] = {
    types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL: Tokens.full,
    types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL_DELTA: Tokens.delta,
    types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE: Tokens.range,
}
