"""What a text is made of: literal stretches, and what was read from the call."""

from __future__ import annotations

from enum import Enum
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from apim_policy.text.span import Span


class Kind(Enum):
    """Where a piece was read."""

    HEADER = "header"
    QUERY = "query"
    PARAMETER = "parameter"
    """A part of the path that the operation's template names."""
    PATH = "path"
    """The path or the query string as a whole."""
    BODY = "body"
    RESPONSE = "response"
    """The body of the response."""
    RESPONSE_HEADER = "response-header"
    VARIABLE = "variable"
    ERROR = "error"
    """``context.LastError``."""
    KEY = "key"
    """A key of ``context.Subscription``."""
    OTHER = "other"
    """Anything else of which a field was taken."""


class Source(NamedTuple):
    """What was read."""

    kind: Kind
    name: str | None
    """Of the header, parameter, variable or member; None where all of them are read, or it is not known which."""
    field: str | None
    """The last field that was taken from it, as ``access_token`` in ``body["access_token"]``."""
    span: Span
    """The access, in characters from the expression's ``@`` in the source."""

    @property
    def identity(self) -> Identity:
        """What tells it from other sources."""
        name = self.name.lower() if self.name and self.kind is not Kind.VARIABLE else self.name
        return self.kind, name, self.field


Identity = tuple[Kind, str | None, str | None]


class Piece(NamedTuple):
    """A part of a text. Where it has neither text nor source, nothing is known of it."""

    text: str | None = None
    """Literal text; ``GAP`` stands for each named value and placeholder in it."""
    source: Source | None = None
    encoded: bool = False
    """Whether something made it safe to stand in a URL or a document, as ``Uri.EscapeDataString`` does."""


GAP = "\ufffc"
Text = tuple[Piece, ...]
UNKNOWN: tuple[Text, ...] = ((Piece(),),)
"""A value of which nothing is known."""

# More alternatives and pieces than any author writes; they bound the work on text that only a machine would.
ALTERNATIVES = 8
LONGEST = 200


def join(parts: Iterable[Sequence[Text]]) -> tuple[Text, ...]:
    """The texts that come of joining one text of each part, as many as are worth following."""
    joined: list[Text] = [()]
    for texts in parts:
        joined = [(*left, *right)[:LONGEST] for left, right in product(joined, texts or ((),))]
        joined = list(dict.fromkeys(joined))[:ALTERNATIVES]
    return tuple(joined)


def sources(text: Text) -> Iterator[Source]:
    """The sources of a text."""
    return (piece.source for piece in text if piece.source is not None)


def encoded(texts: tuple[Text, ...]) -> tuple[Text, ...]:
    """The texts after something made all of them safe to stand in a URL or a document."""
    return tuple(tuple(piece._replace(encoded=True) for piece in text) for text in texts)


def with_field(texts: tuple[Text, ...], name: str, span: Span) -> tuple[Text, ...]:
    """The texts with a field taken from each piece of them."""
    found = []
    for text in texts:
        pieces = []
        for piece in text:
            source = piece.source or Source(Kind.OTHER, None, None, span)
            pieces.append(Piece(None, source._replace(field=name, span=span), piece.encoded))
        found.append(tuple(pieces))
    return tuple(found)
