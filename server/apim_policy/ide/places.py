"""Where policies stand, as far as an outline or a comment needs to know; the schema knows the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.syntax.names import KNOWN_NAMES, SECTIONS

if TYPE_CHECKING:
    from apim_policy.syntax.tree import Element

_HOLDERS = SECTIONS | {"policies", "fragment", "when", "otherwise", "retry", "wait", "limit-concurrency"}


def stands_as_policy(parent: Element, child: Element) -> bool:
    """Whether ``child`` is a section or a policy, or stands where only those are due."""
    return child.name in KNOWN_NAMES or parent.name in _HOLDERS
