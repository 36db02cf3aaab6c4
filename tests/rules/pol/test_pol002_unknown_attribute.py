"""Attributes that an element does not have."""

from __future__ import annotations

import pytest

from support.policies import inbound, mended, message
from support.workspaces import check

ONLY = ["POL002"]


@pytest.mark.parametrize(
    "policies",
    [
        '<set-header name="a" {|POL002:exist-action|}="override"><value>b</value></set-header>',
        '<base {|POL002:name|}="a" />',
        '<choose><when condition="@(true)" {|POL002:else|}="a" /></choose>',
        '<return-response><set-status code="200" {|POL002:reasons|}="a" /></return-response>',
    ],
)
def test_no_such_attribute(policies: str) -> None:
    check(inbound(policies), select=ONLY)


@pytest.mark.parametrize(
    "policies",
    [
        '<set-header id="x" name="a" exists-action="delete" />',
        '<set-method xmlns:x="urn:x" x:note="a">GET</set-method>',
        '<set-headr foo="a" />',
    ],
)
def test_nothing_to_say(policies: str) -> None:
    check(inbound(policies), select=ONLY)


def test_the_attribute_that_is_proposed_is_not_missing() -> None:
    text = inbound('<set-variable {|POL002:names|}="a" value="b" />')
    check(text, select=["POL"])
    assert message(text, ONLY) == '"names" is not an attribute of set-variable. Did you mean "name"?'
    assert mended(text, ONLY) == inbound('<set-variable name="a" value="b" />')


def test_an_attribute_in_use_is_not_proposed() -> None:
    text = inbound('<set-variable name="x" {|POL002:names|}="a" value="b" />')
    assert message(text, ONLY) == '"names" is not an attribute of set-variable, which has name, value and id.'


def test_an_element_without_attributes() -> None:
    text = inbound('<base {|POL002:x|}="1" />')
    assert message(text, ONLY) == '"x" is not an attribute of base, which has none. Remove it.'
