"""Completion at the dots of real expressions: what the author wrote there is among what is proposed."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

import pytest

from apim_policy.csharp.code import code_of
from apim_policy.csharp.values import walk
from apim_policy.ide.completion import complete
from apim_policy.ide.offers import Surroundings
from apim_policy.syntax.parser import parse
from apim_policy.text.encoding import decode
from corpus.measure import CORPUS, documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.syntax.tree import Document

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no documents at {CORPUS}"),
]

DRAWN = 100
LEAST = 95
SEED = 4
ACCESSES = ("member_access_expression", "member_binding_expression")


class Dot(NamedTuple):
    """A member that an author chose."""

    document: str
    text: str
    start: int
    end: int

    @property
    def name(self) -> str:
        return self.text[self.start : self.end]

    def before(self) -> str:
        """The end of the line up to the dot."""
        return self.text[max(self.start - 60, 0) : self.start].splitlines()[-1]


def dots(name: str, document: Document) -> Iterator[Dot]:
    """Every name after a dot in the expressions of a document, but those that a template has a say in."""
    for expression in document.expressions():
        code = code_of(document, expression)
        for node in walk(code.tree.root_node):
            chosen = node.child_by_field_name("name") if node.type in ACCESSES else None
            if chosen is not None and chosen.type == "generic_name":
                chosen = chosen.named_children[0]
            if chosen is None or code.is_foreign(node):
                continue
            start, end = code.source_span(code.span_of(chosen))
            yield Dot(name, document.text, expression.start + start, expression.start + end)


@pytest.fixture(scope="module")
def drawn() -> list[Dot]:
    found: list[Dot] = []
    for path, _ in documents():
        text = decode(path.read_bytes())[0]
        found += dots(str(path.relative_to(CORPUS)), parse(text))
    return random.Random(SEED).sample(found, DRAWN)


def proposed(text: str, offset: int) -> set[str]:
    return {item.label for item in complete(parse(text), offset, Surroundings(), ".").items}


@pytest.mark.parametrize("cut", [False, True], ids=["the rest stands", "nothing follows"])
def test_what_the_author_chose_is_proposed(drawn: list[Dot], cut: bool) -> None:
    missed = []
    for dot in drawn:
        # The author has just typed the dot.
        rest = "" if cut else dot.text[dot.end :]
        if dot.name not in proposed(dot.text[: dot.start] + rest, dot.start):
            missed.append(f"{dot.before()}|{dot.name}  in {dot.document}")
    print(f"{len(missed)} of {DRAWN} missed", *missed, sep="\n  ")
    assert DRAWN - len(missed) >= LEAST, "\n".join(missed)
