"""The card of a variable: where it is set and where it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.ide.hover import Hover
from apim_policy.ide.markup import Code, Markup, Strong
from apim_policy.ide.references import uses_of, variable_at

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from apim_policy.flow.variables import VariableUse
    from apim_policy.ide.hover import Place
    from apim_policy.ide.markup import Inline
    from apim_policy.ide.references import Reference
    from apim_policy.syntax.tree import Document
    from apim_policy.workspace.workspace import Workspace

    LineOf = Callable[[Reference], int | None]
    """The line of a use, from 0; None where its file cannot be read any more."""

_MOST = 8
"""So many places are listed; the rest is counted."""


def variable_hover(
    workspace: Workspace, path: Path, document: Document, offset: int, line_of: LineOf, place: Place
) -> Hover | None:
    """What is known of the variable whose name ``offset`` touches."""
    touched = variable_at(document, offset)
    if touched is None or touched.name is None:
        return None
    found = uses_of(workspace, path, touched.name)
    sets = [item for item in found if item.use.sets]
    reads = [item for item in found if not item.use.sets]
    type_ = next((item.use.type for item in sets if item.use.type), None)
    markup = Markup()
    title: list[Inline] = [Strong(touched.name), " · variable"]
    if type_:
        title += [" · ", Code(type_)]
    markup.paragraph(*title)
    if not sets:
        markup.paragraph("It is set in none of the documents that run together with this one.")
    _list(markup, "Set", sets, line_of, place)
    _list(markup, "Read", reads, line_of, place)
    return Hover(touched.span, markup)


def _list(markup: Markup, title: str, found: Sequence[Reference], line_of: LineOf, place: Place) -> None:
    if not found:
        return
    markup.paragraph(Strong(title))
    items = [[place(item.path, line_of(item)), *_by(item.use)] for item in found[:_MOST]]
    if len(found) > _MOST:
        items.append([f"and {len(found) - _MOST} more"])
    markup.bullets(items)


def _by(use: VariableUse) -> list[Inline]:
    """The policy in which a use stands."""
    return [" in ", Code(use.element.name)] if use.element is not None else []
