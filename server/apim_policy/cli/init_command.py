"""``apim-policy init``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from apim_policy.cli.main import MISUSED, OK, UsageError, complain
from apim_policy.cli.session import Session
from apim_policy.report.findings import number_of, shown
from apim_policy.report.initial_settings import Found, render
from apim_policy.workspace.files import FileStore
from apim_policy.workspace.settings import FILE_NAME
from apim_policy.workspace.writing import UnwritableFileError, write_files

if TYPE_CHECKING:
    from argparse import Namespace


def run(options: Namespace) -> int:
    """Write settings for a folder from what is in it; the exit status."""
    here = Path.cwd()
    folder = Path(os.path.normpath(here / options.folder))
    if not folder.is_dir():
        raise UsageError(f'"{options.folder}" is no folder.')
    file = folder / FILE_NAME
    name = shown(file, here)
    if file.exists() and not (options.force or options.print):
        raise UsageError(
            f'"{name}" is there already. To write it anew: --force. To see what it would be: --print'
        )
    options.paths = [options.folder]
    session = Session(options)
    found = session.lint()
    infos = sorted(
        (part.workspace.info(path) for part in session.parts for path in part.paths),
        key=lambda info: info.path,
    )
    text = render(Found(file.parent, infos, found, session.lines))
    if options.print:
        print(text, end="")
        return OK
    try:
        write_files(FileStore(), {file: text}, file.parent)
    except UnwritableFileError as error:
        complain(f'"{name}" was not written: {error.reason}.')
        return MISUSED
    print(
        f"Wrote {name} for {number_of(len(infos), 'policy document')}. Read it through: what is a guess is commented out."
    )
    return OK
