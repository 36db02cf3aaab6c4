"""Files that are deployed in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Set
    from pathlib import Path


class Unit(NamedTuple):
    """Files that are deployed together."""

    root: Path
    """The file or folder that a deployment starts from."""
    files: tuple[Path, ...]


def reached(uses: Mapping[Path, Set[Path]]) -> Iterator[tuple[Path, tuple[Path, ...]]]:
    """Each file or folder that no other uses, with all that it uses in turn, itself first."""
    used = {target for source, targets in uses.items() for target in targets if target != source}
    for top in sorted(uses):
        if top in used:
            continue
        found = {top: None}
        pending = [top]
        while pending:
            for target in sorted(uses.get(pending.pop(), ())):
                if target not in found:
                    found[target] = None
                    pending.append(target)
        yield top, tuple(found)
