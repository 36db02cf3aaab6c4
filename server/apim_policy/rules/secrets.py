"""What a secret looks like, where it is written out.

Shapes come from the services that issue them; what has no shape of its own needs a name beside it that says it is a
secret, and the disorder of one. Texts that stand for a secret in samples are none.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator


class Secret(NamedTuple):
    """A secret in a text."""

    span: Span
    """The secret itself, without what says that it is one."""
    what: str
    """What it is, to begin a sentence."""


# Each with a text that it always holds: to look for that takes a fraction of the time.
_SHAPES = (
    ("AccountKey=", r"\bAccountKey=([A-Za-z0-9+/]{40,120}={0,2})", "An account key"),
    ("SharedAccessKey=", r"\bSharedAccessKey=([A-Za-z0-9+/]{30,120}={0,2})", "A shared access key"),
    ("sig=", r"[?&;]sig=([A-Za-z0-9%+/=_-]{30,200})", "The signature of a shared access token"),
    (".eyJ", r"\b(eyJ[\w-]{8,4000}\.eyJ[\w-]{8,8000}\.[\w-]{16,2000})", "A token"),
    ("Q~", r"(?<![\w~.-])([\w~.-]{3}\dQ~[\w~.-]{31,34})(?![\w~.-])", "A client secret"),
    ("PRIVATE KEY-----", r"(-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----)", "A private key"),
    ("sk-", r"\b(sk-(?:proj-|ant-)?[A-Za-z0-9_-]{32,200})", "An API key"),
    *(
        (mark, rf"\b({mark}[A-Za-z0-9]{{36,80}})", "A GitHub token")
        for mark in ("ghp_", "gho_", "ghu_", "ghs_", "ghr_")
    ),
    ("github_pat_", r"\b(github_pat_\w{60,100})", "A GitHub token"),
    ("xox", r"\b(xox[abprs]-[A-Za-z0-9-]{20,100})", "A Slack token"),
    ("AKIA", r"\b(AKIA[0-9A-Z]{16})\b", "An access key id"),
    ("AIza", r"\b(AIza[\w-]{35})\b", "An API key"),
    ("k_live_", r"\b([sr]k_live_[A-Za-z0-9]{20,120})", "An API key"),
)
_KEY_LENGTH = 86
_ACCOUNT_KEY = re.compile(rf"(?<![\w+/])[A-Za-z0-9+/]{{{_KEY_LENGTH}}}==(?![\w+/=])")
_BASIC = re.compile(r"\bBasic ([A-Za-z0-9+/]{8,400}={0,2})(?![\w+/=])")
_NAMES = re.compile(
    r"(?<![A-Za-z0-9])(?:client[_-]?secret|api[_-]?key|apikey|subscription[_-]key|access[_-]?token|refresh[_-]token|"
    r"account[_-]key|password|passwd|pwd|private[_-]key|shared[_-]secret|secret[_-]?key|access[_-]key|"
    r"functions[_-]key|secret)\Z",
    re.I,
)
_ENDS_OF_NAMES = ("secret", "key", "token", "password", "passwd", "pwd")
_LONGEST_NAME = 16
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
# A sign between a name and its value, and the value with or without quotes, escaped or not.
_VALUE = re.compile(
    r"""["'\\]{0,3}\s{0,4}[\])]?\s{0,4}[:=,]\s{0,4}(?:["'\\]|&quot;){0,3}"""
    r"""([A-Za-z0-9!@#$%*+./:=?^_~-]{8,400})(?=["'\\&;\s<)]|$)""",
)
_PAIR = re.compile(r"""[?&](?i:code|key|sig|token)=([A-Za-z0-9%+/._~=-]{20,400})(?=["'&\s<]|$)""")
_SAMPLE = re.compile(
    r"""your | example | sample | placeholder | dummy | change-?_?me | replace | insert | todo | redacted | masked
    | x{3,} | \*{3,} | \.{3} | < | \[ | 0{6,} | lorem | fake | test-?_?(?:key|secret|token|password)
    | (?:my|some|the)[-_ ]?(?:api|secret|key|password|token|sub|client) | secret-?_?(?:value|name|goes|here)""",
    re.I | re.X,
)
_GUID = re.compile(r"\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?")
_OPEN = re.compile(r"[{}\ufffc]|__")
_MAIL = re.compile(r"[^@]+@[^@]+\.[A-Za-z]+")
_HEX = re.compile(r"[0-9A-Fa-f]{32,}")
_WORDY = re.compile(r"(?:[A-Za-z]+\d{0,4}|\d{1,8})(?:[-_. /:](?:[A-Za-z]+\d{0,4}|\d{1,8}))*")
_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.I)
_NOT_LETTERS = re.compile(r"[0-9!@#$%^*+~]")
_SHORTEST = 16
_FEWEST = 4
"""Different characters of a secret."""
_DISORDER = 3.0
"""Bits a character; words of a language have fewer over such a length."""
_CHOSEN = frozenset({"password", "passwd", "pwd"})


