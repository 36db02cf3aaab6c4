"""Colours for policy documents on the site: their XML, and the C# in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pygments.lexer import Lexer
from pygments.lexers.dotnet import CSharpLexer
from pygments.token import Comment, Error, Name, Punctuation, String, Text

from apim_policy.syntax.parser import parse
from apim_policy.syntax.tokens import TokenKind, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pygments.token import _TokenType

_TYPES = {
    TokenKind.TAG_OPEN: Punctuation,
    TokenKind.TAG_CLOSE: Punctuation,
    TokenKind.EQUALS: Punctuation,
    TokenKind.ELEMENT_NAME: Name.Tag,
    TokenKind.ATTRIBUTE_NAME: Name.Attribute,
    TokenKind.COMMENT: Comment,
    TokenKind.NAMED_VALUE: Name.Variable,
    TokenKind.PLACEHOLDER: Name.Variable,
    TokenKind.LIQUID: Name.Variable,
}


class PolicyLexer(Lexer):
    """Reads what no XML lexer can: expressions with quotes and brackets of their own."""

    name = "API Management policy"

    def get_tokens_unprocessed(self, text: str) -> Iterator[tuple[int, _TokenType, str]]:
        """Offsets, types and texts that tile ``text``."""
        code = CSharpLexer()
        quoted = False
        for token in tokens(parse(text)):
            part = text[token.start : token.end]
            if token.kind is TokenKind.EXPRESSION:
                inner = code.get_tokens_unprocessed(part[1:])
                yield token.start, Punctuation, "@"
                for at, kind, words in inner:
                    # An example of a mistake is meant to be one.
                    yield token.start + 1 + at, Text if kind is Error else kind, words
            elif token.kind is TokenKind.QUOTE:
                quoted = not quoted
                yield token.start, String, part
            elif token.kind is TokenKind.LITERAL:
                yield token.start, String if quoted else Text, part
            else:
                yield token.start, _TYPES.get(token.kind, Text), part
