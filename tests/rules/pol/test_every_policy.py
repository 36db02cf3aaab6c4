"""Every policy of the model: its snippet is sound, and each fault that the model forbids is reported.

Nothing here names what a policy holds: sound and faulty examples are made from the model.
"""

from __future__ import annotations

from functools import cache

import pytest

from apim_policy.rules.model import Severity
from apim_policy.schema.declarations import ConstraintKind, FragmentUse, Once, Status
from apim_policy.syntax.parser import parse
from support.snippets import filled_in
from support.specimens import MODEL, elements_of, sample, wrapped
from support.spoilt import Spoilt, spoilt
from support.validators import STRUCTURAL, structural_findings
from support.workspaces import lint

POLICIES = MODEL.policy_names
CODES = (
    *STRUCTURAL,
    *("POL005", "POL010", "POL011", "POL012", "POL013", "POL016"),
    *("SCP001", "SCP004", "SCP006", "SCP008"),
)

# Where a sound snippet still brings a warning or an error, by policy and what stands around it.
NOT_CLEAN = {
    ("cors", "choose"): {"SCP015"},  # the gateway finds it only at the top of inbound
    ("cors", "retry"): {"SCP015"},
    ("forward-request", "retry"): {"POL017"},  # a body that is sent again has to be kept
    ("set-graphql-resolver", "alone"): {
        "POL011",
        "SCP010",
    },  # it is retired, and the section forwards nothing
    ("set-graphql-resolver", "choose"): {"POL011", "SCP010"},
    ("set-graphql-resolver", "retry"): {"POL011", "SCP010"},
    ("wait", "retry"): {"POL010"},  # the documentation advises against it
}
KINDS = frozenset(kind.value for kind in ConstraintKind)
UNCHECKED: set[str] = set()
"""Kinds of constraints whose breach no rule reports."""


def codes_in(text: str) -> set[str]:
    document = parse(text)
    assert document.faults == [], text
    return {finding.code for finding in structural_findings(document, CODES)}


@cache
def faults_of(policy: str) -> list[Spoilt]:
    return [
        fault for path, _ in elements_of(policy) for fault in spoilt(sample(policy, path))
    ]  # fmt: skip


@pytest.mark.parametrize("policy", POLICIES)
def test_its_snippet_lints_clean(policy: str) -> None:
    described = MODEL.policy(policy)
    assert described is not None
    for around, text in wrapped(filled_in(described.snippet), policy).items():
        found = {
            finding.code
            for finding in lint(text).all
            if finding.severity in (Severity.ERROR, Severity.WARNING)
        }
        assert found == NOT_CLEAN.get((policy, around), set()), text


@pytest.mark.parametrize("policy", POLICIES)
def test_the_least_that_the_model_demands_is_enough(policy: str) -> None:
    for path, _ in elements_of(policy):
        for text in wrapped(sample(policy, path).policy.xml(), policy).values():
            document = parse(text)
            assert document.faults == []
            assert structural_findings(document, (*STRUCTURAL, "POL005", "POL013", "POL016")) == [], text


@pytest.mark.parametrize("policy", POLICIES)
def test_each_fault_is_reported(policy: str) -> None:
    faults = faults_of(policy)
    assert faults
    for fault in faults:
        for around, text in wrapped(fault.policy.xml(), policy).items():
            if fault.kind not in UNCHECKED:
                assert fault.code in codes_in(text), f"{fault.what} in {around}: {text}"


def test_kinds_of_constraints_that_no_rule_checks() -> None:
    silent = {
        fault.kind
        for policy in POLICIES
        for fault in faults_of(policy)
        if fault.kind in KINDS
        if any(fault.code not in codes_in(text) for text in wrapped(fault.policy.xml(), policy).values())
    }
    assert silent == UNCHECKED


def test_every_kind_of_constraint_is_broken_somewhere() -> None:
    broken = {fault.kind for policy in POLICIES for fault in faults_of(policy)}
    assert broken >= KINDS


@pytest.mark.parametrize(
    "policy",
    [
        name
        for name in POLICIES
        if (known := MODEL.policy(name)) is not None and known.listed and known.sections
    ],
)
def test_its_sections_are_reported(policy: str) -> None:
    described = MODEL.policy(policy)
    assert described is not None
    content = sample(policy, ()).policy.xml()
    for section in MODEL.sections:
        found = codes_in(f"<policies><{section}>{content}</{section}></policies>")
        assert ("SCP001" in found) == (section not in described.sections), section


@pytest.mark.parametrize(
    "policy", [name for name in POLICIES if (known := MODEL.policy(name)) is not None and known.once]
)
def test_a_second_one_is_reported(policy: str) -> None:
    described = MODEL.policy(policy)
    assert described is not None
    content = sample(policy, ()).policy.xml()
    section = described.sections[0]
    assert "SCP006" in codes_in(f"<policies><{section}>{content}{content}</{section}></policies>")
    assert "SCP006" not in codes_in(f"<policies><{section}>{content}</{section}></policies>")
    if described.once is Once.SECTION:
        for other in described.sections[1:]:
            text = f"<policies><{section}>{content}</{section}><{other}>{content}</{other}></policies>"
            assert "SCP006" not in codes_in(text)


@pytest.mark.parametrize("policy", POLICIES)
def test_what_a_fragment_cannot_hold_is_reported(policy: str) -> None:
    described = MODEL.policy(policy)
    assert described is not None
    found = codes_in(f"<fragment>{sample(policy, ()).policy.xml()}</fragment>")
    forbidden = described.fragment is FragmentUse.NOT_ALLOWED
    assert bool(found & {"SCP004", "SCP008", "SCP014"}) == forbidden


@pytest.mark.parametrize("policy", POLICIES)
def test_its_status_is_told(policy: str) -> None:
    described = MODEL.policy(policy)
    assert described is not None
    code = {Status.RETIRED: "POL011", Status.PREVIEW: "POL012", Status.UNDOCUMENTED: "POL012"}.get(
        described.status
    )
    text = wrapped(sample(policy, ()).policy.xml(), policy)
    found = codes_in(next(iter(text.values()))) & {"POL011", "POL012"}
    assert found == ({code} if code else set())
