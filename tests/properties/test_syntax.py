"""Laws of the parser, for any text and for documents that are sound but for one character or two."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from apim_policy.syntax.lxml_bridge import to_lxml
from apim_policy.syntax.parser import parse
from support.documents import Sample, any_text, sound_documents
from support.trees import (
    check_document,
    check_faults,
    check_nesting,
    check_tokens,
    check_twin,
    events_of,
)


@given(any_text)
def test_tokens_tile_any_text(text: str) -> None:
    check_tokens(parse(text))


@given(any_text)
def test_nodes_nest_in_any_text(text: str) -> None:
    check_nesting(parse(text))


@given(any_text)
def test_the_twin_keeps_length_and_line_ends_of_any_text(text: str) -> None:
    check_twin(parse(text))


@given(any_text)
def test_faults_stand_within_any_text(text: str) -> None:
    check_faults(parse(text))


@given(any_text)
def test_lxml_reads_any_twin_or_none(text: str) -> None:
    document = parse(text)
    tree = to_lxml(document)
    if tree is not None:
        assert document.root is tree.elements[tree.root]
        for theirs, ours in tree.elements.items():
            assert tree.nodes[ours] is theirs


@given(sound_documents())
def test_a_sound_document_is_read_as_it_was_written(sample: Sample) -> None:
    document = parse(sample.text)
    assert document.faults == []
    assert events_of(document) == sample.events


@given(sound_documents())
def test_lxml_agrees_about_a_sound_document(sample: Sample) -> None:
    document = parse(sample.text)
    tree = to_lxml(document)
    assert tree is not None
    assert document.root is not None
    assert list(tree.nodes) == list(document.root.walk())
    for ours, theirs in tree.nodes.items():
        assert theirs.tag == ours.name.replace(":", "_")
        assert list(theirs.attrib) == [each.name.replace(":", "_") for each in ours.attributes]
        assert [tree.elements[child] for child in theirs.iterchildren("*")] == list(ours.elements())


@given(sound_documents(), st.floats(0, 1))
def test_any_prefix_of_a_document_has_a_sound_tree(sample: Sample, share: float) -> None:
    check_document(parse(sample.text[: round(share * len(sample.text))]))


@given(sound_documents(), st.floats(0, 1), st.integers(0, 12), any_text)
def test_any_change_of_a_document_leaves_a_sound_tree(
    sample: Sample, share: float, gone: int, new: str
) -> None:
    at = round(share * len(sample.text))
    check_document(parse(sample.text[:at] + new + sample.text[at + gone :]))
