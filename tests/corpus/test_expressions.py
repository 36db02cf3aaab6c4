"""What is known of the expressions of the corpus, and what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from apim_policy.csharp.code import code_of
from apim_policy.csharp.inference import types_of
from apim_policy.syntax.parser import parse
from apim_policy.text.encoding import decode
from corpus.measure import CORPUS, documents
from support.workspaces import lint

if TYPE_CHECKING:
    from apim_policy.csharp.code import Code

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no documents at {CORPUS}"),
]

FLOOR = 0.99
"""The share of member accesses that stand after something of a known type, and give something of a known type."""
RULES = ["EXP002", "EXP003", "EXP004", "EXP011"]
SNIPPETS = "Azure+api-management-policy-snippets/examples"
# Each was read: the type is outside the documented list, which the vendor's own samples use beyond it.
TRUE = {
    (
        f"{SNIPPETS}/Get OAuth2 access token from AAD using client id and certificate using key vault manage identity.xml",
        "EXP003",
        "RSACng",
    ),
    (
        f"{SNIPPETS}/Return a blob URL signed with a user delegation SAS token.xml",
        "EXP003",
        "XmlDocument",
    ),
}


class Source(NamedTuple):
    """A document, and the C# of its expressions."""

    name: str
    text: str
    codes: list[Code]


@pytest.fixture(scope="module")
def sources() -> list[Source]:
    found = []
    for path, _ in documents():
        text = decode(path.read_bytes())[0]
        document = parse(text)
        codes = [code_of(document, expression) for expression in document.expressions()]
        found.append(Source(str(path.relative_to(CORPUS)), text, codes))
    return found


def test_the_types_of_member_accesses_are_known(sources: list[Source]) -> None:
    known = total = 0
    unknown = []
    for source in sources:
        for code in source.codes:
            for access in types_of(code).accesses:
                total += 1
                if access.receiver is not None and access.members:
                    known += 1
                else:
                    unknown.append(f"{source.name}: {code.text_of(access.node)[-80:]!r}")
    print(f"member accesses: {total}; of known type: {known} ({known / total:.2%})")
    assert total > 1000
    assert known / total >= FLOOR, "\n".join(unknown)


def test_only_true_findings(sources: list[Source]) -> None:
    linted = lint({source.name: source.text for source in sources if source.codes}, select=RULES)
    found = {(linted.name(finding.path), finding.code, linted.quoted(finding)) for finding in linted.all}
    assert found == TRUE
