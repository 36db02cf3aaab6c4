"""Which token of an expression is the first that cannot stand where it does, and what is due there.

The grammar decides whether an expression is sound; where it is not, the grammar's recovery often marks half of it. A
walk over the tokens knows too little C# to decide, and finds the place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apim_policy.csharp.brackets import CLOSERS, CLOSING, created, pairs_of
from apim_policy.csharp.expected import (
    DECLARES,
    ELSE_IF,
    FOREIGN,
    HEADS,
    LITERALS,
    OPERATORS_OF_TYPES,
    POSTFIX,
    PREFIX,
    PREFIX_WORDS,
    SIMPLE_TYPES,
    STATEMENTS,
    VALUES,
    Frame,
    Offence,
    Role,
    State,
    bad_escape,
)
from apim_policy.csharp.lexer import Token, TokenKind
from apim_policy.text.span import Span
from apim_policy.text.words import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

_LINQ = re.compile(r"\bfrom\s+(?:\w+\s+)?\w+\s+in\b")


def first_offence(tokens: Sequence[Token], text: str) -> Offence | None:
    """The first token that cannot stand where it does; None where the tokens alone tell nothing."""
    return _Walk(tokens, linq=_LINQ.search(text) is not None).run() if tokens else None


class _Walk:
    def __init__(self, tokens: Sequence[Token], *, linq: bool) -> None:
        self._tokens = tokens
        self._linq = linq
        self._pairs = pairs_of(tokens)
        self._new = created(tokens, self._pairs)
        self._frames: list[Frame] = []
        self._state = State.OPERAND
        self._at = 0
        # The token before the value that is being read.
        self._before = ""

    def run(self) -> Offence | None:
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if self._at and not self._frames:
                return self._unexpected(token)
            found = self._step(token)
            if found is not None:
                return found
            self._at += 1
        return None

    @property
    def _previous(self) -> Token | None:
        return self._tokens[self._at - 1] if self._at else None

    def _next(self, distance: int = 1) -> str:
        index = self._at + distance
        return self._tokens[index].text if 0 <= index < len(self._tokens) else ""

    def _step(self, token: Token) -> Offence | None:
        kind = token.kind
        if kind is TokenKind.OPEN_QUOTE:
            quote = token.text.lstrip("$@")[:1]
            return _offence(
                token, f"The quote {quote} is never closed on its line.", Span(token.start, token.start + 1)
            )
        if kind is TokenKind.STRAY:
            return _offence(token, f'"{token.text}" has no meaning in C# outside strings.')
        if kind is TokenKind.WORD:
            return self._word(token)
        if kind in VALUES:
            return bad_escape(token) or self._value(token)
        if kind is TokenKind.QUOTED:
            return None
        return self._operator(token)

    # Words and literals

    def _word(self, token: Token) -> Offence | None:
        text, state = token.text, self._state
        if text in ("is", "as"):
            if state in (State.OPERAND, State.STATEMENT):
                return self._missing_value(token)
            self._state = State.OPERAND
            return None
        if text == "switch" and state in (State.AFTER, State.EITHER):
            self._state = State.EITHER
            return None
        if text in STATEMENTS or (text == "throw" and state is not State.OPERAND):
            return self._statement(token)
        if text in ("case", "default") and state is State.STATEMENT:
            self._state = State.OPERAND if text == "case" else State.EITHER
            return None
        if text in ("when", "in") and state in (State.AFTER, State.EITHER):
            self._state = State.OPERAND
            return None
        if text == "new" and state is not State.AFTER:
            self._state = State.EITHER
            return None
        if text in PREFIX_WORDS and state in (State.OPERAND, State.STATEMENT):
            # Some of them are names too.
            self._begin()
            self._state = State.EITHER
            return None
        if state is State.STATEMENT and text in ELSE_IF and self._next() == "(":
            return _offence(token, f'"{text}" is no C#. Write "else if".')
        return self._value(token)

    def _statement(self, token: Token) -> Offence | None:
        text, frame = token.text, self._frames[-1]
        previous = self._previous
        if self._state is State.AFTER:
            return self._missing_semicolon() if frame.role is Role.BLOCK else self._unexpected(token)
        if frame.role is not Role.BLOCK:
            if text in ("const", "using") or (text == "in" and frame.role is Role.CONDITION):
                self._state = State.OPERAND
                return None
            if self._state is State.OPERAND or frame.role is Role.WHOLE:
                return self._no_statement(token)
        if text == "else" and previous is not None and previous.text == "{":
            return _offence(token, 'There is no "if" that this "else" belongs to.')
        if text in HEADS and text not in ("using", "catch") and self._next() != "(":
            return _offence(token, f'After "{text}", C# needs parentheses.')
        self._state = {"return": State.EITHER, "throw": State.EITHER, "goto": State.EITHER}.get(
            text, State.AFTER if text in ("break", "continue") else State.STATEMENT
        )
        if text in HEADS:
            self._state = State.EITHER
        return None

    def _no_statement(self, token: Token) -> Offence:
        if self._frames[-1].role is Role.WHOLE:
            message = (
                f'"{token.text}" begins a statement, and @(…) holds a single value. '
                "Write the value alone, or statements in @{ … }."
            )
        else:
            message = f'"{token.text}" begins a statement, and a value is due here.'
        return _offence(token, message)

    def _value(self, token: Token) -> Offence | None:
        if self._state is not State.AFTER:
            if self._foreign_word(token):
                return _offence(token, FOREIGN[token.text])
            if token.text == "var" and self._frames and self._frames[-1].role is Role.WHOLE:
                previous = self._previous
                if previous is not None and previous.text == "(" and self._next() != ".":
                    return self._no_statement(token)
            self._begin()
            self._state = State.AFTER
            return None
        previous = self._previous
        if previous is None or self._linq:
            return None
        if (hint := FOREIGN.get(token.text)) and self._next() not in (".", "=", ";", ")", ","):
            return _offence(token, hint)
        if token.kind is TokenKind.WORD and self._declares(previous):
            self._before = "declared"
            return None
        return self._side_by_side(previous, token)

    def _foreign_word(self, token: Token) -> bool:
        """Whether a word that is no operator of C# stands where one of another language would, and what follows is a value."""
        previous, following = self._previous, self._next()
        if previous is None or not (following[:1].isalnum() or following[:1] in ('"', "_", "{")):
            return False
        if token.text == "then":
            return previous.text == ")"
        return token.text in ("not", "Not", "NOT") and previous.text not in ("is", "case", "and", "or")

    def _begin(self) -> None:
        previous = self._previous
        if previous is not None and previous.text not in (".", "?.", "::", "<", ">"):
            self._before = previous.text

    def _declares(self, previous: Token) -> bool:
        """Whether a name may follow, since what stands before it is a type."""
        if previous.text == "var" or previous.text == "?":
            return True
        if previous.text == "]":
            return self._next(-2) in ("[", ",")
        if previous.kind is not TokenKind.WORD or previous.text in LITERALS:
            return False
        frame = self._frames[-1]
        if frame.role is Role.CONDITION:
            return self._before != "declared"
        if self._before in ("out", "is", "ref", "as", "const"):
            return True
        if frame.role is Role.BLOCK:
            return self._before in DECLARES
        if frame.role is Role.GROUP and self._before in ("(", ","):
            closing = self._pairs.get(frame.opened.start)
            return (
                closing is not None
                and closing + 1 < len(self._tokens)
                and self._tokens[closing + 1].text == "="
            )
        return False

    def _side_by_side(self, previous: Token, token: Token) -> Offence:
        if (
            previous.kind is TokenKind.WORD
            and self._before in DECLARES
            and self._frames[-1].role is Role.BLOCK
        ):
            meant = nearest(previous.text.lower(), ["return", "throw"])
            if meant:
                return _offence(previous, f'"{previous.text}" is no statement of C#. Did you mean "{meant}"?')
        if previous.kind is TokenKind.STRING and token.kind is TokenKind.STRING:
            message = f'The string {_short(token.text)} follows another one. Join them with "+", or write \\" for a quote inside a string.'
            return _offence(token, message)
        if previous.kind is TokenKind.STRING and token.kind is TokenKind.WORD and previous.end == token.start:
            message = f'The string ends before "{_short(token.text)}". Write \\" for a quote inside a string.'
            return _offence(token, message)
        begins = previous.text in (")", "]") or token.text in ("var", *SIMPLE_TYPES)
        if self._frames[-1].role is Role.BLOCK and begins:
            return self._missing_semicolon()
        return _offence(
            token,
            f'"{_short(token.text)}" is not expected here: an operator is missing after "{_short(previous.text)}".',
        )

    # Operators and brackets

    def _operator(self, token: Token) -> Offence | None:
        text, state = token.text, self._state
        if text in CLOSING:
            return self._open(token)
        if text in CLOSERS:
            return self._close(token)
        if text == ";":
            return self._semicolon(token)
        # "List<>" is a type without its arguments.
        if text in FOREIGN and not (text == "<>" and self._next() == ")"):
            return _offence(token, FOREIGN[text])
        if text in (".", "?.", "::"):
            return self._member(token)
        frame = self._frames[-1]
        if text in PREFIX and state is not State.AFTER:
            self._begin()
            self._state = State.OPERAND
        elif text in POSTFIX:
            self._state = State.AFTER
        elif state in (State.OPERAND, State.STATEMENT) and not self._generic(text):
            return self._missing_value(token)
        elif text == "?":
            nullable = self._nullable()
            frame.questions += not nullable
            self._state = State.AFTER if nullable else State.OPERAND
        elif text == ":":
            return self._colon(token, frame)
        else:
            self._state = State.EITHER if text in (">", "=>") else State.OPERAND
        if text == "," and frame.questions:
            return self._missing_colon(token)
        return None

    def _generic(self, text: str) -> bool:
        previous = self._previous
        return text in (",", ">", "<") and previous is not None and previous.text in ("<", ",", ">", "[", "?")

    def _nullable(self) -> bool:
        previous = self._previous
        if previous is not None and previous.text in SIMPLE_TYPES:
            return True
        if self._next() in (">", ")", ",", "[]"):
            return True
        return (
            self._before in DECLARES and self._next(2) in ("=", ";") and self._frames[-1].role is Role.BLOCK
        )

    def _colon(self, token: Token, frame: Frame) -> Offence | None:
        if frame.questions:
            frame.questions -= 1
            self._state = State.OPERAND
        elif frame.role is Role.BLOCK:
            self._state = State.STATEMENT
        elif self._next(-2) in ("(", ",", "[", "{"):
            self._state = State.OPERAND
        else:
            return self._unexpected(token)
        return None

    def _member(self, token: Token) -> Offence | None:
        if self._state in (State.OPERAND, State.STATEMENT):
            return self._missing_value(token)
        following = self._tokens[self._at + 1] if self._at + 1 < len(self._tokens) else token
        if following.kind is not TokenKind.WORD:
            return _offence(token, f'A name is missing after "{token.text}".')
        self._state = State.EITHER
        return None

    def _open(self, token: Token) -> Offence | None:
        text, previous, state = token.text, self._previous, self._state
        before = previous.text if previous is not None else ""
        closing = self._pairs.get(token.start)
        if previous is None:
            role = Role.WHOLE if text == "(" else Role.BLOCK
        elif text == "${":
            role = Role.HOLE
        elif text == "(":
            if before in HEADS:
                role = Role.CONDITION
            elif closing is not None and self._parameters(closing, before):
                self._at = closing
                self._state = State.EITHER
                return None
            elif (
                state is State.AFTER or token.start in self._new or before in (">", "]", *OPERATORS_OF_TYPES)
            ):
                role = Role.CALL
            else:
                role = Role.GROUP
        elif text == "[":
            role = Role.INDEX
        else:
            role = self._brace(token, before)
        if role is Role.GROUP:
            self._begin()
        self._frames.append(Frame(token, role, before))
        self._state = State.STATEMENT if role is Role.BLOCK else State.OPERAND
        return None

    def _parameters(self, closing: int, before: str) -> bool:
        """Whether the parentheses hold the parameters of a lambda or of a local function."""
        following = self._tokens[closing + 1].text if closing + 1 < len(self._tokens) else ""
        return following == "=>" or (following == "{" and self._before == "declared" and before not in HEADS)

    def _brace(self, token: Token, before: str) -> Role:
        if token.start in self._new or before in ("switch", "is", "with"):
            return Role.ITEMS
        if before in (")", "=>", "else", "try", "finally", "do", "checked", "unchecked", "catch", "unsafe"):
            return Role.BLOCK
        if self._frames[-1].role is Role.BLOCK and before in ("{", "}", ";", ":"):
            return Role.BLOCK
        return Role.ITEMS

    def _close(self, token: Token) -> Offence | None:
        frame = self._frames[-1]
        if frame.closing != token.text:
            return self._wrong_bracket(token, frame)
        opened = self._previous is not None and self._previous.start == frame.opened.start
        if self._state is State.OPERAND and not self._may_end(frame, opened=opened):
            if opened:
                return self._nothing_inside(frame, token)
            return self._missing_value(token)
        if frame.questions:
            return self._missing_colon(token)
        if frame.role is Role.BLOCK and self._state is State.AFTER:
            return self._unfinished(frame)
        self._frames.pop()
        if not self._frames:
            return None
        around = self._frames[-1]
        if frame.role is Role.CONDITION:
            self._state = State.EITHER if frame.keyword == "switch" else State.STATEMENT
        elif frame.role is Role.GROUP:
            self._state = State.EITHER
        elif frame.role is Role.BLOCK and around.role is Role.BLOCK:
            self._state = State.STATEMENT
        else:
            self._state = State.AFTER
        return None

    def _may_end(self, frame: Frame, *, opened: bool) -> bool:
        previous = self._previous
        before = previous.text if previous is not None else ""
        if before in (">", ";"):
            return True
        if opened:
            return (
                frame.role in (Role.CALL, Role.ITEMS, Role.BLOCK)
                or (frame.role is Role.INDEX and frame.keyword in ("new", "]", *SIMPLE_TYPES))
                or (frame.role is Role.INDEX and self._next() not in (".", ")", "?."))
            )
        return before == "," and frame.role in (Role.ITEMS, Role.INDEX)

    def _nothing_inside(self, frame: Frame, token: Token) -> Offence:
        span = Span(frame.opened.start, token.end)
        if frame.role is Role.HOLE:
            return Offence(span, "The braces in the string are empty. Write a value in them, or double them.")
        return Offence(span, f'"{frame.opened.text}{token.text}" is empty, and a value is due in it.')

    def _wrong_bracket(self, token: Token, frame: Frame) -> Offence:
        shown = {"$}": "}"}
        closing = shown.get(frame.closing, frame.closing)
        text = shown.get(token.text, token.text)
        return _offence(token, f'"{text}" is not expected here: "{closing}" is missing before it.')

    def _semicolon(self, token: Token) -> Offence | None:
        frame = self._frames[-1]
        if frame.role is Role.WHOLE:
            return _offence(token, '";" ends a statement, and @(…) holds a single value. Remove it.')
        if frame.role is Role.CONDITION and frame.keyword == "for":
            self._state = State.EITHER
            return None
        if frame.role is not Role.BLOCK:
            return self._wrong_bracket(token, frame)
        if self._state is State.OPERAND:
            return self._missing_value(token)
        if frame.questions:
            return self._missing_colon(token)
        frame.statements += 1
        self._state = State.STATEMENT
        return None

    # What to say

    def _unexpected(self, token: Token) -> Offence:
        return _offence(token, f'"{_short(token.text)}" is not expected here.')

    def _missing_value(self, token: Token) -> Offence:
        previous = self._previous
        text = "}" if token.text == "$}" else token.text
        if previous is not None and previous.text not in (*CLOSING, ";", "}", ","):
            return _offence(
                token, f'"{text}" is not expected here: a value is missing after "{_short(previous.text)}".'
            )
        return _offence(token, f'"{text}" is not expected here: a value is missing before it.')

    def _missing_colon(self, token: Token) -> Offence:
        text = "}" if token.text == "$}" else token.text
        return _offence(
            token,
            f'"{text}" is not expected here: a "?" before it has no ":". Write "condition ? value : other".',
        )

    def _missing_semicolon(self) -> Offence:
        previous = self._tokens[max(self._at - 1, 0)]
        return _offence(previous, f'";" is missing after "{_short(previous.text)}".')

    def _unfinished(self, frame: Frame) -> Offence:
        first = self._tokens[1] if len(self._tokens) > 1 else None
        if (
            len(self._frames) == 1
            and not frame.statements
            and first is not None
            and first.text not in STATEMENTS
        ):
            previous = self._previous
            if previous is not None and first.text != "var" and self._before != "declared":
                message = '@{…} holds statements. Write "return …;" in it, or @(…) around a single value.'
                return Offence(Span(first.start, previous.end), message)
        return self._missing_semicolon()


def _offence(token: Token, message: str, span: Span | None = None) -> Offence:
    return Offence(span or Span(token.start, token.end), message)


def _short(text: str) -> str:
    """A token as a message quotes it."""
    if text in ("${", "$}"):
        return text[1]
    return text if len(text) <= 40 else f"{text[:38]}…"
