"""What may not stand directly under ``policies``."""

from __future__ import annotations

import pytest

from apim_policy.rules.model import Applicability
from apim_policy.schema.model import load
from apim_policy.syntax.names import SECTIONS
from support.faults import applied, check_faults, findings, mended, the_fault

UNKNOWN = "<{}> is no section of <policies>; the sections are inbound, backend, outbound and on-error."


def test_the_sections_are_those_of_the_schema():
    assert frozenset(load().sections) == SECTIONS


@pytest.mark.parametrize(
    ("source", "after"),
    [
        pytest.param(
            "<policies>\n    <inbound>\n        <base />\n    </inbound>\n    <backend />\n    <{|SCP007:inbound|}>\n        <base />\n        <!-- a -->\n        <rewrite-uri template='/a' />\n    </inbound>\n</policies>",
            "<policies>\n    <inbound>\n        <base />\n        <!-- a -->\n        <rewrite-uri template='/a' />\n    </inbound>\n    <backend />\n</policies>",
            id="both inherit: the second base goes",
        ),
        pytest.param(
            '<policies>\r\n\t<inbound>\r\n\t\t<base />\r\n\t</inbound>\r\n\t<{|SCP007:inbound|}>\r\n\t\t<set-body>@{\r\n  return "a < b";\r\n}</set-body>\r\n\t</inbound>\r\n</policies>',
            '<policies>\r\n\t<inbound>\r\n\t\t<base />\r\n\t\t<set-body>@{\r\n  return "a < b";\r\n}</set-body>\r\n\t</inbound>\r\n</policies>',
            id="an expression keeps its bytes",
        ),
        pytest.param(
            "<policies>\n  <inbound />\n  <{|SCP007:inbound|}>\n    <base />\n  </inbound>\n</policies>",
            "<policies>\n  <inbound>\n    <base />\n  </inbound>\n</policies>",
            id="the first is empty",
        ),
        pytest.param(
            "<policies>\n  <inbound>\n    <base />\n  </inbound>\n  <{|SCP007:inbound|}>\n    <base />\n  </inbound>\n</policies>",
            "<policies>\n  <inbound>\n    <base />\n  </inbound>\n</policies>",
            id="the second adds nothing",
        ),
        pytest.param(
            "<policies><inbound><base /></inbound><backend /><{|SCP007:inbound|}></inbound></policies>",
            "<policies><inbound><base /></inbound><backend /></policies>",
            id="on one line",
        ),
    ],
)
def test_two_sections_become_one(source: str, after: str):
    _, finding = the_fault(source)
    assert finding.fixes[0].applicability is Applicability.UNSAFE
    assert mended(source) == after


def test_the_first_section_is_the_other_place():
    text, finding = the_fault("<policies>\n  <inbound />\n  <{|SCP007:inbound|} />\n</policies>")
    assert finding.message == (
        "<inbound> stands here a second time, after line 2. Put all its policies into one <inbound>."
    )
    (related,) = finding.related
    assert (related.span.start, related.message) == (text.index("inbound"), "The first <inbound>")


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(
            "<policies><inbound><base /></inbound><{|SCP007:inbound|}><set-method>GET</set-method><base /></inbound></policies>",
            id="policies on both sides of a second base",
        ),
        pytest.param(
            "<policies>\n<inbound>\n<a />\n</inbound>\n<{|SCP007:inbound|}>\n{|XML001:<set-method>|}GET\n</inbound>\n</policies>",
            id="a syntax error in it",
        ),
    ],
)
def test_sections_that_cannot_surely_be_joined(source: str):
    _, found = check_faults(source)
    assert [finding.fixes for finding in found if finding.code == "SCP007"] == [()]


def test_each_further_section_is_a_finding_and_the_fixes_converge():
    text, found = check_faults(
        "<policies>\n  <outbound><base /></outbound>\n  <{|SCP007:outbound|}><base /></outbound>\n  <{|SCP007:outbound|}><base /></outbound>\n</policies>"
    )
    text = applied(text, found[1].fixes[0])
    text = applied(text, findings(text)[0].fixes[0])
    assert text == "<policies>\n  <outbound><base /></outbound>\n</policies>"


@pytest.mark.parametrize(
    ("source", "name", "meant", "after"),
    [
        (
            "<policies>\n  <{|SCP007:inbond|}>\n    <base />\n  </inbond>\n</policies>",
            "inbond",
            "inbound",
            "<policies>\n  <inbound>\n    <base />\n  </inbound>\n</policies>",
        ),
        (
            "<policies><{|SCP007:OnError|} /></policies>",
            "OnError",
            "on-error",
            "<policies><on-error /></policies>",
        ),
    ],
)
def test_a_misspelt_section(source: str, name: str, meant: str, after: str):
    _, finding = the_fault(source)
    assert finding.message == f"{UNKNOWN.format(name)} Did you mean <{meant}>?"
    assert finding.fixes[0].applicability is Applicability.UNSAFE
    assert mended(source) == after


