"""``apim-policy flow``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from apim_policy.cli.inputs import gather
from apim_policy.cli.main import MISUSED, OK, UsageError
from apim_policy.cli.output import style_for, write
from apim_policy.flow.drawing import pictures
from apim_policy.report.findings import shown
from apim_policy.text.words import listed, nearest

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from apim_policy.flow.picture import Picture


def run(options: Namespace) -> int:
    """Print the headers of MCP servers, from the client to the backend; the exit status."""
    wanted = options.server
    path = Path(os.path.normpath(Path.cwd() / wanted)) if wanted is not None else None
    there = path is not None and os.path.lexists(path)
    options.paths = [wanted] if there and _leads_out(wanted) else []
    inputs = gather(options)
    found = [picture for group in inputs.groups if group.documents for picture in pictures(group.workspace())]
    if wanted is None or path is None:
        # The project around the folder may hold more.
        found = _at(Path.cwd(), found)
    else:
        named = [picture for picture in found if picture.name.lower() == wanted.lower()]
        found = named or (_at(path, found) if there else _unknown(wanted, found, failed=inputs.failed))
    write(_rendered(found, options), options.output_file)
    return MISUSED if inputs.failed else OK


def _leads_out(wanted: str) -> bool:
    """Whether a path leads to what is not in the current folder, which is not searched then."""
    return not Path(os.path.normpath(Path.cwd() / wanted)).is_relative_to(Path.cwd())


def _at(path: Path, found: Sequence[Picture]) -> list[Picture]:
    """The servers in a folder, or the one that has a file for its policy."""
    if path.is_dir():
        return [picture for picture in found if picture.info.path.is_relative_to(path)]
    of_file = [picture for picture in found if picture.info.path == path]
    if not of_file:
        name = shown(path, Path.cwd())
        raise UsageError(
            f'"{name}" is not the policy of an MCP server. To see what it was taken for: apim-policy scopes {name}'
        )
    return of_file


def _unknown(name: str, found: Sequence[Picture], *, failed: bool) -> list[Picture]:
    """Raises UsageError for a name that no server has; nothing is said where the user has heard of an error already."""
    if failed:
        return []
    known = sorted({picture.name for picture in found})
    if not known:
        raise UsageError(f'There is no MCP server "{name}": there are no MCP servers in this folder.')
    close = nearest(name, known)
    if close is not None:
        raise UsageError(f'There is no MCP server "{name}". Did you mean "{close}"?')
    raise UsageError(f'There is no MCP server "{name}". The MCP servers are {listed(known)}.')


def _rendered(found: Sequence[Picture], options: Namespace) -> str:
    here = Path.cwd()
    match options.output_format:
        case "json":
            from apim_policy.report import flow_json

            return flow_json.render(found, here)
        case "mermaid":
            from apim_policy.report import flow_mermaid

            return flow_mermaid.render(found, here)
        case "html":
            from apim_policy.report import flow_html

            target = options.output_file
            folder = Path(os.path.normpath(here / target)).parent if target is not None else here
            return flow_html.render(found, here, flow_html.relative_links(folder))
        case _:
            from apim_policy.report import flow_text

            encoding = "utf-8" if options.output_file is not None else sys.stdout.encoding
            return flow_text.render(
                found, here, style_for(options.output_file), ascii_only=not _draws(encoding)
            )


def _draws(encoding: str | None) -> bool:
    """Whether the characters of the picture can be written in an encoding."""
    try:
        "║╌╍━┈●◆○×»►→…".encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
