"""Where the gateway does not find cors, or finds it too late."""

from __future__ import annotations

import pytest

from support.policies import inbound, message, outbound
from support.workspaces import check

ONLY = ["SCP015"]

API = "apis/orders/policy.xml"
INFORMATION = {"apis/orders/apiInformation.json": '{"properties": {"displayName": "Orders", "path": "o"}}'}
CORS = "<cors><allowed-origins><origin>https://a</origin></allowed-origins></cors>"
LATE = CORS.replace("<cors>", "<{|SCP015:cors|}>")
CHECK = (
    '<check-header name="a" failed-check-httpcode="401" failed-check-error-message="b" ignore-case="true" />'
)


@pytest.mark.parametrize(
    "policies",
    [
        CHECK + LATE,
        f'<choose><when condition="@(true)">{CHECK}</when></choose>{LATE}',
        f'<choose><when condition="@(true)">{LATE}</when></choose>',
        '<include-fragment fragment-id="checks" />' + LATE,
        f"<base />{CHECK}{LATE}",
        f"<return-response />{LATE}",
        f"<validate-client-certificate />{LATE}",
        f'<limit-concurrency key="a" max-count="1" />{LATE}',
        f'<retry condition="@(true)" count="1" interval="1">{LATE}</retry>',
        f'<choose><when condition="@(true)"><choose><otherwise>{CHECK}</otherwise></choose></when></choose>{LATE}',
        f"{CHECK}{LATE}{CORS}",
    ],
)
def test_too_late(policies: str) -> None:
    files = {
        "apis/orders/apiInformation.json": "{}",
        "apis/orders/policy.xml": inbound(policies),
        "policy fragments/checks/policy.xml": f"<fragment>{CHECK}</fragment>",
    }
    check(files, select=ONLY)


@pytest.mark.parametrize(
    "text",
    [
        inbound(CORS + CHECK),
        inbound("<base />" + CORS),
        inbound('<include-fragment fragment-id="unknown" />' + CORS),
        inbound('<set-variable name="a" value="b" />' + CORS),
        f"<fragment>{CHECK}{CORS}</fragment>",
        f'<fragment><choose><when condition="@(true)">{CORS}</when></choose></fragment>',
        inbound(CORS + CHECK + CORS),
        inbound('<validate-client-certificate ignore-error="true" />' + CORS),
        inbound('<choose><when condition="@(true)"><set-method>GET</set-method></when></choose>' + CORS),
        inbound('<send-request mode="new" response-variable-name="a" />' + CORS),
        outbound(CHECK + CORS),
        f"<policies>{CHECK}{CORS}</policies>",
        inbound(f"%{{ if a }}{CHECK}%{{ endif }}{CORS}"),
        inbound(f"${{policies}}{CHECK}{CORS}"),
        inbound(f'<choose>%{{ if a }}<when condition="@(true)">{CORS}</when>%{{ endif }}</choose>'),
        inbound(f"{CHECK}{CORS}<set-header"),
    ],
)
def test_early_enough_or_not_known(text: str) -> None:
    check(text, select=ONLY)


def test_the_messages() -> None:
    assert message(inbound(CHECK + LATE), ONLY) == (
        "check-header can answer a preflight request before cors does. Move cors before check-header."
    )
    text = inbound(f'<choose><when condition="@(true)">{LATE}</when></choose>')
    assert message(text, ONLY).startswith(
        "The gateway finds cors only as a direct child of inbound, not in when."
    )
    text = inbound(f'<choose><when condition="@(true)">{CHECK}</when></choose>{LATE}')
    assert message(text, ONLY) == (
        "check-header in choose can answer a preflight request before cors does. Move cors before choose."
    )


def test_what_base_brings_in_counts_where_it_is_known() -> None:
    files = {"policy.xml": inbound(CHECK), API: inbound(f"<base />{LATE}"), **INFORMATION}
    linted = check(files, select=ONLY)
    assert linted.the("SCP015").message == (
        "<base /> brings in check-header, which can answer a preflight request before cors does. "
        "Move cors before <base />."
    )
    related = linted.the("SCP015").related[0]
    assert linted.name(related.path) == "policy.xml"
    assert linted.files["policy.xml"][related.span.start : related.span.end] == "check-header"


@pytest.mark.parametrize("outer", [inbound(CORS + CHECK), inbound(""), outbound(CHECK)])
def test_what_base_brings_in_is_harmless(outer: str) -> None:
    check({"policy.xml": outer, API: inbound(f"<base />{CORS}"), **INFORMATION}, select=ONLY)


def test_base_of_an_unknown_scope_brings_in_nothing() -> None:
    check({"policy.xml": inbound(CHECK), "other.xml": inbound(f"<base />{CORS}")}, select=ONLY)


def test_base_in_the_global_scope_brings_in_nothing() -> None:
    files = {
        "global.xml": inbound(f"<base />{CORS}{CHECK}"),
        "apim-policy.toml": '[[document]]\npath = "global.xml"\nscope = "global"\n',
    }
    check(files, select=ONLY)


def test_the_policy_of_a_product_needs_a_key_which_a_preflight_request_lacks() -> None:
    files = {
        "products/gold/policy.xml": inbound(CHECK),
        "products/gold/productInformation.json": "{}",
        "products/gold/apis.json": '[{"name": "orders"}]',
        API: inbound(f"<base />{CORS}"),
        **INFORMATION,
    }
    check(files, select=ONLY)


def test_the_message_names_the_fragment_that_brings_it_in() -> None:
    files = {
        "policy fragments/checks/policy.xml": f"<fragment>{CHECK}</fragment>",
        API: inbound(f'<include-fragment fragment-id="checks" />{LATE}'),
        **INFORMATION,
    }
    assert message(files, ONLY) == (
        "<include-fragment /> brings in check-header, which can answer a preflight request before cors does. "
        "Move cors before <include-fragment />."
    )
