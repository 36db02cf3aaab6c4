"""``apim-policy format``."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.cli.inputs import STDIN, gather
from apim_policy.cli.main import FOUND, MISUSED, OK, UsageError, complain
from apim_policy.cli.output import style_for, write
from apim_policy.formatting.layout import format_document
from apim_policy.formatting.shape import Obstacle, Unformattable, reason
from apim_policy.report import diff
from apim_policy.report.findings import number_of, shown
from apim_policy.report.style import printable
from apim_policy.syntax.parser import parse
from apim_policy.text.edits import apply_edits
from apim_policy.workspace.files import UnreadableFileError
from apim_policy.workspace.writing import UnwritableFileError, write_files

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from apim_policy.cli.inputs import Group, Inputs


def run(options: Namespace) -> int:
    """Lay documents out, or say which would change; the exit status."""
    if STDIN in options.paths and len(options.paths) > 1:
        raise UsageError("format takes either - or paths, not both: the text goes to standard output.")
    # One document after the other is read, written and forgotten, however many there are.
    gc.enable()
    formatting = _Formatting(gather(options))
    if options.check or options.diff:
        return formatting.show(whole=options.diff)
    if STDIN in options.paths:
        return formatting.filter()
    return formatting.write()


class _Change(NamedTuple):
    group: Group
    path: Path
    before: str
    after: str


class _Formatting:
    """The documents of a command line; says on standard error which are left as they are, and why."""

    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs
        self._folder = Path.cwd()
        self._documents = sorted(
            ((path, group) for group in inputs.groups for path in group.documents), key=lambda item: item[0]
        )
        self._failed = inputs.failed

    def write(self) -> int:
        """Write what changes."""
        written = 0
        for change in self._changes():
            try:
                write_files(change.group.store, {change.path: change.after}, change.group.root)
                written += 1
            except UnwritableFileError as error:
                complain(f'"{shown(change.path, self._folder)}" was not changed: {error.reason}.')
                self._failed = True
        number = number_of(len(self._documents), "document")
        write(f"Formatted {written} of {number}.\n" if written else f"{self._nothing}\n", None)
        return MISUSED if self._failed else OK

    def show(self, *, whole: bool) -> int:
        """Name the documents that would change, or with ``whole`` show how, and change nothing."""
        style = style_for(None)
        count = 0
        for change in self._changes():
            count += 1
            name = shown(change.path, self._folder)
            line = f"Would format {style.bold(printable(name))}\n"
            write(diff.render(name, change.before, change.after, style) if whole else line, None)
        number = number_of(len(self._documents), "document")
        complain(f"{count} of {number} would be formatted. Nothing was changed." if count else self._nothing)
        if self._failed:
            return MISUSED
        return FOUND if count else OK

    def filter(self) -> int:
        """Print the text from standard input as it should be, or as it is where it is left alone."""
        stdin = self._inputs.stdin
        if stdin is None:
            return MISUSED
        text = next((change.after for change in self._changes()), None)
        if text is None:
            text = next(group.store.read(path).text for path, group in self._documents)
        sys.stdout.flush()
        sys.stdout.buffer.write(stdin.encoding.encode(text))
        return MISUSED if self._failed else OK

    @property
    def _nothing(self) -> str:
        return f"{number_of(len(self._documents), 'document')} checked, nothing to format."

    def _changes(self) -> Iterator[_Change]:
        """The documents that change, by path."""
        for path, group in self._documents:
            try:
                text = group.store.read(path).text
            except UnreadableFileError as error:
                self._refuse(path, f"{error.reason}.")
                self._failed = True
                continue
            document = parse(text, group.settings.placeholders)
            edits = format_document(document)
            if isinstance(edits, Unformattable):
                faulty = edits.obstacle is Obstacle.FAULTS
                help_ = (
                    f' To see what is wrong: apim-policy lint "{shown(path, self._folder)}"' if faulty else ""
                )
                self._refuse(path, f"{reason(document, edits)}.{help_}")
                self._failed |= faulty
            elif edits:
                yield _Change(group, path, text, apply_edits(text, edits))
            group.store.invalidate(path)

    def _refuse(self, path: Path, reason: str) -> None:
        complain(f'"{shown(path, self._folder)}" was not formatted: {reason}')
