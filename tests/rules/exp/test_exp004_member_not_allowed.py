"""Members that expressions may not use of types that they may use."""

from __future__ import annotations

import pytest

from support.expressions import given
from support.policies import message
from support.workspaces import check

ONLY = ["EXP004"]


@pytest.mark.parametrize(
    "code",
    [
        'Regex.{|EXP004:Escape|}("a")',
        'new Regex("a").{|EXP004:GetGroupNames|}()',
        'System.Text.RegularExpressions.Regex.{|EXP004:Escape|}("a")',
        'XDocument.{|EXP004:Load|}("a")',
        'DateTime.{|EXP004:TryParse|}("a", out var d) ? d.Year : 1',
        "context.Timestamp.{|EXP004:ToLocalTime|}()",
        '"a" + context.Timestamp.{|EXP004:ToLocalTime|}().Year',
        "JsonConvert.{|EXP004:SerializeXNode|}(null)",
        'new Regex("a").{|EXP004:Options|}',
    ],
)
def test_members_outside_the_list(code: str) -> None:
    check(given(code), select=ONLY)


@pytest.mark.parametrize(
    "code",
    [
        'Regex.IsMatch("a", "b")',
        "DateTime.UtcNow.AddDays(1).Ticks",
        'DateTime.Parse("a").ToString("o")',
        'Regex.Match("a", "b").Groups["c"].Value',
        'Regex.Match("a", "b").Success',
        'new Regex("a").Replace("b", "c")',
        'new Regex("a").ToString()',
        'XDocument.Parse("a").Root',
        'System.IO.File.ReadAllText("a")',
        'Regex.Nothing("a")',
        'nothing.Escape("a")',
        'Regex.Escape("a") 1',
        '"Regex.Escape(1)"',
    ],
)
def test_members_that_may_be_used_and_what_other_rules_say(code: str) -> None:
    check(given(code), select=ONLY)


def test_the_message_says_what_is_valid() -> None:
    assert message(given('Regex.{|EXP004:Escape|}("a")'), ONLY) == (
        'Policy expressions may not use "Escape" of Regex.'
        " They may use IsMatch, Match, Matches, Replace, Split and Unescape."
    )
    assert message(given('XDocument.{|EXP004:Load|}("a")'), ONLY).startswith(
        'Policy expressions may not use "Load" of XDocument. They may use '
    )
