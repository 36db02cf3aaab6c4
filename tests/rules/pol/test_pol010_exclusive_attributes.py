"""Conditions between attributes and children, one test for each kind."""

from __future__ import annotations

import pytest

from support.policies import inbound, message
from support.workspaces import check, lint

ONLY = ["POL010"]

CALL = 'response-variable-name="a"'


@pytest.mark.parametrize(
    "policies",
    [
        '<forward-request timeout="1" {|POL010:timeout-ms|}="1" />',
        "<{|POL010:set-backend-service|} />",
        '<set-backend-service {|POL010:dapr-app-id|}="a" backend-id="dapr" />',
        '<set-backend-service dapr-app-id="a" dapr-method="b" backend-id="{|POL010:other|}" />',
        "<{|POL010:authentication-certificate|} />",
        '<authentication-certificate thumbprint="a" {|POL010:certificate-id|}="b" />',
        '<authentication-certificate thumbprint="a" {|POL010:password|}="b" />',
        f"<{{|POL010:send-request|}} {CALL}><set-url>https://a</set-url></send-request>",
        '<retry condition="@(true)" count="1" interval="1"><{|POL010:wait|} for="all" /></retry>',
        "<cors><allowed-origins><origin>https://a</origin>{|POL010:<origin>*</origin>|}</allowed-origins></cors>",
        '<get-authorization-context provider-id="a" authorization-id="b" context-variable-name="c" '
        '{|POL010:identity-type|}="jwt" />',
    ],
)
def test_a_condition_that_does_not_hold(policies: str) -> None:
    check(inbound(policies), select=ONLY)


@pytest.mark.parametrize(
    "policies",
    [
        '<forward-request timeout="1" />',
        '<set-backend-service backend-id="a" />',
        "<set-backend-service ${target} />",
        '<set-backend-service backend-ids="a" />',
        '<set-backend-service dapr-app-id="a" dapr-method="b" backend-id="{{backend}}" />',
        '<set-backend-service dapr-app-id="a" dapr-method="b" backend-id="dapr" />',
        f'<send-request {CALL} mode="copy" />',
        f'<send-request {CALL} mode="@(context.Api.Id)" />',
        f"<send-request {CALL}>${{children}}</send-request>",
        f"<send-request {CALL}><set-uri>https://a</set-uri><set-methods>GET</set-methods></send-request>",
        "<cors><allowed-origins><origin>*</origin></allowed-origins></cors>",
    ],
)
def test_a_condition_that_holds_or_may(policies: str) -> None:
    check(inbound(policies), select=ONLY)


def test_what_excludes_each_other_is_named() -> None:
    text = inbound('<forward-request timeout="1" {|POL010:timeout-ms|}="1" />')
    assert (
        message(text, ONLY) == '"timeout" and "timeout-ms" of forward-request exclude each other. Keep one.'
    )


def test_what_is_needed_is_named() -> None:
    text = inbound("<{|POL010:set-backend-service|} />")
    assert message(text, ONLY) == 'set-backend-service needs "base-url" or "backend-id".'


def test_what_the_documentation_alone_says_is_a_warning() -> None:
    text = inbound('<retry condition="@(true)" count="1" interval="1"><wait for="all" /></retry>')
    assert lint(text, select=ONLY).the("POL010").severity.value == "warning"
