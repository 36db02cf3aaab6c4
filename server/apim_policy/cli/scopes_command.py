"""``apim-policy scopes``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from apim_policy.cli.inputs import gather
from apim_policy.cli.main import MISUSED, OK
from apim_policy.cli.output import style_for, write
from apim_policy.report import scopes
from apim_policy.report.json_report import objects

if TYPE_CHECKING:
    from argparse import Namespace


def run(options: Namespace) -> int:
    """Print what each document was taken for; the exit status."""
    inputs = gather(options)
    infos = []
    for group in inputs.groups:
        if group.documents:
            workspace = group.workspace()
            infos += [workspace.info(path) for path in group.documents]
    infos.sort(key=lambda info: info.path)
    if options.output_format == "json":
        text = objects("documents", [scopes.as_object(info, Path.cwd()) for info in infos])
    else:
        text = scopes.render(infos, Path.cwd(), style_for(options.output_file))
    write(text, options.output_file)
    return MISUSED if inputs.failed else OK
