"""Whole documents around one expression."""

from __future__ import annotations

from support.policies import inbound


def given(code: str) -> str:
    """A document with a single expression."""
    return inbound(f"<set-body>@({code})</set-body>")


def block(code: str) -> str:
    """A document with a block of statements."""
    return inbound(f"<set-body>@{{{code}}}</set-body>")
