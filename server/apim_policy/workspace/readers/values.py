"""Values of expressions, whatever the language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeGuard

from apim_policy.workspace.readers.resources import MARK, FileText, hole

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 10_000
"""Characters of a text that is put together; names and paths are shorter."""


class Reference(Protocol):
    """What a name stands for that has attributes: a resource or a module."""

    def attribute(self, name: str) -> object:
        """The value of an attribute; None where it cannot be told."""

    def instance(self, key: object) -> Reference:
        """The one with that key, of several."""


def either(values: Sequence[object]) -> object:
    """What is one of several values: each file that may be meant, the value where all that hold something are the same."""
    paths = [path for value in values if isinstance(value, FileText) for path in value.paths]
    if paths:
        return FileText(tuple(dict.fromkeys(paths)))
    full = [value for value in values if value not in ({}, [])]
    return full[0] if full and all(value == full[0] for value in full) else None


def chosen(condition: object, one: object, other: object) -> object:
    """What a condition chooses; where it only leaves a file or things out, what it chooses between.

    Conditions follow from defaults, which people override when they deploy: what a feature needs that is off by default
    is still what it needs.
    """
    if not isinstance(condition, bool) or (isinstance(one, FileText) or isinstance(other, FileText)):
        return either([one, other])
    found, left = (one, other) if condition else (other, one)
    return either([one, other]) if found in ({}, []) and left is not None else found


def member(found: object, key: object) -> object:
    """An attribute or an element; None where it cannot be told."""
    if isinstance(found, dict):
        return found.get(key) if isinstance(key, str | int) else None
    if isinstance(found, list):
        index = number(key) if isinstance(key, str) else key
        return found[index] if isinstance(index, int) and 0 <= index < len(found) else None
    return None


def is_reference(found: object) -> TypeGuard[Reference]:
    """Whether a value is a resource or a module."""
    return hasattr(found, "attribute")


def number(words: str) -> int | None:
    """The number that a text is, where it is one that anybody would write."""
    return int(words) if len(words) < 10 and words.isdecimal() else None


def joined(parts: Sequence[object], origin: str) -> object:
    """The value of a template: of a lone interpolation what it yields, else a text."""
    shown = [part for part in parts if not (isinstance(part, str) and not part.strip())]
    if len(shown) == 1 and not isinstance(shown[0], str | int):
        return shown[0]
    texts = [str(part) for part in parts if isinstance(part, str | int) and not isinstance(part, bool)]
    if len(texts) != len(parts) or sum(map(len, texts)) > LONGEST:
        return hole(origin)
    return "".join(texts)


def plain(found: object) -> bool:
    """Whether a value is a number, a yes or no, or a text without holes."""
    return isinstance(found, int) or (isinstance(found, str) and MARK not in found)
