"""Where a policy expression ends.

The C# between the brackets decides: brackets in strings, characters and comments do not count. An expression that
is never closed must not swallow the document, so a scan also stops at what no C# can hold outside strings and
comments (``</``, ``/>``, the end of a line in an ordinary string) and the end is then put where the markup
visibly goes on.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from apim_policy.syntax.names import KNOWN_NAMES

_KNOWN = "|".join(sorted(map(re.escape, KNOWN_NAMES), key=len, reverse=True))

_RAW_STRING = r'"(?!"")(?:[^"\\\r\n]|\\[^\r\n])*"'
_CHARACTER = r"'(?:\\(?:'|[^'\r\n]{1,9})'|[^'\\\r\n]'|[^'\\\r\n(){}\"&]*')"

# Escaped code may be escaped in part only: authors leave generics (``As<JObject>()``) and comments as they are.
# One alternative after another, the first that fits wins: strings with a prefix or three quotes (opened only),
# ordinary strings whole, characters whole, comments, entities that only escaped code has, markup that no code has.
_RAW_TOKEN = r"""
    [^"'/@$&<%(brackets)s]*+
    (?:
      (?P<prefixed>  (?: \$+@? | @\$? ) "+ | "{3,} )
    | (?P<string>    %(string)s )
    | (?P<quote>     " )
    | (?P<skip>      %(character)s | //[^\r\n]* )
    | (?P<comment>   /\* )
    | (?P<entity>    &(?:quot|lt|gt|amp|apos|\#\d{1,7}|\#[xX][0-9A-Fa-f]{1,6}); )
    | (?P<markup>    </(?![*/]) | (?<!\*)/> )
    | (?P<bracket>   [%(brackets)s] )
    | (?P<other>     [/@$&<'] )
    )
"""
_ESCAPED_TOKEN = r"""
    [^"'/@$&<%(brackets)s]*+
    (?:
      (?P<prefixed>  (?: \$+@? | @\$? ) (?: &quot; | &\#34; | &\#[xX]22; | " ) )
    | (?P<string>    (?: &quot; | &\#34; | &\#[xX]22; ) (?: (?! &quot; | &\#34; | &\#[xX]22; ) [^\\\r\n"] | \\ (?: &quot; | [^\r\n"] ) )* (?: &quot; | &\#34; | &\#[xX]22; )
                   | "(?:[^"\\\r\n<]|\\[^\r\n])*" )
    | (?P<quote>     " | &quot; | &\#34; | &\#[xX]22; )
    | (?P<skip>      (?: &apos; | &\#39; | ' ) (?: \\[^\r\n]{1,9}? | &[\#\w]{1,8}; | [^'\\\r\n] | [^'\\\r\n(){}\"&<]* ) (?: &apos; | &\#39; | ' )
                   | // (?: (?! &\#10; | &\#13; | &\#[xX][aAdD]; ) [^\r\n] )* )
    | (?P<comment>   /\* )
    | (?P<entity>    (?!) )
    | (?P<markup>    </(?![*/]) | (?<!\*)/> )
    | (?P<bracket>   [%(brackets)s] )
    | (?P<other>     [/@$&<'] )
    )
"""


# Patterns are compiled when a text first needs them: most need few of these, and the command line must start fast.
@cache
def _token(escaped: bool, opener: str) -> re.Pattern[str]:
    """What matters in code whose brackets are of one kind."""
    fields = {"string": _RAW_STRING, "character": _CHARACTER, "brackets": opener + _CLOSERS[opener]}
    return re.compile((_ESCAPED_TOKEN if escaped else _RAW_TOKEN) % fields, re.X)


# Kinds of tokens that a scan passes over.
_PASSED = frozenset({"string", "skip", "other"})
_CLOSERS = {"(": ")", "{": "}"}
_VERBATIM_DOUBLED = re.compile(r'[^"]*(?:""[^"]*)*"')
_VERBATIM_ESCAPED = re.compile(
    r"""[^&]*+(?:(?:(?:&quot;|&#34;|&#[xX]22;){2}|&(?!quot;|#34;|#[xX]22;))[^&]*+)*+&(?:quot|#34|#[xX]22);"""
)
_INTERPOLATED = {
    # (verbatim, escaped): what matters in an interpolated string's literal part.
    (False, False): re.compile(r'\{\{|\}\}|\{|"|\\[^\r\n]|[\r\n]'),
    (True, False): re.compile(r'\{\{|\}\}|\{|""|"'),
    (False, True): re.compile(r'\{\{|\}\}|\{|&quot;|&#34;|&#[xX]22;|\\(?:&quot;|[^\r\n])|[\r\n"]'),
    (True, True): re.compile(r'\{\{|\}\}|\{|(?:&quot;|&#34;|&#[xX]22;){2}|&quot;|&#34;|&#[xX]22;|""|"'),
}


class Scan(NamedTuple):
    """What a scan found."""

    end: int
    """Just after the closing bracket, or where the scan gave up."""
    closed: bool
    escaped: bool


def scan(text: str, start: int, limit: int | None = None) -> Scan:
    """Look for the end of the expression whose ``@`` stands at ``start``.

    Linear in the distance that it covers. ``limit`` is where it gives up, by default the end of the text.
    """
    limit = len(text) if limit is None else limit
    end, closed, entity = _scan(text, start, limit, escaped=False)
    if not entity:
        return Scan(end, closed, False)
    again, closed, _ = _scan(text, start, limit, escaped=True)
    return Scan(again, closed, True)


def _scan(text: str, start: int, limit: int, *, escaped: bool) -> tuple[int, bool, bool]:
    """End, whether closed, and whether raw code held an entity, which means that the code is escaped."""
    opener = text[start + 1]
    # A frame is the state of one stretch of code: the outermost, or a hole of an interpolated string.
    frames: list[tuple[re.Pattern[str], str, int, re.Pattern[str]]] = []
    token = _token(escaped, opener)
    closer = _CLOSERS[opener]
    depth = 1
    position = start + 2
    while True:
        match = token.match(text, position, limit)
        if match is None:
            return limit, False, False
        kind = match.lastgroup
        position = match.end()
        if kind in _PASSED:
            continue
        if kind == "bracket":
            if text[position - 1] != closer:
                depth += 1
                continue
            depth -= 1
            if depth:
                continue
            if not frames:
                return position, True, False
            token, closer, depth, literal = frames.pop()
            position, hole = _literal_end(text, position, limit, literal)
        elif kind == "comment":
            end = text.find("*/", position, limit)
            if end < 0:
                return limit, False, False
            position = end + 2
            continue
        elif kind == "prefixed":
            word = match.group(kind)
            opened = match.start(kind)
            if "$" not in word or (word.endswith('""') and "@" not in word):
                position = _whole_string_end(text, opened, word, limit, escaped)
                hole = False
            else:
                literal = _INTERPOLATED["@" in word, escaped]
                prefix = len(word) - len(word.lstrip("$@"))
                # The pattern takes every quote that follows; the content begins after the first.
                first = opened + prefix + 1 if word[prefix] == '"' else position
                position, hole = _literal_end(text, first, limit, literal)
        else:
            return match.start(kind or 0), False, kind == "entity"
        if position < 0:
            return match.start(kind), False, False
        if hole:
            frames.append((token, closer, depth, literal))
            token, closer, depth = _token(escaped, "{"), "}", 1


def _whole_string_end(text: str, start: int, word: str, limit: int, escaped: bool) -> int:
    """Just after a verbatim or raw string that ``word`` (prefix and quotes) opens at ``start``, or -1."""
    after = start + len(word)
    if "@" in word:
        if escaped and not word.endswith('"'):
            match = _VERBATIM_ESCAPED.match(text, after, limit)
        else:
            match = _VERBATIM_DOUBLED.match(text, start + word.index('"') + 1, limit)
        return match.end() if match else -1
    # Three quotes or more open a raw string; two after a dollar sign are an empty one.
    quotes = word.lstrip("$")
    if len(quotes) == 2:
        return after
    end = text.find(quotes, after, limit)
    return -1 if end < 0 else end + len(quotes)


def _literal_end(text: str, position: int, limit: int, literal: re.Pattern[str]) -> tuple[int, bool]:
    """Go on in an interpolated string: where a hole begins or the string ends, and whether it is a hole."""
    while True:
        match = literal.search(text, position, limit)
        if match is None:
            return -1, False
        word = match.group()
        if word == "{":
            return match.end(), True
        if word in ('"', "&quot;", "&#34;", "&#x22;", "&#X22;"):
            return match.end(), False
        if word in ("\r", "\n"):
            return -1, False
        position = match.end()


_NAMED_VALUE_AFTER_AT = re.compile(r"@\{\{[A-Za-z0-9._-]{1,256}\}\}")


def opens_expression(text: str, at: int) -> bool:
    """Whether the ``@`` at this offset opens an expression: a bracket follows that is not part of ``@{{name}}``."""
    return text[at + 1 : at + 2] in ("(", "{") and not _NAMED_VALUE_AFTER_AT.match(text, at)


# "^" would not do: a carriage return alone ends a line too.
_LINE_OF_MARKUP = rf"(?<![^\r\n])[ \t]*(?=</?(?:{_KNOWN})[\s/>])"
# Another attribute shows the end only on the line where the expression begins: further down, lines of C# look like it.
_NEXT_ATTRIBUTE = {
    quote: re.compile(rf"[^\r\n]*?(?<!\\)(?={quote}(?:\s*/?>(?!{quote})|\s+[A-Za-z_][\w:.-]*\s*=\s*[\"']))")
    for quote in "\"'"
}
_REST_OF_TAG = r"""(?:\s+[A-Za-z_][\w:.-]*=(?:"[^"<>\r\n]*"|'[^'<>\r\n]*')){1,4}\s*/?>"""
# No C# goes on behind a quote with a name, "=" and another quote that an expression follows.
_EXPRESSION_ATTRIBUTE = r"\s+[A-Za-z_][\w:.-]*=[\"']@[({]"
# A quote before it makes it the beginning of a string that builds markup.
_END_TAG = r"(?<![\"'])</(?=[A-Za-z])"


@cache
def _go_on_quoted(quote: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\\){quote}(?=\s*/?>(?!{quote})|{_REST_OF_TAG}|{_EXPRESSION_ATTRIBUTE})|{_LINE_OF_MARKUP}|{_END_TAG}",
        re.M,
    )


_LINE_REST = re.compile(r"[^\r\n]*")


@cache
def _go_on_text() -> re.Pattern[str]:
    return re.compile(rf"</(?=(?:{_KNOWN})\s*>)|<(?=(?:{_KNOWN})[\s/>])|<!--")


@lru_cache(maxsize=64)
def _end_of_text(element: str) -> re.Pattern[str]:
    # Strings of C# hold tags too: the end tag of the element around the text shows the end better than any other.
    return re.compile(rf"</{re.escape(element)}\s*>|{_LINE_OF_MARKUP}")


def end_of_text(text: str, element: str, start: int) -> int:
    """Where the text of an element ends that holds anything but lines that begin with policies, or -1."""
    match = _end_of_text(element).search(text, start)
    return match.start() if match and match.group().startswith("</") else -1


def resynchronise(text: str, start: int, quote: str, element: str, *, far: bool = True) -> tuple[int, int]:
    """Where an expression that is never closed is taken to end, and how many characters were looked at in vain.

    ``quote`` is the attribute's, or nothing in a text; ``element`` the name of the element around a text, or nothing
    where it is not known; ``far`` whether to look for more than the nearest markup. Trailing white space is left to
    what follows.
    """
    cost = 0
    position = start + 2
    if quote:
        match = _NEXT_ATTRIBUTE[quote].match(text, position) if far else None
        end = match.end() if match else -1
        if end < 0:
            cost = _LINE_REST.match(text, position).end() - position if far else 0  # type: ignore[union-attr]
            match = _go_on_quoted(quote).search(text, position)
            end = match.start() if match else len(text)
    else:
        match = _end_of_text(element).search(text, position) if element and far else None
        if element and far and match is None:
            cost = len(text) - position
        match = match or _go_on_text().search(text, position)
        end = match.start() if match else len(text)
    while end > position and text[end - 1] in " \t\r\n":
        end -= 1
    return end, cost
