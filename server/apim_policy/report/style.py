"""Colour and hyperlinks of a terminal, and what may safely be printed on one.

Own escape sequences, since importing a library for them takes longer than linting a document.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from apim_policy.rules.model import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

_RESET = "\x1b[0m"
_ESCAPES = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;;[^\x1b]*\x1b\\")
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)
"""Control characters, and those that reorder or break a line: a document must not steer the reader's terminal."""

SEVERITY_CODES = {
    Severity.ERROR: "1;31",
    Severity.WARNING: "1;33",
    Severity.INFO: "1;36",
    Severity.HINT: "1;35",
}


@dataclass(frozen=True, slots=True)
class Style:
    """What a stream can show."""

    colour: bool = False
    links: bool = False

    def paint(self, text: str, codes: str) -> str:
        """The text in the graphic rendition ``codes`` (such as ``1;31``)."""
        return f"\x1b[{codes}m{text}{_RESET}" if self.colour and text else text

    def bold(self, text: str) -> str:
        """For what the eye should find first."""
        return self.paint(text, "1")

    def dim(self, text: str) -> str:
        """For what is there when it is looked for."""
        return self.paint(text, "2")

    def gutter(self, text: str) -> str:
        """For line numbers and rules."""
        return self.paint(text, "34")

    def good(self, text: str) -> str:
        """For fixes and for the news that nothing was found."""
        return self.paint(text, "32")

    def severity(self, text: str, severity: Severity) -> str:
        """For the word and the mark of a finding."""
        return self.paint(text, SEVERITY_CODES[severity])

    def link(self, text: str, url: str | None) -> str:
        """The text, leading to ``url``, where there is one, when it is clicked."""
        return f"\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\" if self.links and url else text


PLAIN = Style()


def style_of(stream: TextIO, environment: Mapping[str, str] | None = None) -> Style:
    """What to send to a stream.

    Colour goes to terminals. ``NO_COLOR`` (no-color.org) and ``CI`` turn it off, ``FORCE_COLOR`` turns it on anywhere;
    hyperlinks are for terminals alone, since a log would show their addresses.
    """
    environment = os.environ if environment is None else environment
    terminal = stream.isatty() and environment.get("TERM") != "dumb" and _understands_escapes()
    if environment.get("NO_COLOR"):
        return PLAIN
    if environment.get("FORCE_COLOR", "0") not in {"", "0", "false"}:
        return Style(colour=True, links=terminal)
    if environment.get("CI", "").lower() not in {"", "0", "false"} or not terminal:
        return PLAIN
    return Style(colour=True, links=True)


def printable(text: str) -> str:
    """The text with every character that would steer a terminal replaced by a visible one, of the same length."""
    return _UNPRINTABLE.sub(_visible, text)


def without_escapes(text: str) -> str:
    """The text as it reads without colour and hyperlinks."""
    return _ESCAPES.sub("", text)


def _visible(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


def _understands_escapes() -> bool:
    if sys.platform != "win32":
        return True
    import ctypes

    # ENABLE_VIRTUAL_TERMINAL_PROCESSING beside the defaults; a console older than Windows 10 refuses.
    console = ctypes.windll.kernel32
    return bool(console.SetConsoleMode(console.GetStdHandle(-11), 7))
