"""``apim-policy lsp``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import Namespace


def run(options: Namespace) -> int:
    """Serve a client until it goes; the exit status."""
    from apim_policy.lsp import server

    if options.tcp:
        return server.run_tcp(*options.tcp)
    if options.ws:
        return server.run_ws(*options.ws)
    return server.run_stdio()
