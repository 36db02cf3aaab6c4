"""Variables that several rules ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.flow.variables import UseKind, document_variables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from apim_policy.flow.variables import VariableUse
    from apim_policy.rules.context import RuleContext


def unset_reads(context: RuleContext) -> Mapping[str, tuple[VariableUse, ...]]:
    """The uses of variables that the document itself does not set, by name, in the order of the text.

    Only the names that are known; empty where the document sets a variable whose name is not.
    """
    uses = document_variables(context.document).uses
    own = {use.name for use in uses if use.sets}
    found: dict[str, list[VariableUse]] = {}
    for use in uses:
        if use.name is not None and not use.sets and use.name not in own:
            found.setdefault(use.name, []).append(use)
    return {} if None in own else {name: tuple(found[name]) for name in found}


def fails_when_missing(uses: Iterable[VariableUse]) -> bool:
    """Whether a variable is read as one that must be there, and nothing asks whether it is."""
    return all(use.kind is UseKind.READ for use in uses)


def in_other_case(name: str, known: Iterable[str]) -> str | None:
    """The name that differs from ``name`` only in upper and lower case; the first by the alphabet."""
    folded = name.casefold()
    return min((other for other in known if other != name and other.casefold() == folded), default=None)
