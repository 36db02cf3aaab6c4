"""Small workspaces: write files, lint them, compare the findings with the marks in the files."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from apim_policy.lint.engine import lint_document
from apim_policy.lint.selection import Selection
from apim_policy.text.edits import apply_edits
from apim_policy.workspace.files import FileStore
from apim_policy.workspace.settings import Settings, load_settings
from apim_policy.workspace.workspace import Workspace
from support.markers import Marked, parse_markers, with_markers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from apim_policy.rules.model import Diagnostic, Fix

SETTINGS = "apim-policy.toml"
LONE_FILE = "policy.xml"


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write each file under ``folder``, byte for byte, and return the folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def open_workspace(folder: Path) -> Workspace:
    """The workspace of a folder, with the settings file at its top where there is one."""
    settings_file = folder / SETTINGS
    settings = load_settings(settings_file) if settings_file.exists() else Settings()
    return Workspace.discover(folder, settings, FileStore())


@dataclass
class Linted:
    """A workspace that was linted."""

    files: dict[str, str]
    """The texts without their marks, by path from the workspace's root with ``/``."""
    findings: dict[str, list[Diagnostic]]
    """By file; only files with findings."""
    marked: dict[str, Marked] = field(repr=False)
    root: Path = field(repr=False)

    @property
    def all(self) -> list[Diagnostic]:
        """All findings, by file and place."""
        return [finding for name in sorted(self.findings) for finding in self.findings[name]]

    def the(self, code: str, file: str | None = None) -> Diagnostic:
        """The only finding of that code, in ``file`` where one is given."""
        found = [item for item in self.all if item.code == code and file in (None, self.name(item.path))]
        assert len(found) == 1, f"{len(found)} findings of {code}, not one: {self.codes()}"
        return found[0]

    def codes(self) -> Counter[str]:
        """How often each code was found."""
        return Counter(finding.code for finding in self.all)

    def name(self, path: Path) -> str:
        """A path as the files are named here."""
        return path.relative_to(self.root).as_posix()

    def quoted(self, finding: Diagnostic) -> str:
        """The text that a finding points at."""
        return self.files[self.name(finding.path)][finding.span.start : finding.span.end]

    def after(self, *fixes: Fix) -> dict[str, str]:
        """The files, and those that a fix makes, after the edits of some fixes."""
        texts = dict(self.files)
        edits: dict[str, list] = {}
        for fix in fixes:
            for file_edit in fix.edits:
                edits.setdefault(self.name(file_edit.path), []).extend(file_edit.edits)
        for name, changes in edits.items():
            texts[name] = apply_edits(texts.get(name, ""), changes)
        return texts


def lint(files: str | Mapping[str, str], select: Iterable[str] = ()) -> Linted:
    """Lint a workspace of these files; a lone text is ``policy.xml``. Marks are taken out, not compared."""
    given = {LONE_FILE: files} if isinstance(files, str) else dict(files)
    marked = {name: parse_markers(text) for name, text in given.items()}
    texts = {name: item.text for name, item in marked.items()}
    with tempfile.TemporaryDirectory() as folder:
        root = write_files(Path(folder).resolve(), texts)
        workspace = open_workspace(root)
        selection = Selection(workspace.settings, select=select)
        findings = {}
        for name in sorted(texts):
            path = root / name
            if path in workspace.documents and (found := lint_document(workspace, path, selection)):
                findings[name] = found
    return Linted(texts, findings, marked, root)


def check(files: str | Mapping[str, str], select: Iterable[str] = ()) -> Linted:
    """Lint, and compare marks and findings one to one: same codes, same spans, none more."""
    linted = lint(files, select)
    problems = []
    for name, marked in linted.marked.items():
        found = linted.findings.get(name, [])
        if Counter(marked.expected) != Counter((item.code, item.span) for item in found):
            problems.append(_difference(name, marked, found))
    assert not problems, "\n\n".join(problems)
    return linted


def _difference(name: str, marked: Marked, found: list[Diagnostic]) -> str:
    expected = Counter(marked.expected)
    actual = Counter((item.code, item.span) for item in found)
    lines = [f"{name}: marks and findings differ"]
    for code, span in (expected - actual).elements():
        lines.append(
            f"  not found:    {code} at {span.start}-{span.end} {marked.text[span.start : span.end]!r}"
        )
    for code, span in (actual - expected).elements():
        message = next(item.message for item in found if (item.code, item.span) == (code, span))
        lines.append(
            f"  not expected: {code} at {span.start}-{span.end} {marked.text[span.start : span.end]!r}: {message}"
        )
    lines.append("the findings, as marks:")
    lines.append(with_markers(marked.text, [(item.code, item.span) for item in found]))
    return "\n".join(lines)
