"""Expressions that a comment opens and nothing closes."""

from __future__ import annotations

import pytest

from apim_policy.rules.model import Severity
from support.faults import check_faults, the_fault


def test_an_expression_that_a_comment_opens_and_nothing_closes():
    _, finding = the_fault(
        '<fragment>\n  <!-- <set-variable name="a" value="{|XML008:@(|}context.User.Id" /> -->\n  <base />\n</fragment>'
    )
    assert finding.severity is Severity.WARNING
    assert finding.message == (
        'The service reads expressions inside comments too, and this "@(" is closed nowhere before the end of the file. '
        'Close it, or take the "@" out of the comment.'
    )
    assert finding.fixes == ()


@pytest.mark.parametrize(
    "source",
    [
        '<fragment>\r\n<!-- {|XML008:@{|}\r\n return "a"; -->\r\n<set-method>GET</set-method>\r\n</fragment>',
        "<fragment><!-- don't {|XML008:@(|} ( ) --></fragment>",
        "<fragment><!-- {|XML008:@(|} --><!-- @( --><!-- @( --></fragment>",
        '<fragment><!-- {|XML008:@(|} ")" --></fragment>',
        "<!-- {|XML008:@{|} --><fragment />",
        "<fragment>%{ if a }<!-- {|XML008:@{|} -->%{ endif }</fragment>",
    ],
)
def test_the_first_that_never_closes_is_reported(source: str):
    check_faults(source)


@pytest.mark.parametrize(
    "text",
    [
        "<!-- @(a) and @{ return 1; } -->",
        "<!-- @( -->\n<!-- a -->\n<!-- ) -->",
        "<!-- @{ -->\n<set-body>}</set-body>",
        "<!-- me@example.com, @{{name}} and (b) -->",
        "<!-- &quot;@&quot; ( -->",
    ],
)
def test_what_closes_later_is_no_finding(text: str):
    check_faults(f"<fragment>{text}</fragment>")
