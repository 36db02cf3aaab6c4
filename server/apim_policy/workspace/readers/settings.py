"""Evidence in the settings: ``[[document]]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.workspace.model import Evidence, Stated
from apim_policy.workspace.readers.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from apim_policy.workspace.settings import DocumentSettings, Settings


class SettingsReader:
    """Reads what the settings state about documents."""

    def __init__(self, settings: Settings) -> None:
        self._entries = [
            (entry, _statement(entry, settings.path))
            for entry in settings.documents
            if settings.path is not None
        ]

    def statements(self, path: Path) -> Sequence[Statement]:
        """One statement for each entry whose pattern fits."""
        return [statement for entry, statement in self._entries if entry.pattern.matches(path)]


def _statement(entry: DocumentSettings, file: Path) -> Statement:
    said = {
        "scope": entry.scope.value if entry.scope else None,
        "workspace": entry.workspace,
        "product": entry.product,
        "api": entry.api,
        "operation": entry.operation,
        "fragment": entry.fragment,
        "kind": entry.kind.value if entry.kind else None,
        "tools-from": ", ".join(entry.tools_from),
    }
    stated = ", ".join(f"{key} is {value}" for key, value in said.items() if value)
    evidence = Evidence(file, entry.span, entry.line, stated)
    required = entry.subscription_required
    requirement = Evidence(file, entry.span, entry.line, f"subscription-required is {str(required).lower()}")
    return Statement(
        evidence=(evidence,) if stated else (requirement,),
        scope=entry.scope,
        workspace=entry.workspace,
        product=entry.product,
        api=entry.api,
        operation=entry.operation,
        fragment=entry.fragment,
        kind=entry.kind,
        tools_from=entry.tools_from,
        subscription_required=None if required is None else Stated(required, requirement),
    )
