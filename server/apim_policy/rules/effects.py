"""Whether an element may send the request on, with all that it holds and the fragments that it includes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.flow import facts
from apim_policy.schema.model import load
from apim_policy.workspace.files import UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.rules.context import RuleContext
    from apim_policy.syntax.tree import Document, Element


def may_forward(context: RuleContext, element: Element) -> bool:
    """Whether the element may send the request on, or end it; what nobody knows may.

    That is a policy of an unknown name, a fragment that is not in the workspace, and what a template or a named value
    puts in.
    """
    for document, each in _within(context, element):
        if facts.is_base(each) or facts.forwards(document, each) or facts.ends_request(document, each):
            return True
        if each.open or _is_unknown(each) or (facts.lists_policies(each) and facts.is_substituted(each)):
            return True
        if facts.includes_fragment(each) and _fragment(context, document, each) is None:
            return True
    return False


def _is_unknown(element: Element) -> bool:
    """Whether the element stands where a policy is due and is none, as another rule says."""
    parent = element.parent
    return parent is not None and load().policy(element.name) is None and facts.lists_policies(parent)


def _within(context: RuleContext, element: Element) -> Iterator[tuple[Document, Element]]:
    """The element, what it holds, and what stands in the fragments that it includes; each fragment once."""
    seen: set[int] = set()
    stack = [(context.document, element)]
    while stack:
        document, top = stack.pop()
        for each in top.walk():
            yield document, each
            included = _fragment(context, document, each) if facts.includes_fragment(each) else None
            if included is not None and included.root is not None and id(included) not in seen:
                seen.add(id(included))
                stack.append((included, included.root))


def _fragment(context: RuleContext, document: Document, element: Element) -> Document | None:
    name = facts.fragment_id(document, element)
    path = context.workspace.fragment(name) if name else None
    if path is None:
        return None
    try:
        return context.other(path)
    except UnreadableFileError:
        return None
