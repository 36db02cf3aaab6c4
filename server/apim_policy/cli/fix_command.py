"""``apim-policy fix``."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from apim_policy.cli.inputs import STDIN
from apim_policy.cli.main import MISUSED, UsageError, complain
from apim_policy.cli.output import style_for, write
from apim_policy.cli.session import Session
from apim_policy.lint.fixes import FixChoice, fix_documents
from apim_policy.lint.selection import SelectionError, resolve
from apim_policy.report import diff
from apim_policy.report.findings import number_of, shown
from apim_policy.workspace.writing import UnwritableFileError, write_files

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path

    from apim_policy.cli.inputs import StandardInput
    from apim_policy.cli.session import Part
    from apim_policy.lint.fixes import AppliedFix, FixRun
    from apim_policy.rules.model import Diagnostic


def run(options: Namespace) -> int:
    """Fix documents and report what remains; the exit status."""
    choice = _choice(options)
    if STDIN in options.paths and len(options.paths) > 1:
        raise UsageError("fix takes either - or paths, not both: the fixed text goes to standard output.")
    session = Session(options)
    if options.diff:
        return _show(session, choice)
    if session.inputs.stdin is not None:
        return _filter(session, session.inputs.stdin, choice)
    if STDIN in options.paths:
        return session.status([])
    fixed: list[AppliedFix] = []
    remaining: list[Diagnostic] = []
    failed = False
    for part in session.parts:
        fixes = _fixes(part, choice)
        written, complete = _write(session, part, fixes)
        fixed += written
        # Where a file could not be written, the texts are not what the fixes made of them.
        if complete:
            remaining += fixes.remaining
            part.suppressed = fixes.suppressed
        else:
            remaining += part.lint()
        failed |= not complete
    remaining.sort(key=lambda finding: finding.path)
    session.remark()
    session.report(remaining, fixed)
    return MISUSED if failed else session.status(remaining)


def _choice(options: Namespace) -> FixChoice:
    if options.fix_only is None:
        return FixChoice(options.unsafe_fixes)
    try:
        only = frozenset(code for selector in options.fix_only for code in resolve(selector))
    except SelectionError as error:
        raise UsageError(str(error)) from None
    return FixChoice(options.unsafe_fixes, only)


def _fixes(part: Part, choice: FixChoice) -> FixRun:
    fixes = fix_documents(part.workspace, part.paths, part.selection, choice)
    if not fixes.converged:
        codes = ", ".join(sorted({item.finding.code for item in fixes.applied}))
        complain(
            f"The fixes of {codes} kept undoing each other and were stopped. This is a defect: please report it."
        )
    return fixes


def _write(session: Session, part: Part, fixes: FixRun) -> tuple[list[AppliedFix], bool]:
    """Write what the fixes made; those that were written, and whether all were."""
    written: list[AppliedFix] = []
    complete = True
    for texts, applied in fixes.groups():
        try:
            write_files(part.workspace.store, texts, part.group.root)
        except UnwritableFileError as error:
            complete = False
            others = [f'"{shown(path, session.folder)}"' for path in texts if path != error.path]
            also = f" Nor was {', '.join(others)}, which would change with it." if others else ""
            complain(f'"{shown(error.path, session.folder)}" was not changed: {error.reason}.{also}')
        else:
            written += applied
            for path in texts:
                part.workspace.update(path)
    return written, complete


def _show(session: Session, choice: FixChoice) -> int:
    """Print what would change."""
    found = session.lint()
    style = style_for(session.options.output_file)
    changes: dict[Path, str] = {}
    count = 0
    for part in session.parts:
        fixes = _fixes(part, choice)
        count += len(fixes.applied)
        for path, text in fixes.texts.items():
            store = part.workspace.store
            before = store.read(path).text if store.exists(path) else None
            changes[path] = diff.render(shown(path, session.folder), before, text, style)
    session.remark()
    write("".join(changes[path] for path in sorted(changes)), session.options.output_file)
    fixable = f"{count} of {number_of(len(found), 'finding')} would be fixed"
    complain(f"{fixable}, in {number_of(len(changes), 'file')}. Nothing was changed.")
    return session.status(found)


def _filter(session: Session, stdin: StandardInput, choice: FixChoice) -> int:
    """Print the fixed text of standard input; what remains goes to standard error."""
    (part,) = session.parts
    fixes = _fixes(part, replace(choice, within=frozenset((stdin.path,))))
    text = fixes.texts.get(stdin.path, part.workspace.store.read(stdin.path).text)
    sys.stdout.flush()
    sys.stdout.buffer.write(stdin.encoding.encode(text))
    session.shows(fixes.texts)
    part.suppressed = fixes.suppressed
    session.report(fixes.remaining, fixes.applied, sys.stderr)
    return session.status(fixes.remaining)
