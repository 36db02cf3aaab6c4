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
    from collections.abc import Collection, Sequence

    from apim_policy.flow.picture import Picture


def run(options: Namespace) -> int:
    """Print the headers of MCP servers, from the client to the backend; the exit status."""
    wanted = options.server
    path = Path(os.path.normpath(Path.cwd() / (wanted or ".")))
    found: list[Picture] = []
    failed = False
    there = os.path.lexists(path)
    if there:
        drawn, failed = _drawn(options, wanted)
        found = _at(path, drawn, failed=failed)
    if not found and wanted is not None and not failed:
        drawn, failed = _drawn(options, None)
        found = [picture for picture in drawn if picture.name.lower() == wanted.lower()]
        if not (found or failed or there):
            raise UsageError(_unknown(wanted, {picture.name for picture in drawn}))
    write(_rendered(found, options), options.output_file)
    return MISUSED if failed else OK


def _drawn(options: Namespace, path: str | None) -> tuple[list[Picture], bool]:
    """The pictures of the workspaces of a path, or of the current folder; whether the user has been told of an error."""
    options.paths = [path] if path is not None else []
    inputs = gather(options)
    groups = (group for group in inputs.groups if group.documents)
    return [picture for group in groups for picture in pictures(group.workspace())], inputs.failed


def _at(path: Path, found: Sequence[Picture], *, failed: bool) -> list[Picture]:
    """The servers in a folder, or the one that has a file for its policy; the workspace around them may hold more."""
    if path.is_dir():
        return [picture for picture in found if picture.info.path.is_relative_to(path)]
    of_file = [picture for picture in found if picture.info.path == path]
    if not of_file and not failed:
        name = shown(path, Path.cwd())
        raise UsageError(
            f'"{name}" is not the policy of an MCP server. To see what it was taken for: apim-policy scopes {name}'
        )
    return of_file


def _unknown(name: str, known: Collection[str]) -> str:
    if not known:
        return f'There is no MCP server "{name}": there are no MCP servers in this folder.'
    close = nearest(name, known)
    if close is not None:
        return f'There is no MCP server "{name}". Did you mean "{close}"?'
    return f'There is no MCP server "{name}". The MCP servers are {listed(sorted(known))}.'


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
