"""Text where elements are due."""

from __future__ import annotations

import pytest

from support.policies import inbound, mended, message
from support.workspaces import check, lint

ONLY = ["POL009"]


@pytest.mark.parametrize(
    "policies",
    [
        '<set-header name="a">{|POL009:b|}</set-header>',
        '<set-header name="a">{|POL009:b c|}<!-- d --></set-header>',
        '<set-header name="a">{|POL009:@(context.Api.Id)|}</set-header>',
        "<base /> {|POL009:hello|} ",
        "<base>{|POL009:x|}</base>",
        '<choose>{|POL009:x|}<when condition="@(true)" /></choose>',
    ],
)
def test_text(policies: str) -> None:
    check(inbound(policies), select=ONLY)


@pytest.mark.parametrize(
    "policies",
    [
        "<set-method>GET</set-method>",
        "<set-body>a<b />c</set-body>",
        "${policies}",
        "%{ if a }<base />%{ endif }",
        "{{policies}}",
        "<base /><!-- x -->",
    ],
)
def test_no_text(policies: str) -> None:
    check(inbound(policies), select=ONLY)


def test_the_value_is_wrapped() -> None:
    text = inbound('<set-header name="a"> {|POL009:@("b")|} </set-header>')
    assert message(text, ONLY) == "set-header holds no text. Put it into <value>."
    assert mended(text, ONLY) == inbound('<set-header name="a"> <value>@("b")</value> </set-header>')


def test_nothing_else_is_wrapped() -> None:
    for policies in ('<set-header name="a">b<value>c</value></set-header>', "x<base />"):
        assert not lint(inbound(policies), select=ONLY).the("POL009").fixes


def test_text_for_children_is_one_finding() -> None:
    check(inbound("<choose>{|POL009:x|}</choose>"), select=["POL"])
