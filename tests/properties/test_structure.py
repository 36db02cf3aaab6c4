"""Our rules about structure say of any policy what an XML Schema validator says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from apim_policy.rules.model import Severity
from apim_policy.schema.declarations import Expressions
from apim_policy.syntax.parser import parse
from support.specimens import MODEL, Specimen, literal, minimal, wrapped
from support.validators import STRUCTURAL, rejection, structural_findings

if TYPE_CHECKING:
    from apim_policy.schema.declarations import ElementDecl, ValueType

_VALUES = (
    *("", "a", "true", "True", "0", "1", "-1", "+7", "007", "1.5", "1e3", ".5", "2147483648", "9999999999"),
    *("P1D", "PT", "2030-01-31T00:00:00Z", "10.0.0.1", "http://a", "COUNT", " 1 ", " a ", "GET", "*"),
    *("{{name}}", "a{{name}}", "${name}", "#{name}#", "__NAME__", "%NAME%", "user@example.com"),
)
_EXPRESSIONS = ("@(context.RequestId)", "@{ return 1; }")


@st.composite
def _value(draw: st.DrawFn, kind: ValueType) -> str:
    sound = [literal(kind), *(value.value for value in kind.values)]
    expressions = _EXPRESSIONS if kind.expressions is not Expressions.NOT_ALLOWED else ()
    return draw(st.one_of(st.sampled_from(sound), st.sampled_from((*_VALUES, *expressions))))


@st.composite
def specimens(draw: st.DrawFn, decl: ElementDecl, depth: int = 0) -> Specimen:
    """Elements of a declaration, sound or faulty in some way, what is inside them too."""
    made = minimal(decl)
    if draw(st.booleans()):
        return made
    for name, attribute in decl.attributes.items():
        what = draw(st.integers(0, 7))
        if what <= 2:
            made.attributes[name] = draw(_value(attribute.type))
        elif what == 3:
            made.attributes.pop(name, None)
    if draw(st.integers(0, 15)) == 0:
        made.attributes["no-such-thing"] = "a"
    if not decl.any_xml:
        _change_children(draw, made, decl, depth)
    if decl.text is not None:
        if draw(st.booleans()):
            made.text = draw(_value(decl.text.type))
    elif not decl.any_xml and draw(st.integers(0, 15)) == 0:
        made.text = "some text"
    return made


def _change_children(draw: st.DrawFn, made: Specimen, decl: ElementDecl, depth: int) -> None:
    names = [*decl.children, *(_LISTED if decl.any_policy else ())]
    if names and depth < 3:
        for name in draw(st.lists(st.sampled_from(names), max_size=3)):
            child = decl.children[name].element if name in decl.children else MODEL.element(name)
            at = draw(st.integers(0, len(made.children)))
            made.children.insert(at, draw(specimens(child, depth + 1)))
    for other in ("when", "set-header", "inbound", "no-such-thing"):
        if draw(st.integers(0, 31)) == 0:
            made.children.append(Specimen(other))
    if made.children and draw(st.integers(0, 7)) == 0:
        made.children.pop(draw(st.integers(0, len(made.children) - 1)))


_LISTED = [name for name in MODEL.policy_names if (known := MODEL.policy(name)) is not None and known.listed]
_POLICIES = [name for name in MODEL.policy_names if name != "base"]


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Documents around one policy."""
    name = draw(st.sampled_from(_POLICIES))
    made = draw(specimens(MODEL.element(name)))
    return draw(st.sampled_from(sorted(wrapped(made.xml(), name).values())))


@given(documents())
def test_a_validator_rejects_what_our_rules_report(text: str) -> None:
    document = parse(text)
    assert document.faults == []
    # What is a warning in a range is above a limit that the service may ignore, and in no facet.
    found = [
        finding.message
        for finding in structural_findings(document, (*STRUCTURAL, "POL005", "SCP004"))
        if (finding.code, finding.severity) != ("POL014", Severity.WARNING)
    ]
    said = rejection(document)
    assert bool(found) == bool(said), f"ours: {found}\nlxml: {said}"
