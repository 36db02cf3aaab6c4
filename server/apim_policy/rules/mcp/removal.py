"""The fix that takes a relay out again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.flow import facts
from apim_policy.flow.relay import KEY, Form, restoring_halves
from apim_policy.rules.mcp import layout
from apim_policy.rules.mcp.servers import assumed
from apim_policy.rules.model import Applicability, FileEdit, Fix
from apim_policy.text.edits import TextEdit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apim_policy.flow.relay import Half
    from apim_policy.flow.server import Call, ServerFlow
    from apim_policy.syntax.tree import Document, Element


def removal(flow: ServerFlow, half: Half) -> Fix | None:
    """The fix that removes a sending half, and the restoring halves of all APIs behind the tools.

    What was copied goes its own way again; a value that the half made itself is written to the header for which it was
    meant. None where a half stands in a fragment, which others may include, or cannot be taken out alone, and where an
    API does something else with the key header.
    """
    origin = half.write.origin
    if half.header is None or origin.path != flow.info.path:
        return None
    edit = _without(origin.document, [origin.element]) if half.copied else _renamed(half, half.header)
    if edit is None or any(_uses_key_otherwise(call, half.header) for call in flow.calls):
        return None
    edits = {(origin.path, edit): FileEdit(origin.path, (edit,))}
    for call in flow.calls:
        for other in restoring_halves(call.passage):
            if not other.carries(half.header):
                continue
            there = other.write.origin
            edit = _without(there.document, [there.element, *_deletions_beside(there.element, call)])
            if edit is None or _in_fragment(there.frame.element):
                return None
            edits[there.path, edit] = FileEdit(there.path, (edit,))
    whole = bool(flow.calls) and all(call.resource and call.resource.policy for call in flow.calls)
    halves = "both halves" if len(edits) > 1 else "its half here"
    return Fix(
        f'Relay of "{half.header}": remove {halves}',
        tuple(edits.values()),
        Applicability.UNSAFE,
        batch=whole and not assumed(flow),
    )


def _uses_key_otherwise(call: Call, header: str) -> bool:
    """Whether an API does something with the key header that is not known to put the relayed one back."""
    if any(half.carries(header) for half in restoring_halves(call.passage)):
        return False
    return any(read.key == KEY for read in call.passage.reads)


def _in_fragment(splice: Element | None) -> bool:
    return splice is not None and facts.includes_fragment(splice)


def _deletions_beside(element: Element, call: Call) -> Iterator[Element]:
    """The policies of the same branch that delete the key header once its value was put back."""
    if element.parent is None or not facts.is_arm(element.parent):
        return
    for write in call.passage.writes:
        beside = write.origin.element
        follows = beside.parent is element.parent and beside.start > element.start
        if follows and write.deletes and write.key == KEY:
            yield beside


def _without(document: Document, elements: Sequence[Element]) -> TextEdit | None:
    """The edit that removes siblings, and the ``choose`` around them where nothing else is in it."""
    doomed = list(elements)
    while True:
        holder = doomed[0].parent
        if holder is None or len(list(holder.elements())) != len(doomed):
            break
        if facts.is_arm(holder):
            fork = holder.parent
            # A choose needs its first branch, and without a branch of its own another one would take the place.
            if fork is None or len(list(fork.elements())) != 1:
                return None
            doomed = [fork]
        else:
            break
    ends = [element.end for element in doomed]
    between = [
        child
        for child in (holder.elements() if holder is not None else ())
        if doomed[0].start <= child.start < max(ends) and child not in doomed
    ]
    return None if between else layout.taken_out(document, doomed[0], doomed[-1])


def _renamed(half: Half, header: str) -> TextEdit | None:
    """The edit by which a sending half writes the header itself."""
    name = half.write.origin.element.attribute("name")
    if half.form is not Form.PLAIN or name is None:
        return None
    return TextEdit(name.value_span, header)
