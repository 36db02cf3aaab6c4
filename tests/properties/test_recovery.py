"""One thing is lost from a sound document: the fault is told beside it, and all other policies stay what they were."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hypothesis import assume, given
from hypothesis import strategies as st

from apim_policy.syntax.parser import parse
from support.documents import Sample, sound_documents
from support.trees import check_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.syntax.tree import Document, Element

# The most faults that one loss may bring, by what is lost. Where a start tag loses its way in a text, each word of it may
# look like an attribute; nothing is promised there but that the faults stay within the policy.
MOST_FAULTS = {"end tag": 1, "closing bracket": 3, "closing quote": 3}
SURELY_SEEN = frozenset(MOST_FAULTS) | {"opening quote", "end of a start tag"}


class Loss(NamedTuple):
    """Something that may be lost from a document."""

    what: str
    start: int
    end: int
    policy: Element
    """The policy that it belongs to: the child of a section."""


def policies_of(document: Document) -> Iterator[Element]:
    root = document.root
    assert root is not None
    if root.name == "fragment":
        yield from root.elements()
    else:
        for section in root.elements():
            yield from section.elements()


def losses_of(document: Document) -> Iterator[Loss]:
    for policy in policies_of(document):
        for element in policy.walk():
            yield Loss("start tag", element.start, element.tag_end, policy)
            yield Loss("start of a start tag", element.start, element.start + 1, policy)
            if element.end_tag is not None:
                yield Loss("end of a start tag", element.tag_end - 1, element.tag_end, policy)
                yield Loss("end tag", *element.end_tag.span, policy)
            for attribute in element.attributes:
                yield Loss("opening quote", attribute.value_start - 1, attribute.value_start, policy)
                yield Loss("closing quote", attribute.value_end, attribute.value_end + 1, policy)
        for expression in document.expressions():
            if policy.span.covers(expression.span):
                yield Loss("opening bracket", expression.start + 1, expression.start + 2, policy)
                yield Loss("closing bracket", expression.end - 1, expression.end, policy)


def summary(element: Element, shift: int) -> tuple[object, ...]:
    """What must not change of a policy that nothing happened to."""
    parent = element.parent
    return (
        element.start + shift,
        element.end + shift,
        element.name,
        parent.name if parent else None,
        [(each.name, [attribute.name for attribute in each.attributes]) for each in element.walk()],
    )


@given(sound_documents(), st.integers(0, 10_000))
def test_a_loss_is_told_beside_it_and_leaves_other_policies_alone(sample: Sample, pick: int) -> None:
    sound = parse(sample.text)
    possible = list(losses_of(sound))
    assume(possible)
    loss = possible[pick % len(possible)]
    document = parse(sample.text[: loss.start] + sample.text[loss.end :])
    check_document(document)

    gone = loss.end - loss.start
    assert all(loss.policy.start <= fault.start <= loss.policy.end - gone + 1 for fault in document.faults)
    assert len(document.faults) <= MOST_FAULTS.get(loss.what, 100)
    assert document.faults or loss.what not in SURELY_SEEN

    assert document.root is not None
    found = [summary(element, 0) for element in document.root.walk()]
    for policy in policies_of(sound):
        if policy is not loss.policy:
            assert summary(policy, -gone if policy.start >= loss.end else 0) in found


@given(sound_documents(), st.integers(0, 10_000))
def test_a_repair_brings_no_new_fault(sample: Sample, pick: int) -> None:
    possible = list(losses_of(parse(sample.text)))
    assume(possible)
    loss = possible[pick % len(possible)]
    text = sample.text[: loss.start] + sample.text[loss.end :]
    faults = parse(text).faults
    for fault in faults:
        if fault.repair is not None:
            start, end, new = fault.repair
            assert len(parse(text[:start] + new + text[end:]).faults) < len(faults)
