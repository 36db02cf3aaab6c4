"""Patterns of paths in settings."""

from __future__ import annotations

import re

_CLASS = re.compile(r"\[([!^]?)([^\]/]+)\]")


def compile_glob(pattern: str, *, anchored: bool) -> re.Pattern[str]:
    """A pattern of paths that are relative and have ``/`` between their parts.

    ``*`` and ``?`` stand for characters of one part, ``**`` for any number of parts, ``[…]`` for one of several
    characters. Where it is not ``anchored``, a pattern without ``/`` fits a name at any depth, and one that fits a folder
    fits all that is in it, as in a ``.gitignore``.
    """
    if not anchored and "/" not in pattern.rstrip("/"):
        pattern = f"**/{pattern}"
    below = "/.+" if pattern.endswith("/") else "" if anchored else "(?:/.+)?"
    pattern = pattern.strip("/")
    pieces: list[str] = []
    at = 0
    while at < len(pattern):
        if pattern.startswith("**/", at):
            pieces.append("(?:[^/]+/)*")
            at += 3
        elif pattern.startswith("**", at):
            pieces.append(".*")
            at += 2
        elif pattern[at] == "*":
            pieces.append("[^/]*")
            at += 1
        elif pattern[at] == "?":
            pieces.append("[^/]")
            at += 1
        elif match := _CLASS.match(pattern, at):
            pieces.append(f"[{'^/' if match[1] else ''}{_in_class(match[2])}]")
            at = match.end()
        else:
            pieces.append(re.escape(pattern[at]))
            at += 1
    return re.compile("".join(pieces) + below + r"\Z", re.DOTALL)


def _in_class(characters: str) -> str:
    """The inside of a class, in which only a dash between two characters in order keeps its meaning."""
    pieces = []
    at = 0
    while at < len(characters):
        first = characters[at]
        if characters[at + 1 : at + 2] == "-" and characters[at + 2 : at + 3] >= first:
            pieces.append(f"{re.escape(first)}-{re.escape(characters[at + 2])}")
            at += 3
        else:
            pieces.append(re.escape(first))
            at += 1
    return "".join(pieces)
