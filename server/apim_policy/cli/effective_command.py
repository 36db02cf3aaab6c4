"""``apim-policy effective``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from apim_policy.cli.inputs import gather
from apim_policy.cli.main import MISUSED, OK, UsageError
from apim_policy.cli.output import style_for, write
from apim_policy.flow.effective import effective
from apim_policy.report import effective as report
from apim_policy.syntax.tree import ROOTS
from apim_policy.workspace.files import UnreadableFileError

if TYPE_CHECKING:
    from argparse import Namespace

    from apim_policy.flow.effective import Effective


def run(options: Namespace) -> int:
    """Print the policy that runs at the scope of a document; the exit status. Raises UsageError."""
    (name,) = options.paths
    if Path(name).is_dir():
        raise UsageError(f'"{name}" is a folder. Name one policy document in it.')
    inputs = gather(options)
    groups = [group for group in inputs.groups if group.documents]
    if not groups:
        return MISUSED
    (path,) = groups[0].documents
    workspace = groups[0].workspace().around(path)
    try:
        found = effective(workspace, path)
    except UnreadableFileError as error:
        raise UsageError(f'"{name}" cannot be read: {error.reason}.') from None
    if found is None or not _is_policy(found):
        raise UsageError(f'"{name}" is no policy document.')
    if options.output_format == "json":
        text = report.render_json(found, Path.cwd())
    else:
        text = report.render(found, Path.cwd(), style_for(options.output_file))
    write(text, options.output_file)
    return OK


def _is_policy(found: Effective) -> bool:
    root = found.parts[0].frame.document.root
    return root is not None and root.name in ROOTS
