"""Every document of the corpus: nothing lost, no fault but the known ones, and lxml reads the twin."""

from __future__ import annotations

import pytest

from apim_policy.syntax.lxml_bridge import to_lxml
from apim_policy.syntax.parser import parse
from apim_policy.text.encoding import decode
from corpus.measure import CORPUS, documents
from support.trees import check_document

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no documents at {CORPUS}"),
]

# Documents that are really broken, each with what is wrong with it and the faults that must be told.
SNIPPETS = "Azure+api-management-policy-snippets/examples"
BROKEN = {
    f"{SNIPPETS}/Call out to an HTTP endpoint and cache the response.policy.xml": (
        'a string of C# is never closed: ["response="""]',
        ["unterminated-expression"],
    ),
    f"{SNIPPETS}/Filter response content based on product name.policy.xml": (
        "the comment at the top is never closed; another begins on the next line",
        ["malformed-comment"],
    ),
    "Azure-Samples+ai-hub-gateway-solution-accelerator/infra/modules/apim/policies/frag-llm-usage.xml": (
        "<llm-emit-token-metric> is closed by </azure-openai-emit-token-metric>",
        ["mismatched-end-tag"],
    ),
}


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {str(path.relative_to(CORPUS)): decode(path.read_bytes())[0] for path, _ in documents()}


def test_trees_are_sound_and_lossless(texts: dict[str, str]) -> None:
    assert len(texts) > 400
    for text in texts.values():
        check_document(parse(text))


def test_only_broken_documents_have_faults(texts: dict[str, str]) -> None:
    found = {name: [fault.kind.value for fault in parse(text).faults] for name, text in texts.items()}
    assert {name: faults for name, faults in found.items() if faults} == {
        name: faults for name, (_, faults) in BROKEN.items()
    }


def test_lxml_reads_every_sound_document(texts: dict[str, str]) -> None:
    unread = {name for name, text in texts.items() if to_lxml(parse(text)) is None}
    assert unread <= set(BROKEN)


def test_lxml_agrees_about_every_element(texts: dict[str, str]) -> None:
    for name, text in texts.items():
        document = parse(text)
        tree = to_lxml(document)
        if tree is None:
            continue
        assert document.root is not None, name
        assert list(tree.nodes) == list(document.root.walk()), name
        for ours, theirs in tree.nodes.items():
            assert theirs.sourceline == document.lines.line_of(ours.tag_end) + 1, name
            assert list(theirs.attrib) == [each.name.replace(":", "_") for each in ours.attributes], name


def test_any_part_of_a_document_has_a_sound_tree(texts: dict[str, str]) -> None:
    for text in texts.values():
        for part in range(1, 8):
            cut = len(text) * part // 8
            check_document(parse(text[:cut]))
            check_document(parse(text[cut:]))
