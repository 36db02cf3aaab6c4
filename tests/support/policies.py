"""Whole documents around a few policies, and what the user sees of the one finding in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.workspaces import LONE_FILE, check

if TYPE_CHECKING:
    from collections.abc import Sequence

    from support.workspaces import Linted


def inbound(policies: str) -> str:
    """A document with these policies in its inbound section."""
    return f"<policies><inbound>{policies}</inbound></policies>"


def backend(policies: str) -> str:
    """A document with these policies in its backend section."""
    return f"<policies><backend>{policies}</backend></policies>"


def outbound(policies: str) -> str:
    """A document with these policies in its outbound section."""
    return f"<policies><outbound>{policies}</outbound></policies>"


def message(files: str | dict[str, str], select: Sequence[str]) -> str:
    """The message of the only finding, which the marks in the files name."""
    return check(files, select).the(select[0]).message


def mended(files: str | dict[str, str], select: Sequence[str]) -> str:
    """The lone file after the first fix of the only finding."""
    linted: Linted = check(files, select)
    return linted.after(linted.the(select[0]).fixes[0])[LONE_FILE]
