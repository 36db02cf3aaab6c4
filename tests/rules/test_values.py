"""Every type of the model takes the literals that its type in the XSDs takes."""

from __future__ import annotations

import pytest

from apim_policy.rules.model import Severity
from apim_policy.schema.declarations import ElementDecl, ValueKind, ValueType
from apim_policy.syntax.parser import parse
from support.specimens import MODEL, elements_of, sample, wrapped
from support.validators import STRUCTURAL, rejection, structural_findings

LITERALS = {
    "words": ["", " ", "a", "a b", " a ", "true", "True", "TRUE", "true ", "Override", "é", "a\nb", "/", "/a/b/c", "&amp;", "~"],
    "numbers": ["0", "-0", "1", " 1 ", "+7", "007", "-1", "1.5", "1.", ".5", "1e3", "1E400", "1_0", "0x1", "+", ".", "1.5.2", "١"],
    "widths": ["240", "300", "2147483647", "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808"],
    "dates": ["2030-01-31", "2030-01-31T00:00:00Z", "2030-01-31T24:00:00", "2030-01-31T25:00:00Z", "2030-13-01T00:00:00Z"],
    "days": ["2030-02-29T00:00:00Z", "2028-02-29T00:00:00.5Z", "2100-02-29T00:00:00Z", "12028-02-29T00:00:00+14:00"],
    "zones": ["0000-01-01T00:00:00Z", "2030-01-31T00:00:00+15:00", "2030-04-31T00:00:00", "2030-01-31T00:60:00"],
    "durations": ["P1D", "-P1Y2M", "P1M2D", "PT1.5S", "P", "P1DT", "00:10", "1.00:00:00"],
    "addresses": ["10.0.0.1", "10.0.0.1/24", "10.0.0.1/", "::1", "fe80::1%eth0", "::1%", "*.example.com", "http:/a", "HTTP://a"],
    "filled in": ["{{a}}", "a{{b}}", "${a}", "#{a}#", "__A__", "%AB%", "%ABC%", "a {b}", "{", "}}", "{{", "__a", "$a"],
    "expressions": ["@(a)", "@{ return 1; }", "a@b.example", "@", "@@"],
}  # fmt: skip
# XML Schema has these numbers, and no page of API Management knows them.
NO_NUMBERS = ["INF", "-INF", "NaN"]


def places() -> list[tuple[str, tuple[str, ...], str | None]]:
    """One attribute or text, the name being None, of each type."""
    seen: set[int] = set()
    found = []
    for policy in MODEL.policy_names:
        for path, decl in elements_of(policy):
            for name, kind in types_of(decl):
                if id(kind) not in seen:
                    seen.add(id(kind))
                    found.append((policy, path, name))
    return found


def types_of(decl: ElementDecl) -> list[tuple[str | None, ValueType]]:
    named: list[tuple[str | None, ValueType]] = [(name, each.type) for name, each in decl.attributes.items()]
    return [*named, (None, decl.text.type)] if decl.text else named


def differences(policy: str, path: tuple[str, ...], name: str | None, literals: list[str]) -> list[str]:
    found = []
    for literal in literals:
        made = sample(policy, path)
        if name is None:
            made.target.text = literal
        else:
            made.target.attributes[name] = literal
        document = parse(next(iter(wrapped(made.policy.xml(), policy).values())))
        ours = [
            finding.message
            for finding in structural_findings(document, (*STRUCTURAL, "POL005"))
            if (finding.code, finding.severity) != ("POL014", Severity.WARNING)
        ]
        theirs = rejection(document)
        if document.faults or bool(ours) != bool(theirs):
            found.append(f"{literal!r}: ours {ours}, lxml {theirs!r}")
    return found


@pytest.mark.parametrize(("policy", "path", "name"), places())
def test_a_type_takes_what_a_validator_takes(policy: str, path: tuple[str, ...], name: str | None) -> None:
    literals = [literal for each in LITERALS.values() for literal in each]
    assert differences(policy, path, name, literals) == []


def test_no_number_is_known_by_a_name() -> None:
    for policy, path, name in places():
        kind = dict(types_of(sample(policy, path).decl))[name]
        if kind.kind is ValueKind.NUMBER and not kind.ranges:
            assert len(differences(policy, path, name, NO_NUMBERS)) == len(NO_NUMBERS)
