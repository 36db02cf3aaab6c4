"""Expressions that are no C#."""

from __future__ import annotations

import pytest

from support.policies import inbound, message
from support.workspaces import check, lint

ONLY = ["EXP001"]


@pytest.mark.parametrize(
    "policies",
    [
        '<set-variable name="a" value="@(a {|EXP001:and|} b)" />',
        "<set-variable name='a' value='@(a {|EXP001:b|})' />",
        '<set-variable name="a" value="@(f(&quot;x&quot; {|EXP001:&quot;y&quot;|}))" />',
        '<set-variable name="a" value="@(a &amp;&amp;{|EXP001:)|}" />',
        '<set-header name="a"><value>{|EXP001:@()|}</value></set-header>',
        '<set-body>@{ return "é" + 1 {|EXP001:2|}; }</set-body>',
        "<set-body><![CDATA[@{ return a < b && {|EXP001:;|} }]]></set-body>",
        '<trace source="{|EXP001:@{}|}" />',
    ],
)
def test_one_finding_at_the_offending_token(policies: str) -> None:
    check(inbound(policies), select=ONLY)


@pytest.mark.parametrize(
    "policies",
    [
        '<set-variable name="a" value="@(context.Request.Method)" />',
        '<set-variable name="a" value="@(a {{operator}} b)" />',
        '<set-body template="liquid">@(a b)</set-body>',
        "<!-- @(a b) -->",
    ],
)
def test_nothing_to_report(policies: str) -> None:
    check(inbound(policies), select=ONLY)


def test_an_expression_that_is_never_closed_is_another_rules_matter() -> None:
    found = lint(inbound('<set-variable name="a" value="@(f(a b" /><base />'))
    assert found.codes()["XML004"] == 1
    assert not found.codes()["EXP001"]


def test_the_message_says_what_to_do() -> None:
    text = inbound('<set-variable name="a" value="@(a {|EXP001:===|} b)" />')
    assert message(text, ONLY) == '"===" is JavaScript. Write "==".'


@pytest.mark.parametrize(
    ("policies", "code"),
    [
        ("""<trace source="@(f('ab'))" />""", "EXP008"),
        ('<trace source="@{ class A { } return 1; }" />', "EXP012"),
        ('<trace source="@{ f(a); }" />', "EXP005"),
    ],
)
def test_one_fault_one_finding(policies: str, code: str) -> None:
    codes = lint(inbound(policies), ["EXP001", "EXP005", "EXP008", "EXP010", "EXP012"]).codes()
    assert codes == {code: 1}
