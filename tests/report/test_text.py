"""What a person reads."""

from __future__ import annotations

import re

import pytest

from apim_policy.report import text as report
from apim_policy.report.style import PLAIN, Style, without_escapes
from apim_policy.rules.model import Applicability, FileEdit, Fix, Related, Severity
from apim_policy.rules.registry import PAGES
from apim_policy.text.edits import TextEdit
from support.findings import FILE, FOLDER, finding, findings, span_of

API = FOLDER / "apis" / "orders.xml"
TEXT = "<policies>\n    <inbound>\n        <base />\n</policies>\n"
API_TEXT = "<policies>\n  <inbound/>\n</policies>"


def fix(title: str = "Close it", **fields: object) -> Fix:
    return Fix(title, (FileEdit(FILE, (TextEdit.insert(0, "x"),)),), **fields)


FULL = findings(
    {FILE: TEXT, API: API_TEXT},
    finding(
        span_of(TEXT, "<inbound>"),
        '"inbound" is never closed.',
        severity=Severity.ERROR,
        related=(Related(API, span_of(API_TEXT, "<inbound/>"), "the other half"),),
        fixes=(fix('Add "</inbound>"'), fix("Remove it", applicability=Applicability.UNSAFE)),
    ),
)


def test_a_finding_shows_its_source_its_places_its_fixes_and_a_link():
    assert (
        report.render(FULL, PLAIN)
        == f"""\
policy.xml:2:5 error XML001 unclosed-element
  "inbound" is never closed.
  |
2 |     <inbound>
  |     ^^^^^^^^^
  = apis/orders.xml:2:3 the other half
2 |   <inbound/>
  |   ----------
  = fix: Add "</inbound>"
  = or (unsafe): Remove it
  = see: {PAGES}/XML001.md

2 documents checked: 1 error.
Fixable: 1 with apim-policy fix.
"""
    )


def test_a_concise_finding_is_one_line():
    assert (
        report.render_concise(FULL, PLAIN)
        == """\
policy.xml:2:5 error XML001 "inbound" is never closed.
2 documents checked: 1 error.
Fixable: 1 with apim-policy fix.
"""
    )


@pytest.mark.parametrize("render", [report.render, report.render_concise])
def test_colour_and_links_change_nothing_in_the_text(render):
    decorated = render(FULL, Style(colour=True, links=True))
    assert "\x1b[" in decorated
    assert f"\x1b]8;;{PAGES}/XML001.md\x1b\\" in decorated
    assert without_escapes(decorated) == render(FULL, PLAIN)


def test_colour_without_links_holds_no_addresses_beside_the_last_line():
    assert "\x1b]8" not in report.render(FULL, Style(colour=True, links=False))


def test_nothing_found():
    assert report.render(findings(TEXT), PLAIN) == "1 document checked, nothing to report.\n"


def test_the_summary_counts_each_level():
    found = [finding(span_of(TEXT, "<base />"), severity=level) for level in Severity for _ in range(2)]
    text = report.summary(findings(TEXT, *found), PLAIN)
    assert text == "1 document checked: 2 errors, 2 warnings, 2 infos, 2 hints.\n"


@pytest.mark.parametrize(
    ("fixes", "offer"),
    [
        ([fix()], "Fixable: 1 with apim-policy fix."),
        ([fix(applicability=Applicability.UNSAFE)], "Fixable: 1 with apim-policy fix --unsafe-fixes."),
        (
            [fix(applicability=Applicability.UNSAFE, named=True)],
            "Fixable: XML001 with apim-policy fix --unsafe-fixes --fix-only XML001.",
        ),
        ([fix(batch=False)], None),
        ([], None),
    ],
    ids=["safe", "unsafe", "named", "never in batch", "none"],
)
def test_the_summary_says_which_command_fixes(fixes: list[Fix], offer: str | None):
    text = report.summary(findings(TEXT, finding(span_of(TEXT, "<base />"), fixes=tuple(fixes))), PLAIN)
    assert ([*text.splitlines(), None])[1] == offer


def test_a_message_cannot_break_out_of_its_line():
    found = findings(TEXT, finding(span_of(TEXT, "<base />"), 'The name "a\nb\x1b[0m" is odd.'))
    assert report.render(found, PLAIN).splitlines()[1] == '  The name "a␊b␛[0m" is odd.'
    head = report.render_concise(found, PLAIN).splitlines()[0]
    assert head == 'policy.xml:3:9 warning XML001 The name "a␊b␛[0m" is odd.'


def test_a_long_message_is_wrapped_and_what_is_to_be_pasted_is_not():
    code = f"<set-header {'x' * 120}>\n    <value>1</value>"
    found = findings(TEXT, finding(span_of(TEXT, "<base />"), f"{'Say so. ' * 20}\n\n{code}"))
    lines = report.render(found, PLAIN).splitlines()
    assert [line for line in lines if "Say so." in line] == [
        f"  {' '.join(['Say so.'] * 12)}",
        f"  {' '.join(['Say so.'] * 8)}",
    ]
    assert lines[3:6] == ["", f"  <set-header {'x' * 120}>", "      <value>1</value>"]
    assert "<set-header" not in report.render_concise(found, PLAIN)


def test_a_file_that_cannot_be_read_has_no_excerpt():
    gone = findings({}, finding(span_of("x", "x"), "It is gone.", code="LNT002"))
    lines = report.render(gone, PLAIN).splitlines()
    assert lines[1] == "  It is gone."
    assert re.match(r" += see: ", lines[2])


def test_many_related_places_are_cut_short():
    places = tuple(Related(FILE, span_of(TEXT, "<base />"), f"place {number}") for number in range(11))
    text = report.render(findings(TEXT, finding(span_of(TEXT, "<base />"), related=places)), PLAIN)
    assert text.count("place ") == 8
    assert "= and 3 more places\n" in text