def test_a_misspelt_section_beside_the_right_one_is_not_renamed():
    _, finding = the_fault("<policies><inbound /><{|SCP007:in-bound|} /></policies>")
    assert finding.message.endswith("Did you mean <inbound>?")
    assert finding.fixes == ()


@pytest.mark.parametrize("name", ["when", "something", "fragment", "x:y"])
def test_an_element_that_is_near_to_no_section(name: str):
    _, finding = the_fault(f"<policies><{{|SCP007:{name}|}} /></policies>")
    assert finding.message == UNKNOWN.format(name)
    assert finding.fixes == ()


@pytest.mark.parametrize(
    ("source", "message", "after"),
    [
        pytest.param(
            "<policies>\n    <inbound>\n        <base />\n    </inbound>\n    <!-- a -->\n    <{|SCP007:cors|}>\n        <allowed-origins>\n            <origin>@{\n  return b;\n}</origin>\n        </allowed-origins>\n    </cors>\n    <!-- c -->\n    <rate-limit-by-key calls='1'\n        renewal-period='1' />\n</policies>",
            "cors and 1 more policy after it stand directly under <policies>, which holds only sections. Move them into inbound.",
            "<policies>\n    <inbound>\n        <base />\n        <!-- a -->\n        <cors>\n            <allowed-origins>\n                <origin>@{\n  return b;\n}</origin>\n            </allowed-origins>\n        </cors>\n        <!-- c -->\n        <rate-limit-by-key calls='1'\n            renewal-period='1' />\n    </inbound>\n</policies>",
            id="into a section that is there",
        ),
        pytest.param(
            "<policies>\n\t<!-- a -->\n\t<{|SCP007:cors|} />\n\n\t<inbound>\n\t\t<base />\n\t</inbound>\n</policies>",
            "cors stands directly under <policies>, which holds only sections. Move it into inbound.",
            "<policies>\n\t<inbound>\n\t\t<base />\n\t\t<!-- a -->\n\t\t<cors />\n\t</inbound>\n</policies>",
            id="with the comment above it",
        ),
        pytest.param(
            "<policies>\r\n  <{|SCP007:forward-request|}\r\n    timeout='1' />\r\n  <inbound />\r\n</policies>",
            "forward-request stands directly under <policies>, which holds only sections. Move it into backend.",
            "<policies>\r\n  <backend>\r\n    <forward-request\r\n      timeout='1' />\r\n  </backend>\r\n  <inbound />\r\n</policies>",
            id="into a new section",
        ),
        pytest.param(
            "<policies><{|SCP007:cors|} /></policies>",
            "cors stands directly under <policies>, which holds only sections. Move it into inbound.",
            "<policies><inbound><cors /></inbound></policies>",
            id="on one line",
        ),
    ],
)
def test_a_policy_that_has_one_section_to_go_to(source: str, message: str, after: str):
    _, finding = the_fault(source)
    assert finding.message == message
    assert finding.fixes[0].applicability is Applicability.UNSAFE
    assert mended(source) == after


def test_a_policy_that_may_stand_in_several_sections_has_no_fix():
    _, finding = the_fault("<policies><inbound /><{|SCP007:set-header|} name='a' /></policies>")
    assert finding.message == (
        "set-header stands directly under <policies>, which holds only sections. "
        "Move it into inbound, backend, outbound or on-error."
    )
    assert finding.fixes == ()


def test_policies_that_no_section_takes_together_have_no_fix():
    _, finding = the_fault("<policies><{|SCP007:cors|} /><forward-request /><cors /></policies>")
    assert finding.message.startswith("cors and 2 more policies after it stand directly under <policies>")
    assert finding.fixes == ()


def test_policies_apart_from_each_other_are_findings_of_their_own():
    check_faults("<policies><{|SCP007:cors|} /><inbound /><{|SCP007:forward-request|} /></policies>")


@pytest.mark.parametrize(
    "text",
    [
        "<policies />",
        "<policies><on-error /><backend /><outbound /><inbound /></policies>",
        "<policies>\n  ${inbound}\n  <set-method>GET</set-method>\n  <inbound />\n  <inbound />\n</policies>",
        "<policies>\n%{ if a }\n  <inbound />\n%{ else }\n  <inbound><base /></inbound>\n%{ endif }\n</policies>",
        "<fragment><inbound /><inbound /><inbond /></fragment>",
        "<http-data-source><http-request /><http-request /></http-data-source>",
        "<policies><inbound><inbound /><inbond /></inbound></policies>",
        "<!-- <policies><inbond /></policies> --><policies />",
    ],
)
def test_what_may_stand_there_or_what_a_template_decides_is_no_finding(text: str):
    check_faults(text)
