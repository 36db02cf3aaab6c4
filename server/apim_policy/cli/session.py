"""One run over the documents of a command line: lint them, keep what a report needs."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from apim_policy.cli.inputs import gather
from apim_policy.cli.main import FOUND, MISUSED, OK, UsageError, complain
from apim_policy.cli.output import style_for, write
from apim_policy.cli.progress import Progress
from apim_policy.lint.many import check_many
from apim_policy.lint.selection import Selection, SelectionError
from apim_policy.report.findings import Findings, shown
from apim_policy.rules.model import Severity
from apim_policy.syntax.tree import ROOTS
from apim_policy.text.lines import LineIndex
from apim_policy.workspace.files import UnreadableFileError
from apim_policy.workspace.settings import SettingsError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping, Sequence

    from apim_policy.cli.inputs import Group, Inputs
    from apim_policy.lint.fixes import AppliedFix
    from apim_policy.lint.suppressions import Suppressed
    from apim_policy.report.style import Style
    from apim_policy.rules.model import Diagnostic
    from apim_policy.workspace.files import FileStore
    from apim_policy.workspace.workspace import Workspace

MACHINE_FORMATS = {
    "sarif": "sarif",
    "github": "github",
    "azure-pipelines": "azure_pipelines",
    "gitlab": "gitlab",
    "junit": "junit",
}
"""Reports that another program reads, with the module that writes each."""


class Part:
    """The documents of one workspace, with the rules that run on them."""

    def __init__(self, group: Group, selection: Selection) -> None:
        self.group = group
        self.selection = selection
        self.workspace: Workspace = group.workspace()
        self.paths = sorted(group.documents)
        self.suppressed: list[Suppressed] = []
        """What comments suppress in the documents that ``lint`` saw last."""

    def lint(self, progress: Progress | None = None, jobs: int = 0) -> list[Diagnostic]:
        """The findings in all its documents; ``jobs`` as in ``check_many``."""
        found: list[Diagnostic] = []
        self.suppressed = []
        for some in check_many(self.workspace, self.paths, self.selection, jobs):
            for checked in some:
                found += checked.found
                self.suppressed += checked.suppressed
            if progress is not None:
                progress.advance(len(some))
        return found


class Session:
    """What a command line asked to check. Raises UsageError for arguments or settings that make no sense."""

    def __init__(self, options: Namespace) -> None:
        self.options = options
        self.folder = Path.cwd()
        self.inputs: Inputs = gather(options)
        self.parts = [
            Part(group, selection)
            for group in self.inputs.groups
            if group.documents and (selection := self._selection(group))
        ]
        self.known: Sequence[Diagnostic] = ()
        """What the baseline hides."""
        self._lines: dict[Path, LineIndex] = {}

    def _selection(self, group: Group) -> Selection | None:
        options = self.options
        try:
            return Selection(
                group.settings,
                select=options.select,
                extend_select=options.extend_select,
                ignore=options.ignore,
            )
        except SelectionError as error:
            raise UsageError(str(error)) from None
        except SettingsError as error:
            self.inputs.reject(error, self.folder)
            return None

    @property
    def documents(self) -> int:
        """How many documents were asked for."""
        return sum(len(part.paths) for part in self.parts)

    def lint(self) -> list[Diagnostic]:
        """All findings, by file and place."""
        progress = Progress(self.documents)
        try:
            found = [finding for part in self.parts for finding in part.lint(progress, self.options.jobs)]
        finally:
            progress.end()
        found.sort(key=lambda finding: finding.path)
        return found

    def report(
        self, found: Sequence[Diagnostic], fixed: Sequence[AppliedFix] = (), stream: TextIO | None = None
    ) -> None:
        """Print what was found, in the form that was asked for, to ``stream`` or else to standard output."""
        options = self.options
        findings = Findings(
            found,
            self.documents,
            self.lines,
            self.folder,
            fixed,
            checked=[path for part in self.parts for path in part.paths],
            suppressed=[item for part in self.parts for item in part.suppressed],
            known=self.known,
        )
        style = style_for(options.output_file, stream)
        if options.statistics:
            self._count(findings, style, stream)
        if not options.statistics or options.output_format in MACHINE_FORMATS:
            write(self._rendered(findings, style), options.output_file, stream)

    def _rendered(self, findings: Findings, style: Style) -> str:
        form = self.options.output_format
        if form in MACHINE_FORMATS or form == "json":
            name = MACHINE_FORMATS.get(form, "json_report")
            module = import_module(f"apim_policy.report.{name}")
            rendered: str = module.render(findings)
            return rendered
        from apim_policy.report import text

        return (text.render_concise if form == "concise" else text.render)(findings, style)

    def _count(self, findings: Findings, style: Style, stream: TextIO | None) -> None:
        """Print how often each rule found something; beside a report for machines, on standard error."""
        from apim_policy.report import statistics

        form, file = self.options.output_format, self.options.output_file
        if form == "json":
            write(statistics.render_json(findings), file, stream)
        elif form in MACHINE_FORMATS:
            write(statistics.render(findings, style_for(None, sys.stderr)), None, sys.stderr)
        else:
            write(statistics.render(findings, style), file, stream)

    def status(self, found: Sequence[Diagnostic]) -> int:
        """The exit status for what was found."""
        if self.inputs.failed:
            return MISUSED
        limit = Severity(self.options.fail_on)
        counts = not self.options.exit_zero and any(finding.severity.at_least(limit) for finding in found)
        return FOUND if counts else OK

    def lines(self, path: Path) -> LineIndex:
        """The lines of a file as they were checked; none where it cannot be read."""
        lines = self._lines.get(path)
        if lines is None:
            lines = self._lines[path] = self._read(path)
        return lines

    def shows(self, texts: Mapping[Path, str]) -> None:
        """Let reports speak of these texts, not of those on the disk."""
        self._lines = {path: LineIndex(text) for path, text in texts.items()}

    def _read(self, path: Path) -> LineIndex:
        for part in self.parts:
            if path in part.group.documents or path.is_relative_to(part.group.root):
                try:
                    return LineIndex(part.workspace.store.read(path).text)
                except UnreadableFileError:
                    break
        return LineIndex("")

    def remark(self) -> None:
        """Say on standard error which files that were named hold no policy document."""
        for part in self.parts:
            for path in part.paths:
                if part.group.documents[path] and (remark := _remark(part.workspace.store, path)):
                    complain(f'"{shown(path, self.folder)}" {remark}')


def _remark(store: FileStore, path: Path) -> str | None:
    try:
        if not store.read(path).text.strip():
            return "is empty: there is nothing to check."
        root = store.head(path).prolog.root
    except UnreadableFileError:
        return None
    if root in ROOTS:
        return None
    what = f"its root is {root}" if root else "it has no root element"
    return f"is no policy document, {what}: only its XML was checked."
