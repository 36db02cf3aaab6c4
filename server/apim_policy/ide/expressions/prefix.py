"""The C# of an expression up to the caret: what is open there, and the same text made whole.

While an author types, the text after the caret is rarely what the compiler will see. What stands before the caret is
enough to tell what may follow, so it is read alone, and what it leaves open is closed for it.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

HOLE = "_"
"""The identifier that stands for what is still to be written."""

_TOKEN = re.compile(
    r"""
      (?P<space> \s+ )
    | (?P<comment> //[^\r\n]* | /\*(?:[^*]|\*(?!/))*+(?P<ended>\*/)? )
    | (?P<interpolated> (?:\$@?|@\$)" )
    | (?P<verbatim> @"(?P<text>(?:[^"]|"")*+)(?P<quote>"?) )
    | (?P<string> "(?P<words>(?:[^"\\\r\n]|\\[^\r\n])*+)(?P<close>"?) )
    | (?P<character> '(?:[^'\\\r\n]|\\[^\r\n])*+(?P<apostrophe>'?) )
    | (?P<word> @?[^\W\d]\w* )
    | (?P<number> \d[\w]*(?:\.\d\w*)? )
    | (?P<sign> \?\.|\?\[|=>|&&|\|\||\?\?|[=!<>]=|[^\s\w] )
    """,
    re.X,
)
_STRETCH = {
    # By whether the string is verbatim: what of an interpolated string comes before a hole or the end.
    False: re.compile(r'(?:[^"\\\r\n{}]|\\[^\r\n]|\{\{|\}\}?)*+'),
    True: re.compile(r'(?:[^"{}]|""|\{\{|\}\}?)*+'),
}
_PAIRS = {"(": ")", "[": "]", "{": "}"}
# A brace after one of these begins statements; after anything else, a list of values.
_BEFORE_STATEMENTS = frozenset({"", ")", "=>", ";", "{", "}", "else", "try", "finally", "do"})


class Within(Enum):
    """What a caret is in."""

    CODE = "code"
    STRING = "string"
    COMMENT = "comment"
    """A comment, a character or a number: nothing is offered there."""


class Token(NamedTuple):
    """A word or a sign, by offsets into the prefix."""

    text: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """Whether it is a name or a keyword."""
        return self.text[0] == "_" or self.text[0].isalpha() or self.text[0] == "@"


class Opened(NamedTuple):
    """A bracket that is open at the caret."""

    bracket: str
    before: int
    """How many tokens stand before it."""
    close: str
    """What closes it."""
    commas: int
    """How many commas stand in it so far."""
    offset: int


class Prefix(NamedTuple):
    """The C# up to a caret."""

    text: str
    within: Within
    content: int
    """Where the content of the string begins that the caret is in; else the length of the text."""
    tokens: tuple[Token, ...]
    """Without comments; a string is one token."""
    opened: tuple[Opened, ...]
    """The innermost last; the brackets of the expression itself are not among them."""

    @property
    def word(self) -> str:
        """The part of a name that stands right before the caret."""
        last = self.tokens[-1] if self.tokens else None
        touches = last is not None and last.end == len(self.text) and last.is_word
        return last.text if last is not None and touches and self.within is Within.CODE else ""

    @property
    def before(self) -> tuple[Token, ...]:
        """The tokens before what is being written."""
        return self.tokens[:-1] if self.word or self.within is Within.STRING else self.tokens


def read(text: str) -> Prefix:
    """The state of C# after ``text``, which begins with the ``@`` of its expression; linear in its length."""
    return _Reader(text).run()


def completed(prefix: Prefix, end: int, hole: str = HOLE) -> str:
    """What to put after the first ``end`` characters of the prefix to make an expression of them.

    ``end`` must not lie before a bracket that is open.
    """
    pieces = [hole]
    opened = [item for item in prefix.opened if item.offset < end]
    pieces += [item.close for item in reversed(opened)]
    return "".join([*pieces, ";}" if prefix.text.startswith("@{") else ")"])


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[Token] = []
        self.opened: list[Opened] = []
        # For each open hole of an interpolated string: whether the string is verbatim, and the brackets open before.
        self.holes: list[tuple[bool, int]] = []
        self.within = Within.CODE
        self.content = len(text)

    def run(self) -> Prefix:
        text = self.text
        position = min(2, len(text))
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                position += 1
                continue
            position = match.end()
            kind = match.lastgroup
            if match["comment"] is not None:
                if position == len(text) and match["ended"] is None:
                    self.within = Within.COMMENT
            elif match["interpolated"] is not None:
                position = self._string("@" in match.group(), match.start(), position)
            elif match["verbatim"] is not None:
                self._token(match.start(), position)
                if not match["quote"]:
                    self._in_string(match.start("text"))
            elif match["string"] is not None:
                self._token(match.start(), position)
                if not match["close"] and position == len(text):
                    self._in_string(match.start("words"))
            elif match["character"] is not None:
                self._token(match.start(), position)
                if not match["apostrophe"] and position == len(text):
                    self.within = Within.COMMENT
            elif kind == "number":
                self._token(match.start(), position)
                if position == len(text):
                    self.within = Within.COMMENT
            elif kind == "sign":
                position = self._sign(match.group(), match.start(), position)
            elif kind == "word":
                self._token(match.start(), position)
        return Prefix(text, self.within, self.content, tuple(self.tokens), tuple(self.opened))

    def _token(self, start: int, end: int) -> None:
        self.tokens.append(Token(self.text[start:end], start, end))

    def _in_string(self, content: int) -> None:
        self.within, self.content = Within.STRING, content

    def _string(self, verbatim: bool, start: int, position: int) -> int:
        """Go on in the text of an interpolated string: where C# goes on."""
        match = _STRETCH[verbatim].match(self.text, position)
        end = match.end() if match else position
        self._token(start, min(end + 1, len(self.text)))
        if end == len(self.text):
            self._in_string(position)
            return end
        if self.text[end] == "{":
            self.holes.append((verbatim, len(self.opened)))
            self.opened.append(Opened("{", len(self.tokens), '}"', 0, end))
        return end + 1

    def _sign(self, sign: str, start: int, end: int) -> int:
        if sign in _PAIRS or sign == "?[":
            close = _PAIRS[sign[-1]]
            before = self.tokens[-1].text if self.tokens else ""
            if sign == "{" and before in _BEFORE_STATEMENTS:
                close = ";}"
            elif sign == "(" and before == "for":
                close = ";;)"
            self.opened.append(Opened(sign[-1], len(self.tokens), close, 0, start))
        elif sign == "," and self.opened:
            last = self.opened[-1]
            self.opened[-1] = last._replace(commas=last.commas + 1)
        elif sign == ";" and self.opened and self.opened[-1].close.startswith(";"):
            if self.opened[-1].bracket == "(":
                self.opened[-1] = self.opened[-1]._replace(close=self.opened[-1].close[1:])
        elif sign in _PAIRS.values():
            if sign == "}" and self.holes and self.holes[-1][1] == len(self.opened) - 1:
                verbatim, _ = self.holes.pop()
                self.opened.pop()
                return self._string(verbatim, start, end)
            # A bracket that closes nothing, or another kind, is passed over.
            if self.opened and self.opened[-1].close[-1] == sign:
                self.opened.pop()
        self._token(start, end)
        return end
