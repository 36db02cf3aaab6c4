"""``apim-policy lint``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.cli.session import Session

if TYPE_CHECKING:
    from argparse import Namespace


def run(options: Namespace) -> int:
    """Check documents and report; the exit status."""
    session = Session(options)
    found = session.lint()
    session.remark()
    session.report(found)
    return session.status(found)
