"""One document's list of policies as marks in the order in which they run."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.flow import facts
from apim_policy.syntax.tree import Element

if TYPE_CHECKING:
    from apim_policy.syntax.tree import Document, Node


class Mark(Enum):
    """What happens at a step."""

    POLICY = "policy"
    """A policy runs; one that holds policies goes on until its END."""
    END = "end"
    """A policy that holds policies is done."""
    FORK = "fork"
    """At most one of the arms that follow runs."""
    ARM = "arm"
    """An alternative begins."""
    JOIN = "join"
    """The alternatives of the FORK on the same element are over."""


class Item(NamedTuple):
    """A mark at an element."""

    mark: Mark
    element: Element


def items(holder: Element) -> tuple[Item, ...]:
    """The policies in an element that holds a list of them (a section, a fragment), nested ones included.

    Takes time linear in the size of the element and never recurses, however deep policies nest.
    """
    found: list[Item] = []
    # Reversed lists of what is still to do; a mark stands for itself, an element for all that is in it.
    stack: list[Item | Element] = [*_reversed_elements(holder)]
    while stack:
        task = stack.pop()
        if isinstance(task, Item):
            found.append(task)
            continue
        if facts.chooses(task):
            found.append(Item(Mark.FORK, task))
            stack.append(Item(Mark.JOIN, task))
            for arm in _reversed_elements(task):
                stack += (
                    (*_reversed_elements(arm), Item(Mark.ARM, arm))
                    if facts.is_arm(arm)
                    else (arm, Item(Mark.ARM, arm))
                )
        else:
            found.append(Item(Mark.POLICY, task))
            if facts.holds_policies(task):
                stack += (Item(Mark.END, task), *_reversed_elements(task))
    return tuple(found)


def section(document: Document, name: str) -> Element | None:
    """The section of that name, the first where there are several; for ``fragment`` the root itself."""
    root = document.root
    if root is None:
        return None
    if name == "fragment":
        return root if root.name == name else None
    return root.child(name) if root.name == "policies" else None


def _reversed_elements(holder: Element) -> list[Element]:
    children: list[Node] = holder.children
    return [child for child in reversed(children) if isinstance(child, Element)]
