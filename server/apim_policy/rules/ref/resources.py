"""Resources that a document calls by name and that the service does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.flow.resources import resource_uses
from apim_policy.rules.rewriting import fix
from apim_policy.text.edits import TextEdit
from apim_policy.text.span import Span
from apim_policy.text.words import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic, Rule
    from apim_policy.workspace.model import ResourceKind


def unknown_resources(rule: Rule, context: RuleContext, *kinds: ResourceKind) -> Iterator[Diagnostic]:
    """A finding for each use of a resource that is not among those which the workspace lists."""
    workspace = context.workspace
    folders = {kind: folder for kind in kinds if (folder := workspace.listing(kind)) is not None}
    if not folders:
        return
    for use in resource_uses(context.document):
        folder = folders.get(use.kind)
        if folder is None or not use.sure or workspace.resource(use.kind, use.name) is not None:
            continue
        others = workspace.resources(use.kind)
        meant = nearest(use.name, (resource.name for resource in others))
        related = [
            context.related(
                Span(0, 0), f'The {use.kind.value} "{resource.name}" is described here.', resource.file
            )
            for resource in others
            if resource.name == meant
        ]
        edits = [TextEdit(use.span, meant)] if meant and use.literal else []
        advice = (
            f'Did you mean "{meant}"?'
            if meant
            else "Correct the name, or add it there before this is deployed."
        )
        yield rule.diagnostic(
            context,
            use.span,
            f'There is no {use.kind.value} "{use.name}" in "{_shown(context, folder)}". {advice}',
            related=related,
            fixes=[fix(context, f'Write "{meant}"', edits)] if edits else (),
        )


def _shown(context: RuleContext, folder: Path) -> str:
    root = context.workspace.root
    return (folder.relative_to(root) if folder.is_relative_to(root) else folder).as_posix()
