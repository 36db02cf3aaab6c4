"""Conditions that are surely no booleans."""

from __future__ import annotations

import pytest

from support.policies import backend, inbound, message
from support.workspaces import check

ONLY = ["EXP011"]


def when(condition: str) -> str:
    """A document with one condition."""
    return inbound(f'<choose><when condition="{condition}"><base /></when></choose>')


@pytest.mark.parametrize(
    "condition",
    [
        "@(context.Request.Method)",
        "@(&quot;true&quot;)",
        '@("true")',
        "@(context.Request.Headers.Count)",
        '@((string)context.Variables["a"])',
        '@(context.Variables.GetValueOrDefault("a", "false"))',
        "@(context.Response.StatusCode)",
        "@{ return 1; }",
        '@{ if (true) { return "true"; } return "false"; }',
        "@(context.Request)",
        "@(new[] { true })",
        "@(DateTime.UtcNow)",
        "@(context.Request.Body.As&lt;JObject&gt;())",
    ],
)
def test_what_is_no_boolean(condition: str) -> None:
    check(when("{|EXP011:" + condition + "|}"), select=ONLY)


@pytest.mark.parametrize(
    "condition",
    [
        "@(true)",
        "@(context.Request.Method == &quot;GET&quot;)",
        '@((bool)context.Variables["a"])',
        '@(context.Variables["a"])',
        '@(context.Variables.GetValueOrDefault<bool>("a"))',
        "@(context.Product?.ApprovalRequired)",
        '@(context.Request.Body.As<JObject>()["a"])',
        "@(nothing)",
        "@{ if (true) { return true; } return 1; }",
        "@(context.Nothing)",
        "true",
        "{{condition}}",
        "@({{condition}})",
        "${condition}",
        "@(context.Request.Method) and more",
        "@(1 2)",
    ],
)
def test_what_is_or_may_be_a_boolean(condition: str) -> None:
    check(when(condition), select=ONLY)


@pytest.mark.parametrize(
    "text",
    [
        backend('<retry condition="{|EXP011:@(1)|}" count="1" interval="1"><forward-request /></retry>'),
        inbound(
            '<rate-limit-by-key calls="1" renewal-period="1" counter-key="a"'
            ' increment-condition="{|EXP011:@(context.Response.StatusCode)|}" />'
        ),
    ],
)
def test_conditions_of_other_policies(text: str) -> None:
    check(text, select=ONLY)


def test_other_attributes_take_what_they_take() -> None:
    check(inbound('<rate-limit-by-key calls="1" renewal-period="1" counter-key="@(1)" />'), select=ONLY)


def test_the_message_says_what_to_do() -> None:
    assert message(when("{|EXP011:@(context.Request.Method)|}"), ONLY) == (
        '"condition" of when must be true or false, and this expression gives string.'
        " Compare it, or read it with bool.Parse."
    )
    assert message(when("{|EXP011:@(1)|}"), ONLY).endswith("gives int. Compare it with a value.")
    assert message(when("{|EXP011:@(context.Request)|}"), ONLY).endswith(
        "gives context.Request. Ask it a question that is true or false."
    )