def find(text: str) -> Iterator[Secret]:
    """The secrets in a text, in any order; one may be found in two ways."""
    for mark, pattern, what in _SHAPES:
        if mark not in text:
            continue
        for match in re.finditer(pattern, text):
            if not is_sample(match[1]) and not _OPEN.search(match[1]):
                yield Secret(Span(*match.span(1)), what)
    yield from _account_keys(text)
    if "Basic " in text:
        for match in _BASIC.finditer(text):
            if _is_basic(match[1]):
                yield Secret(Span(*match.span(1)), "A user's password")
    yield from _named(text)
    for match in _PAIR.finditer(text):
        if is_random(match[1]):
            yield Secret(Span(*match.span(1)), "A key in a URL")


def _account_keys(text: str) -> Iterator[Secret]:
    """Keys of 64 bytes in base64, wherever they stand."""
    end = text.find("==")
    while end >= 0:
        start = end - _KEY_LENGTH
        if start >= 0 and (match := _ACCOUNT_KEY.match(text, start)) and not _SAMPLE.search(match[0]):
            yield Secret(Span(*match.span()), "An account key")
        end = text.find("==", end + 2)


def _named(text: str) -> Iterator[Secret]:
    """Values with a name before them that says that they are secret."""
    # The other ways to lower a text change its length where it is not ASCII.
    lower = text.lower() if text.isascii() else text.translate(_LOWER)
    for end_of_name in _ENDS_OF_NAMES:
        at = lower.find(end_of_name)
        while at >= 0:
            end = at + len(end_of_name)
            value = _VALUE.match(text, end)
            name = _NAMES.search(text, max(end - _LONGEST_NAME, 0), end) if value is not None else None
            if value is not None and name is not None:
                trusted = is_password if name[0].lower() in _CHOSEN else is_random
                if trusted(value[1]):
                    yield Secret(Span(*value.span(1)), f'The value of "{name[0]}"')
            at = lower.find(end_of_name, end)


def is_sample(value: str) -> bool:
    """Whether a text only stands for a value, as "your-key" does."""
    return _SAMPLE.search(value) is not None or len(set(value)) < _FEWEST


def is_random(value: str) -> bool:
    """Whether a value has the length and the disorder of a key."""
    if len(value) < _SHORTEST or is_sample(value) or _OPEN.search(value):
        return False
    if _GUID.fullmatch(value) or _URL.match(value):
        return False
    if _HEX.fullmatch(value):
        return True
    if _WORDY.fullmatch(value) or not any(map(str.isdigit, value)) or not any(map(str.isalpha, value)):
        return False
    return _disorder(value) >= _DISORDER


def is_password(value: str) -> bool:
    """Whether a value may be a password that somebody chose."""
    if is_sample(value) or _OPEN.search(value) or _URL.match(value) or _MAIL.fullmatch(value):
        return False
    return value.count(".") <= 1 and _NOT_LETTERS.search(value) is not None and any(map(str.isalpha, value))


def is_user_and_password(value: str) -> bool:
    """Whether a value is what is encoded for basic authentication."""
    user, colon, password = value.partition(":")
    return bool(user and colon) and " " not in value and is_password(password)


def shown(value: str) -> str:
    """The beginning of a secret, enough to find it and too little to use it."""
    return value[:3] + "…"


def _disorder(value: str) -> float:
    counts = Counter(value).values()
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts)


def _is_basic(encoded: str) -> bool:
    try:
        plain = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return False
    user, colon, password = plain.partition(":")
    return bool(user and colon and password) and plain.isprintable() and not is_sample(plain)
