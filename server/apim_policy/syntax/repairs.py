"""Which repairs of syntax errors help: one that leaves as many faults as there were is no repair."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from apim_policy.syntax.tree import Fault

# Each trial reads the whole text again. The bounds keep a text with faults within a few times the time of a sound one;
# past them a repair stands as it was made.
_CHARACTERS = 250_000
_FAULTS = 64


def proven(text: str, faults: list[Fault], count: Callable[[str], int]) -> list[Fault]:
    """The faults of a text, without those repairs that bring as many faults as they mend.

    ``count`` says how many faults a text has. It is asked only where faults are few, and about the first of them only
    where the text is long.
    """
    if len(faults) > _FAULTS:
        return faults
    trials = _CHARACTERS // (len(text) + 1)
    found: list[Fault] = []
    for fault in faults:
        if fault.repair is not None and trials > 0:
            trials -= 1
            start, end, new = fault.repair
            if count(f"{text[:start]}{new}{text[end:]}") >= len(faults):
                fault = replace(fault, repair=None)
        found.append(fault)
    return found
