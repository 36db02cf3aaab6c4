"""Variables from where they are set to where they are read: definition, references, highlights and renaming.

A variable is looked for in all documents that take part in the same calls: outer and inner scopes, and fragments with
whatever includes them.
"""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.flow.reach import Reach, includers
from apim_policy.flow.variables import variables
from apim_policy.rules.model import FileEdit, Fix
from apim_policy.text.edits import TextEdit
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from apim_policy.flow.composition import Source
    from apim_policy.flow.variables import VariableUse
    from apim_policy.syntax.tree import Document
    from apim_policy.workspace.workspace import Workspace

_NAME = re.compile(r"[\w.:/-](?:[\w.:/ -]*[\w.:/-])?")
_WORD = re.compile(r"\w+")


class RenameError(ValueError):
    """A variable cannot be renamed; the text says why, and what to do."""


class Reference(NamedTuple):
    """A use of a variable in a file."""

    path: Path
    use: VariableUse


def variable_at(document: Document, offset: int) -> VariableUse | None:
    """The use of a variable whose name the caret touches."""
    for use in variables(document):
        if use.name is not None and use.span.contains(offset) and not _is_fixed(use):
            return use
    return None


def _is_fixed(use: VariableUse) -> bool:
    """Whether a policy sets the variable by itself, so that its name stands nowhere."""
    return use.named and use.element is not None and use.span == use.element.name_span


def highlights(document: Document, offset: int) -> list[VariableUse]:
    """All uses in the document of the variable that the caret touches."""
    found = variable_at(document, offset)
    return [use for use in variables(document) if found is not None and use.name == found.name]


def definitions(workspace: Workspace, path: Path, document: Document, offset: int) -> list[Reference]:
    """Where the variable that the caret touches is set."""
    return [found for found in references(workspace, path, document, offset) if found.use.sets]


def references(workspace: Workspace, path: Path, document: Document, offset: int) -> list[Reference]:
    """All uses of the variable that the caret touches: those of the document first, then by file."""
    found = variable_at(document, offset)
    return uses_of(workspace, path, found.name) if found is not None and found.name is not None else []


def uses_of(workspace: Workspace, path: Path, name: str) -> list[Reference]:
    """All uses of a variable as the document at ``path`` means it: those of the document first, then by file."""
    return list(_uses(_connected(workspace, path, name)[0], name))


def renamable(document: Document, offset: int) -> VariableUse | None:
    """The use of a variable that the caret touches. Raises RenameError where another name cannot be written there."""
    found = variable_at(document, offset)
    if found is not None and not found.literal:
        raise RenameError(_PUT_TOGETHER.format(where="Here"))
    return found


def rename(workspace: Workspace, path: Path, document: Document, offset: int, name: str) -> Fix | None:
    """The change that gives the variable under the caret another name wherever it is set and read.

    None where the caret touches no variable. Raises RenameError where that cannot be done, or would change what runs.
    """
    found = renamable(document, offset)
    if found is None or found.name is None:
        return None
    old = found.name
    if not _NAME.fullmatch(name):
        raise RenameError(
            f'"{name}" cannot be written in every place of the variable. Use letters, digits, "-", "_" and ".".'
        )
    if name == old:
        return Fix(f'Rename "{old}"', ())
    connected, seen = _connected(workspace, path, old)
    for source in seen:
        for use in variables(source.document):
            where = _where(workspace, source, use)
            if use.name == name:
                raise RenameError(f'There is a variable "{name}" already: {where} uses it.')
            if use.name is None and not use.all:
                raise RenameError(
                    f'{where} computes the name of a variable, which may be "{old}". Rename it by hand.'
                )
            if use.name == old and _is_fixed(use):
                raise RenameError(f'{where} a policy sets "{old}" by itself, so it keeps that name.')
            if use.name == old and not use.literal:
                raise RenameError(_PUT_TOGETHER.format(where=where))
    edits = []
    for source in connected:
        uses = [use for use in variables(source.document) if use.name == old]
        edits.append(FileEdit(source.path, tuple(_edit(source.document, use, name) for use in uses)))
    return Fix(f'Rename "{old}" to "{name}"', tuple(edits))


_PUT_TOGETHER = "{where} the name is not written out in one piece. Write it out there first."


def _where(workspace: Workspace, source: Source, use: VariableUse) -> str:
    path = source.path
    file = path.relative_to(workspace.root) if path.is_relative_to(workspace.root) else path
    return f"{file.as_posix()}, line {source.document.lines.line_of(use.span.start) + 1},"


def _edit(document: Document, use: VariableUse, name: str) -> TextEdit:
    dotted = document.text.startswith(".", use.span.start - 1)
    if dotted and not _WORD.fullmatch(name):
        return TextEdit(Span(use.span.start - 1, use.span.end), f'["{name}"]')
    return TextEdit(use.span, name)


def _uses(sources: Sequence[Source], name: str) -> Iterator[Reference]:
    for source in sources:
        for use in variables(source.document):
            if use.name == name:
                yield Reference(source.path, use)


def _connected(workspace: Workspace, path: Path, name: str) -> tuple[list[Source], list[Source]]:
    """The documents that share a variable with the one at ``path``, and all that run in the same calls as one of them.

    The document itself comes first, the others by path.
    """
    sharing: dict[Path, Source] = {}
    seen: dict[Path, Source] = {}
    waiting = deque([path])
    queued = {path}
    while waiting:
        for source in _together(workspace, waiting.popleft()):
            seen[source.path] = source
            if any(use.name == name for use in variables(source.document)):
                sharing[source.path] = source
                if source.path not in queued:
                    queued.add(source.path)
                    waiting.append(source.path)

    def order(source: Source) -> tuple[bool, Path]:
        return source.path != path, source.path

    return sorted(sharing.values(), key=order), sorted(seen.values(), key=order)


def _together(workspace: Workspace, path: Path) -> Iterator[Source]:
    """The documents that run in the same calls as one; for a fragment, in the calls of all that include it."""
    reach = Reach(workspace.around(path), path)
    yield from reach.sources
    if reach.included:
        for includer in includers(workspace, path):
            yield from Reach(workspace.around(includer), includer).sources
