"""Comments that XML does not take."""

from __future__ import annotations

import pytest

from support.faults import check_faults, mended, the_fault

NEVER_CLOSED = '"<!--" is never closed. Write "-->" where the comment ends.'
HYPHENS = '"{}" may not stand inside a comment. Put spaces between the hyphens, or write another dash.'
NESTED = 'A comment cannot hold another: the comment of line 2 ends at the first "-->". Take the marks of the inner one out.'


@pytest.mark.parametrize(
    ("inner", "message", "after"),
    [
        ("{|XML009:<!--|} a", NEVER_CLOSED, "<!-- a -->"),
        ("{|XML009:<!--|} a -- >", NEVER_CLOSED, "<!-- a -->"),
        ("{|XML009:<!--|} a ->", NEVER_CLOSED, "<!-- a -->"),
        ("{|XML009:<!--|} a --", NEVER_CLOSED, "<!-- a -->"),
        (
            "{|XML009:<!--|} a\n  b\n<base />\n<!-- c -->",
            NEVER_CLOSED,
            "<!-- a\n  b -->\n<base />\n<!-- c -->",
        ),
        ("<!-- a {|XML009:--|} b --- c ----->", HYPHENS.format("--"), "<!-- a - - b - - - c - - - -->"),
        ("<!-- @(a{|XML009:--|}) -->", HYPHENS.format("--"), "<!-- @(a- -) -->"),
        ("<!-- a {|XML009:-|}-->", HYPHENS.format("-"), "<!-- a - -->"),
        (
            "<!-- <a> {|XML009:<!--|} b --> <!-- c -->\n</a> -->",
            NESTED,
            "<!-- <a> <!- - b - -> <!- - c - ->\n</a> -->",
        ),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_fix_changes_only_the_comment(inner: str, message: str, after: str, line_end: str):
    source = f"<fragment>\n{inner}\n<set-method>GET</set-method>\n</fragment>".replace("\n", line_end)
    _, finding = the_fault(source)
    assert finding.message == message
    expected = f"<fragment>\n{after}\n<set-method>GET</set-method>\n</fragment>"
    assert mended(source) == expected.replace("\n", line_end)


def test_the_outer_comment_is_the_other_place():
    text, finding = the_fault("<fragment><!-- a {|XML009:<!--|} b --> c --></fragment>")
    (related,) = finding.related
    assert text[related.span.start : related.span.end] == "<!-- a <!-- b --> c -->"


def test_a_comment_before_the_root_that_nothing_opens():
    source = "\n   Only <inbound> runs.\n{|XML009:-->|}\n<policies>\n</policies>"
    _, finding = the_fault(source)
    assert finding.message == (
        'This "-->" ends a comment that nothing opens. Write "<!--" where the comment begins.'
    )
    assert mended(source) == "\n   <!-- Only <inbound> runs.\n-->\n<policies>\n</policies>"


def test_a_policy_that_follows_an_open_comment_is_still_read():
    check_faults("<fragment>\n{|XML009:<!--|} a\n<set-header {|XML005:name=a|} />\n<!-- b -->\n</fragment>")


@pytest.mark.parametrize(
    "text",
    [
        "<!---->",
        "<!-- -->",
        "<!-- - -->",
        "<!-- a - b -> c -->",
        "<!-- < & @() -->",
        "<set-body>-- --></set-body>",
    ],
)
def test_what_xml_allows_is_no_finding(text: str):
    check_faults(f"<fragment>{text}</fragment>")
